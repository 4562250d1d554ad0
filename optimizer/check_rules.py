"""The referee's reading of each hard rule: one function a rule, from the proposal alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

from optimizer.check_case import Case, Rule, Violation, changes, left_out
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


def _staff(case: Case) -> Iterator[Violation]:
    """Rule 4: needs and slots of each entry, one group a slot for a person, `max_groups`."""
    staff = {entry.id: entry for entry in case.problem.staff}
    busy: Counter[tuple[str, str]] = Counter()
    for place, group in enumerate(case.solution.groups):
        entry = staff[group.staff]
        if group.need not in entry.needs:
            words = f"« {entry.id} » n’anime pas « {group.need} »"
            yield Violation(Rule.STAFF, f"groups[{place}].staff", words)
        if group.slot not in entry.slots:
            words = f"« {entry.id} » n’est pas disponible au créneau « {group.slot} »"
            yield Violation(Rule.STAFF, f"groups[{place}].staff", words)
        busy.update((person, group.slot) for person in entry.members)
    for (person, slot), times in busy.items():
        if times > 1:
            words = f"« {person} » anime {times} groupes au créneau « {slot} »"
            yield Violation(Rule.STAFF, "groups", words)
    led = Counter(group.staff for group in case.solution.groups)
    for entry in case.problem.staff:
        if entry.max_groups is not None and led[entry.id] > entry.max_groups:
            words = f"« {entry.id} » anime {led[entry.id]} groupes, au plus {entry.max_groups} permis"
            yield Violation(Rule.STAFF, "groups", words)


def _slots(case: Case) -> Iterator[Violation]:
    """Rule 4: at most the slot's `max_groups` groups."""
    opened = Counter(group.slot for group in case.solution.groups)
    for slot in case.problem.slots:
        if slot.max_groups is not None and opened[slot.id] > slot.max_groups:
            words = f"« {slot.id} » : {opened[slot.id]} groupes, au plus {slot.max_groups} permis"
            yield Violation(Rule.SLOT, "groups", words)


def _sizes(case: Case) -> Iterator[Violation]:
    """Rule 5: everybody counts for max_size, those present half the sessions for min_size."""
    needs = {need.id: need for need in case.problem.needs}
    period = case.problem.rules.period_sessions
    for place, group in enumerate(case.solution.groups):
        need, size = needs[group.need], len(group.students)
        present = sum(2 * case.students[student].sessions[group.slot] >= period for student in group.students)
        if size > need.max_size:
            words = f"{size} élèves, au plus {need.max_size} permis"
            yield Violation(Rule.SIZE, f"groups[{place}].students", words)
        if present < need.min_size:
            words = f"{present} élèves présents la moitié du temps, {need.min_size} au moins"
            yield Violation(Rule.SIZE, f"groups[{place}].students", words)


def _rooms(case: Case) -> Iterator[Violation]:
    """Rule 5: with rooms, each group has its own, with room for all."""
    rooms = {room.id: room for room in case.problem.rooms}
    taken: set[tuple[str, str]] = set()
    for place, group in enumerate(case.solution.groups if rooms else ()):
        path = f"groups[{place}].room"
        if group.room is None:
            yield Violation(Rule.ROOM, path, "groupe sans salle")
            continue
        room = rooms[group.room]
        if group.slot not in room.slots:
            yield Violation(Rule.ROOM, path, f"« {room.id} » n’est pas libre à « {group.slot} »")
        if (room.id, group.slot) in taken:
            yield Violation(Rule.ROOM, path, f"« {room.id} » sert deux fois à « {group.slot} »")
        taken.add((room.id, group.slot))
        if len(group.students) > room.capacity:
            words = f"« {room.id} » a {room.capacity} places pour {len(group.students)} élèves"
            yield Violation(Rule.ROOM, path, words)


def _needs_open(case: Case) -> Iterator[Violation]:
    """Rule 6: at most `max_needs_open` different needs, reception not counted."""
    reception = {need.id for need in case.problem.needs if need.reception}
    opened = {group.need for group in case.solution.groups} - reception
    limit = case.problem.rules.max_needs_open
    if len(opened) > limit:
        yield Violation(Rule.NEEDS_OPEN, "groups", f"{len(opened)} besoins ouverts, au plus {limit} permis")


def _divisions(case: Case) -> Iterator[Violation]:
    """Rule 7: no division above its share of a group where three divisions or more have students."""
    needs = {need.id: need for need in case.problem.needs}
    met: dict[str, set[str]] = defaultdict(set)
    for student in case.problem.students:
        for slot, sessions in student.sessions.items():
            if sessions > 0:
                met[slot].add(student.division)
    for place, group in enumerate(case.solution.groups):
        need = needs[group.need]
        if need.reception or len(met[group.slot]) < 3:
            continue
        # A share typed as 0.3333333333333333 means a third: what is missing behind the ninth decimal does not count.
        share = Fraction(str(need.max_division_share))
        slack = Fraction(1, 10**9)
        counts = Counter(case.students[student].division for student in group.students)
        for division, count in counts.items():
            if count > share * len(group.students) + slack:
                words = f"{count} élèves de « {division} » sur {len(group.students)}"
                yield Violation(Rule.DIVISION, f"groups[{place}].students", words)


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
    _staff,
    _slots,
    _sizes,
    _rooms,
    _needs_open,
    _divisions,
    _worn,
    _pins,
    _bans,
    _together,
    _caps,
    _moves,
)
