"""What follows from a problem before anything is decided: who may go where, worth how much.

Everything here is plain data, computed once and read by the models, the conflict search and the
explanations. The referee does not use it: it reads the problem by itself.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from optimizer.doors import Place, doors_of
from optimizer.problem import Current, Need, Pin, Problem, Staff, Student, points

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
    doors = doors_of(problem, places, leaders=leaders, pins=pins)
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
