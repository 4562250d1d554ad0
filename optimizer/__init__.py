"""The regrouping of a band: problem files in, proven proposals out. Knows nothing of the application."""

from optimizer.cautions.caution import cautions
from optimizer.check import score, violations, wrong_claims
from optimizer.files.reading import ProblemError, SolutionError
from optimizer.problem import Problem, load_problem
from optimizer.search import Progress
from optimizer.solution import Solution, Status, load_solution, save_solution
from optimizer.solve import solve

__all__ = [
    "Problem",
    "ProblemError",
    "Progress",
    "Solution",
    "SolutionError",
    "Status",
    "cautions",
    "load_problem",
    "load_solution",
    "save_solution",
    "score",
    "solve",
    "violations",
    "wrong_claims",
]
