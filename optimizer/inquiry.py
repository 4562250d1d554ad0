"""What answers questions about one proposal: one need model, the best score proven once, its parts kept.

A question is a wish, that is, bounds of a few columns. The best proposal's own counts, changed as the wish asks,
give a first proposal that grants it; the prices of the parts that the proof was made of say at once what each
part can still hold for it, and only those that may hold better are searched.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
from highspy import HighsBasis

from optimizer.branching import Losses
from optimizer.counting import frame_of
from optimizer.linear import Task
from optimizer.parts import Proof, proven, solved, where_to_look
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.settle import settle
from optimizer.sheet import Bounds, as_things_are, bounds_of, counts_of, sheet_of
from optimizer.solution import Solution
from optimizer.solve import exactly
from optimizer.tree import Frame, Tree
from optimizer.wishes import Wish, groups_with, widens, wished_facts


@dataclass(frozen=True, slots=True)
class Granted:
    """What is known of a wish: the search for the best proposal that grants it."""

    search: Search
    near: Solution | None
    """The best that grants it with the groups as they are, but for those that the wish itself opens or closes."""
    impossible: bool
    """Proven: nothing lawful grants it."""

    @property
    def settled(self) -> bool:
        """Whether nothing more can be learnt."""
        return self.impossible or self.search.done


class Inquiry:
    """The one owner of the model of a proposal's questions, and of what they found."""

    __slots__ = ("_known", "_losses", "_near_basis", "_proof", "_sheet", "base", "solution")

    def __init__(
        self,
        problem: Problem,
        solution: Solution,
        *,
        seed: int = 0,
        threads: int = 1,
        stop: threading.Event | None = None,
    ) -> None:
        self.solution = solution
        self.base = Search(problem, time_limit=0, gap=0.0, seed=seed, threads=threads, stop=stop)
        """The best score as things are."""
        self.base.offer(plan_in(solution))
        self._sheet = sheet_of(self.base.facts, threads=threads, seed=seed)
        self._losses = Losses(len(self._sheet.rank))
        self._proof: Proof | None = None
        self._near_basis: HighsBasis | None = None
        self._known: dict[Wish, Granted] = {}

    def close(self) -> None:
        """Let go of the threads."""
        self._sheet.bench.close()

    def prove(self, *, seconds: float) -> None:
        """Prove the best score as things are, once, and keep the parts that this was done in."""
        if self._proof is not None and (self.base.done or seconds <= 0):
            return
        base, bounds = self.base, as_things_are(self._sheet)
        base.more(seconds)
        self._proof = proven(self._frame(base, bounds), bounds)
        if not base.done and not base.out_of_time:
            exactly(base)

    def ask(self, wish: Wish, *, seconds: float) -> Granted:
        """What is known of a wish, after so many seconds more; it must be possible at sight (see `refused`)."""
        known = self._known.get(wish)
        if known is None or not known.settled:
            self._known[wish] = self._asked(wish, None if known is None else known.search.best, seconds)
        return self._known[wish]

    def _asked(self, wish: Wish, before: Solution | None, seconds: float) -> Granted:
        base, wished = self.base, wished_facts(self.base.facts, wish)
        search = base.trial(wished.problem, seconds=seconds, aim=base.aim, facts=wished)
        for plan in (base.best, before):
            if plan is not None:
                search.offer(plan_in(plan))
        wider = widens(base.facts, wish)
        if not wider:
            search.lower(base.bound)
        if search.done:
            return Granted(search, search.best, impossible=False)
        bounds = bounds_of(self._sheet, wish, wished)
        frame = self._frame(search, bounds, wish)
        near = self._near(frame, bounds, wish)
        if search.done:
            return Granted(search, near, impossible=False)
        nodes = where_to_look(self._sheet, self._proof, frame, bounds, wider=wider)
        impossible = Tree(frame, nearby=False).resume(nodes, bounds.low, bounds.high)
        if not impossible and not search.done and not search.out_of_time:
            impossible = exactly(search)
        return Granted(search, near, impossible)

    def _frame(self, search: Search, bounds: Bounds, wish: Wish | None = None) -> Frame:
        best = self.base.best or self.solution
        asked = None if wish is None or wish.place is None else wish.group
        barred = None if wish is None or wish.place is not None else wish.group
        how = partial(settle, search, self._sheet.model, plan_in(best), asked=asked, barred=barred)
        return frame_of(
            self._sheet.model,
            self._sheet.bench,
            search,
            self._losses,
            fixed=bounds.fixed,
            how=None if wish is None else how,
        )

    def _near(self, frame: Frame, bounds: Bounds, wish: Wish) -> Solution | None:
        """The best proposal with the groups of the best one, changed as the wish asks."""
        search = frame.search
        plan = plan_in(self.base.best or self.solution)
        counts = counts_of(self._sheet, groups_with(search.problem, tuple(plan), wish))
        low = np.where(np.isnan(counts), bounds.low, np.maximum(bounds.low, counts))
        high = np.where(np.isnan(counts), bounds.high, np.minimum(bounds.high, counts))
        if (low > high).any():
            return None
        basis = self._near_basis or (None if self._proof is None else self._proof.basis)
        (answer,) = solved(frame, [Task(low, high, basis)])
        if answer.values is None:
            return None
        self._near_basis = self._near_basis or answer.basis
        frame.reach(answer)
        return search.best


@contextmanager
def inquiring(
    problem: Problem,
    solution: Solution,
    *,
    seed: int = 0,
    threads: int = 1,
    stop: threading.Event | None = None,
) -> Iterator[Inquiry]:
    """An inquiry about a proposal, closed at the end."""
    inquiry = Inquiry(problem, solution, seed=seed, threads=threads, stop=stop)
    try:
        yield inquiry
    finally:
        inquiry.close()
