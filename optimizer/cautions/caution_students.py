"""Cautions about students to keep together and apart: counts on their chains and on who must not meet."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from optimizer.doors import inseparable
from optimizer.facts import Facts
from optimizer.solution import Statement

_RULE = "une règle posée par la direction"


def chains(facts: Facts) -> Iterator[Statement]:
    """Students kept together, from pair to pair, who fit in no group; or whom a cap or pins keep apart."""
    problem = facts.problem
    largest = max((need.max_size for need in problem.needs), default=0)
    if problem.rooms:
        largest = min(largest, max(room.capacity for room in problem.rooms))
    for slot in problem.slots:
        for group in inseparable(problem, slot.id):
            names = set(group)
            places = [rank for rank, pair in enumerate(problem.pairs) if names.issuperset(pair.students)]
            if len(names) > largest:
                words = f"{len(names)} élèves à garder ensemble, de proche en proche, pour des groupes de {largest}"
                yield Statement("together", f"pairs[{places[-1]}]", words)
            fixed = {pin.need for pin in problem.pins if pin.slot == slot.id and pin.student in names}
            if len(fixed) > 1:
                words = (
                    "des élèves à garder ensemble, placés à la main dans des besoins différents au créneau"
                )
                yield Statement("together", f"pairs[{places[-1]}]", f"{words} « {slot.id} »")
            for rank, cap in enumerate(problem.caps):
                if (
                    cap.need is None
                    and cap.slot in (None, slot.id)
                    and len(names & set(cap.students)) > cap.at_most
                ):
                    yield Statement("cap", f"caps[{rank}]", f"{_RULE}, contre des élèves à garder ensemble")


def separations(facts: Facts) -> Iterator[Statement]:
    """Caps that let nobody in, that ask for more groups than there can be, or that are too many for a division."""
    problem = facts.problem
    for rank, cap in enumerate(problem.caps):
        if cap.at_most == 0:
            yield Statement("cap", f"caps[{rank}]", f"{_RULE}, qui n’admet personne dans aucun groupe")
            continue
        for slot in problem.slots:
            there = sum((student, slot.id) in facts.doors for student in cap.students)
            most = _most_groups(facts, slot.id)
            if cap.slot in (None, slot.id) and most and there > cap.at_most * most and cap.need is None:
                asked = -(-there // cap.at_most)
                words = f"{_RULE}, qui demande {asked} groupes au créneau « {slot.id} », {most} au plus"
                yield Statement("cap", f"caps[{rank}]", words)
    yield from _apart(facts)
    yield from _too_many(facts)


def _most_groups(facts: Facts, slot: str) -> int:
    """The most groups that the adults, the rooms and the limit of a slot allow."""
    problem = facts.problem
    adults = {person for entry in problem.staff if slot in entry.slots for person in entry.members}
    limit = next(one.max_groups for one in problem.slots if one.id == slot)
    found = [len(adults)] + ([] if limit is None else [limit])
    if problem.rooms:
        found.append(sum(slot in room.slots for room in problem.rooms))
    return min(found)


def _apart(facts: Facts) -> Iterator[Statement]:
    """Students of whom no two may meet, more than there can be groups: the largest such set a greedy search meets."""
    for slot in facts.problem.slots:
        foes: dict[str, set[str]] = defaultdict(set)
        for cap in facts.problem.caps:
            if cap.at_most == 1 and cap.need is None and cap.slot in (None, slot.id):
                there = [student for student in cap.students if (student, slot.id) in facts.doors]
                for student in there:
                    foes[student].update(other for other in there if other != student)
        most = _most_groups(facts, slot.id)
        found = max((_clique(foes, student) for student in foes), default=0)
        if most and found > most:
            words = f"{found} élèves à séparer tous les uns des autres au créneau « {slot.id} », {most} groupes au plus"
            yield Statement("cap", "caps", words)


def _clique(foes: dict[str, set[str]], first: str) -> int:
    """The size of a set of students who are all to be kept apart, built around one of them."""
    held, among = 1, set(foes[first])
    while among:
        other = max(sorted(among), key=lambda student: len(foes[student] & among))
        held, among = held + 1, among & foes[other]
    return held


def _too_many(facts: Facts) -> Iterator[Statement]:
    """More separations within a division than it has students: nobody meant that."""
    division = {student.id: student.division for student in facts.problem.students}
    size = Counter(division.values())
    asked: Counter[str] = Counter()
    for pair in {
        frozenset(cap.students) for cap in facts.problem.caps if cap.at_most == 1 and len(cap.students) == 2
    }:
        one, other = (division[student] for student in pair)
        asked[one] += one == other
    for name, number in asked.items():
        if number > size[name]:
            words = f"{number} séparations pour une division de {size[name]} élèves"
            yield Statement("cap", "caps", words)
