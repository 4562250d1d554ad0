"""A way down from a relaxation to whole counts: not to the best proposal, but to a good one soon.

Columns are rounded many at a time as long as the relaxation loses little by it, fewer where it loses much.
"""

from collections.abc import Callable, Sequence

import numpy as np
from highspy import HighsBasis

from optimizer.search_tree.form import Numbers
from optimizer.search_tree.linear import Answer, Task

_WHOLE = 1e-6
_NEARLY = 0.1
"""Columns so near to a whole number are rounded together."""
_LITTLE = 2e-4
"""What rounding several columns at a time may lose, as a share of the value."""
_FEWER = 3

Solve = Callable[[list[Task]], list[Answer]]


def dive(
    answer: Answer,
    low: Numbers,
    high: Numbers,
    *,
    whole: Numbers,
    kinds: Sequence[Sequence[int]],
    floor: float,
    solve: Solve,
) -> Answer | None:
    """A relaxation with whole counts within these bounds, worth more than `floor`; None: none was met."""
    low, high = low.copy(), high.copy()
    while answer.values is not None:
        inner = answer.values[whole]
        off = np.abs(inner - np.round(inner))
        split = next(
            (ranks for kind in kinds if (ranks := [rank for rank in kind if off[rank] > _WHOLE])), None
        )
        if split is None:
            return answer
        split.sort(key=lambda rank: off[rank])
        nearly = sum(off[rank] <= _NEARLY for rank in split)
        found = _rounded(answer, low, high, inner, split, max(nearly, len(split) // _FEWER), floor, solve)
        if found is None:
            return None
        low, high, answer = found
    return None


def _rounded(
    answer: Answer,
    low: Numbers,
    high: Numbers,
    inner: Numbers,
    split: Sequence[int],
    number: int,
    floor: float,
    solve: Solve,
) -> tuple[Numbers, Numbers, Answer] | None:
    """Round up to so many columns; the bounds and the relaxation then, None where it is worth too little."""
    least = max(floor, answer.bound - _LITTLE * abs(answer.bound))
    while number > 1:
        sides = [
            _sides(low, high, split[:most], np.round(inner)) for most in (number, max(1, number // _FEWER))
        ]
        for side, found in zip(sides, solve(_tasks(sides, answer.basis, least)), strict=True):
            if found.values is not None and found.bound > least:
                return *side, found
        number //= _FEWER**2
    near = np.round(inner)
    sides = [_sides(low, high, split[:1], one) for one in (near, np.where(near > inner, near - 1, near + 1))]
    found, side = max(
        zip(solve(_tasks(sides, answer.basis, floor)), sides, strict=True), key=lambda one: one[0].bound
    )
    return (*side, found) if found.values is not None and found.bound > floor else None


def _sides(low: Numbers, high: Numbers, ranks: Sequence[int], counts: Numbers) -> tuple[Numbers, Numbers]:
    low, high = low.copy(), high.copy()
    low[ranks] = high[ranks] = counts[ranks]
    return low, high


def _tasks(sides: Sequence[tuple[Numbers, Numbers]], basis: HighsBasis | None, floor: float) -> list[Task]:
    return [Task(*side, basis, floor) for side in sides]
