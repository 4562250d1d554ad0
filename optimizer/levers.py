"""Where one more would help most: one more adult, room, seat or open need, each by a re-solve with it added.

The relaxation of the need model says which adults to try first; its figures are estimates and say so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from optimizer.facts import facts_of
from optimizer.form import form_of
from optimizer.linear import Bench, Task
from optimizer.plan import plan_in
from optimizer.problem import Problem, Room, Staff
from optimizer.relaxation import need_model
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import proven_impossible
from optimizer.unserved import Barrier, Unserved, unserved_in

_LEAST_SECONDS = 0.5


class Kind(StrEnum):
    """What there is one more of."""

    STAFF = "staff"
    """An adult at a slot, who can lead what others can."""
    ROOM = "room"
    """A room at a slot, as large as the largest there."""
    NEED_OPEN = "need_open"
    """A need that may be open."""
    SEAT = "seat"
    """A seat in each group of a need."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One more of something; what does not concern it is None."""

    kind: Kind
    slot: str | None = None
    needs: tuple[str, ...] = ()
    """What the adult can lead, or the need whose groups have a seat more."""
    like: str | None = None
    """A staff entry who can lead the same."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a lever brings to the best score, and to whom."""

    lever: Lever
    least: int | float
    most: int | float | None
    """None: not known."""
    serves: tuple[str, ...]
    """Students whose strong need is unserved in the proposal and served in the best one found with the lever."""
    loses: int
    """Students the other way round."""
    estimate: float | None
    """What the relaxation promised, which is only good for choosing what to try."""

    def to_json(self) -> dict[str, object]:
        """The gain as a JSON object."""
        lever = self.lever
        return {
            "kind": lever.kind.value,
            "slot": lever.slot,
            "needs": list(lever.needs),
            "like": lever.like,
            "least": self.least,
            "most": self.most,
            "exact": self.least == self.most,
            "serves": list(self.serves),
            "loses": self.loses,
            "estimate": self.estimate,
        }


def levers_of(problem: Problem, missing: Sequence[Unserved]) -> Iterator[Lever]:
    """Every lever that could matter: each type of staff at each slot, rooms, a need, seats where groups are full."""
    if problem.rooms:
        yield from (Lever(Kind.ROOM, slot.id) for slot in problem.slots)
    if any(not need.reception for need in problem.needs):
        yield Lever(Kind.NEED_OPEN)
    full = {one.need for student in missing for one in student.obstacles if one.barrier is Barrier.FULL}
    yield from (Lever(Kind.SEAT, needs=(need.id,)) for need in problem.needs if need.id in full)
    types: dict[frozenset[str], Staff] = {}
    for entry in problem.staff:
        if len(entry.members) == 1:
            types.setdefault(frozenset(entry.needs), entry)
    for entry in types.values():
        yield from (Lever(Kind.STAFF, slot.id, entry.needs, entry.id) for slot in problem.slots)


def pulled(problem: Problem, lever: Lever) -> Problem:
    """The problem with one more of what the lever says."""
    slot = lever.slot or ""
    if lever.kind is Kind.STAFF:
        return replace(problem, staff=(*problem.staff, _double(problem, lever)))
    if lever.kind is Kind.ROOM:
        name = _new_name({room.id for room in problem.rooms}, slot)
        largest = max((room.capacity for room in problem.rooms if slot in room.slots), default=0)
        return replace(problem, rooms=(*problem.rooms, Room(name, largest or _widest(problem), (slot,))))
    if lever.kind is Kind.NEED_OPEN:
        rules = replace(problem.rules, max_needs_open=problem.rules.max_needs_open + 1)
        return replace(problem, rules=rules)
    needs = tuple(
        replace(need, max_size=need.max_size + 1) if need.id in lever.needs else need
        for need in problem.needs
    )
    return replace(problem, needs=needs)


def _widest(problem: Problem) -> int:
    return max(room.capacity for room in problem.rooms)


def _double(problem: Problem, lever: Lever) -> Staff:
    """One more adult like another, for one hour."""
    like = next(entry for entry in problem.staff if entry.id == lever.like)
    slot = lever.slot or ""
    name = _new_name({entry.id for entry in problem.staff}, f"{like.id}+{slot}")
    return replace(like, id=name, slots=(slot,), max_groups=1, members=(name,))


def _new_name(taken: set[str], name: str) -> str:
    while name in taken:
        name += "+"
    return name


def gains(
    problem: Problem,
    solution: Solution,
    missing: Sequence[Unserved],
    *,
    base: Search,
    time_limit: float,
) -> tuple[Gain, ...]:
    """What one more of each brings, the best first, as far as the time goes; `base`: the best score as things are."""
    clock = base.trial(problem, seconds=time_limit, aim=base.aim)
    levers = list(levers_of(problem, missing))
    hopes = _estimates(problem, [one for one in levers if one.kind is Kind.STAFF], clock)
    order = sorted(levers, key=lambda one: -hopes.get(one, np.inf))
    found = []
    for rank, lever in enumerate(order):
        left = time_limit - clock.elapsed
        if left < _LEAST_SECONDS or clock.stopped:
            break
        share = max(_LEAST_SECONDS, min(1.0, 4 / (len(order) - rank)) * left)
        found.append(_gain(solution, lever, base=base, seconds=min(share, left), hope=hopes.get(lever)))
    return tuple(sorted(found, key=lambda one: (-one.least, -(one.most or 0), -len(one.serves))))


def _gain(solution: Solution, lever: Lever, *, base: Search, seconds: float, hope: float | None) -> Gain:
    search = base.trial(pulled(base.problem, lever), seconds=seconds, aim=base.aim)
    for plan in (solution, base.best):
        if plan is not None:
            search.offer(plan_in(plan))
    proven_impossible(search)
    best = search.best or solution
    before, after = (set(unserved_in(search.facts, one)) for one in (base.best or solution, best))
    return Gain(
        lever=lever,
        least=max(0, search.value - base.bound),
        most=None if np.isinf(search.bound) else search.bound - base.value,
        serves=tuple(name for name in search.facts.strong if name in before - after),
        loses=len(after - before),
        estimate=None if hope is None else round(hope, 1),
    )


def _estimates(problem: Problem, levers: Sequence[Lever], clock: Search) -> dict[Lever, float]:
    """What the relaxation gains by each adult more, all in one model: each is let in alone."""
    if not levers:
        return {}
    doubles = [_double(problem, lever) for lever in levers]
    wider = replace(problem, staff=(*problem.staff, *doubles))
    model = need_model(facts_of(wider), apart={double.id for double in doubles})
    form = form_of(model.program)
    place = {column: rank for rank, column in enumerate(model.program.columns)}
    whole = {int(column): rank for rank, column in enumerate(form.whole)}
    theirs: dict[str, list[int]] = {double.id: [] for double in doubles}
    for (team, *_), column in model.fresh.items():
        if team[0] in theirs:
            theirs[team[0]].append(whole[place[column]])
    low, high = form.low[form.whole], form.high[form.whole]
    shut = high.copy()
    shut[[rank for ranks in theirs.values() for rank in ranks]] = 0
    bench = Bench(form, threads=clock.threads, seed=clock.seed)
    try:
        (here,) = bench.solve([Task(low, shut, long=True)], seconds=clock.time_limit - clock.elapsed)
        tasks = []
        for double in doubles:
            open_to = shut.copy()
            open_to[theirs[double.id]] = high[theirs[double.id]]
            tasks.append(Task(low, open_to, here.basis))
        answers = bench.solve(tasks, seconds=clock.time_limit - clock.elapsed)
    finally:
        bench.close()
    return {
        lever: max(0.0, answer.bound - here.bound)
        for lever, answer in zip(levers, answers, strict=True)
        if np.isfinite(answer.bound) and np.isfinite(here.bound)
    }
