"""One thing decided otherwise in a proposal: a student in a group, a group closed; as a problem of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from optimizer.check import Rule
from optimizer.facts import Facts, Group, Place, banned, facts_of
from optimizer.problem import Ban, Pin, Problem


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


def joined_facts(facts: Facts, wishes: Sequence[Facts]) -> Facts:
    """The facts with the doors that wishes open beside those there are."""
    doors = {place: dict(needs) for place, needs in facts.doors.items()}
    gained = dict(facts.points)
    for wished in wishes:
        for place, needs in wished.doors.items():
            for need, entries in needs.items():
                held = doors[place].get(need, ())
                if not set(entries) <= set(held):
                    leaders = facts.leaders[place[1], need]
                    doors[place][need] = tuple(one for one in leaders if one in held or one in entries)
                    gained[*place, need] = wished.points[*place, need]
    return replace(facts, doors=doors, points=gained)


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


def wished_facts(problem: Problem, wish: Wish) -> Facts:
    """The facts of the problem with the wish granted."""
    return facts_of(wish.applied(problem))
