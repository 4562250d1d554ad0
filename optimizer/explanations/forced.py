"""Forced re-solves: the best score with one thing decided otherwise, beside the best score as things are."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.explanations.granted import Granted
from optimizer.explanations.inquiry import Inquiry
from optimizer.explanations.wishes import Wish
from optimizer.plan import plan_in
from optimizer.search import Search
from optimizer.solution import Solution

_BASE_SHARE = 0.5
"""Of the time, at most, to prove the best score as things are."""
_ROUNDS = (1, 12_000, 60_000, math.inf)
"""Work for each wish, one round after the other: something of each before all of some, whatever the load."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a wish takes off the best score: between `least` and `most`, None = without limit or unknown.

    Negative: it brings points, which only a wish that goes beyond a rule can.
    """

    least: int | float | None
    most: int | float | None
    impossible: bool = False
    """Proven: no lawful proposal grants it."""

    @property
    def exact(self) -> bool:
        """Whether the cost is known to the point."""
        return self.least is not None and self.least == self.most

    def to_json(self) -> dict[str, object]:
        """The cost as a JSON object."""
        return {
            "least": self.least,
            "most": self.most,
            "exact": self.exact,
            "impossible": self.impossible,
        }


@dataclass(frozen=True, slots=True)
class Forced:
    """A wish, what it costs, and the search that ended with the best proposal found that grants it."""

    wish: Wish
    cost: Cost
    search: Search
    near: Solution | None
    """The best found with the groups as they are, but for those that the wish itself opens or closes."""


def forced(inquiry: Inquiry, wishes: Sequence[Wish], *, seconds: float) -> tuple[Forced, ...]:
    """Each wish with what it costs; what the time does not suffice for is an interval.

    Wishes must be possible at sight (see `refused`). The best score as things are is proven on the way.
    """
    end = time.monotonic() + seconds
    inquiry.prove(seconds=_BASE_SHARE * seconds)
    plan = plan_in(inquiry.solution)
    granted = {wish: inquiry.ask(wish, seconds=0) for wish in wishes}
    for work in _ROUNDS:
        waiting = [wish for wish in wishes if not granted[wish].settled]
        # Groups that are open come first, and of these whatever may cost least.
        for wish in sorted(waiting, key=lambda wish: (wish.group not in plan, promise(granted[wish]))):
            left = 0.0 if inquiry.base.stopped else end - time.monotonic()
            if left > 0:
                granted[wish] = inquiry.ask(wish, seconds=left, work=work)
    return tuple(
        Forced(wish, cost_of(inquiry.base, granted[wish]), granted[wish].search, granted[wish].near)
        for wish in wishes
    )


def promise(granted: Granted) -> tuple[bool, float]:
    """A key to look first where the cost may be least; last where nothing is known."""
    bound = granted.search.bound
    return bound == math.inf, -bound


def cost_of(base: Search, granted: Granted) -> Cost:
    """The best score as things are less the best score that grants a wish, as far as both are known."""
    if granted.impossible:
        return Cost(None, None, impossible=True)
    search = granted.search
    least = None if math.isinf(search.bound) else base.value - search.bound
    most = None if math.isinf(base.bound) or search.best is None else base.bound - search.value
    return Cost(least, most)
