"""Places students in groups in a moment and always the same way, lawfully and rather well.

Works on the problem file (apdash-problem/2) and answers with the groups of a solution file. The optimiser does better,
and proves it; the demonstration has fourteen regroupings behind it and is made in seconds.
"""

from typing import Any

from apdash.demo.board import Board, Group, board_of, can_join, changed, is_lawful, settle, too_many, value

# What a place must be worth for a group to be built on it: each is tried, the best composition is kept.
_DEMANDS = (25, 50, 75, 110, 150)
_PASSES = 4


def place(problem: dict[str, Any]) -> list[dict[str, Any]]:
    """Return groups {slot, need, staff, room, students} that obey the rules; somebody may be left without one."""
    board = board_of(problem)
    placed = []
    for slot in problem["slots"]:
        tried = [_composed(board, slot, demand) for demand in _DEMANDS]
        groups = max(tried, key=lambda groups: _worth(board, groups))
        settle(board, groups)
        placed += _with_rooms(problem, groups)
    return placed


def _worth(board: Board, groups: list[Group]) -> float:
    """Return what a composition is worth, everybody in a group coming first."""
    placed = sum(len(group.students) for group in groups)
    points = sum(value(board, student, group) for group in groups for student in group.students)
    return board.problem["weights"]["unplaced"] * placed + points


def _composed(board: Board, slot: dict[str, Any], demand: float) -> list[Group]:
    """Return the groups of a slot: the most useful first, the reception group for who is left, then improved."""
    name = slot["id"]
    free = [s for s in board.problem["staff"] if name in s["slots"] and _may_lead(board, s)]
    keepers = _keepers(board, free)
    left = sorted(student for student, at in board.met if at == name)
    groups: list[Group] = []
    most = min(slot.get("max_groups") or len(free), len(free))
    while left and len(groups) < most - bool(keepers):
        used = {group.staff for group in groups} | {staff["id"] for staff in keepers[:1]}
        best = _best(board, name, [s for s in free if s["id"] not in used], left, groups, demand)
        if best is None:
            break
        groups.append(best)
        left = [student for student in left if student not in best.students]
    for keeper in keepers:
        if left and len(groups) < most and keeper["id"] not in {group.staff for group in groups}:
            groups.append(Group(name, _reception(board, keeper), keeper["id"]))
            left = _receive(board, groups, left)
    _improve(board, groups)
    return [group for group in groups if group.students]


def _may_lead(board: Board, staff: dict[str, Any]) -> bool:
    return board.led.get(staff["id"], 0) < (staff.get("max_groups") or 99) and bool(staff["needs"])


def _keepers(board: Board, free: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the adults who can keep a reception group, first the one who can do least else."""
    able = [s for s in free if any(board.needs[need]["reception"] for need in s["needs"])]
    return sorted(able, key=lambda s: (len(s["needs"]), s["id"]))


def _reception(board: Board, keeper: dict[str, Any]) -> dict[str, Any]:
    return next(board.needs[code] for code in keeper["needs"] if board.needs[code]["reception"])


def _best(
    board: Board, slot: str, free: list[dict[str, Any]], left: list[str], groups: list[Group], demand: float
) -> Group | None:
    """Return the group with the greatest surplus over the demand among those that can still open."""
    opened = board.opened | {group.need["id"] for group in groups}
    full = len(opened) >= board.problem["rules"]["max_needs_open"]
    best, best_surplus = None, float("-inf")
    for staff in free:
        for code in staff["needs"]:
            need = board.needs[code]
            if need["reception"] or (full and code not in opened):
                continue
            group = _chosen(board, Group(slot, need, staff["id"]), left, demand)
            surplus = sum(value(board, student, group) - demand for student in group.students)
            if surplus > best_surplus and is_lawful(board, group):
                best, best_surplus = group, surplus
    return best


def _chosen(board: Board, group: Group, left: list[str], demand: float) -> Group:
    """Return the group with those who gain most: all who reach the demand, and enough others for it to open."""
    need = group.need
    able = sorted(
        (student for student in left if can_join(board, student, group)),
        key=lambda student: (-value(board, student, group), student),
    )
    reach = sum(value(board, student, group) >= demand for student in able)
    filled = Group(group.slot, need, group.staff, able[: max(need["min_size"], min(reach, need["max_size"]))])
    while filled.students and (code := too_many(board, filled)) is not None:
        last = next(s for s in reversed(filled.students) if board.students[s]["division"] == code)
        filled = changed(filled, out=last)
    return filled


def _receive(board: Board, groups: list[Group], left: list[str]) -> list[str]:
    """Seat who is left where it is worth most, the last group (reception) taking the rest; return who has no place."""
    reception, without = groups[-1], []
    for student in left:
        able = [
            g
            for g in groups[:-1]
            if can_join(board, student, g) and is_lawful(board, changed(g, into=student))
        ]
        home = max(able, key=lambda g: value(board, student, g), default=reception)
        full = home is reception and len(reception.students) >= reception.need["max_size"]
        (without if full else home.students).append(student)
    while reception.students and not is_lawful(board, reception):
        offers = [
            (value(board, student, group), student, group)
            for group in groups[:-1]
            for student in group.students
            if is_lawful(board, changed(group, out=student)) and _is_present(board, student, reception.slot)
        ]
        if not offers or len(reception.students) >= reception.need["max_size"]:
            without += reception.students  # too few are there often enough for it to open
            reception.students = []
            break
        _, student, giver = min(offers, key=lambda offer: offer[:2])
        giver.students.remove(student)
        reception.students.append(student)
    return without


def _is_present(board: Board, student: str, slot: str) -> bool:
    return board.met[student, slot] >= board.problem["rules"]["period_sessions"] / 2


def _improve(board: Board, groups: list[Group]) -> None:
    """Move students one by one, or two by two, as long as the whole gains and every group stays lawful."""
    for _ in range(_PASSES):
        moved = False
        for here in groups:
            for student in sorted(here.students):
                moved |= any(_moves(board, student, here, there) for there in groups if there is not here)
        if not moved:
            return


def _moves(board: Board, student: str, here: Group, there: Group) -> bool:
    """Move a student of `here` to `there`, alone or against another, when it gains; true when it was done."""
    if student not in here.students or not there.students or not can_join(board, student, there):
        return False
    gain = value(board, student, there) - value(board, student, here)
    if gain <= 0:
        return False
    if _swap(board, here, there, out=student, into=None):
        return True
    for other in sorted(there.students, key=lambda s: value(board, s, there) - value(board, s, here)):
        loss = value(board, other, there) - value(board, other, here)
        if loss >= gain:
            return False
        if can_join(board, other, here) and _swap(board, here, there, out=student, into=other):
            return True
    return False


def _swap(board: Board, here: Group, there: Group, *, out: str, into: str | None) -> bool:
    """Exchange two students if both groups stay lawful; true when it was done."""
    left, joined = changed(here, out=out, into=into), changed(there, out=into, into=out)
    if not is_lawful(board, left) or not is_lawful(board, joined):
        return False
    here.students, there.students = left.students, joined.students
    return True


def _with_rooms(problem: dict[str, Any], groups: list[Group]) -> list[dict[str, Any]]:
    """Return the groups as a solution file says them, the largest in the largest room."""
    rooms = [room for room in problem["rooms"] if groups and groups[0].slot in room["slots"]]
    rooms.sort(key=lambda room: (-room["capacity"], room["id"]))
    ranked = sorted(groups, key=lambda group: (-len(group.students), group.need["id"], group.staff))
    given = [room["id"] for room in rooms] + [None] * len(ranked)
    return [
        {"slot": g.slot, "need": g.need["id"], "staff": g.staff, "room": room, "students": sorted(g.students)}
        for g, room in zip(ranked, given, strict=False)
    ]
