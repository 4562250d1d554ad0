"""The direct model solved by HiGHS: the best score, or the fewest changes, by a model that shares nothing with ours."""

from pathlib import Path

import numpy as np

from optimizer import Problem
from tests.benchmarks.direct import direct_model
from tests.benchmarks.direct_seats import Near
from tests.benchmarks.references import Run, highs


def best_score(problem: Problem, folder: Path) -> int | None:
    """The best score; None when nothing is lawful."""
    found = _solved(problem, folder, None)
    return None if found is None else found[0]


def fewest_changes(problem: Problem, near: Near, folder: Path) -> int | None:
    """The fewest places that differ from those of `near`; None when nothing is lawful."""
    found = _solved(problem, folder, near)
    return None if found is None else found[1] - found[0]


def _solved(problem: Problem, folder: Path, near: Near | None) -> tuple[int, int] | None:
    """The best value, and the number of places."""
    model, path = direct_model(problem, near=near), folder / "direct.npz"
    model.save(path)
    with np.load(path) as held:
        arrays = {name: held[name] for name in held.files}
    found = highs(arrays, Run(gap=0.0, limit=60, threads=1))
    return None if found.score is None else (round(found.score), len(model.by_place))
