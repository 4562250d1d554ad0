"""Branch and bound over the counts of the need model, with a linear relaxation at every node.

The students' columns are continuous; only some hundred columns are whole: needs opened, groups counted,
groups of today that go on. A descent follows the better side until nothing is promised any more, then the
best node left is taken up. Now and then the counts near the relaxation and the best proposal are searched
alone: that is where better proposals are found.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from highspy import HighsBasis

from optimizer.search import Search
from optimizer.search_tree.branching import Losses, Node, chosen
from optimizer.search_tree.dive import dive
from optimizer.search_tree.form import Numbers
from optimizer.search_tree.linear import Answer, Bench, Fixed, Task

_WHOLE = 1e-6
_USABLE = 0.05
"""A proposal so far from the bound is not worth the time to write it down."""
_NEARBY_EVERY = 20
_NEARBY_RELAXATIONS = 60

Reach = Callable[[Answer], float]
"""Turns a relaxation with whole counts into a proposal; the most that any proposal with these counts can be worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What every part of a search shares."""

    bench: Bench
    search: Search
    reach: Reach
    kinds: Sequence[Sequence[int]]
    """Positions among the whole columns: the first kind with a fraction is branched on."""
    deciding: Sequence[int]
    """Positions of those that decide what students can get."""
    losses: Losses
    fixed: Fixed | None = None
    known: Callable[[Numbers, Numbers], float] | None = None
    """What is known of a part otherwise than by its relaxation: the most it can be worth."""
    glimpse: Callable[[Answer], None] | None = None
    """Turns a relaxation into a proposal that need not be the best; None: no proposal is wanted soon."""


@dataclass(slots=True)
class Tree:
    """One branch and bound: of the whole problem, or with a budget of relaxations of a neighbourhood."""

    frame: Frame
    budget: float = math.inf
    best: Numbers | None = None
    """The whole columns of the best proposal."""
    root_basis: HighsBasis | None = None
    left: list[Node] | None = None
    """A list to be given all parts that the search is done with; None: nobody takes them up again."""
    nearby: bool = True
    """Whether to search near the best proposal now and then."""
    _open: list[tuple[float, int, Node]] = field(default_factory=list)
    _pushed: int = 0
    _solved: int = 0
    _settled: int = 0
    """Nodes seen whose opened needs are decided."""
    _done: float = -math.inf
    """The most that the parts done with can be worth: explored, or given up for lack of promise."""

    def run(self, low: Numbers, high: Numbers, *, basis: HighsBasis | None = None) -> bool:
        """Search these bounds, from a basis if one is known; True when it is proven that they hold no proposal."""
        return self.resume([Node(math.inf, low, high, basis)], low, high)

    def resume(self, parts: Sequence[Node], low: Numbers, high: Numbers) -> bool:
        """Search these parts, which hold all that the bounds allow; True when it is proven that they hold nothing."""
        search = self.frame.search
        root = Node(math.inf, low, high, None)
        for part in parts:
            self._push(part)
        node: Node | None = None
        while node is not None or self._open:
            if node is None:
                node = heapq.heappop(self._open)[2]
            if self.budget == math.inf:
                search.lower(self.bound(node.bound))
            if search.out_of_time or self._solved > self.budget or search.within(self.bound(node.bound)):
                self._push(node)
                return False
            node = None if self._given_up(node) else self._step(node, root)
        if self.budget == math.inf:
            search.lower(self.bound())
        return self._done == -math.inf and search.best is None

    def bound(self, pending: float = -math.inf) -> float:
        """What no proposal within the bounds searched can exceed."""
        top = -self._open[0][0] if self._open else -math.inf
        return self.frame.search.rounded(max(top, pending, self._done))

    def parts(self) -> list[Node]:
        """The parts done with, if they were asked for, and those still open: together all that was searched."""
        waiting = (replace(node, answer=None) for _, _, node in sorted(self._open, key=lambda one: one[:2]))
        return [*(self.left or ()), *waiting]

    def _given_up(self, node: Node) -> bool:
        """Whether nothing there improves the best proposal by more than the gap asked for; takes note of it."""
        known = math.inf if self.frame.known is None else self.frame.known(node.low, node.high)
        bound = min(node.bound, known)
        if bound > -math.inf and not self.frame.search.within(self.frame.search.rounded(bound)):
            return False
        self._finish(node, bound)
        return True

    def _finish(self, node: Node, worth: float) -> None:
        """Take note that a part is done with, and of the most it can be worth."""
        self._done = max(self._done, worth)
        if self.left is not None:
            self.left.append(replace(node, bound=min(node.bound, worth), answer=None))

    def _solve(self, tasks: list[Task]) -> list[Answer]:
        self._solved += len(tasks)
        search = self.frame.search
        answers = self.frame.bench.solve(
            tasks, seconds=search.time_limit - search.elapsed, fixed=self.frame.fixed
        )
        search.work += sum(answer.work for answer in answers)
        return answers

    @property
    def _floor(self) -> float:
        """A relaxation that cannot exceed this need not be known better."""
        return -math.inf if self.frame.search.best is None else self.frame.search.target

    def _push(self, node: Node) -> None:
        self._pushed += 1
        heapq.heappush(self._open, (-node.bound, self._pushed, node))

    def _step(self, node: Node, root: Node) -> Node | None:
        """Look at a node: reach a proposal or branch; the side to go on with, if any."""
        if node.answer is None:
            task = Task(node.low, node.high, node.basis, self._floor, long=node.basis is None)
            (answer,) = self._solve([task])
            self.root_basis = self.root_basis or answer.basis
            basis = answer.basis or node.basis
            node = Node(min(node.bound, answer.bound), node.low, node.high, basis, answer)
            if self._given_up(node):
                return None
        answer = node.answer
        if answer is None or answer.values is None:
            # Stopped by the clock, or HiGHS has no answer: what is known of the node holds.
            self._finish(node, node.bound)
            return None
        if self._solved <= 1 and self.budget == math.inf and self.best is None:
            self._dive(node, answer)
        inner = answer.values[self.frame.bench.whole]
        fractional = np.abs(inner - np.round(inner)) > _WHOLE
        if not fractional[self.frame.kinds[0]].any():
            if self._avoided(node, answer, np.round(inner)):
                return None
            self._look_nearby(node, inner, root)
        for kind in self.frame.kinds:
            split = [rank for rank in kind if fractional[rank]]
            if split:
                return None if self._given_up(node) else self._branch(node, inner, split)
        self._arrive(node, answer, np.round(inner))
        return None

    def _dive(self, node: Node, answer: Answer) -> None:
        """Round a relaxation to whole counts: not to the best proposal, but to one soon."""
        frame = self.frame
        if frame.glimpse is None:
            return
        whole = frame.bench.whole
        floor = node.bound - _USABLE * abs(node.bound)
        found = dive(
            answer, node.low, node.high, whole=whole, kinds=frame.kinds, floor=floor, solve=self._solve
        )
        before = frame.search.value
        if found is not None and found.values is not None:
            frame.glimpse(found)
            if frame.search.value > before:
                self.best = np.round(found.values[whole])

    def _arrive(self, node: Node, answer: Answer, counts: Numbers) -> None:
        """Turn whole counts into a proposal; what else the node holds is left for later."""
        before = self.frame.search.value
        worth = min(node.bound, self.frame.reach(answer))
        if self.frame.search.value > before:
            self.best = counts
        if not self._given_up(node) and not self._avoided(node, answer, counts):
            self._finish(self._set_apart(node, answer, counts), worth)

    def _branch(self, node: Node, inner: Numbers, split: list[int]) -> Node | None:
        """Solve the two sides of the best column; the better side, the other one left for later."""
        frame = self.frame
        room = math.inf if frame.search.best is None else max(1.0, node.bound - frame.search.target)
        rank = chosen(
            node,
            inner,
            split,
            columns=frame.bench.columns,
            losses=frame.losses,
            room=room,
            floor=self._floor,
            solve=self._solve,
        )
        sides = [node.side(rank, inner[rank], up=up) for up in (False, True)]
        children = []
        for up, answer in enumerate(self._solve([Task(*side, node.basis, self._floor) for side in sides])):
            bound = min(node.bound, answer.bound)
            if answer.values is not None:
                frame.losses.measured(rank, up=bool(up), lost=node.bound - bound, value=inner[rank])
            known = None if answer.values is None else answer
            child = Node(bound, *sides[up], answer.basis or node.basis, known)
            if not self._given_up(child):
                children.append(child)
        children.sort(key=lambda child: child.bound)
        for child in children[:-1]:
            self._push(child)
        return children[-1] if children else None

    def _look_nearby(self, node: Node, inner: Numbers, root: Node) -> None:
        """Search the counts between this relaxation and the best proposal, or around it while there is none."""
        self._settled += 1
        if not self.nearby or self.budget < math.inf or self._settled % _NEARBY_EVERY != 1:
            return
        low, high = np.floor(inner + _WHOLE), np.ceil(inner - _WHOLE)
        if self.best is None:
            low, high = np.maximum(low, node.low), np.minimum(high, node.high)
        else:
            low = np.clip(np.minimum(low, self.best), root.low, root.high)
            high = np.clip(np.maximum(high, self.best), root.low, root.high)
        nearby = Tree(self.frame, budget=_NEARBY_RELAXATIONS)
        nearby.run(low, high)
        self.best = self.best if nearby.best is None else nearby.best

    def _set_apart(self, node: Node, answer: Answer, counts: Numbers) -> Node:
        """Leave the rest of the node, cut column by column around these counts; the part with these counts."""
        assert answer.slopes is not None
        rest = node
        for rank in self.frame.deciding:
            rest = self._cut(rest, rank, counts[rank], slope=answer.slopes[rank], top=node.bound)
        return rest

    def _avoided(self, node: Node, answer: Answer, counts: Numbers) -> bool:
        """Whether the needs opened there are known to bring nothing; what opens others is then left for later."""
        opened, known = self.frame.kinds[0], self.frame.known
        low, high = node.low.copy(), node.high.copy()
        low[opened] = high[opened] = counts[opened]
        search = self.frame.search
        if known is None or not search.within(search.rounded(known(low, high))):
            return False
        assert answer.slopes is not None
        rest = node
        for rank in opened:
            rest = self._cut(rest, rank, counts[rank], slope=answer.slopes[rank], top=node.bound)
        return self._given_up(rest)

    def _cut(self, part: Node, rank: int, count: float, *, slope: float, top: float) -> Node:
        """Leave what has more or less of a column for later; the part with this count."""
        for up in (False, True):
            if part.high[rank] > count if up else part.low[rank] < count:
                side = part.side(rank, count + (0.5 if up else -0.5), up=up)
                other = Node(top + min(0.0, slope * (1 if up else -1)), *side, part.basis)
                if not self._given_up(other):
                    self._push(other)
        low, high = part.low.copy(), part.high.copy()
        low[rank] = high[rank] = count
        return Node(top, low, high, part.basis)
