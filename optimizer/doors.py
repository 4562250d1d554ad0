"""Floors, worn-out needs, bans, pins and pairs, brought down to who may attend what, led by whom."""

from collections import defaultdict
from collections.abc import Mapping

from optimizer.problem import Ban, Pin, Problem

Place = tuple[str, str]
"""A student and a slot."""


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


def doors_of(
    problem: Problem,
    places: tuple[Place, ...],
    *,
    leaders: Mapping[tuple[str, str], tuple[str, ...]],
    pins: Mapping[Place, tuple[Pin, ...]],
) -> dict[Place, dict[str, tuple[str, ...]]]:
    """For each place, the needs the student may attend and who may lead them; see `Facts.doors`."""
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
