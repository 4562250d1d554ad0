"""From a closed bilan to a proposal: the only bridge between the school's tables and the optimiser."""

from apdash.rebalancing.parameters import Parameters
from apdash.rebalancing.problem import Built, build, build_problem
from apdash.rebalancing.regroup import Outcome, job_key, regroup, start_regroup

__all__ = [
    "Built",
    "Outcome",
    "Parameters",
    "build",
    "build_problem",
    "job_key",
    "regroup",
    "start_regroup",
]
