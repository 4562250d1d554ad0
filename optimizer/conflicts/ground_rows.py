"""The rows of a ground: the rules as a relaxation, each with the statements that make it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from optimizer.conflicts.ground import Tags
from optimizer.conflicts.ground_columns import GroundModel, Terms, ground_model, said_at
from optimizer.conflicts.ground_statements import STATEMENTS
from optimizer.conflicts.statements import Item
from optimizer.facts import Facts, Group, division_edges, room_stock

_SLACK = 1e-6


def ground_of(facts: Facts, items: Sequence[Item], ranks: Sequence[int]) -> GroundModel:
    """The relaxation of a problem with its statements at these ranks, each to be withdrawn at will."""
    model = ground_model(facts, said_at(items, ranks), statements=len(items))
    for rule in (*_RULES, *STATEMENTS):
        rule(model)
    return model


def one_place(model: GroundModel) -> None:
    """Σ over groups seats ≤ 1 for a student at a slot; who stays or is pinned sits in an open group."""
    by_place: dict[tuple[str, str], Terms] = defaultdict(list)
    for group, seats in model.seats.items():
        for student, column in seats.items():
            by_place[student, group[0]].append((column, 1.0))
    for terms in by_place.values():
        if len(terms) > 1:
            model.ground.at_most(terms, 1)
    pinned = {(pin.student, pin.slot, pin.need) for pin in model.facts.problem.pins}
    stays = set(model.stays().values())
    for group, seats in model.seats.items():
        for student, column in seats.items():
            if column in stays or (student, *group[:2]) in pinned:
                model.ground.at_most([(column, 1.0), (model.opened[group], -1.0)], 0)


def frequency(model: GroundModel) -> None:
    """Σ over slots seats in a need ≤ max_per_student × open, for each student."""
    for rank, position, limit in model.standing("max_per_student"):
        need = model.facts.problem.needs[rank].id
        slots: dict[str, set[str]] = defaultdict(set)
        by_student: dict[str, Terms] = defaultdict(list)
        for group, seats in model.seats.items():
            for student, column in seats.items() if group[1] == need else ():
                by_student[student].append((column, 1.0))
                slots[student].add(group[0])
        opened = [(model.needs[need], -limit)] if need in model.needs else []
        for student, terms in by_student.items():
            if len(slots[student]) > limit:
                model.ground.at_most([*terms, *opened], 0 if opened else limit, (position,))


def people(model: GroundModel) -> None:
    """A person leads one group a slot; an entry leads so many in all."""
    led: dict[tuple[str, str], Terms] = defaultdict(list)
    by_entry: dict[str, Terms] = defaultdict(list)
    for group, column in model.opened.items():
        by_entry[group[2]].append((column, 1.0))
        for person in model.facts.staff[group[2]].members:
            led[person, group[0]].append((column, 1.0))
    for terms in led.values():
        if len(terms) > 1:
            model.ground.at_most(terms, 1)
    for rank, position, limit in model.standing("staff_groups"):
        model.ground.at_most(by_entry[model.facts.problem.staff[rank].id], limit, (position,))


def groups_of_a_slot(model: GroundModel) -> None:
    """Σ groups of a slot ≤ max_groups."""
    for rank, position, limit in model.standing("slot_groups"):
        slot = model.facts.problem.slots[rank].id
        terms = [(column, 1.0) for group, column in model.opened.items() if group[0] == slot]
        model.ground.at_most(terms, limit, (position,))


def needs_open(model: GroundModel) -> None:
    """A group is of an open need; Σ open needs ≤ max_needs_open."""
    for group, column in model.opened.items():
        if group[1] in model.needs:
            model.ground.at_most([(column, 1.0), (model.needs[group[1]], -1.0)], 0)
    for _, position, limit in model.standing("max_needs_open"):
        model.ground.at_most([(column, 1.0) for column in model.needs.values()], limit, (position,))


def sizes(model: GroundModel) -> None:
    """sitting = Σ seats ≤ max_size × opened; of those half present at least min_size × opened."""
    for group, seats in model.seats.items():
        opened, sitting = model.opened[group], (model.sitting[group], 1.0)
        everybody = [(column, -1.0) for column in seats.values()]
        model.ground.at_most([sitting, *everybody], 0)
        model.ground.at_least([sitting, *everybody], 0)
        least, most = model.of_need("min_size", group[1]), model.of_need("max_size", group[1])
        if least:
            half = model.facts.half_present
            absent = [(column, -1.0) for student, column in seats.items() if (student, group[0]) not in half]
            model.ground.at_least([sitting, *absent, (opened, -least[1])], 0, (least[0],))
        if most:
            model.ground.at_most([sitting, (opened, -most[1])], 0, (most[0],))


def divisions(model: GroundModel) -> None:
    """A division's part of the seats of a group; sharper where the size of groups is said too."""
    for rank, position, share in model.standing("max_division_share"):
        need = model.facts.problem.needs[rank]
        size = model.said.get(("max_size", rank))
        edges = []
        if size is not None:
            limits = replace(need, max_size=size[1], max_division_share=share)
            edges = [(*edge, (position, size[0])) for edge in division_edges(limits)]
        for group in model.seats:
            if group[1] == need.id and group[0] in model.facts.mixed:
                _shares(model, group, share, position, edges)


def _shares(
    model: GroundModel, group: Group, share: float, position: int, edges: list[tuple[float, float, Tags]]
) -> None:
    students, sitting, opened = model.facts.students, model.sitting[group], model.opened[group]
    inside: dict[str, list[int]] = defaultdict(list)
    for student, column in model.seats[group].items():
        inside[students[student].division].append(column)
    for columns in inside.values():
        model.ground.at_most([*((c, 1.0) for c in columns), (sitting, -share)], _SLACK, (position,))
        for slope, level, tags in edges:
            terms = [*((c, 1.0 + slope) for c in columns), (sitting, -slope), (opened, -level)]
            model.ground.at_most(terms, _SLACK, tags)


def rooms(model: GroundModel) -> None:
    """An open group has a room of its own, its students a place there."""
    for _, position, _ in model.standing("rooms"):
        for slot in model.facts.problem.slots:
            stock = room_stock(model.facts, slot.id)
            taken: dict[int, Terms] = {capacity: [] for capacity in stock}
            for group in (group for group in model.opened if group[0] == slot.id):
                given = {capacity: model.ground.column() for capacity in stock}
                rooms_given = [(column, -1.0) for column in given.values()]
                model.ground.at_most([(model.opened[group], 1.0), *rooms_given], 0, (position,))
                held = [(column, -float(capacity)) for capacity, column in given.items()]
                model.ground.at_most([(model.sitting[group], 1.0), *held], 0, (position,))
                for capacity, column in given.items():
                    taken[capacity].append((column, 1.0))
            for capacity, terms in taken.items():
                model.ground.at_most(terms, stock[capacity], (position,))


_RULES = (one_place, frequency, people, groups_of_a_slot, needs_open, sizes, divisions, rooms)
