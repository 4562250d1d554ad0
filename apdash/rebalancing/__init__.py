"""From a closed bilan to a proposal: the only bridge between the school's tables and the optimiser."""

from apdash.rebalancing.parameters import Parameters
from apdash.rebalancing.problem import Built, build, build_problem

__all__ = ["Built", "Parameters", "build", "build_problem"]
