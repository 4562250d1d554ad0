"""What answers questions about one proposal: one need model, the best score proven once, its parts kept.

A question is a wish, that is, bounds of a few columns. The best proposal's own counts, changed as the wish asks,
give a first proposal that grants it; the prices of the parts that the proof was made of say at once what each
part can still hold for it, and only those that may hold better are searched.
"""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
from highspy import HighsBasis

from optimizer.branching import Losses, Node
from optimizer.counting import frame_of
from optimizer.linear import Answer, Numbers, Task
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.settle import settle
from optimizer.sheet import Bounds, Sheet, as_things_are, bounds_of, counts_with, sheet_of
from optimizer.solution import Solution
from optimizer.solve import exactly
from optimizer.tree import Frame, Tree
from optimizer.wishes import Wish, widens, wished_facts


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of what the proof of the best score went through, and its relaxation."""

    node: Node
    answer: Answer


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

    __slots__ = ("_basis", "_known", "_losses", "_near_basis", "_parts", "_sheet", "base", "solution")

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
        self._basis: HighsBasis | None = None
        self._near_basis: HighsBasis | None = None
        self._parts: tuple[Part, ...] | None = None
        self._known: dict[Wish, Granted] = {}

    def close(self) -> None:
        """Let go of the threads."""
        self._sheet.bench.close()

    def prove(self, *, seconds: float) -> None:
        """Prove the best score as things are, once, and keep the parts that this was done in."""
        if self._parts is not None and (self.base.done or seconds <= 0):
            return
        base, bounds = self.base, as_things_are(self._sheet)
        base.more(seconds)
        tree = Tree(self._frame(base, bounds), left=[])
        tree.run(bounds.low, bounds.high, basis=self._basis)
        if not base.done and not base.out_of_time:
            exactly(base)
        self._basis = tree.root_basis or self._basis
        nodes = tree.parts()
        answers = self._sheet.bench.solve(
            [Task(node.low, node.high, node.basis) for node in nodes],
            seconds=base.time_limit - base.elapsed,
            fixed=bounds.fixed,
        )
        self._parts = tuple(map(Part, nodes, answers))

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
        nodes = self._looked_at(frame, bounds, wider=wider)
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
        counts = counts_with(self._sheet, plan_in(self.base.best or self.solution), wish)
        low = np.where(np.isnan(counts), bounds.low, np.maximum(bounds.low, counts))
        high = np.where(np.isnan(counts), bounds.high, np.minimum(bounds.high, counts))
        if (low > high).any():
            return None
        (answer,) = _solved(frame, [Task(low, high, self._near_basis or self._basis)])
        if answer.values is None:
            return None
        self._near_basis = self._near_basis or answer.basis
        frame.reach(answer.values)
        return search.best

    def _looked_at(self, frame: Frame, bounds: Bounds, *, wider: bool) -> list[Node]:
        """Where to search: the parts of the proof, or all at once where that promises less."""
        search = frame.search
        found = [_narrowed(self._sheet, part, bounds, wider=wider) for part in self._parts or ()]
        nodes = [node for node in found if node is not None]
        promised = max((node.bound for node in nodes), default=-math.inf)
        if self._parts is not None and search.within(search.rounded(promised)):
            return nodes
        floor = -math.inf if search.best is None else search.target
        (answer,) = _solved(frame, [Task(bounds.low, bounds.high, self._basis, floor, long=self._basis is None)])
        if self._parts is not None and promised <= answer.bound:
            return nodes
        known = None if answer.values is None else answer
        return [Node(answer.bound, bounds.low, bounds.high, answer.basis or self._basis, known)]


def _solved(frame: Frame, tasks: list[Task]) -> list[Answer]:
    search = frame.search
    answers = frame.bench.solve(tasks, seconds=search.time_limit - search.elapsed, fixed=frame.fixed)
    search.work += sum(answer.work for answer in answers)
    return answers


def _narrowed(sheet: Sheet, part: Part, bounds: Bounds, *, wider: bool) -> Node | None:
    """A part within the bounds of a question, with the most it can hold by its prices; None: nothing.

    No point within other bounds is worth more than the relaxation + Σ price × (value − value in the relaxation).
    """
    node, answer = part.node, part.answer
    low, high = np.maximum(bounds.low, node.low), np.minimum(bounds.high, node.high)
    if (low > high).any() or (node.bound == -math.inf and not wider):
        return None
    if answer.prices is None or answer.values is None:
        return Node(math.inf if wider else node.bound, low, high, node.basis)
    worth = answer.bound + _change(sheet, answer, bounds, low, high)
    return Node(worth if wider else min(worth, node.bound), low, high, answer.basis)


def _change(sheet: Sheet, answer: Answer, bounds: Bounds, low: Numbers, high: Numbers) -> float:
    """The most that the bounds of a question change in a relaxation solved without it."""
    assert answer.prices is not None
    assert answer.values is not None
    whole = sheet.form.whole
    inner = answer.values[whole]
    total = float((answer.prices[whole] * (np.clip(inner, low, high) - inner)).sum())
    total += sum(max(0.0, answer.prices[column]) for column in bounds.released)
    for column, value in bounds.decided.items():
        if column not in sheet.shut or value:
            total += min(0.0, answer.prices[column] * (value - answer.values[column]))
    return total


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
