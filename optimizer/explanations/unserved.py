"""Who has a strong need and attends none, and what stands in the way, by the referee's own rules."""

from dataclasses import dataclass
from enum import StrEnum

from optimizer.check import Rule
from optimizer.doors import banned, worn_out
from optimizer.explanations.explain import Alternative, alternatives
from optimizer.facts import Facts, facts_of
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.solution import Solution


class Barrier(StrEnum):
    """What keeps a student from a strong need at a slot; in the order of what a team can most easily change."""

    COST = "cost"
    """A group would take them: it costs more elsewhere than it brings."""
    FULL = "full"
    DIVISION = "division"
    ROOM = "room"
    LEFT_TOO_SMALL = "left_too_small"
    """The group they would leave would fall under its minimum."""
    CAP = "cap"
    TOGETHER = "together"
    MOVES = "moves"
    PER_STUDENT = "per_student"
    """Another slot already holds the need as often as allowed."""
    NEEDS_OPEN = "needs_open"
    """The need is open nowhere and as many needs are open as may be."""
    SLOT_FULL = "slot_full"
    """As many groups as may be are open at the slot."""
    MIN_SIZE = "min_size"
    """Fewer students than the minimum could attend it there."""
    BUSY = "busy"
    """Everybody who can lead it there leads another group."""
    NOT_OPENED = "not_opened"
    """Somebody is free to lead it: opening it costs more than it brings."""
    NO_STAFF = "no_staff"
    """Nobody can lead it at this slot."""
    WORN = "worn"
    FLOOR = "floor"
    BAN = "ban"
    PIN = "pin"


_OF_RULE = {
    Rule.ROOM: Barrier.ROOM,
    Rule.DIVISION: Barrier.DIVISION,
    Rule.CAP: Barrier.CAP,
    Rule.TOGETHER: Barrier.TOGETHER,
    Rule.MOVES: Barrier.MOVES,
    Rule.PER_STUDENT: Barrier.PER_STUDENT,
    Rule.WORN: Barrier.WORN,
    Rule.FLOOR: Barrier.FLOOR,
    Rule.BAN: Barrier.BAN,
    Rule.PIN: Barrier.PIN,
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a student does not attend one strong need at one slot."""

    slot: str
    need: str
    barrier: Barrier

    def to_json(self) -> dict[str, str]:
        """The obstacle as a JSON object."""
        return {"slot": self.slot, "need": self.need, "barrier": self.barrier.value}


@dataclass(frozen=True, slots=True)
class Unserved:
    """A student whose strong needs are all unserved."""

    student: str
    needs: tuple[str, ...]
    """The strong needs, strongest first."""
    binding: Obstacle
    """The obstacle nearest to giving way; on a tie that of the strongest need."""
    obstacles: tuple[Obstacle, ...]

    def to_json(self) -> dict[str, object]:
        """The student as a JSON object."""
        return {
            "student": self.student,
            "needs": list(self.needs),
            "binding": self.binding.to_json(),
            "obstacles": [one.to_json() for one in self.obstacles],
        }


def unserved_in(facts: Facts, solution: Solution) -> tuple[str, ...]:
    """The students who have a strong need and attend none, in the order of the file."""
    served = {
        student
        for group in solution.groups
        for student in group.students
        if group.need in facts.strong.get(student, ())
    }
    return tuple(student for student in facts.strong if student not in served)


def unserved(problem: Problem, solution: Solution) -> tuple[Unserved, ...]:
    """Each student with a strong need who attends none, with the reasons; those never there are left out."""
    facts = facts_of(problem)
    ranks = {barrier: rank for rank, barrier in enumerate(Barrier)}
    found = []
    for name in unserved_in(facts, solution):
        level = facts.students[name].intensity
        needs = tuple(sorted(facts.strong[name], key=lambda need: (-level[need], need)))
        obstacles = tuple(
            Obstacle(slot, need, _barrier(facts, solution, name, slot=slot, need=need))
            for need in needs
            for slot, sessions in facts.students[name].sessions.items()
            if sessions > 0
        )
        if obstacles:
            binding = min(obstacles, key=lambda one: ranks[one.barrier])
            found.append(Unserved(name, needs, binding, obstacles))
    return tuple(found)


def _barrier(facts: Facts, solution: Solution, student: str, *, slot: str, need: str) -> Barrier:
    """The nearest obstacle to one need at one slot."""
    if any(pin.need != need for pin in facts.pins.get((student, slot), ())):
        return Barrier.PIN
    if not facts.leaders[slot, need]:
        return Barrier.NO_STAFF
    if need not in facts.doors[student, slot]:
        return _shut(facts, student, slot, need)
    others = alternatives(facts.problem, solution, student=student, slot=slot, need=need)
    ranks = list(Barrier)
    if others:
        return min((_of_group(other) for other in others), key=ranks.index)
    return _not_open(facts, solution, slot, need)


def _shut(facts: Facts, student: str, slot: str, need: str) -> Barrier:
    """Why a need is closed to a student at a slot where somebody can lead it."""
    if (student, need) in worn_out(facts.problem):
        return Barrier.WORN
    if facts.students[student].intensity.get(need, 0) < facts.needs[need].floor:
        return Barrier.FLOOR
    bans = tuple(ban for ban in facts.problem.bans if ban.student == student)
    if all(banned(bans, slot, need=need, staff=entry) for entry in facts.leaders[slot, need]):
        return Barrier.BAN
    return Barrier.TOGETHER


def _of_group(other: Alternative) -> Barrier:
    """What keeps the student from an open group, all else equal."""
    if other.lawful:
        return Barrier.COST
    found = [_OF_RULE[rule] for rule in other.rules if rule in _OF_RULE]
    if Rule.SIZE in other.rules:
        found.append(Barrier.FULL if other.free <= 0 else Barrier.LEFT_TOO_SMALL)
    # Several rules stand in the way: the hardest one binds.
    return max(found, key=list(Barrier).index, default=Barrier.TOGETHER)


def _not_open(facts: Facts, solution: Solution, slot: str, need: str) -> Barrier:
    """Why nobody leads a need at a slot, though somebody could."""
    could = sum(
        need in needs and place in facts.half_present
        for place, needs in facts.doors.items()
        if place[1] == slot
    )
    if could < facts.needs[need].min_size:
        return Barrier.MIN_SIZE
    opened = {group.need for group in solution.groups if not facts.needs[group.need].reception}
    if need not in opened and len(opened) >= facts.problem.rules.max_needs_open:
        return Barrier.NEEDS_OPEN
    here = [group for group in plan_in(solution) if group[0] == slot]
    limit = next(one.max_groups for one in facts.problem.slots if one.id == slot)
    if limit is not None and len(here) >= limit:
        return Barrier.SLOT_FULL
    led = [group[2] for group in plan_in(solution)]
    busy = {person for group in here for person in facts.staff[group[2]].members}
    for entry in facts.leaders[slot, need]:
        most = facts.staff[entry].max_groups
        if not busy & set(facts.staff[entry].members) and (most is None or led.count(entry) < most):
            return Barrier.NOT_OPENED
    return Barrier.BUSY
