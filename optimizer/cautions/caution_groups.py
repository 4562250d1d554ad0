"""Cautions about what pins ask for together: groups that the adults, the sizes and the limits of slots do not allow."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from optimizer.facts import Facts
from optimizer.solution import Statement


def groups_asked_for(facts: Facts) -> Iterator[Statement]:
    """Pins that ask for more needs, groups or seats than there can be."""
    problem = facts.problem
    opened = {pin.need for pin in problem.pins if not facts.needs[pin.need].reception}
    if len(opened) > problem.rules.max_needs_open:
        words = (
            f"des placements décidés à la main dans {len(opened)} besoins, "
            f"{problem.rules.max_needs_open} ouverts au plus"
        )
        yield Statement("max_needs_open", "rules.max_needs_open", words)
    yield from _crowded(facts)
    yield from _torn(facts)


def _crowded(facts: Facts) -> Iterator[Statement]:
    """More pins in a need at a slot than its groups can hold; more groups than the slot allows."""
    students = defaultdict(set)
    for pin in facts.problem.pins:
        students[pin.slot, pin.need].add(pin.student)
    asked: Counter[str] = Counter()
    for (slot, need), names in students.items():
        size, leaders = facts.needs[need].max_size, _leaders(facts, slot, need)
        asked[slot] += -(-len(names) // size)
        if leaders and len(names) > size * leaders:
            place = facts.problem.needs.index(facts.needs[need])
            words = (
                f"{len(names)} placements décidés à la main en « {need} » au créneau « {slot} », "
                f"pour {size * leaders} places au plus"
            )
            yield Statement("max_size", f"needs[{place}].max_size", words)
    for place, slot in enumerate(facts.problem.slots):
        if slot.max_groups is not None and asked[slot.id] > slot.max_groups:
            words = (
                f"des placements décidés à la main qui demandent {asked[slot.id]} groupes "
                f"au créneau « {slot.id} », {slot.max_groups} au plus"
            )
            yield Statement("slot_groups", f"slots[{place}].max_groups", words)


def _leaders(facts: Facts, slot: str, need: str) -> int:
    """How many groups of a need the adults of a slot can lead at once."""
    people = {person for entry in facts.leaders[slot, need] for person in facts.staff[entry].members}
    return min(len(people), len(facts.leaders[slot, need]))


def _torn(facts: Facts) -> Iterator[Statement]:
    """Needs pinned at a slot that its adults cannot lead all: each group needs an adult of its own."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pin in facts.problem.pins:
        named[pin.slot, pin.need].update([] if pin.staff is None else [pin.staff])
    for slot in facts.problem.slots:
        asked = {need: entries for (where, need), entries in named.items() if where == slot.id}
        able = [
            [entry for entry in facts.leaders[slot.id, need] if one in (None, entry)]
            for need, entries in asked.items()
            for one in sorted(entries) or [None]
        ]
        if all(able) and not _each_an_adult(facts, able):
            names = ", ".join(f"« {need} »" for need in asked)
            words = (
                f"des placements décidés à la main en {names} au créneau « {slot.id} », "
                "que ses intervenants ne peuvent pas tous animer à la fois"
            )
            yield Statement("pin", "pins", words)


def _each_an_adult(facts: Facts, able: Sequence[Sequence[str]]) -> bool:
    """Whether each group can have one of those who lead it for itself (augmenting paths)."""
    leads: dict[str, int] = {}

    def placed(group: int, tried: set[str]) -> bool:
        for person in dict.fromkeys(facts.staff[entry].members[0] for entry in able[group]):
            if person not in tried:
                tried.add(person)
                if person not in leads or placed(leads[person], tried):
                    leads[person] = group
                    return True
        return False

    return all(placed(group, set()) for group in range(len(able)))
