"""Where one more would help most: what each lever brings to the best score, exactly where the time suffices.

Most are a few bounds of one need model that holds an adult for anything at each slot, a room, a need to open, shut
as things are: what the proof of the best score went through says at once where one more can help, as for a wish.
A seat more changes too many rules for that, and is searched as a problem of its own.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.explanations.hiring import hiring
from optimizer.explanations.levers import Kind, Lever, levers_of, pulled
from optimizer.explanations.unserved import Unserved, unserved_in
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import proven_impossible

_LEAST_SECONDS = 0.05
_SEAT_SHARE = 0.1
"""Of the time left, at most, for a lever that is searched as a problem of its own."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a lever brings to the best score, and to whom."""

    lever: Lever
    least: int | float
    most: int | float | None
    """None: not known."""
    serves: tuple[str, ...]
    """Students whose strong need is unserved in the proposal and served in the best one found with the lever."""
    loses: int
    """Students the other way round."""
    estimate: float | None
    """What the relaxation promised, which is only good for choosing what to try."""

    def to_json(self) -> dict[str, object]:
        """The gain as a JSON object."""
        lever = self.lever
        return {
            "kind": lever.kind.value,
            "slot": lever.slot,
            "needs": list(lever.needs),
            "like": lever.like,
            "least": self.least,
            "most": self.most,
            "exact": self.least == self.most,
            "serves": list(self.serves),
            "loses": self.loses,
            "estimate": self.estimate,
        }


def gains(
    problem: Problem,
    solution: Solution,
    missing: Sequence[Unserved],
    *,
    base: Search,
    time_limit: float,
) -> tuple[Gain, ...]:
    """What one more of each brings, the best first, as far as the time goes; `base`: the best score as things are.

    Those that the time does not suffice for are intervals.
    """
    end = time.monotonic() + time_limit
    levers = list(levers_of(problem, missing))
    found = []
    with hiring(
        base, [lever for lever in levers if lever.kind is not Kind.SEAT], seconds=time_limit
    ) as hired:
        order = sorted(levers, key=lambda lever: (lever.kind is not Kind.SEAT, -hired.hopes.get(lever, 0.0)))
        for rank, lever in enumerate(order):
            left = max(0.0, end - time.monotonic())
            part = _SEAT_SHARE if lever.kind is Kind.SEAT else min(1.0, 4 / (len(order) - rank))
            share = max(_LEAST_SECONDS, part * left) if left else 0.0
            if base.stopped:
                break
            search = base.trial(pulled(base.problem, lever), seconds=share, aim=base.aim)
            for plan in (solution, base.best):
                if plan is not None:
                    search.offer(plan_in(plan))
            if lever.kind is not Kind.SEAT:
                hired.look(search, lever)
            elif share:
                proven_impossible(search)
            found.append(_gain(solution, lever, search, base=base, hope=hired.hopes.get(lever)))
    return tuple(sorted(found, key=lambda one: (-one.least, -(one.most or 0), -len(one.serves))))


def _gain(solution: Solution, lever: Lever, search: Search, *, base: Search, hope: float | None) -> Gain:
    best = search.best or solution
    before, after = (set(unserved_in(search.facts, one)) for one in (base.best or solution, best))
    return Gain(
        lever=lever,
        least=max(0, search.value - base.bound),
        most=None if np.isinf(search.bound) else search.bound - base.value,
        serves=tuple(name for name in search.facts.strong if name in before - after),
        loses=len(after - before),
        estimate=None if hope is None else round(hope, 1),
    )
