"""Which column to branch on: the one whose two sides are expected to lose most.

What the sides of a column lost so far, a unit, is its pseudo-costs; a column that is not known well yet is
tried with a few simplex iterations on either side (strong branching).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from highspy import HighsBasis

from optimizer.search_tree.form import Numbers
from optimizer.search_tree.linear import Answer, Task

_TRIALS = 8
_TRIAL_ITERATIONS = 60
_LARGE = 40_000
"""Columns × trials: a trial on a large relaxation takes as long as some relaxations of a small one."""
_TRUSTED = 2
"""Measures of a side from which its pseudo-cost is believed without a trial."""
_LEAST = 0.01
_IMPOSSIBLE = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of the problem: bounds of the whole columns, and what is known of it."""

    bound: float
    low: Numbers
    high: Numbers
    basis: HighsBasis | None
    answer: Answer | None = None
    """The relaxation of this node; None: not solved yet."""

    def side(self, rank: int, value: float, *, up: bool) -> tuple[Numbers, Numbers]:
        """The bounds above (`up`) or below a fractional value of a column."""
        low, high = self.low.copy(), self.high.copy()
        if up:
            low[rank] = math.ceil(value)
        else:
            high[rank] = math.floor(value)
        return low, high


class Losses:
    """Pseudo-costs: what the bound lost a unit, on each side of each whole column."""

    __slots__ = ("_number", "_total")

    def __init__(self, columns: int) -> None:
        self._total = np.zeros((2, columns))
        self._number = np.zeros((2, columns))

    def measured(self, rank: int, *, up: bool, lost: float, value: float) -> None:
        """Take note of what the bound lost on one side of a fractional value."""
        self._total[int(up), rank] += lost / _distance(value, up)
        self._number[int(up), rank] += 1

    def known(self, rank: int) -> bool:
        """Whether both sides were measured often enough to be believed."""
        return bool(self._number[:, rank].min() >= _TRUSTED)

    def expected(self, rank: int, *, up: bool, value: float) -> float:
        """The loss expected on one side: after the column's own measures, or those of all."""
        side = int(up)
        total, number = self._total[side, rank], self._number[side, rank]
        if not number:
            total, number = self._total[side].sum(), self._number[side].sum()
        return max(_LEAST, _distance(value, up) * (total / number if number else 1.0))


def _distance(value: float, up: bool) -> float:
    fraction = value - math.floor(value)
    return max(_LEAST, 1 - fraction if up else fraction)


def chosen(
    node: Node,
    inner: Numbers,
    split: Sequence[int],
    *,
    columns: int,
    losses: Losses,
    room: float,
    floor: float,
    solve: Callable[[list[Task]], list[Answer]],
) -> int:
    """The column of `split` to branch on, in a relaxation of so many columns.

    Losses beyond `room` count no more: the side is given up anyway.
    """

    def product(pair: Sequence[float]) -> float:
        return min(pair[0], room) * min(pair[1], room)

    scores = {
        rank: product([losses.expected(rank, up=up, value=inner[rank]) for up in (False, True)])
        for rank in split
    }
    order = sorted(split, key=lambda rank: (-scores[rank], rank))
    if len(order) == 1:
        return order[0]
    trials = max(2, min(_TRIALS, _LARGE // columns))
    unknown = [rank for rank in order if not losses.known(rank)][:trials]
    answers = solve(
        [
            Task(*node.side(rank, inner[rank], up=up), node.basis, floor, _TRIAL_ITERATIONS)
            for rank in unknown
            for up in (False, True)
        ]
    )
    for rank, *pair in zip(unknown, answers[::2], answers[1::2], strict=True):
        lost = [_lost(node, answer) for answer in pair]
        for up, loss in enumerate(lost):
            if loss < _IMPOSSIBLE:
                losses.measured(rank, up=bool(up), lost=loss, value=inner[rank])
        scores[rank] = product(lost)
    return max(order, key=lambda rank: scores[rank])


def _lost(node: Node, answer: Answer) -> float:
    return min(_IMPOSSIBLE, max(_LEAST, node.bound - answer.bound))
