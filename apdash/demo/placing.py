"""Places students in groups at once and always the same way: lawful groups for years whose score nobody will ask.

Works on the problem file (apdash-problem/2) and answers with the groups of a solution file. The optimiser does better;
it is asked for what the demonstration shows.
"""

from dataclasses import dataclass, field
from typing import Any

_STAY = 30  # points for keeping the group one had
_COMPANY = 15  # points for not leaving a place empty


@dataclass(slots=True)
class Group:
    """A group being filled."""

    slot: str
    need: dict[str, Any]
    staff: str
    students: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Board:
    """The problem with what has been decided so far."""

    problem: dict[str, Any]
    needs: dict[str, dict[str, Any]]
    students: dict[str, dict[str, Any]]
    had: dict[tuple[str, str], dict[str, Any]]
    worn: set[tuple[str, str]]
    attended: dict[tuple[str, str], int] = field(default_factory=dict)
    divisions: dict[str, int] = field(default_factory=dict)  # slot -> how many have students there
    opened: set[str] = field(default_factory=set)
    led: dict[str, int] = field(default_factory=dict)


def place(problem: dict[str, Any]) -> list[dict[str, Any]]:
    """Return groups {slot, need, staff, room, students} that obey the rules; somebody may be left without one."""
    board = _board(problem)
    placed = []
    for slot in problem["slots"]:
        groups = _fill(board, slot)
        for group in groups:
            board.led[group.staff] = board.led.get(group.staff, 0) + 1
            for student in group.students:
                key = (student, group.need["id"])
                board.attended[key] = board.attended.get(key, 0) + 1
        placed += _with_rooms(problem, groups)
    return placed


def _board(problem: dict[str, Any]) -> Board:
    needs = {need["id"]: need for need in problem["needs"]}
    current = problem.get("current", [])
    limit = problem["rules"].get("max_periods", 3)
    worn = {
        (row["student"], row["need"])
        for row in current
        if row["need_periods"] >= needs.get(row["need"], {}).get("max_periods", limit)
    }
    there: dict[str, set[str]] = {}
    for student in problem["students"]:
        for slot in problem["slots"]:
            if _sessions(problem, student, slot["id"]) > 0:
                there.setdefault(slot["id"], set()).add(student["division"])
    return Board(
        divisions={slot: len(codes) for slot, codes in there.items()},
        problem=problem,
        needs=needs,
        students={student["id"]: student for student in problem["students"]},
        had={(row["student"], row["slot"]): row for row in current},
        worn=worn,
    )


def _fill(board: Board, slot: dict[str, Any]) -> list[Group]:
    """Return the groups of a slot: the most useful first, the reception group for who is left."""
    name = slot["id"]
    free = [s for s in board.problem["staff"] if name in s["slots"] and _may_lead(board, s)]
    left = [key for key, student in board.students.items() if _sessions(board.problem, student, name) > 0]
    keeper = _keeper(board, free)
    groups: list[Group] = []
    while left and len(groups) < (slot.get("max_groups") or len(free)) - 1:
        best = _best(
            board, name, [s for s in free if s is not keeper], left, used={group.staff for group in groups}
        )
        if best is None:
            break
        groups.append(best)
        board.opened.add(best.need["id"])
        left = [student for student in left if student not in best.students]
    left = _spread(board, groups, left)
    if keeper is not None and left:
        groups += _receive(board, name, keeper, left, groups)
    return groups


def _may_lead(board: Board, staff: dict[str, Any]) -> bool:
    return board.led.get(staff["id"], 0) < (staff.get("max_groups") or 99)


def _keeper(board: Board, free: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the adult who keeps the reception group: the one who can do least else."""
    able = [s for s in free if any(board.needs[need].get("reception") for need in s["needs"])]
    return min(able, key=lambda s: (len(s["needs"]), s["id"]), default=None)


def _best(
    board: Board, slot: str, free: list[dict[str, Any]], left: list[str], *, used: set[str]
) -> Group | None:
    """Return the group that serves most among those that can still open."""
    most = board.problem["rules"].get("max_needs_open", 99)
    best, best_value = None, 0.0
    for staff in free:
        for code in staff["needs"]:
            need = board.needs[code]
            full = len(board.opened) >= most and code not in board.opened
            if staff["id"] in used or need.get("reception") or full:
                continue
            group = Group(slot, need, staff["id"], _chosen(board, slot, need, staff["id"], left))
            value = sum(_value(board, student, group) for student in group.students)
            if value > best_value and _lawful(board, group):
                best, best_value = group, value
    return best


def _chosen(board: Board, slot: str, need: dict[str, Any], staff: str, left: list[str]) -> list[str]:
    """Return the students who need it most, no division giving more than its share."""
    group = Group(slot, need, staff)
    ranked = sorted(left, key=lambda student: (-_value(board, student, group), student))
    able = [student for student in ranked if _can_join(board, student, group)][: need["max_size"]]
    while able and _over_share(board, slot, need, able):
        able.remove(
            next(s for s in reversed(able) if _division(board, s) == _over_share(board, slot, need, able))
        )
    return able


def _value(board: Board, student: str, group: Group) -> float:
    row, had = board.students[student], board.had.get((student, group.slot))
    rules = board.problem["rules"]
    share = _sessions(board.problem, row, group.slot) / rules.get("period_sessions", 6)
    points = row.get("priority", 1.0) * row["intensity"].get(group.need["id"], 0) * share
    same = had is not None and had["need"] == group.need["id"] and had["staff"] == group.staff
    return points + _COMPANY + (_STAY if same else 0)


def _can_join(board: Board, student: str, group: Group) -> bool:
    code, row = group.need["id"], board.students[student]
    return (
        row["intensity"].get(code, 0) >= max(1, group.need.get("floor", 0))
        and (student, code) not in board.worn
        and board.attended.get((student, code), 0) < group.need.get("max_per_student", 1)
    )


def _lawful(board: Board, group: Group) -> bool:
    half = board.problem["rules"].get("period_sessions", 6) / 2
    present = sum(_sessions(board.problem, board.students[s], group.slot) >= half for s in group.students)
    over = _over_share(board, group.slot, group.need, group.students)
    return (
        present >= group.need["min_size"] and len(group.students) <= group.need["max_size"] and over is None
    )


def _over_share(board: Board, slot: str, need: dict[str, Any], students: list[str]) -> str | None:
    """Return the division that gives more than its share of a group, if one does; two divisions are free."""
    if board.divisions.get(slot, 0) < 3 or need.get("reception"):
        return None
    share = need.get("max_division_share", board.problem["rules"].get("max_division_share", 1))
    counts: dict[str, int] = {}
    for student in students:
        counts[_division(board, student)] = counts.get(_division(board, student), 0) + 1
    return next((code for code in sorted(counts) if counts[code] > share * len(students)), None)


def _spread(board: Board, groups: list[Group], left: list[str]) -> list[str]:
    """Give who is left a place in a group they need, and return who still has none."""
    still = []
    for student in left:
        able = [g for g in groups if _can_join(board, student, g) and _lawful(board, _plus(g, student))]
        if able:
            max(able, key=lambda g: _value(board, student, g)).students.append(student)
        else:
            still.append(student)
    return still


def _plus(group: Group, student: str) -> Group:
    return Group(group.slot, group.need, group.staff, [*group.students, student])


def _receive(
    board: Board, slot: str, keeper: dict[str, Any], left: list[str], groups: list[Group]
) -> list[Group]:
    """Return the reception group, completed from the fullest groups when it would be too small."""
    need = next(board.needs[code] for code in keeper["needs"] if board.needs[code].get("reception"))
    group = Group(slot, need, keeper["id"], left[: need["max_size"]])
    while not _lawful(board, group):
        givers = [g for g in groups if len(g.students) > g.need["min_size"]]
        moved = next((s for g in givers for s in reversed(g.students) if _lawful(board, _minus(g, s))), None)
        if moved is None or len(group.students) >= need["max_size"]:
            return []
        giver = next(g for g in givers if moved in g.students)
        giver.students.remove(moved)
        group.students.append(moved)
    return [group]


def _minus(group: Group, student: str) -> Group:
    return Group(group.slot, group.need, group.staff, [s for s in group.students if s != student])


def _with_rooms(problem: dict[str, Any], groups: list[Group]) -> list[dict[str, Any]]:
    """Return the groups as a solution file says them, the largest in the largest room."""
    rooms = [room for room in problem.get("rooms", []) if groups and groups[0].slot in room["slots"]]
    rooms.sort(key=lambda room: (-room["capacity"], room["id"]))
    ranked = sorted(groups, key=lambda group: (-len(group.students), group.need["id"], group.staff))
    given = [room["id"] for room in rooms] + [None] * len(ranked)
    return [
        {"slot": g.slot, "need": g.need["id"], "staff": g.staff, "room": room, "students": sorted(g.students)}
        for g, room in zip(ranked, given, strict=False)
    ]


def _sessions(problem: dict[str, Any], student: dict[str, Any], slot: str) -> int:
    if "sessions" not in student:
        return problem["rules"].get("period_sessions", 6)
    return student["sessions"].get(slot, 0)


def _division(board: Board, student: str) -> str:
    return board.students[student]["division"]
