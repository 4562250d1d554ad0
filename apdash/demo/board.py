"""The rules of a regrouping, on groups being filled: what a student gains there, and whether a group is lawful.

Reads the problem file (apdash-problem/2).
"""

from dataclasses import dataclass, field
from typing import Any

STAY = 30  # points for keeping the group one had: a little more than what leaving it costs


@dataclass(slots=True)
class Group:
    """A group being filled."""

    slot: str
    need: dict[str, Any]
    staff: str
    students: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Board:
    """The problem, and what the slots already settled have used.

    met: (student, slot) -> meetings; divisions: slot -> how many have students there; served: students with a strong
    need who already work on one.
    """

    problem: dict[str, Any]
    needs: dict[str, dict[str, Any]]
    students: dict[str, dict[str, Any]]
    met: dict[tuple[str, str], int]
    divisions: dict[str, int]
    had: dict[tuple[str, str], dict[str, Any]]
    worn: set[tuple[str, str]]
    attended: dict[tuple[str, str], int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    led: dict[str, int] = field(default_factory=dict)
    served: set[str] = field(default_factory=set)
    values: dict[tuple[str, str, str, str], float] = field(
        default_factory=dict
    )  # `value`, until a slot is settled


def board_of(problem: dict[str, Any]) -> Board:
    """Return the board of a problem, nothing settled yet."""
    needs = {need["id"]: need for need in problem["needs"]}
    students = {student["id"]: student for student in problem["students"]}
    met = {(key, slot): met for key, s in students.items() for slot, met in s["sessions"].items() if met > 0}
    there: dict[str, set[str]] = {}
    for key, slot in met:
        there.setdefault(slot, set()).add(students[key]["division"])
    limit = problem["rules"]["max_periods"]
    return Board(
        problem=problem,
        needs=needs,
        students=students,
        met=met,
        divisions={slot: len(codes) for slot, codes in there.items()},
        had={(row["student"], row["slot"]): row for row in problem["current"]},
        worn={
            (row["student"], row["need"])
            for row in problem["current"]
            if row["need_periods"] >= needs[row["need"]].get("max_periods", limit)
        },
    )


def settle(board: Board, groups: list[Group]) -> None:
    """Count the groups of a slot as decided."""
    board.values.clear()
    for group in groups:
        board.led[group.staff] = board.led.get(group.staff, 0) + 1
        if not group.need["reception"]:
            board.opened.add(group.need["id"])
        for student in group.students:
            key = (student, group.need["id"])
            board.attended[key] = board.attended.get(key, 0) + 1
            if _is_strong(board, student, group):
                board.served.add(student)


def value(board: Board, student: str, group: Group) -> float:
    """Return what a student's place is worth: need served, strong need at last served, group kept."""
    key = (student, group.slot, group.need["id"], group.staff)
    if key not in board.values:
        board.values[key] = _value(board, student, group)
    return board.values[key]


def _value(board: Board, student: str, group: Group) -> float:
    row, had = board.students[student], board.had.get((student, group.slot))
    share = board.met[student, group.slot] / board.problem["rules"]["period_sessions"]
    points = row["priority"] * row["intensity"].get(group.need["id"], 0) * share
    if had is not None and had["need"] == group.need["id"] and had["staff"] == group.staff:
        points += STAY
    if student not in board.served and _is_strong(board, student, group):
        points += board.problem["weights"]["urgent"]
    return points


def _is_strong(board: Board, student: str, group: Group) -> bool:
    strong = board.problem["rules"]["urgent_from"]
    return board.students[student]["intensity"].get(group.need["id"], 0) >= strong


def can_join(board: Board, student: str, group: Group) -> bool:
    """True when the need is one of the student's, not worn out, not followed often enough already."""
    code = group.need["id"]
    return group.need["reception"] or (
        board.students[student]["intensity"].get(code, 0) >= max(1, group.need["floor"])
        and (student, code) not in board.worn
        and board.attended.get((student, code), 0) < group.need["max_per_student"]
    )


def is_lawful(board: Board, group: Group) -> bool:
    """True when the group has the size of its need and no division gives more than its share."""
    half = board.problem["rules"]["period_sessions"] / 2
    present = sum(board.met[student, group.slot] >= half for student in group.students)
    right_size = present >= group.need["min_size"] and len(group.students) <= group.need["max_size"]
    return right_size and too_many(board, group) is None


def too_many(board: Board, group: Group) -> str | None:
    """Return a division that gives more than its share of the group; free below three divisions."""
    if board.divisions.get(group.slot, 0) < 3 or group.need["reception"]:
        return None
    share = group.need.get("max_division_share", board.problem["rules"]["max_division_share"])
    counts: dict[str, int] = {}
    for student in group.students:
        code = board.students[student]["division"]
        counts[code] = counts.get(code, 0) + 1
    return next((code for code in sorted(counts) if counts[code] > share * len(group.students)), None)


def changed(group: Group, *, out: str | None = None, into: str | None = None) -> Group:
    """Return the group without a student, with another, or both."""
    kept = [student for student in group.students if student != out]
    return Group(group.slot, group.need, group.staff, kept if into is None else [*kept, into])
