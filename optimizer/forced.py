"""Forced re-solves: the best score with one thing decided otherwise, beside the best score as things are.

One need model serves all wishes: each is a whole column, 0 unless it is granted. The tree that proves the
best score is kept part by part; a wish only looks again at the parts that may hold something for it.
"""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from optimizer.branching import Node
from optimizer.counting import frame_of, places_of, reach
from optimizer.facts import Facts
from optimizer.form import form_of
from optimizer.linear import Bench, Task
from optimizer.need_columns import NeedModel
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.program import Column
from optimizer.relaxation import need_model
from optimizer.repair_wish import repair
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import FEW_SEATS, exactly, proven_impossible
from optimizer.tree import Frame, Tree
from optimizer.wishes import Wish, joined_facts, widens, wished_facts

_BASE_SHARE = 0.5
"""Of the time, at most, to prove the best score as things are."""


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


def forced(
    problem: Problem,
    solution: Solution,
    wishes: Sequence[Wish],
    *,
    time_limit: float,
    seed: int = 0,
    threads: int = 1,
    stop: threading.Event | None = None,
) -> tuple[Search, tuple[Forced, ...]]:
    """The search for the best score as things are, and each wish with what it costs.

    Wishes must be possible at sight (see `refused`).
    """
    base = Search(problem, time_limit=time_limit, gap=0.0, seed=seed, threads=threads, stop=stop)
    base.offer(plan_in(solution))
    searches = _small(base, wishes) if _few_seats(base.facts) else _large(base, wishes)
    return base, tuple(
        Forced(wish, cost_of(base, search, impossible=impossible), search)
        for wish, (search, impossible) in zip(wishes, searches, strict=True)
    )


def cost_of(base: Search, search: Search, *, impossible: bool) -> Cost:
    """The best score as things are less the best score of a search, as far as both are known."""
    if impossible:
        return Cost(None, None, impossible=True)
    least = None if math.isinf(search.bound) else base.value - search.bound
    most = None if math.isinf(base.bound) or search.best is None else base.bound - search.value
    return Cost(least, most)


def _few_seats(facts: Facts) -> bool:
    return sum(len(entries) for needs in facts.doors.values() for entries in needs.values()) <= FEW_SEATS


def _small(base: Search, wishes: Sequence[Wish]) -> list[tuple[Search, bool]]:
    exactly(base)
    found = []
    for rank, wish in enumerate(wishes):
        search = _begin(base, wish, seconds=_share(base, len(wishes) - rank))
        found.append((search, proven_impossible(search)))
    return found


def _share(base: Search, waiting: int) -> float:
    """Seconds for the next of so many searches: four times its part, what others leave over being shared again."""
    return max(0.05, min(4 / waiting, 1.0) * (base.time_limit - base.elapsed))


def _begin(base: Search, wish: Wish, *, seconds: float) -> Search:
    search = base.trial(wish.applied(base.problem), seconds=seconds, aim=base.aim)
    if base.best is not None:
        search.offer(plan_in(base.best))
    if not widens(base.facts, wish):
        search.lower(base.bound)
    return search


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """The model of all wishes, and the parts its tree was searched in."""

    model: NeedModel
    frame: Frame
    wanted: dict[Wish, int]
    """Position of each wish's column among the whole columns."""
    low: np.ndarray
    high: np.ndarray


def _large(base: Search, wishes: Sequence[Wish]) -> list[tuple[Search, bool]]:
    wished = [wished_facts(base.problem, wish) for wish in wishes]
    wider = [facts for wish, facts in zip(wishes, wished, strict=True) if widens(base.facts, wish)]
    model = need_model(joined_facts(base.facts, wider), apart={wish.group[2] for wish in wishes})
    columns = _wished(model, base.facts, wishes)
    form = form_of(model.program)
    bench = Bench(form, threads=base.threads, seed=base.seed)
    try:
        place = places_of(model, bench)
        wanted = {wish: place[column] for wish, column in columns.items()}
        low, high = form.low[form.whole].copy(), form.high[form.whole].copy()
        high[list(wanted.values())] = 0
        frame = frame_of(replace(model, facts=base.facts), bench, base)
        shared = _Shared(model, frame, wanted, low, high)
        parts = _searched(base, shared)
        found = []
        for rank, wish in enumerate(wishes):
            search = _begin(base, wish, seconds=_share(base, len(wishes) - rank))
            found.append((search, _granted(search, base, shared, parts, wish)))
        return found
    finally:
        bench.close()


def _reach(search: Search, model: NeedModel) -> partial[float]:
    return partial(reach, search, replace(model, facts=search.facts))


def _wished(model: NeedModel, facts: Facts, wishes: Sequence[Wish]) -> dict[Wish, Column]:
    """A column for each wish, with what it asks for: attends ≥ it and led ≥ it; or led ≤ 1 − it.

    A wished place is today's, or is not: stays ≥ it, or stays ≤ 1 − it. A door that no rule opens needs a wish.
    """
    columns = {wish: model.program.binary() for wish in wishes}
    opened: dict[tuple[str, str, str], list[tuple[Column, float]]] = {}
    for wish, column in columns.items():
        slot, need, staff = wish.group
        led = model.led_by(staff, slot, need)
        place = wish.place
        if place is None:
            model.program.at_most([*led, (column, 1)], 1)
            continue
        model.program.at_least([*led, (column, -1)], 0)
        model.program.at_least([(model.attends[*place, need], 1), (column, -1)], 0)
        if place in model.stays:
            here = facts.group_of(place) == wish.group
            sign = -1 if here else 1
            row = [(model.stays[place], 1.0), (column, float(sign))]
            (model.program.at_least if here else model.program.at_most)(row, 0 if here else 1)
        if need not in facts.doors[place]:
            opened.setdefault((*place, need), []).append((column, -1.0))
    for cell, wanted in opened.items():
        model.program.at_most([(model.attends[cell], 1), *wanted], 0)
    return columns


def _searched(base: Search, shared: _Shared) -> list[Node]:
    """Prove the best score as things are; the parts that this was done in."""
    limit = base.time_limit
    base.time_limit = base.elapsed + _BASE_SHARE * (limit - base.elapsed)
    tree = Tree(shared.frame, left=[])
    tree.run(shared.low, shared.high)
    base.time_limit = limit
    return tree.parts()


def _granted(search: Search, base: Search, shared: _Shared, parts: Sequence[Node], wish: Wish) -> bool:
    """Search the parts with the wish granted; True when it is proven that nothing grants it."""
    if base.elapsed >= base.time_limit:
        return False
    if base.best is not None and not search.done:
        repair(search, plan_in(base.best), wish)
    wider = widens(base.facts, wish)
    low, high = shared.low.copy(), shared.high.copy()
    rank = shared.wanted[wish]
    low[rank] = high[rank] = 1
    parts = [
        Node(math.inf if wider else part.bound, _with(part.low, rank), _with(part.high, rank), part.basis)
        for part in parts
        if wider or part.bound > -math.inf
    ]
    frame = replace(shared.frame, search=search, reach=_reach(search, shared.model))
    return Tree(frame, nearby=False).resume(_looked_at(frame, parts), low, high)


def _with(bounds: np.ndarray, rank: int) -> np.ndarray:
    found = bounds.copy()
    found[rank] = 1
    return found


def _looked_at(frame: Frame, parts: Sequence[Node]) -> list[Node]:
    """The parts with their relaxations, those that cannot be better than the best proposal known in short."""
    search = frame.search
    if search.done:
        return list(parts)
    floor = -math.inf if search.best is None else search.target
    tasks = [Task(part.low, part.high, part.basis, floor) for part in parts]
    answers = frame.bench.solve(tasks, seconds=search.time_limit - search.elapsed)
    return [
        Node(
            min(part.bound, answer.bound),
            part.low,
            part.high,
            answer.basis or part.basis,
            None if answer.values is None else answer,
        )
        for part, answer in zip(parts, answers, strict=True)
    ]
