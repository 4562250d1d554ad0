"""The referee's reading of each hard rule, from the proposal alone: one function a rule; here those about students."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from optimizer.check_case import Case, Rule, Violation, changes, left_out
from optimizer.check_groups import divisions, needs_open, rooms, sizes, slots, staff
from optimizer.solution import GroupPlan


def _attendances(case: Case) -> Iterator[tuple[str, str, str]]:
    for student, slot in case.held:
        for need in sorted(case.needs_at(student, slot)):
            yield student, slot, need


def _one_place(case: Case) -> Iterator[Violation]:
    """Rule 1: in one group a slot, only where there are sessions."""
    for place, group in enumerate(case.solution.groups):
        for student, times in Counter(group.students).items():
            path = f"groups[{place}].students"
            if times > 1:
                yield Violation(Rule.PLACE, path, f"« {student} » figure deux fois dans le groupe")
            if not case.there(student, group.slot):
                words = f"« {student} » n’a pas de séance au créneau « {group.slot} »"
                yield Violation(Rule.PLACE, path, words)
    for (student, slot), groups in case.held.items():
        if len({(group.need, group.staff) for group in groups}) > 1:
            words = f"« {student} » est dans plusieurs groupes au créneau « {slot} »"
            yield Violation(Rule.PLACE, "groups", words)


def _unplaced_list(case: Case) -> Iterator[Violation]:
    """Rule 1: `unplaced` names exactly the places with sessions that no group holds."""
    listed = Counter(case.solution.unplaced)
    missing = set(left_out(case))
    for (student, slot), times in listed.items():
        if times > 1 or (student, slot) not in missing:
            words = f"« {student} », « {slot} » : cité à tort ou deux fois parmi les non placés"
            yield Violation(Rule.UNPLACED_LIST, "unplaced", words)
    for student, slot in sorted(missing - set(listed)):
        words = f"« {student} », « {slot} » : sans groupe et absent des non placés"
        yield Violation(Rule.UNPLACED_LIST, "unplaced", words)


def _per_student(case: Case) -> Iterator[Violation]:
    """Rule 2: at most `max_per_student` slots of a need for a student."""
    attended = Counter(
        (student, need) for (student, slot) in case.held for need in case.needs_at(student, slot)
    )
    limit = {need.id: need.max_per_student for need in case.problem.needs}
    for (student, need), times in attended.items():
        if times > limit[need]:
            words = f"« {student} » suit « {need} » {times} fois, au plus {limit[need]} permises"
            yield Violation(Rule.PER_STUDENT, "groups", words)


def _floors(case: Case) -> Iterator[Violation]:
    """Rule 3: nobody under the floor of a need, except by a pin; reception is open to all."""
    needs = {need.id: need for need in case.problem.needs}
    for student, slot, need in _attendances(case):
        level = case.students[student].intensity.get(need, 0)
        if level < needs[need].floor and not needs[need].reception and not case.pinned(student, slot, need):
            words = f"« {student} » est sous le plancher de « {need} » : {level} pour {needs[need].floor}"
            yield Violation(Rule.FLOOR, "groups", words)


def _worn(case: Case) -> Iterator[Violation]:
    """Rule 8: a need that lasted `max_periods` is left, except by a pin; reception is exempt."""
    limit = {need.id: need.max_periods for need in case.problem.needs if not need.reception}
    worn = {
        (row.student, row.need)
        for row in case.problem.current
        if row.need in limit and row.need_periods >= limit[row.need]
    }
    for student, slot, need in _attendances(case):
        if (student, need) in worn and not case.pinned(student, slot, need):
            words = f"« {student} » reste dans « {need} » au-delà de la durée permise"
            yield Violation(Rule.WORN, "groups", words)


def _pins(case: Case) -> Iterator[Violation]:
    """Rule 9: each pinned student is in a group of that need (and staff) at that slot."""
    for place, pin in enumerate(case.problem.pins):
        groups = case.held.get((pin.student, pin.slot), [])
        if not any(group.need == pin.need and pin.staff in (None, group.staff) for group in groups):
            yield Violation(Rule.PIN, f"pins[{place}]", "placement décidé à la main non respecté")


def _bans(case: Case) -> Iterator[Violation]:
    """Rule 9: no banned student in a group that the ban describes."""
    by_student: dict[str, list[GroupPlan]] = defaultdict(list)
    for (student, _), groups in case.held.items():
        by_student[student].extend(groups)
    for place, ban in enumerate(case.problem.bans):
        for group in by_student.get(ban.student, ()):
            if (
                ban.slot in (None, group.slot)
                and ban.need in (None, group.need)
                and ban.staff in (None, group.staff)
            ):
                yield Violation(Rule.BAN, f"bans[{place}]", "exclusion décidée à la main non respectée")


def _together(case: Case) -> Iterator[Violation]:
    """Rule 9: where both have sessions, both in the same group or both unplaced."""
    for place, pair in enumerate(case.problem.pairs):
        one, other = pair.students
        for slot in case.problem.slots:
            if not (case.there(one, slot.id) and case.there(other, slot.id)):
                continue
            places = [
                [(group.need, group.staff) for group in case.held.get((student, slot.id), [])]
                for student in (one, other)
            ]
            if places[0] != places[1]:
                words = f"deux élèves à garder ensemble sont séparés au créneau « {slot.id} »"
                yield Violation(Rule.TOGETHER, f"pairs[{place}]", words)


def _caps(case: Case) -> Iterator[Violation]:
    """Rule 9: no group of the cap's need and slot holds more than `at_most` of its students."""
    for place, cap in enumerate(case.problem.caps):
        named = set(cap.students)
        for group in case.solution.groups:
            concerned = cap.need in (None, group.need) and cap.slot in (None, group.slot)
            if concerned and len(named & set(group.students)) > cap.at_most:
                words = "une règle posée par la direction n’est pas respectée"
                yield Violation(Rule.CAP, f"caps[{place}]", words)


def _moves(case: Case) -> Iterator[Violation]:
    """Rule 10: at most `max_moves` current rows that are not kept."""
    limit = case.problem.rules.max_moves
    moves = sum(change != "kept" for change in changes(case))
    if limit is not None and moves > limit:
        yield Violation(Rule.MOVES, "rules.max_moves", f"{moves} changements, au plus {limit} permis")


RULES: tuple[Callable[[Case], Iterator[Violation]], ...] = (
    _one_place,
    _unplaced_list,
    _per_student,
    _floors,
    staff,
    slots,
    sizes,
    rooms,
    needs_open,
    divisions,
    _worn,
    _pins,
    _bans,
    _together,
    _caps,
    _moves,
)
