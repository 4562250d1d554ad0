"""What answers questions about one proposal: one need model, the best score proven once, its parts kept.

A question is a wish, that is, bounds of a few columns. The best proposal's own counts, changed as the wish asks,
give a first proposal that grants it; the prices of the parts that the proof was made of say at once what each
part can still hold for it, and only those that may hold better are searched.
"""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
from highspy import HighsBasis

from optimizer.counted.counting import frame_of
from optimizer.explanations.beside import look_beside
from optimizer.explanations.granted import Granted, Pending
from optimizer.explanations.parts import Proof, proven, solved, where_to_look
from optimizer.explanations.settle import settle
from optimizer.explanations.sheet import Bounds, as_things_are, bounds_of, counts_of, sheet_of
from optimizer.explanations.wishes import Wish, groups_with, widens, wished_facts
from optimizer.facts import Group
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.search_tree.branching import Losses
from optimizer.search_tree.linear import Task
from optimizer.search_tree.tree import Frame, Reach, Tree
from optimizer.solution import Solution
from optimizer.solve import exactly


class Inquiry:
    """The one owner of the model of a proposal's questions, and of what they found."""

    __slots__ = (
        "_given",
        "_known",
        "_losses",
        "_near_basis",
        "_proof",
        "_sheet",
        "base",
        "hosts",
        "solution",
    )

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
        self.base.patience = math.inf
        self.base.offer(plan_in(solution))
        self._sheet = sheet_of(self.base.facts, threads=threads, seed=seed)
        self._losses = Losses(len(self._sheet.rank))
        self._proof: Proof | None = None
        self._given = 0.0
        self._near_basis: HighsBasis | None = None
        self._known: dict[Wish, Granted] = {}
        self.hosts: dict[tuple[str, str], tuple[int | float, tuple[Group, ...]]] = {}
        """By slot and need of groups that the best proposal has not, score and groups of the best known with one."""

    def close(self) -> None:
        """Let go of the threads."""
        self._sheet.bench.close()

    def prove(self, *, seconds: float) -> None:
        """Prove the best score as things are, and keep the parts that this was done in.

        Once, unless it was not done and there is more time for it than before.
        """
        if self._proof is not None and (self.base.done or seconds <= self._given):
            return
        base, bounds = self.base, as_things_are(self._sheet)
        base.more(seconds)
        proof = proven(self._frame(base, bounds), bounds)
        if self._proof is None or not base.stopped:
            self._proof = proof
        self._given = 0.0 if base.stopped else seconds
        if not base.done and not base.out_of_time:
            exactly(base)

    def ask(self, wish: Wish, *, seconds: float, work: float = math.inf) -> Granted:
        """What is known of a wish, after so many seconds or so much work more.

        It must be possible at sight (see `refused`). Without work, the groups as they are, changed as it asks.
        """
        known = self._known.get(wish)
        if known is None:
            known = self._begun(wish, seconds)
        else:
            known.search.more(seconds)
        search = known.search
        search.work_limit = min(search.work_limit, search.work + work)
        if self.base.best is not None:
            search.offer(plan_in(self.base.best))
        if not widens(self.base.facts, wish):
            search.lower(self.base.bound)
        if search.done:
            known = replace(known, near=known.near or search.best, pending=None)
        elif not known.settled and known.pending is not None:
            known = self._further(known, known.pending)
        self._known[wish] = known
        self._welcome(search)
        return known

    def _begun(self, wish: Wish, seconds: float) -> Granted:
        base, wished = self.base, wished_facts(self.base.facts, wish)
        search = base.trial(wished.problem, seconds=seconds, aim=base.aim, facts=wished)
        bounds = bounds_of(self._sheet, wish, wished)
        return Granted(search, None, False, Pending(wish, self._frame(search, bounds, wish), bounds))

    def _further(self, known: Granted, pending: Pending) -> Granted:
        """Go on with a question: first near the best proposal, then wherever something better may be."""
        search, frame, bounds = known.search, pending.frame, pending.bounds
        near, nodes, looked = known.near, pending.parts, True
        if nodes is None and near is None:
            near = self._near(frame, bounds, pending.wish)
        if search.done:
            return Granted(search, near, impossible=False)
        if nodes is None:
            wider = widens(self.base.facts, pending.wish)
            nodes = where_to_look(self._sheet, self._proof, frame, bounds, wider=wider)
            looked = not search.late
            least = len((self.base.best or self.solution).unplaced)
            if near is not None and len(near.unplaced) > least and not search.out_of_time:
                self._look_beside(frame, bounds, pending.wish)
        tree = Tree(frame, nearby=False, left=[])
        impossible = tree.resume(nodes, bounds.low, bounds.high)
        impossible = impossible or (search.best is None and search.bound == -math.inf)
        if not impossible and not search.done and not search.out_of_time:
            impossible = exactly(search)
        parts = tree.parts() if looked else None
        return Granted(search, near, impossible, replace(pending, parts=parts))

    def _look_beside(self, frame: Frame, bounds: Bounds, wish: Wish) -> None:
        """Search for a first proposal with about one group more or less of each need."""
        counts = counts_of(self._sheet, self._groups(frame, wish))
        quick = replace(frame, reach=self._settling(frame.search, wish, shallow=True))
        look_beside(quick, self._sheet, bounds, counts, wish.group[0])

    def _groups(self, frame: Frame, wish: Wish) -> tuple[Group, ...]:
        """The groups of the best proposal, changed as the wish asks."""
        plan = plan_in(self.base.best or self.solution)
        return groups_with(frame.search.problem, tuple(plan), wish)

    def _frame(self, search: Search, bounds: Bounds, wish: Wish | None = None) -> Frame:
        how, sheet = None if wish is None else self._settling(search, wish), self._sheet
        return frame_of(sheet.model, sheet.bench, search, self._losses, fixed=bounds.fixed, how=how)

    def _settling(self, search: Search, wish: Wish, *, shallow: bool = False) -> Reach:
        asked, barred = (None, wish.group) if wish.place is None else (wish.group, None)
        before = plan_in(self.base.best or self.solution)
        return partial(settle, search, self._sheet.model, before, asked=asked, barred=barred, shallow=shallow)

    def _near(self, frame: Frame, bounds: Bounds, wish: Wish) -> Solution | None:
        """The best with the groups of the best proposal, changed as the wish asks; else another's are a start."""
        if self._reached_with(frame, bounds, wish, self._groups(frame, wish)):
            return frame.search.best
        spot = wish.group[:2]
        if wish.student is not None and spot in self.hosts:
            groups = self.hosts[spot][1]
            if wish.group not in groups:
                others = tuple(group for group in groups if group[:2] != spot)
                groups = groups_with(frame.search.problem, others, wish)
            self._reached_with(frame, bounds, wish, groups)
        return None

    def _reached_with(self, frame: Frame, bounds: Bounds, wish: Wish, groups: tuple[Group, ...]) -> bool:
        counts = counts_of(self._sheet, groups)
        low, high = np.fmax(bounds.low, counts), np.fmin(bounds.high, counts)
        if (low > high).any():
            return False
        basis = self._near_basis or (None if self._proof is None else self._proof.basis)
        (answer,) = solved(frame, [Task(low, high, basis)])
        if answer.values is None:
            return False
        self._near_basis = self._near_basis or answer.basis
        self._settling(frame.search, wish, shallow=True)(answer)
        return True

    def _welcome(self, search: Search) -> None:
        """Take note of the groups that the best proposal of a question has and that of the inquiry has not."""
        if search.best is None:
            return
        plan, held = plan_in(search.best), plan_in(self.base.best or self.solution)
        for spot in {group[:2] for group in plan if group not in held}:
            if spot not in self.hosts or self.hosts[spot][0] < search.value:
                self.hosts[spot] = (search.value, tuple(plan))


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
