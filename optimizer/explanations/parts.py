"""The parts that a proof was made of, and what their prices say of a question at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from highspy import HighsBasis

from optimizer.explanations.sheet import Bounds, Sheet
from optimizer.search_tree.branching import Node
from optimizer.search_tree.form import Numbers
from optimizer.search_tree.linear import Answer, Task
from optimizer.search_tree.tree import Frame, Tree

_MANY_PARTS = 600
"""Beyond, a question is asked of the whole at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part and its relaxation."""

    node: Node
    answer: Answer


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """All that a search went through: together, everything there is."""

    parts: tuple[Part, ...]
    basis: HighsBasis | None
    """Of the relaxation of the whole."""

    @property
    def handy(self) -> bool:
        """Whether the parts are few enough to be looked at one by one."""
        return 0 < len(self.parts) <= _MANY_PARTS


def proven(frame: Frame, bounds: Bounds) -> Proof:
    """The proof of the best score within these bounds, as far as the search of the frame has time for it."""
    (root,) = solved(frame, [Task(bounds.low, bounds.high, long=True)])
    tree = Tree(frame, left=[])
    tree.run(bounds.low, bounds.high)
    nodes = tree.parts()
    proof = Proof((), tree.root_basis or root.basis)
    if len(nodes) > _MANY_PARTS:
        return proof
    answers = solved(frame, [Task(node.low, node.high, node.basis) for node in nodes])
    return replace(proof, parts=tuple(map(Part, nodes, answers)))


def solved(frame: Frame, tasks: Sequence[Task]) -> list[Answer]:
    """The relaxations, within the time of the frame's search."""
    search = frame.search
    answers: list[Answer] = []
    for first in range(0, len(tasks), search.threads):
        some = tasks[first : first + search.threads]
        found = frame.bench.solve(some, seconds=search.time_limit - search.elapsed, fixed=frame.fixed)
        search.work += sum(answer.work for answer in found)
        answers += found
    return answers


def where_to_look(
    sheet: Sheet, proof: Proof | None, frame: Frame, bounds: Bounds, *, wider: bool
) -> list[Node]:
    """Where to search for the best within the bounds of a question: in the parts, or all at once if that promises less.

    `wider`: the question allows more than what the proof was about.
    """
    search = frame.search
    nodes, promised = [], math.inf
    if proof is not None and proof.handy:
        found = [_narrowed(sheet, part, bounds, wider=wider) for part in proof.parts]
        nodes = [node for node in found if node is not None]
        promised = max((node.bound for node in nodes), default=-math.inf)
        if search.within(search.rounded(promised)) or search.late:
            return nodes
    basis = None if proof is None else proof.basis
    floor = -math.inf if search.best is None else search.target
    (answer,) = solved(frame, [Task(bounds.low, bounds.high, basis, floor, long=basis is None)])
    if promised <= answer.bound and promised < math.inf:
        return nodes
    known = None if answer.values is None else answer
    return [Node(answer.bound, bounds.low, bounds.high, answer.basis or basis, known)]


def _narrowed(sheet: Sheet, part: Part, bounds: Bounds, *, wider: bool) -> Node | None:
    """A part within the bounds of a question, with the most it can hold by its prices; None: nothing.

    No point within other bounds is worth more than the relaxation + Σ price × (value − value in the relaxation).
    """
    node, answer = part.node, part.answer
    low, high = np.maximum(bounds.low, node.low), np.minimum(bounds.high, node.high)
    opened = list(bounds.opened)
    low[opened], high[opened] = bounds.low[opened], bounds.high[opened]
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
    total += max((0.0, *answer.prices[whole[list(bounds.opened)]]))
    total += sum(max(0.0, answer.prices[column]) for column in bounds.released)
    for column, value in bounds.decided.items():
        total += min(0.0, answer.prices[column] * (value - answer.values[column]))
    return total
