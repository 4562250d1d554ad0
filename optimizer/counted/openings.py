"""The best proposal with given needs open, students in whole places: for where a relaxation promises too much.

Counts that are whole can leave students in halves, which no group can hold; and there are many such counts, each
worth little less than the one before. A programme with whole students settles all counts of some needs at once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from highspy import Highs, HighsModelStatus, cb

from optimizer.arrays import Rows, highs_model
from optimizer.counted.need_columns import NeedModel
from optimizer.search import Search
from optimizer.search_tree.form import Form, Numbers
from optimizer.search_tree.linear import Answer, Bench, Task

_NODES = 50
_ROOM = 0.015
"""How far above the target a relaxation may be, as a part of the value: beyond, too many columns are left."""
_FOUND = 2
"""HiGHS's word for a solution that is lawful."""
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What is proven of some needs being open: no proposal is worth more than this bound."""

    bound: float
    root: Answer
    """The relaxation of all counts with these needs open."""
    values: Numbers | None = None
    """Columns worth more than the best proposal was, if any are."""


@dataclass(slots=True, eq=False)
class Openings:
    """What one search has settled so far, by the needs opened."""

    model: NeedModel
    bench: Bench
    opened: Sequence[int]
    """The positions of the opened needs among the whole columns."""
    low: Numbers
    high: Numbers
    """The bounds of the search."""
    _bounds: dict[tuple[float, ...], float] = field(default_factory=dict)

    def bound(self, low: Numbers, high: Numbers) -> float:
        """The most that a part of the problem can be worth, from what was settled of the needs opened there."""
        if not self._bounds or (low[self.opened] != high[self.opened]).any():
            return math.inf
        return self._bounds.get(tuple(low[self.opened]), math.inf)

    def settle(self, search: Search, answer: Answer) -> Settled | None:
        """Search all counts with the needs that a relaxation opens; None where that was done before."""
        assert answer.values is not None
        key = tuple(np.round(answer.values[self.bench.whole][self.opened]))
        if key in self._bounds:
            return None
        low, high = self.low.copy(), self.high.copy()
        low[self.opened] = high[self.opened] = key
        task = Task(low, high, answer.basis, search.target)
        (root,) = self.bench.solve([task], seconds=search.time_limit - search.elapsed)
        search.work += root.work
        found = Settled(root.bound, root)
        if root.values is not None and root.bound - search.target < _ROOM * abs(search.value):
            found = self._whole(search, root, low, high)
        self._bounds[key] = found.bound
        return found

    def _whole(self, search: Search, root: Answer, low: Numbers, high: Numbers) -> Settled:
        """Run the programme with whole students, without the columns whose price rules them out."""
        form, target = self.bench.form, search.target
        lowest, highest = _worth_it(form, root, low, high, room=root.bound - target)
        highs = _solver(search)
        rows = _together(form.rows, form.waiting)
        whole = self._whole_columns()
        highs.passModel(highs_model(form.cost, form.offset, low=lowest, high=highest, rows=rows, whole=whole))
        highs.setOptionValue("objective_bound", -target)
        highs.setOptionValue("mip_abs_gap", max(0.999 if search.whole else 1e-6, (target - search.value) / 2))
        highs.run()
        info = highs.getInfo()
        search.work += max(0, info.simplex_iteration_count)
        if highs.getModelStatus() == HighsModelStatus.kInfeasible:
            return Settled(target, root)
        bound = min(root.bound, max(target, -info.mip_dual_bound))
        if info.primal_solution_status != _FOUND:
            return Settled(bound, root)
        return Settled(bound, root, np.array(highs.getSolution().col_value))

    def _whole_columns(self) -> list[bool]:
        model, whole = self.model, {*self.bench.whole.tolist()}
        students = {*model.attends.values(), *model.stays.values(), *model.unserved.values()}
        return [rank in whole or column in students for rank, column in enumerate(model.program.columns)]


def _worth_it(
    form: Form, root: Answer, low: Numbers, high: Numbers, *, room: float
) -> tuple[Numbers, Numbers]:
    """Bounds that hold all whole solutions worth at most so much less than a relaxation, by its prices."""
    assert root.values is not None
    assert root.prices is not None
    lowest, highest = form.low.copy(), form.high.copy()
    lowest[form.whole], highest[form.whole] = low, high
    barred = (root.prices < -room - _WHOLE) & (root.values < lowest + _WHOLE)
    due = (root.prices > room + _WHOLE) & (root.values > highest - _WHOLE)
    highest[barred] = lowest[barred]
    lowest[due] = highest[due]
    return lowest, highest


def _solver(search: Search) -> Highs:
    """HiGHS, to stop after some nodes, so that it stops at the same place whatever the load of the machine."""
    highs = Highs()
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("time_limit", max(0.0, search.time_limit - search.elapsed)),
        ("random_seed", search.seed),
        ("mip_max_nodes", _NODES),
        ("mip_rel_gap", 0.0),
    ):
        highs.setOptionValue(option, setting)

    def react(_: object, __: str, ___: object, answer: object, ____: object) -> None:
        if search.stopped:
            answer.user_interrupt = True  # type: ignore[attr-defined]

    highs.setCallback(react, None)
    highs.startCallback(cb.HighsCallbackType.kCallbackMipInterrupt)
    highs.startCallback(cb.HighsCallbackType.kCallbackSimplexInterrupt)
    return highs


def _together(one: Rows, other: Rows) -> Rows:
    return Rows(
        start=np.concatenate([one.start, one.start[-1] + other.start[1:]]).astype(np.int32),
        columns=np.concatenate([one.columns, other.columns]),
        factors=np.concatenate([one.factors, other.factors]),
        low=np.concatenate([one.low, other.low]),
        high=np.concatenate([one.high, other.high]),
    )
