"""The state of one search: its clock, its best proposal, its bound."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from optimizer.aims import Aim, left_out
from optimizer.check import moves, score, violations
from optimizer.facts import Facts, facts_of
from optimizer.plan import Plan, proposal, whole_scores
from optimizer.problem import Problem
from optimizer.program import Limits
from optimizer.solution import Solution, Status, Terms, gap_of

_ROUNDING = 1e-4
"""What HiGHS's tolerances can take off a bound of some ten thousand points."""
_CLOSE = 1e-5
_EVERY = 0.1
WORK_A_SECOND = 8000
"""Simplex iterations allowed for each second of the clock: what an ordinary machine does, so that a search which
has to stop stops at the same place whatever else the machine is doing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: seconds since its start; score, bound and gap None while unknown."""

    elapsed: float
    score: int | float | None
    bound: int | float | None
    gap: float | None


Listener = Callable[[Progress], None]


class Search:
    """The one owner of a search's state."""

    __slots__ = (
        "_begun",
        "_gap",
        "_listener",
        "_seed",
        "_stop",
        "_threads",
        "_told",
        "aim",
        "best",
        "bound",
        "facts",
        "patience",
        "problem",
        "time_limit",
        "value",
        "whole",
        "work",
        "work_limit",
    )

    def __init__(
        self,
        problem: Problem,
        *,
        time_limit: float,
        gap: float,
        seed: int = 0,
        threads: int = 1,
        on_progress: Listener | None = None,
        stop: threading.Event | None = None,
        aim: Aim = Aim.SCORE,
        work_limit: int | None = None,
        facts: Facts | None = None,
    ) -> None:
        self.aim = aim
        self.patience: float | None = None
        """The most seconds for putting in order what a stopped search has found, within its time; None: beyond it."""
        self.work = 0
        self.work_limit = round(WORK_A_SECOND * time_limit) if work_limit is None else work_limit
        self._begun = time.monotonic()
        self.time_limit = time_limit
        self._gap = gap
        self._seed = seed
        self._threads = threads
        self._listener = on_progress
        self._stop = stop or threading.Event()
        self._told = -math.inf
        self.problem = problem
        self.facts = facts_of(problem) if facts is None else facts
        self.whole = aim is not Aim.SCORE or whole_scores(problem)
        self.best: Solution | None = None
        self.value: int | float = -math.inf
        self.bound: int | float = 0 if aim is Aim.ANYTHING else math.inf

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begun

    def more(self, seconds: float) -> None:
        """Let the search go on for so many seconds from now, with the work that goes with them."""
        self.time_limit = self.elapsed + seconds
        self.work_limit = self.work + round(WORK_A_SECOND * seconds)

    @property
    def stopped(self) -> bool:
        """Whether the stop signal was given."""
        return self._stop.is_set()

    @property
    def out_of_time(self) -> bool:
        """Whether the work limit, the clock or the stop signal ends the search."""
        return self.late or self.work >= self.work_limit

    @property
    def late(self) -> bool:
        """Whether the clock or the stop signal ends the search."""
        return self._stop.is_set() or self.elapsed >= self.time_limit

    @property
    def done(self) -> bool:
        """Whether the best proposal is within the gap asked for."""
        return self.within(self.bound)

    def within(self, bound: float) -> bool:
        """Whether the best proposal is within the gap asked for of this bound."""
        return self.best is not None and bound <= self.target

    @property
    def target(self) -> float:
        """The bound at which the best proposal is within the gap asked for."""
        return self.value + max(_CLOSE, self._gap * max(1, abs(self.value)))

    @property
    def seed(self) -> int:
        """The seed of the search."""
        return self._seed

    @property
    def stop(self) -> threading.Event:
        """The signal that ends the search with the best proposal so far."""
        return self._stop

    @property
    def threads(self) -> int:
        """The relaxations to solve side by side."""
        return self._threads

    def limits(self, *, gap: float = 0.0) -> Limits:
        """Limits for a run that may use all the time left."""
        return Limits(
            seconds=self.time_limit - self.elapsed,
            stop=self._stop,
            seed=self._seed,
            gap=gap,
            whole=self.whole,
        )

    def grace(self, seconds: float) -> Limits:
        """Limits for a short run that puts in order what a stopped search has found; see `patience`."""
        if self.patience is not None:
            return replace(self.limits(), seconds=min(seconds, self.patience, self.time_limit - self.elapsed))
        return replace(self.limits(), seconds=seconds, stop=threading.Event())

    def lower(self, bound: float) -> None:
        """Take note of an upper bound, true for the whole problem."""
        if bound < self.bound:
            self.bound = max(self.rounded(bound), self.value)
            self._tell(self.bound)

    def rounded(self, bound: float) -> float:
        """The bound rounded down to the next score possible."""
        return math.floor(bound + _ROUNDING) if self.whole and math.isfinite(bound) else bound

    def hear(self, bound: float) -> bool:
        """Tell of the bound of a run that goes on; whether it is good enough to stop."""
        shown = min(self.bound, self.rounded(bound))
        if self.elapsed - self._told >= _EVERY:
            self._tell(shown)
        return self.within(shown)

    def _tell(self, bound: float) -> None:
        if self._listener is None:
            return
        self._told = self.elapsed
        best = None if self.best is None else self.value
        known = None if math.isinf(bound) else bound
        gap = None if best is None or known is None else max(0.0, gap_of(best, known))
        self._listener(Progress(elapsed=self._told, score=best, bound=known, gap=gap))

    def offer(self, plan: Plan) -> bool:
        """Keep a plan if it is lawful and better than the best; whether it is lawful.

        The referee decides: nothing that breaks a rule ever leaves a search.
        """
        written = proposal(self.problem, plan, self.facts.places)
        if written is None or violations(self.problem, written):
            return False
        terms = score(self.problem, written)
        found = self._value(written, terms)
        if found > self.value:
            self.best, self.value = replace(written, terms=terms), found
            self._tell(self.bound)
        return True

    def _value(self, written: Solution, terms: Terms) -> int | float:
        if self.aim is Aim.SCORE:
            return terms.score
        if self.aim is Aim.ANYTHING:
            return 0
        kept = len(self.facts.current) - moves(self.problem, written)
        return kept - left_out(self.facts, self.aim) * len(written.unplaced)

    def again(self) -> "Search":
        """A search on the same problem that has found nothing yet, for the time left."""
        return self.trial(self.problem, seconds=self.time_limit - self.elapsed, aim=self.aim)

    def trial(self, problem: Problem, *, seconds: float, aim: Aim, facts: Facts | None = None) -> "Search":
        """A search on a variant of the problem, with the same settings; its facts if they are known."""
        trial = Search(
            problem,
            time_limit=seconds,
            gap=0.0,
            seed=self._seed,
            threads=self._threads,
            stop=self._stop,
            aim=aim,
            facts=facts,
        )
        trial.patience = self.patience
        return trial

    def solution(self) -> Solution:
        """The best proposal with what is proven of it, or the statement that there is none yet."""
        seconds = round(self.elapsed, 3)
        if self.best is None or self.best.terms is None:
            bound = None if math.isinf(self.bound) else self.bound
            return Solution(Status.NONE, seconds, bound=bound)
        bound = max(self.value, min(self.bound, ceiling(self)))
        proven = bound - self.value <= _CLOSE
        bound = self.value if proven else bound
        return replace(
            self.best,
            status=Status.OPTIMAL if proven else Status.FEASIBLE,
            seconds=seconds,
            score=self.value,
            bound=bound,
            gap=gap_of(self.value, bound),
        )


def ceiling(search: Search) -> int | float:
    """A bound that needs no search: each student's best seat at each slot, nothing lost."""
    facts = search.facts
    return sum(
        max((facts.points[*place, need] for need in needs), default=0) for place, needs in facts.doors.items()
    )
