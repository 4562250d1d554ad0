"""One thing decided otherwise in a proposal: a student in a group, a group closed; as a problem of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.check import Rule
from optimizer.doors import banned, inseparable
from optimizer.facts import Facts, Group, Place, facts_of
from optimizer.problem import Ban, Pin, Problem

_FOR_EVER = 10**9


@dataclass(frozen=True, slots=True)
class Wish:
    """A group, with the student to be in it; without a student, the group is not to be open."""

    group: Group
    student: str | None = None

    @property
    def place(self) -> Place | None:
        """The place decided."""
        return None if self.student is None else (self.student, self.group[0])

    def applied(self, problem: Problem) -> Problem:
        """The problem with the wish among its statements: a pin, or a ban of the group for everybody."""
        slot, need, staff = self.group
        if self.student is not None:
            return replace(problem, pins=(*problem.pins, Pin(self.student, slot, need, staff)))
        bans = tuple(Ban(student.id, slot, need, staff) for student in problem.students)
        return replace(problem, bans=problem.bans + bans)


def widens(facts: Facts, wish: Wish) -> bool:
    """Whether the wish allows what the rules otherwise forbid: only a pin goes under a floor or beyond worn out."""
    place = wish.place
    return place is not None and wish.group[2] not in facts.doors[place].get(wish.group[1], ())


def refused(facts: Facts, wish: Wish, wished: Facts) -> tuple[Rule, ...]:
    """The statements and rules that forbid a wish at first sight; empty: only a search can tell."""
    slot, need, staff = wish.group
    place = wish.place
    if place is None:
        held = [pin for pins in facts.pins.values() for pin in pins]
        pinned = any((pin.slot, pin.need, pin.staff) == wish.group for pin in held)
        return (Rule.PIN,) if pinned else ()
    if staff in wished.doors[place].get(need, ()):
        return ()
    found = []
    if any(pin.need != need or pin.staff not in (None, staff) for pin in facts.pins.get(place, ())):
        found.append(Rule.PIN)
    bans = tuple(ban for ban in facts.problem.bans if ban.student == wish.student)
    if banned(bans, slot, need=need, staff=staff):
        found.append(Rule.BAN)
    if staff not in facts.leaders[slot, need]:
        found.append(Rule.STAFF)
    return tuple(found) or (Rule.TOGETHER,)


def wide_facts(facts: Facts) -> Facts:
    """The facts with every door that a pin could open: floors and worn-out needs set aside."""
    needs = tuple(replace(need, floor=0, max_periods=_FOR_EVER) for need in facts.problem.needs)
    wide = facts_of(replace(facts.problem, needs=needs))
    return replace(facts, doors=wide.doors, points=wide.points)


def openings(problem: Problem, groups: Sequence[Group], slot: str) -> Iterator[Group]:
    """The groups that could be opened at a slot beside these: each need, with each entry that can lead it."""
    for need in problem.needs:
        for entry in problem.staff:
            group = (slot, need.id, entry.id)
            if slot in entry.slots and need.id in entry.needs and group not in groups:
                yield group


def groups_with(problem: Problem, groups: Sequence[Group], wish: Wish) -> tuple[Group, ...]:
    """The groups of a proposal once a wish is granted: whoever leads the group asked for leads no other there."""
    if wish.student is None:
        return tuple(group for group in groups if group != wish.group)
    if wish.group in groups:
        return tuple(groups)
    members = {entry.id: set(entry.members) for entry in problem.staff}
    busy = members[wish.group[2]]
    free = [group for group in groups if group[0] != wish.group[0] or not busy & members[group[2]]]
    return (*free, wish.group)


def wished_facts(facts: Facts, wish: Wish) -> Facts:
    """The facts of the problem with the wish granted; only the doors it concerns are looked at again."""
    problem = wish.applied(facts.problem)
    slot, need, staff = wish.group
    if wish.place is None:
        doors = {
            place: _without(needs, need, staff) if place[1] == slot else needs
            for place, needs in facts.doors.items()
        }
        return replace(facts, problem=problem, doors=doors)
    pin = problem.pins[-1]
    pins = {**facts.pins, wish.place: (*facts.pins.get(wish.place, ()), pin)}
    near = _companions(facts, wish.place)
    found = facts_of(_only(problem, near))
    doors = {place: found.doors[place] if place in near else needs for place, needs in facts.doors.items()}
    points = {cell: worth for cell, worth in facts.points.items() if cell[:2] not in near}
    points |= {cell: worth for cell, worth in found.points.items() if cell[:2] in near}
    return replace(facts, problem=problem, pins=pins, doors=doors, points=points)


def _without(needs: Mapping[str, tuple[str, ...]], need: str, staff: str) -> dict[str, tuple[str, ...]]:
    left = {one: tuple(e for e in entries if one != need or e != staff) for one, entries in needs.items()}
    return {one: entries for one, entries in left.items() if entries}


def _companions(facts: Facts, place: Place) -> frozenset[Place]:
    """The place and those of the students that pairs keep with its student there."""
    student, slot = place
    groups = inseparable(facts.problem, slot) if facts.problem.pairs else []
    names = next((names for names in groups if student in names), (student,))
    return frozenset((name, slot) for name in names)


def _only(problem: Problem, places: frozenset[Place]) -> Problem:
    """The problem as if there were only the students of these places."""
    names = {student for student, _ in places}
    return replace(
        problem,
        students=tuple(one for one in problem.students if one.id in names),
        current=tuple(row for row in problem.current if row.student in names),
        pins=tuple(pin for pin in problem.pins if pin.student in names),
        bans=tuple(ban for ban in problem.bans if ban.student in names),
        pairs=tuple(pair for pair in problem.pairs if names.issuperset(pair.students)),
    )
