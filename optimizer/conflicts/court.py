"""Whether the statements of a problem, loosened so and so, leave a lawful proposal: asked often, searched seldom."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from optimizer.check import violations
from optimizer.conflicts.demands import Demand, Ranks, demand_of
from optimizer.conflicts.ground_rows import ground_of
from optimizer.conflicts.grounds import Grounds
from optimizer.conflicts.needed import trial_of
from optimizer.conflicts.statements import items, with_values
from optimizer.plan import Plan, plan_in, proposal, unchanged
from optimizer.problem import Problem
from optimizer.search import Search

_PART_OF_THE_TIME = 0.3
_ROUNDING = 1e-4

Prover = Callable[[Search], bool]
"""Searches for a proposal; True when it is proven that there is none."""


class Court:
    """The one owner of what is known of the variants of a problem: plans found, variants proven impossible.

    A variant is told by a rank for each of `items`: the rank of its value.
    """

    __slots__ = (
        "_demands",
        "_fewest",
        "_grounds",
        "_impossible",
        "_prove",
        "_search",
        "_until",
        "items",
        "last",
        "problem",
    )

    def __init__(self, search: Search, prove: Prover, *, until: float) -> None:
        self._search, self._prove, self._until = search, prove, until
        self.problem: Problem = search.problem
        self.items = items(self.problem)
        self.last: Ranks = np.array([item.last for item in self.items], np.int32)
        """Nothing is said any more."""
        self._demands: list[Demand] = []
        self._impossible: set[bytes] = set()
        self._fewest: dict[bytes, int] = {}
        self._grounds: tuple[bytes, Grounds] | None = None
        self.heed({})
        self.heed(unchanged(search.facts))

    @property
    def late(self) -> bool:
        """Whether the time for the explanation is used up."""
        return self._search.stopped or self._search.elapsed >= self._until

    def variant(self, ranks: Ranks) -> Problem:
        """The problem with its statements at these ranks."""
        changed = np.flatnonzero(ranks)
        return with_values(
            self.problem, {self.items[place]: self.items[place].values[ranks[place]] for place in changed}
        )

    def cost(self, ranks: Ranks) -> float:
        """How large a loosening is."""
        return sum(self.items[place].cost(int(ranks[place])) for place in np.flatnonzero(ranks))

    def heed(self, plan: Plan) -> None:
        """Remember a plan, if some loosening makes it lawful."""
        free = self.variant(self.last)
        written = proposal(free, plan, self._search.facts.places)
        if written is None or violations(free, written):
            return
        demand = demand_of(self._search.facts, self.items, plan)
        if demand is not None:
            self._demands.append(demand)

    def plan(self, ranks: Ranks) -> Demand | None:
        """A plan already known that is lawful there."""
        return next((demand for demand in self._demands if demand.met(ranks)), None)

    def cheapest(self) -> Ranks:
        """The smallest loosening among the plans known; to withdraw all pins and the limit of moves is one."""
        able = [demand for demand in self._demands if not demand.ranks[demand.held].any()]
        return min((demand.ranks for demand in able), key=lambda ranks: (self.cost(ranks), ranks.tolist()))

    def declare(self, ranks: Ranks) -> None:
        """Remember that nothing is lawful there."""
        self._impossible.add(ranks.tobytes())

    def standing(self, ranks: Ranks) -> list[int]:
        """The statements that still say something there."""
        return np.flatnonzero(ranks < self.last).tolist()

    def with_only(self, ranks: Ranks, kept: Iterable[int]) -> Ranks:
        """These ranks for the statements kept, all others withdrawn."""
        found = self.last.copy()
        found[list(kept)] = ranks[list(kept)]
        return found

    def impossible(self, ranks: Ranks) -> bool | None:
        """Whether nothing is lawful there; None when that could not be found out in the time."""
        return self.verdict(ranks, self.standing(ranks))[0]

    def verdict(self, ranks: Ranks, kept: Sequence[int]) -> tuple[bool | None, Sequence[int]]:
        """Whether nothing is lawful where only the statements kept stand, at these ranks; which of them are why."""
        there = self.with_only(ranks, kept)
        if self.plan(there) is not None:
            return False, ()
        if there.tobytes() in self._impossible:
            return True, kept
        reason = self.reason(ranks, kept)
        if reason is not None:
            return True, reason
        if self.plan(there) is not None:
            return False, ()
        return None if self.late else self._searched(there), kept

    def reason(self, ranks: Ranks, kept: Sequence[int]) -> Sequence[int] | None:
        """Statements among those kept that cannot hold together; None: none was found, or a plan is lawful."""
        if self.late:
            return None
        there = self.with_only(ranks, kept)
        found = self._grounds_at(ranks).against(
            kept, lawful=lambda plan: self._met(plan, there), seconds=self._until - self._search.elapsed
        )
        if found is None:
            return None
        self.declare(self.with_only(ranks, found))
        self.declare(there)
        return sorted(found)

    def _grounds_at(self, ranks: Ranks) -> Grounds:
        """The relaxation of the problem at these ranks, each statement to be withdrawn at will."""
        key = ranks.tobytes()
        if self._grounds is None or self._grounds[0] != key:
            model = ground_of(self._search.facts, self.items, ranks)
            self._grounds = key, Grounds(model, seed=self._search.seed, stop=self._search.stop)
        return self._grounds[1]

    def _met(self, plan: Plan, ranks: Ranks) -> bool:
        """Remember a plan; whether one is known that is lawful there."""
        self.heed(plan)
        if self.plan(ranks) is not None:
            return True
        variant = self.variant(ranks)
        written = proposal(variant, plan, self._search.facts.places)
        demand = demand_of(self._search.facts, self.items, plan)
        if demand is None or written is None or violations(variant, written):
            return False
        # A floor is withdrawn beside the pin that went under it: lawful there, not wherever the pin is withdrawn.
        self._demands.append(Demand(plan, ranks.copy(), demand.held[ranks[demand.held] == 0]))
        return True

    def _searched(self, ranks: Ranks) -> bool | None:
        """The same by a search of its own."""
        seconds = _PART_OF_THE_TIME * (self._until - self._search.elapsed)
        trial = trial_of(self._search, self.variant(ranks), seconds=seconds)
        if self._prove(trial):
            self.declare(ranks)
            return True
        return None if trial.best is None else not self._met(plan_in(trial.best), ranks)

    def least(self, ranks: Ranks, place: int) -> int:
        """The least rank of a statement at which a plan is known that is lawful beside these ranks."""
        return min(int(demand.ranks[place]) for demand in self._demands if demand.met(ranks))

    def fewest_moves(self, ranks: Ranks, place: int) -> int:
        """A rank of the limit of moves, at this place, under which nothing is lawful beside these ranks."""
        free = ranks.copy()
        free[place] = self.last[place]
        key = free.tobytes()
        if key not in self._fewest:
            self._fewest[key] = 0 if self.late else self._fewest_moves(free, place)
        return self._fewest[key]

    def _fewest_moves(self, free: Ranks, place: int) -> int:
        said = free.copy()
        said[place] = 0
        beyond = self._grounds_at(said).least_failed(
            self.standing(said),
            place,
            lawful=lambda plan: self._met(plan, free),
            seconds=_PART_OF_THE_TIME * (self._until - self._search.elapsed),
        )
        if math.isinf(beyond):
            self.declare(free)
            return int(self.last[place]) + 1
        rank = math.ceil(beyond - _ROUNDING)
        if rank:
            below = free.copy()
            below[place] = rank - 1
            self.declare(below)
        return rank
