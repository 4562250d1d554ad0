"""Whether the statements of a problem, loosened so and so, leave a lawful proposal: asked often, searched seldom."""

import math
from collections.abc import Callable

import numpy as np

from optimizer.aims import Aim
from optimizer.check import violations
from optimizer.demands import Demand, Ranks, demand_of
from optimizer.needed import limits_moves, without_spare_groups
from optimizer.plan import Plan, plan_in, proposal, unchanged
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.statements import items, with_values

_PART_OF_THE_TIME = 0.3

Prover = Callable[[Search], bool]
"""Searches for a proposal; True when it is proven that there is none."""


class Court:
    """The one owner of what is known of the variants of a problem: plans found, variants proven impossible.

    A variant is told by a rank for each of `items`: the rank of its value.
    """

    __slots__ = (
        "_demands",
        "_fewest",
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
        for plan in ({}, unchanged(search.facts)):
            self.heed(plan)

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

    def impossible(self, ranks: Ranks, *, quickly: bool = False) -> bool | None:
        """Whether nothing is lawful there; None when that could not be found out in the time.

        `quickly`: where moves are limited, hardly more than a relaxation is solved. It proves most of what can
        be proven; to find a plan would take several times as long.
        """
        if self.plan(ranks) is not None:
            return False
        if ranks.tobytes() in self._impossible:
            return True
        if self.late:
            return None
        trial = self._trial(ranks, Aim.ANYTHING)
        if quickly and limits_moves(trial.problem):
            trial.work_limit, trial.patience = 1, 0.0
        if self._prove(trial):
            self.declare(ranks)
            return True
        if trial.best is None:
            return None
        self.heed(plan_in(trial.best))
        return False

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
        trial = self._trial(free, Aim.KEPT)
        if self._prove(trial):
            self.declare(free)
            return int(self.last[place]) + 1
        if trial.best is not None:
            self.heed(plan_in(trial.best))
        fewest = len(trial.facts.current) - trial.bound
        allowed = self.items[place].values[0] or 0
        rank = 0 if fewest <= allowed else int(fewest - allowed)
        if rank:
            below = free.copy()
            below[place] = rank - 1
            self.declare(below)
        return rank

    def _trial(self, ranks: Ranks, aim: Aim) -> Search:
        """A search of the variant; where moves are limited, few moves are what it is led by."""
        seconds = _PART_OF_THE_TIME * (self._until - self._search.elapsed)
        variant = self.variant(ranks)
        limited = limits_moves(variant)
        trial = self._search.trial(variant, seconds=seconds, aim=Aim.KEPT if limited else aim)
        trial.patience = math.inf
        trial.facts = without_spare_groups(trial.facts, moves=limited or aim is Aim.KEPT)
        if limited:
            # Any lawful proposal will do.
            trial.bound = len(trial.facts.current) - (variant.rules.max_moves or 0)
        return trial
