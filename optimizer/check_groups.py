"""The referee's reading of the hard rules about groups: who leads them, how large and mixed they are, where."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from optimizer.check_case import Case, Rule, Violation


def staff(case: Case) -> Iterator[Violation]:
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


def slots(case: Case) -> Iterator[Violation]:
    """Rule 4: at most the slot's `max_groups` groups."""
    opened = Counter(group.slot for group in case.solution.groups)
    for slot in case.problem.slots:
        if slot.max_groups is not None and opened[slot.id] > slot.max_groups:
            words = f"« {slot.id} » : {opened[slot.id]} groupes, au plus {slot.max_groups} permis"
            yield Violation(Rule.SLOT, "groups", words)


def sizes(case: Case) -> Iterator[Violation]:
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


def rooms(case: Case) -> Iterator[Violation]:
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


def needs_open(case: Case) -> Iterator[Violation]:
    """Rule 6: at most `max_needs_open` different needs, reception not counted."""
    reception = {need.id for need in case.problem.needs if need.reception}
    opened = {group.need for group in case.solution.groups} - reception
    limit = case.problem.rules.max_needs_open
    if len(opened) > limit:
        yield Violation(Rule.NEEDS_OPEN, "groups", f"{len(opened)} besoins ouverts, au plus {limit} permis")


def divisions(case: Case) -> Iterator[Violation]:
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
