"""What the exact model decides: which groups open, who sits where."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.facts import Facts, Group, Place
from optimizer.program import Column, Program, Term


@dataclass(frozen=True, slots=True)
class GroupModel:
    """The programme and its columns."""

    facts: Facts
    program: Program
    decided: bool
    groups: tuple[Group, ...]
    opened: Mapping[Group, Column]
    """1 when the group is open; empty when the groups are decided."""
    seats: Mapping[tuple[Place, Group], Column]
    """1 when the student sits in the group."""
    unserved: Mapping[str, Column]
    """1 when a student with a strong need attends none."""

    def open_terms(self, group: Group, factor: float) -> list[Term]:
        """factor × opened, when it is a choice."""
        return [] if self.decided else [(self.opened[group], factor)]

    def open_value(self, value: float) -> float:
        """The constant that stands for value × opened, when the group is decided."""
        return value if self.decided else 0.0


def candidates(facts: Facts) -> tuple[Group, ...]:
    """Every group that somebody could lead and at least one student could attend."""
    wanted = {
        (slot, need, entry)
        for (_, slot), needs in facts.doors.items()
        for need, entries in needs.items()
        for entry in entries
    }
    return tuple(
        (slot, need, entry)
        for (slot, need), entries in facts.leaders.items()
        for entry in entries
        if (slot, need, entry) in wanted
    )


def seats_by_place(model: GroupModel) -> dict[Place, list[tuple[Group, Column]]]:
    """The groups a student may sit in at a slot, with the seat."""
    found: dict[Place, list[tuple[Group, Column]]] = defaultdict(list)
    for (place, group), seat in model.seats.items():
        found[place].append((group, seat))
    return found


def seats_by_group(model: GroupModel) -> dict[Group, list[tuple[str, Column]]]:
    """The students who may sit in a group, with the seat."""
    found: dict[Group, list[tuple[str, Column]]] = {group: [] for group in model.groups}
    for (place, group), seat in model.seats.items():
        found[group].append((place[0], seat))
    return found


def kept_terms(model: GroupModel) -> list[Term]:
    """The seats that keep a student where they are."""
    return [
        (model.seats[place, (row.slot, row.need, row.staff)], 1.0)
        for place, row in model.facts.current.items()
        if (place, (row.slot, row.need, row.staff)) in model.seats
    ]
