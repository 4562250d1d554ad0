"""A need model ready to be searched, once or again with other limits of moves.

What one search learns serves the next: the rows let in, the basis of the root, what branching on a column
costs, the best proposal and its counts.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice

from highspy import HighsBasis

from optimizer.aims import Aim, need_aim
from optimizer.counted.need_columns import NeedModel, deciding
from optimizer.counted.openings import Openings
from optimizer.counted.placing import by_parts
from optimizer.counted.relaxation import need_model
from optimizer.counted.split import improving, plan_of, seated, staffed
from optimizer.facts import Facts, Group
from optimizer.model import group_model
from optimizer.plan import Plan, plan_in
from optimizer.program import Column, Limits, Verdict, run
from optimizer.search import Search
from optimizer.search_tree.branching import Losses
from optimizer.search_tree.form import Numbers, costs_of, form_of
from optimizer.search_tree.linear import Answer, Bench, Fixed
from optimizer.search_tree.tree import Frame, Reach, Tree
from optimizer.seating.seat import by_exchanges

_GRACE = 10.0
_CLOSE = 1e-4
MANY_PLACES = 1_000
"""Beyond, students are only placed part by part: a programme that places them all takes too long."""
_VAST = 3_000
"""Beyond, the relaxations on the way to the best counts take longer than coming down to some at once."""
_SOME_PLACES = 300
"""Beyond, students are placed part by part first: that may be good enough."""
_MUCH = 0.5
"""Times the gap asked for: where exchanges lose less than that of what the counts promise, other counts matter more."""
_TOO_MUCH = 2.0
"""Times the gap asked for: where a relaxation promises more than that above what its counts give, look closer."""


class Counting:
    """The one owner of a need model and its relaxations."""

    __slots__ = ("_aim", "_basis", "_bench", "_best", "_form", "_hints", "_losses", "_model", "_place")

    def __init__(self, facts: Facts, search: Search) -> None:
        self._aim = search.aim
        self._model = need_model(facts, aim=search.aim)
        self._form = form_of(self._model.program)
        self._bench = Bench(self._form, threads=search.threads, seed=search.seed, stop=search.stop)
        self._place = places_of(self._model, self._bench)
        self._losses = Losses(len(self._place))
        self._basis: HighsBasis | None = None
        self._best: Numbers | None = None
        self._hints: tuple[Plan, ...] = ()

    def run(self, search: Search) -> bool:
        """Search for the aim of the search, within its `max_moves`; True when it is proven that nothing is lawful."""
        self._take(search.aim)
        low, high = self._form.low[self._form.whole], self._form.high[self._form.whole]
        most = search.problem.rules.max_moves
        if most is not None:
            moves = self._place[self._model.moves]
            high[moves] = min(high[moves], most)
        frame = frame_of(
            self._model,
            self._bench,
            search,
            self._losses,
            hints=self._hints,
            openings=self._openings(search, low, high),
        )
        tree = Tree(frame, best=self._best)
        impossible = tree.run(low, high, basis=self._basis)
        self._basis, self._best = tree.root_basis or self._basis, tree.best
        if search.best is not None:
            self._hints = (*self._hints[-1:], plan_in(search.best))
        return impossible

    def _openings(self, search: Search, low: Numbers, high: Numbers) -> Openings | None:
        """Where to settle needs opened; a search for few moves has no prices that would rule much out."""
        if search.aim is not Aim.SCORE or len(search.facts.places) > MANY_PLACES:
            return None
        opened = [self._place[column] for column in self._model.opened.values()]
        return Openings(self._model, self._bench, opened, low, high)

    def _take(self, aim: Aim) -> None:
        """Turn the model to another aim: rows and basis stay, what branching costs does not."""
        if aim is not self._aim:
            self._aim = aim
            self._model.program.maximise(*need_aim(self._model, aim))
            cost, offset = costs_of(self._model.program)
            self._form = replace(self._form, cost=cost, offset=offset)
            self._bench.aim(cost, offset)
            self._losses = Losses(len(self._place))

    def close(self) -> None:
        """Let go of the threads."""
        self._bench.close()


def frame_of(
    model: NeedModel,
    bench: Bench,
    search: Search,
    losses: Losses | None = None,
    *,
    fixed: Fixed | None = None,
    how: Reach | None = None,
    hints: Sequence[Plan] = (),
    openings: Openings | None = None,
) -> Frame:
    """What a search of a need model shares: branching is on opened needs, then counts, groups of today, the rest.

    A question fixes some followers, and has its own way of turning counts into a proposal; `hints`: plans
    that should resemble what is looked for.
    """
    place = places_of(model, bench)
    kinds = [list(model.opened.values()), list(model.groups.values()), list(model.kept.values())]
    named = {column for kind in kinds for column in kind}
    kinds.append([column for column in place if column not in named])
    return Frame(
        bench=bench,
        search=search,
        reach=how or partial(reach, search, model, hints=hints, openings=openings),
        glimpse=partial(glimpse, search, model) if how is None and _wants_soon(search) else None,
        kinds=[[place[column] for column in kind] for kind in kinds],
        deciding=[place[column] for column in deciding(model)],
        losses=losses or Losses(len(place)),
        fixed=fixed,
        known=None if openings is None else openings.bound,
    )


def _wants_soon(search: Search) -> bool:
    """Whether a first proposal should not wait for the best counts: all is small, or finding these is long."""
    return not MANY_PLACES < len(search.facts.places) <= _VAST


def places_of(model: NeedModel, bench: Bench) -> dict[Column, int]:
    """The position of each whole column among the whole columns."""
    whole = {int(column): rank for rank, column in enumerate(bench.whole)}
    return {column: whole[rank] for rank, column in enumerate(model.program.columns) if rank in whole}


@contextmanager
def counting(search: Search) -> Iterator[Counting]:
    """The need model of the search's problem, closed at the end."""
    counted = Counting(search.facts, search)
    try:
        yield counted
    finally:
        counted.close()


def reach(
    search: Search,
    model: NeedModel,
    answer: Answer,
    *,
    hints: Sequence[Plan] = (),
    openings: Openings | None = None,
) -> float:
    """Turn a relaxation with whole counts into groups, offered to the search.

    The most that any groups with these counts can give, or the value of the best proposal if that is more:
    −inf when they are proven impossible.
    """
    limits = search.grace(_GRACE)
    verdict, groups = _groups_of(model, answer, limits)
    if verdict is not Verdict.BEST:
        return -math.inf if verdict is Verdict.IMPOSSIBLE else math.inf
    hoped = model.program.lp.objective.value()
    size = len(search.facts.places)
    near = None
    if size <= MANY_PLACES:
        near = seated(model, search.facts, hints=hints, wavering=search.aim is not Aim.SCORE)
    if near is not None:
        worth = placed(search, near, groups, limits)
        if worth >= hoped - _CLOSE or search.within(search.rounded(hoped)):
            return hoped
    elif size > _SOME_PLACES:
        plans = _plans(search, model, groups, answer, hoped)
        for plan in plans if size > MANY_PLACES else islice(plans, 1):
            search.offer(plan)
            if search.out_of_time or search.within(search.rounded(hoped)):
                return hoped
        if size > MANY_PLACES:
            return hoped
    if search.best is None:
        return placed(search, search.facts, groups, limits)
    worth = placed(search, improving(model, search.facts, answer, search.value), groups, limits)
    worth = max(search.value, worth)
    if openings is not None and hoped - worth > _TOO_MUCH * (search.target - search.value):
        _settle(search, model, openings, answer, limits)
    return worth


def _settle(search: Search, model: NeedModel, openings: Openings, answer: Answer, limits: Limits) -> None:
    """Look for the best proposal with the needs that this relaxation opens, and take note of what none exceeds."""
    settled = openings.settle(search, answer)
    if settled is None or settled.values is None:
        return
    model.program.take(settled.values)
    verdict, groups = staffed(model, limits)
    if verdict is Verdict.BEST:
        placed(search, improving(model, search.facts, settled.root, search.value), groups, limits)


def glimpse(search: Search, model: NeedModel, answer: Answer) -> None:
    """Offer the search a proposal with the counts of the need model, soon rather than the best."""
    limits = search.grace(_GRACE)
    verdict, groups = _groups_of(model, answer, limits)
    if verdict is Verdict.BEST:
        search.offer(next(_plans(search, model, groups, answer)))


def _plans(
    search: Search, model: NeedModel, groups: tuple[Group, ...], answer: Answer, hoped: float = math.inf
) -> Iterator[Plan]:
    """By exchanges, which take no time; then part by part where that lost much of what the counts promise."""
    yield from by_exchanges(model, groups, answer, aim=search.aim, over=lambda: search.late)
    if len(search.facts.places) > _VAST or hoped - search.value < _MUCH * (search.target - search.value):
        return
    limits = search.grace(_GRACE)
    yield from by_parts(model, groups, aim=search.aim, limits=limits, over=lambda: search.out_of_time)


def _groups_of(model: NeedModel, answer: Answer, limits: Limits) -> tuple[Verdict, tuple[Group, ...]]:
    assert answer.values is not None
    model.program.take(answer.values)
    return staffed(model, limits)


def placed(search: Search, facts: Facts, groups: tuple[Group, ...], limits: Limits) -> float:
    """Place the students in these groups, offered to the search; the most that it can be worth."""
    exact = group_model(facts, groups, decided=True, aim=search.aim)
    outcome = run(exact.program, limits)
    if outcome.found:
        search.offer(plan_of(exact))
    return outcome.bound
