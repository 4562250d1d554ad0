"""What there could be one more of: an adult, a room, a seat, an open need; see `gains.py` for what it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from optimizer.explanations.unserved import Barrier, Unserved
from optimizer.problem import Problem, Room, Staff

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
        return replace(problem, staff=(*problem.staff, double(problem, lever)))
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


def double(problem: Problem, lever: Lever) -> Staff:
    """One more adult like another, for one hour; two that cost the same at a slot are called the same."""
    like = next(entry for entry in problem.staff if entry.id == lever.like)
    slot = lever.slot or ""
    name = _new_name({entry.id for entry in problem.staff}, f"{slot}+{like.cost:g}")
    return replace(like, id=name, slots=(slot,), max_groups=1, members=(name,))


def _new_name(taken: set[str], name: str) -> str:
    while name in taken:
        name += "+"
    return name
