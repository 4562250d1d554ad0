"""What follows from a problem before anything is decided: who may go where, worth how much.

Everything here is plain data, computed once and read by the models, the conflict search and the
explanations. The referee does not use it: it reads the problem by itself.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from optimizer.problem import Ban, Current, Need, Pin, Problem, Staff, Student, points

Place = tuple[str, str]
"""A student and a slot."""
Cell = tuple[str, str, str]
"""A student, a slot and a need."""
Group = tuple[str, str, str]
"""A slot, a need and a staff entry."""

_DIVISIONS_TO_MIX = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """Derived facts of one problem; ids as in the file, order as in the file."""

    problem: Problem
    needs: Mapping[str, Need]
    staff: Mapping[str, Staff]
    students: Mapping[str, Student]
    places: tuple[Place, ...]
    """Every student at every slot where they have sessions."""
    half_present: frozenset[Place]
    """Those who count towards min_size."""
    current: Mapping[Place, Current]
    """Current rows of students who are there at that slot."""
    pins: Mapping[Place, tuple[Pin, ...]]
    """Pins by place, also where the student is not there."""
    leaders: Mapping[tuple[str, str], tuple[str, ...]]
    """Staff entries that can lead a need at a slot."""
    doors: Mapping[Place, Mapping[str, tuple[str, ...]]]
    """For each place the needs the student may attend, and the staff entries allowed to lead them."""
    points: Mapping[Cell, int]
    """Points served, for the needs of `doors`."""
    strong: Mapping[str, frozenset[str]]
    """For each student who has one, the needs whose intensity is urgent."""
    mixed: frozenset[str]
    """Slots where three divisions or more have students."""

    def group_of(self, place: Place) -> Group:
        """The group of today of a place that has one."""
        row = self.current[place]
        return row.slot, row.need, row.staff


def facts_of(problem: Problem) -> Facts:
    """The derived facts of a problem."""
    students = {student.id: student for student in problem.students}
    places = tuple(
        (student.id, slot.id)
        for student in problem.students
        for slot in problem.slots
        if student.sessions[slot.id] > 0
    )
    leaders = _leaders(problem)
    pins = _pins(problem)
    doors = _doors(problem, places, leaders, pins)
    there = set(places)
    return Facts(
        problem=problem,
        needs={need.id: need for need in problem.needs},
        staff={entry.id: entry for entry in problem.staff},
        students=students,
        places=places,
        half_present=frozenset(
            (student, slot)
            for student, slot in places
            if 2 * students[student].sessions[slot] >= problem.rules.period_sessions
        ),
        current={(row.student, row.slot): row for row in problem.current if (row.student, row.slot) in there},
        pins=pins,
        leaders=leaders,
        doors=doors,
        points={
            (student, slot, need): points(problem, students[student], need=need, slot=slot)
            for (student, slot), needs in doors.items()
            for need in needs
        },
        strong=_strong(problem),
        mixed=_mixed(problem, places),
    )


def _leaders(problem: Problem) -> dict[tuple[str, str], tuple[str, ...]]:
    return {
        (slot.id, need.id): tuple(
            entry.id for entry in problem.staff if need.id in entry.needs and slot.id in entry.slots
        )
        for slot in problem.slots
        for need in problem.needs
    }


def _pins(problem: Problem) -> dict[Place, tuple[Pin, ...]]:
    found: dict[Place, list[Pin]] = defaultdict(list)
    for pin in problem.pins:
        found[pin.student, pin.slot].append(pin)
    return {place: tuple(pins) for place, pins in found.items()}


def _strong(problem: Problem) -> dict[str, frozenset[str]]:
    threshold = problem.rules.urgent_from
    found = {
        student.id: frozenset(
            need.id for need in problem.needs if student.intensity.get(need.id, 0) >= threshold
        )
        for student in problem.students
    }
    return {student: needs for student, needs in found.items() if needs}


def _mixed(problem: Problem, places: tuple[Place, ...]) -> frozenset[str]:
    division = {student.id: student.division for student in problem.students}
    met: dict[str, set[str]] = defaultdict(set)
    for student, slot in places:
        met[slot].add(division[student])
    return frozenset(slot for slot, divisions in met.items() if len(divisions) >= _DIVISIONS_TO_MIX)


def worn_out(problem: Problem) -> frozenset[tuple[str, str]]:
    """The (student, need) that have lasted `max_periods` or more; reception never wears out."""
    limit = {need.id: need.max_periods for need in problem.needs if not need.reception}
    return frozenset(
        (row.student, row.need)
        for row in problem.current
        if row.need in limit and row.need_periods >= limit[row.need]
    )


def banned(bans: tuple[Ban, ...], slot: str, *, need: str, staff: str) -> bool:
    """Whether one of a student's bans forbids this group."""
    return any(
        ban.slot in (None, slot) and ban.need in (None, need) and ban.staff in (None, staff) for ban in bans
    )


def _doors(
    problem: Problem,
    places: tuple[Place, ...],
    leaders: Mapping[tuple[str, str], tuple[str, ...]],
    pins: Mapping[Place, tuple[Pin, ...]],
) -> dict[Place, dict[str, tuple[str, ...]]]:
    """Floors, worn-out needs, bans and pins, brought down to who may lead whom."""
    students = {student.id: student for student in problem.students}
    worn = worn_out(problem)
    bans: dict[str, list[Ban]] = defaultdict(list)
    for ban in problem.bans:
        bans[ban.student].append(ban)
    doors: dict[Place, dict[str, tuple[str, ...]]] = {}
    for student, slot in places:
        held = pins.get((student, slot), ())
        refused = tuple(bans.get(student, ()))
        doors[student, slot] = {}
        for need in problem.needs:
            level = students[student].intensity.get(need.id, 0)
            open_to = need.reception or (level >= need.floor and (student, need.id) not in worn)
            if not held and not open_to:
                continue
            allowed = leaders[slot, need.id]
            if held or refused:
                allowed = tuple(
                    entry
                    for entry in allowed
                    if all(pin.need == need.id and pin.staff in (None, entry) for pin in held)
                    and not banned(refused, slot, need=need.id, staff=entry)
                )
            if allowed:
                doors[student, slot][need.id] = allowed
    for slot in problem.slots:
        for group in inseparable(problem, slot.id):
            _share_doors(problem, doors, [(student, slot.id) for student in group])
    return doors


def inseparable(problem: Problem, slot: str) -> list[tuple[str, ...]]:
    """The sets of students that pairs keep together at a slot, directly or through others."""
    there = {student.id for student in problem.students if student.sessions[slot] > 0}
    member_of: dict[str, tuple[str, ...]] = {}
    for pair in problem.pairs:
        if there.issuperset(pair.students):
            one, other = (member_of.get(student, (student,)) for student in pair.students)
            if one != other:
                member_of |= dict.fromkeys(one + other, one + other)
    return list(dict.fromkeys(member_of.values()))


def _share_doors(
    problem: Problem, doors: dict[Place, dict[str, tuple[str, ...]]], places: list[Place]
) -> None:
    """Leave to inseparable students the doors they all have, where they fit together."""
    slot, names = places[0][1], {student for student, _ in places}
    for need in problem.needs:
        shares = [doors[place].get(need.id, ()) for place in places]
        common = tuple(entry for entry in shares[0] if all(entry in share for share in shares))
        too_many = len(names) > need.max_size or any(
            cap.slot in (None, slot)
            and cap.need in (None, need.id)
            and len(names.intersection(cap.students)) > cap.at_most
            for cap in problem.caps
        )
        for place in places:
            doors[place].pop(need.id, None)
            if common and not too_many:
                doors[place][need.id] = common


def room_stock(facts: Facts, slot: str) -> dict[int, int]:
    """The number of rooms of each capacity at a slot, largest first."""
    found: dict[int, int] = defaultdict(int)
    for room in sorted(facts.problem.rooms, key=lambda room: -room.capacity):
        if slot in room.slots:
            found[room.capacity] += 1
    return dict(found)


def share_within(need: Need) -> tuple[int, int]:
    """The largest fraction a/b ≤ max_division_share with b ≤ max_size.

    For a group of at most max_size students it forbids exactly what the share forbids, in whole numbers.
    """
    best = (0, 1)
    for whole in range(1, need.max_size + 1):
        part = int(need.max_division_share * whole + 1e-9)
        if part * best[1] > best[0] * whole:
            best = (part, whole)
    return best


def division_edges(need: Need) -> list[tuple[float, float]]:
    """What a group can hold of one division beside q of the others: at most slope × q + level, for each edge.

    Upper hull of the whole numbers (q, most of the division) that the share and the size of a group allow.
    """
    part, whole = share_within(need)
    if part == whole:
        return []
    corners = []
    for others in range(need.max_size + 1):
        most = min(others * part // (whole - part), need.max_size - others)
        while len(corners) > 1 and _turns_up(corners[-2], corners[-1], (others, most)):
            corners.pop()
        corners.append((others, most))
    edges = []
    for (left, low), (right, high) in pairwise(corners):
        slope = (high - low) / (right - left)
        if slope > -1:
            edges.append((slope, low - slope * left))
    return edges


def _turns_up(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> bool:
    return (two[1] - one[1]) * (three[0] - two[0]) <= (three[1] - two[1]) * (two[0] - one[0])
