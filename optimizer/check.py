"""The referee: what a proposal breaks, and its score, from the problem and the plain proposal alone.

It shares nothing with the models but the formula of the points, so that a mistake in a model shows.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from optimizer.problem import Problem, Student, points
from optimizer.solution import GroupPlan, Solution, Status, Terms, gap_of


class Rule(StrEnum):
    """What can be broken; the number is that of the contract's rule."""

    KNOWN = "0-identifiant"
    PLACE = "1-une-place"
    PER_STUDENT = "2-frequence"
    FLOOR = "3-plancher"
    STAFF = "4-intervenant"
    SLOT = "4-creneau"
    SIZE = "5-effectif"
    ROOM = "5-salle"
    NEEDS_OPEN = "6-besoins-ouverts"
    DIVISION = "7-divisions"
    WORN = "8-groupe-fige"
    PIN = "9-placement"
    BAN = "9-exclusion"
    TOGETHER = "9-ensemble"
    CAP = "9-regle"
    MOVES = "10-changements"
    UNPLACED_LIST = "non-places"
    CLAIM = "annonce"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, where in the solution or the problem, and French words without any judgement."""

    rule: Rule
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A problem and a proposal, indexed for reading."""

    problem: Problem
    solution: Solution
    students: dict[str, Student]
    held: dict[tuple[str, str], list[GroupPlan]]
    """Groups that hold a student at a slot."""

    def there(self, student: str, slot: str) -> bool:
        """Whether the student has sessions at the slot."""
        return self.students[student].sessions[slot] > 0

    def needs_at(self, student: str, slot: str) -> set[str]:
        """The needs the student attends at the slot."""
        return {group.need for group in self.held.get((student, slot), ())}

    def pinned(self, student: str, slot: str, need: str) -> bool:
        """Whether a pin asks for this need at this slot."""
        return any((pin.student, pin.slot, pin.need) == (student, slot, need) for pin in self.problem.pins)


def _case(problem: Problem, solution: Solution) -> _Case:
    held: dict[tuple[str, str], list[GroupPlan]] = defaultdict(list)
    for group in solution.groups:
        for student in group.students:
            held[student, group.slot].append(group)
    return _Case(problem, solution, {student.id: student for student in problem.students}, dict(held))


def violations(problem: Problem, solution: Solution) -> list[Violation]:
    """Every breach of a hard rule by the proposal, in the order of the rules; empty = lawful.

    An unknown identifier ends the examination: nothing else would have a meaning.
    """
    case = _case(problem, solution)
    unknown = list(_unknown_ids(case))
    if unknown:
        return unknown
    return list(chain.from_iterable(rule(case) for rule in _RULES))


def wrong_claims(problem: Problem, solution: Solution) -> list[Violation]:
    """What a lawful proposal says of itself that is not so: terms, score, bound, gap, status."""
    if solution.status in (Status.INFEASIBLE, Status.NONE):
        return list(_empty_claims(solution))
    return list(_figures(problem, solution))


def score(problem: Problem, solution: Solution) -> Terms:
    """The terms of the score of a proposal, recomputed from the groups; `.score` is the total."""
    case = _case(problem, solution)
    weights = problem.weights
    changes = list(_changes(case))
    cost = {entry.id: entry.cost for entry in problem.staff}
    return Terms(
        served=sum(
            points(problem, case.students[student], need=group.need, slot=group.slot)
            for group in solution.groups
            for student in group.students
        ),
        unplaced=weights.unplaced * len(_left_out(case)),
        urgent=weights.urgent * sum(_is_urgent(case, student) for student in problem.students),
        change_need=weights.change_need * changes.count("need"),
        change_staff=weights.change_staff * changes.count("staff"),
        group=sum(cost[group.staff] for group in solution.groups),
    )


def _left_out(case: _Case) -> list[tuple[str, str]]:
    return [
        (student.id, slot.id)
        for student in case.problem.students
        for slot in case.problem.slots
        if student.sessions[slot.id] > 0 and (student.id, slot.id) not in case.held
    ]


def _is_urgent(case: _Case, student: Student) -> bool:
    threshold = case.problem.rules.urgent_from
    strong = {need.id for need in case.problem.needs if student.intensity.get(need.id, 0) >= threshold}
    attended = {need for slot in case.problem.slots for need in case.needs_at(student.id, slot.id)}
    return bool(strong) and not strong & attended


def _changes(case: _Case) -> Iterator[str]:
    """For each current row of a student who is there: "kept", "staff", "need" or "unplaced"."""
    for row in case.problem.current:
        if not case.there(row.student, row.slot):
            continue
        groups = case.held.get((row.student, row.slot), [])
        if not groups:
            yield "unplaced"
        elif any((group.need, group.staff) == (row.need, row.staff) for group in groups):
            yield "kept"
        else:
            yield "staff" if any(group.need == row.need for group in groups) else "need"


def _unknown_ids(case: _Case) -> Iterator[Violation]:
    problem = case.problem
    slots = {slot.id for slot in problem.slots}
    needs = {need.id for need in problem.needs}
    staff = {entry.id for entry in problem.staff}
    rooms = {room.id for room in problem.rooms}
    for place, group in enumerate(case.solution.groups):
        path = f"groups[{place}]"
        named = ((group.slot, slots, "slot"), (group.need, needs, "need"), (group.staff, staff, "staff"))
        for value, known, key in named:
            if value not in known:
                yield Violation(Rule.KNOWN, f"{path}.{key}", f"identifiant inconnu « {value} »")
        if group.room is not None and group.room not in rooms:
            yield Violation(Rule.KNOWN, f"{path}.room", f"salle inconnue « {group.room} »")
        for rank, student in enumerate(group.students):
            if student not in case.students:
                yield Violation(Rule.KNOWN, f"{path}.students[{rank}]", f"élève inconnu « {student} »")
    for place, (student, slot) in enumerate(case.solution.unplaced):
        if student not in case.students or slot not in slots:
            yield Violation(Rule.KNOWN, f"unplaced[{place}]", f"« {student} », « {slot} » : inconnu")


def _one_place(case: _Case) -> Iterator[Violation]:
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


def _unplaced_list(case: _Case) -> Iterator[Violation]:
    """Rule 1: `unplaced` names exactly the places with sessions that no group holds."""
    listed = Counter(case.solution.unplaced)
    left_out = set(_left_out(case))
    for (student, slot), times in listed.items():
        if times > 1 or (student, slot) not in left_out:
            words = f"« {student} », « {slot} » : cité à tort ou deux fois parmi les non placés"
            yield Violation(Rule.UNPLACED_LIST, "unplaced", words)
    for student, slot in sorted(left_out - set(listed)):
        words = f"« {student} », « {slot} » : sans groupe et absent des non placés"
        yield Violation(Rule.UNPLACED_LIST, "unplaced", words)


def _per_student(case: _Case) -> Iterator[Violation]:
    """Rule 2: at most `max_per_student` slots of a need for a student."""
    attended = Counter(
        (student, need) for (student, slot) in case.held for need in case.needs_at(student, slot)
    )
    limit = {need.id: need.max_per_student for need in case.problem.needs}
    for (student, need), times in attended.items():
        if times > limit[need]:
            words = f"« {student} » suit « {need} » {times} fois, au plus {limit[need]} permises"
            yield Violation(Rule.PER_STUDENT, "groups", words)


def _floors(case: _Case) -> Iterator[Violation]:
    """Rule 3: nobody under the floor of a need, except by a pin; reception is open to all."""
    needs = {need.id: need for need in case.problem.needs}
    for student, slot, need in _attendances(case):
        level = case.students[student].intensity.get(need, 0)
        if level < needs[need].floor and not needs[need].reception and not case.pinned(student, slot, need):
            words = f"« {student} » est sous le plancher de « {need} » : {level} pour {needs[need].floor}"
            yield Violation(Rule.FLOOR, "groups", words)


def _attendances(case: _Case) -> Iterator[tuple[str, str, str]]:
    for student, slot in case.held:
        for need in sorted(case.needs_at(student, slot)):
            yield student, slot, need


def _staff(case: _Case) -> Iterator[Violation]:
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


def _slots(case: _Case) -> Iterator[Violation]:
    """Rule 4: at most the slot's `max_groups` groups."""
    opened = Counter(group.slot for group in case.solution.groups)
    for slot in case.problem.slots:
        if slot.max_groups is not None and opened[slot.id] > slot.max_groups:
            words = f"« {slot.id} » : {opened[slot.id]} groupes, au plus {slot.max_groups} permis"
            yield Violation(Rule.SLOT, "groups", words)


def _sizes(case: _Case) -> Iterator[Violation]:
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


def _rooms(case: _Case) -> Iterator[Violation]:
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


def _needs_open(case: _Case) -> Iterator[Violation]:
    """Rule 6: at most `max_needs_open` different needs, reception not counted."""
    reception = {need.id for need in case.problem.needs if need.reception}
    opened = {group.need for group in case.solution.groups} - reception
    limit = case.problem.rules.max_needs_open
    if len(opened) > limit:
        yield Violation(Rule.NEEDS_OPEN, "groups", f"{len(opened)} besoins ouverts, au plus {limit} permis")


def _divisions(case: _Case) -> Iterator[Violation]:
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
        share = Fraction(str(need.max_division_share))
        counts = Counter(case.students[student].division for student in group.students)
        for division, count in counts.items():
            if count > share * len(group.students):
                words = f"{count} élèves de « {division} » sur {len(group.students)}"
                yield Violation(Rule.DIVISION, f"groups[{place}].students", words)


def _worn(case: _Case) -> Iterator[Violation]:
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


def _pins(case: _Case) -> Iterator[Violation]:
    """Rule 9: each pinned student is in a group of that need (and staff) at that slot."""
    for place, pin in enumerate(case.problem.pins):
        groups = case.held.get((pin.student, pin.slot), [])
        if not any(group.need == pin.need and pin.staff in (None, group.staff) for group in groups):
            yield Violation(Rule.PIN, f"pins[{place}]", "placement décidé à la main non respecté")


def _bans(case: _Case) -> Iterator[Violation]:
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


def _together(case: _Case) -> Iterator[Violation]:
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


def _caps(case: _Case) -> Iterator[Violation]:
    """Rule 9: no group of the cap's need and slot holds more than `at_most` of its students."""
    for place, cap in enumerate(case.problem.caps):
        named = set(cap.students)
        for group in case.solution.groups:
            concerned = cap.need in (None, group.need) and cap.slot in (None, group.slot)
            if concerned and len(named & set(group.students)) > cap.at_most:
                words = "une règle posée par la direction n’est pas respectée"
                yield Violation(Rule.CAP, f"caps[{place}]", words)


def _moves(case: _Case) -> Iterator[Violation]:
    """Rule 10: at most `max_moves` current rows that are not kept."""
    limit = case.problem.rules.max_moves
    moves = sum(change != "kept" for change in _changes(case))
    if limit is not None and moves > limit:
        yield Violation(Rule.MOVES, "rules.max_moves", f"{moves} changements, au plus {limit} permis")


_RULES: tuple[Callable[[_Case], Iterator[Violation]], ...] = (
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


def moves(problem: Problem, solution: Solution) -> int:
    """The number of moves of a proposal, as rule 10 counts them."""
    return sum(change != "kept" for change in _changes(_case(problem, solution)))


def _empty_claims(solution: Solution) -> Iterator[Violation]:
    if solution.groups or solution.score is not None:
        words = f"le statut « {solution.status} » n’admet ni groupe ni score"
        yield Violation(Rule.CLAIM, "groups", words)
    if solution.status is Status.INFEASIBLE and not solution.conflict:
        yield Violation(Rule.CLAIM, "conflict", "une impossibilité s’accompagne de son conflit")


_CLOSE = 1e-6
_GAP_CLOSE = 1e-5


def _figures(problem: Problem, solution: Solution) -> Iterator[Violation]:
    true = score(problem, solution)
    if solution.terms is None or any(
        abs(said - found) > _CLOSE for said, found in zip(astuple(solution.terms), astuple(true), strict=True)
    ):
        yield Violation(Rule.CLAIM, "terms", f"termes recalculés : {astuple(true)}")
    if solution.score is None or abs(solution.score - true.score) > _CLOSE:
        yield Violation(Rule.CLAIM, "score", f"score recalculé : {true.score}")
        return
    if solution.bound is None or solution.bound < true.score - _CLOSE:
        yield Violation(Rule.CLAIM, "bound", "la borne est sous le score")
        return
    gap = gap_of(true.score, solution.bound)
    if solution.gap is None or abs(solution.gap - gap) > _GAP_CLOSE:
        yield Violation(Rule.CLAIM, "gap", f"écart recalculé : {gap}")
    if solution.status is Status.OPTIMAL and gap > _CLOSE:
        yield Violation(Rule.CLAIM, "status", "« optimal » exige une borne égale au score")
