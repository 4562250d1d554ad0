"""The columns of a ground: the groups that a lawful proposal may need, and who sits in them.

Only pins and the limit of moves ask for groups: those of today and those that pins name are all that is needed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.conflicts.ground import Ground
from optimizer.conflicts.statements import Item, Value
from optimizer.facts import Facts, Group, Place
from optimizer.plan import Plan

Said = Mapping[tuple[str, int | None], tuple[int, Value]]
"""The statements that stand, by kind and place in their list: their position and value."""
Terms = list[tuple[int, float]]
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class GroundModel:
    """A ground and its columns."""

    facts: Facts
    ground: Ground
    said: Said
    opened: Mapping[Group, int]
    """1 when the group is open."""
    seats: Mapping[Group, Mapping[str, int]]
    """By group and student, 1 when the student sits there."""
    sitting: Mapping[Group, int]
    """The number of students of the group."""
    needs: Mapping[str, int]
    """1 when the need is open; reception is not counted."""

    def standing(self, kind: str) -> list[tuple[int, int, float]]:
        """The statements of a kind: place in their list, position, value."""
        return [
            (place or 0, position, value or 0)
            for (one, place), (position, value) in self.said.items()
            if one == kind
        ]

    def of_need(self, kind: str, need: str) -> tuple[int, float] | None:
        """Position and value of a statement about a need."""
        rank = next(r for r, one in enumerate(self.facts.problem.needs) if one.id == need)
        found = self.said.get((kind, rank))
        return None if found is None else (found[0], found[1] or 0)

    def stays(self) -> dict[Place, int]:
        """The seats of those who are where they are today."""
        groups = {place: self.facts.group_of(place) for place in self.facts.current}
        return {place: self.seats[group][place[0]] for place, group in groups.items() if group in self.seats}

    def plan(self, values: np.ndarray) -> Plan:
        """The groups that are open at these values of the columns, with who sits there."""
        return {
            group: students
            for group, seats in self.seats.items()
            if values[self.opened[group]] > _HALF
            and (students := tuple(student for student, column in seats.items() if values[column] > _HALF))
        }


def said_at(items: Sequence[Item], ranks: Sequence[int]) -> Said:
    """The statements that still say something at these ranks."""
    return {
        (item.kind, item.place): (position, item.values[ranks[position]])
        for position, item in enumerate(items)
        if ranks[position] < item.last
    }


def ground_model(facts: Facts, said: Said, *, statements: int) -> GroundModel:
    """The columns; rows are still to be made."""
    ground = Ground(statements)
    there: dict[str, list[str]] = defaultdict(list)
    for student, slot in facts.places:
        there[slot].append(student)
    groups = _groups(facts, said)
    return GroundModel(
        facts=facts,
        ground=ground,
        said=said,
        opened={group: ground.column() for group in groups},
        seats={group: {student: ground.column() for student in there[group[0]]} for group in groups},
        sitting={group: ground.column(len(there[group[0]])) for group in groups},
        needs={need.id: ground.column() for need in facts.problem.needs if not need.reception},
    )


def _groups(facts: Facts, said: Said) -> list[Group]:
    """The groups of today that somebody can lead, if moves count, and all those that pins may ask for."""
    today = [
        facts.group_of(place)
        for place, row in facts.current.items()
        if ("max_moves", None) in said and row.staff in facts.leaders[row.slot, row.need]
    ]
    asked = [
        (pin.slot, pin.need, entry)
        for place, pin in enumerate(facts.problem.pins)
        if ("pin", place) in said
        for entry in facts.leaders[pin.slot, pin.need]
    ]
    return list(dict.fromkeys([*today, *asked]))
