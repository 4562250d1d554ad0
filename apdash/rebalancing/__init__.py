"""From a closed bilan to a proposal: the only bridge between the school's tables and the optimiser."""

from apdash.rebalancing.comparison import Comparison, Figures, comparison, summary_words
from apdash.rebalancing.parameters import Parameters
from apdash.rebalancing.problem import Built, build, build_problem
from apdash.rebalancing.regroup import Outcome, job_key, regroup, start_regroup

__all__ = [
    "Built",
    "Comparison",
    "Figures",
    "Outcome",
    "Parameters",
    "build",
    "build_problem",
    "comparison",
    "job_key",
    "regroup",
    "start_regroup",
    "summary_words",
]
