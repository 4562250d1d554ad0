"""The direct model, plainly: a column for each student and group that somebody could lead.

The reference that the search is measured against. It reads the problem by itself, shares nothing with the
optimiser's models, and is kept as arrays, so that solvers which cannot live in one process may share a file:

    seat[i, g] = student i sits in group g = (slot, need, staff)     left[i, s] = i is left out at slot s
    opened[g]  = g is open       attended[g] = Σ seat[i, g]          need[n]    = some group of n is open
    room[g, c] = g has a room of capacity c                          urgent[i]  = no strong need of i is served

    maximise Σ (points − changes) seat − unplaced left − urgent urgent − cost opened
"""

from collections import defaultdict
from fractions import Fraction

from optimizer.problem import Need, Problem
from tests.benchmarks.direct_seats import Direct, Near, Term, add_seats
from tests.benchmarks.references import FREE

__all__ = ["Direct", "direct_model"]


def direct_model(problem: Problem, *, near: Near | None = None) -> Direct:
    """The direct model of a problem. With `near` (need and staff by place) the aim is another one: as many
    places as possible left as they are there, every place it does not name left without a group."""
    model = Direct(problem)
    add_seats(model, near)
    for rule in (_sizes, _staff, _needs_open, _rooms, _divisions, _frequency, _statements):
        rule(model)
    if near is None:
        _urgent(model)
    return model


def _sizes(model: Direct) -> None:
    """seat ≤ opened; Σ seats ≤ max_size × opened; min_size × opened ≤ Σ seats of those half present."""
    needs = {need.id: need for need in model.problem.needs}
    students = {student.id: student for student in model.problem.students}
    for group, seats in model.by_group.items():
        need, opened = needs[group[1]], model.opened[group]
        present = [
            (seat, 1)
            for name, seat in seats
            if 2 * students[name].sessions[group[0]] >= model.problem.rules.period_sessions
        ]
        for _, seat in seats:
            model.row([(seat, 1), (opened, -1)], -FREE, 0)
        model.row([*((seat, 1) for _, seat in seats), (opened, -need.max_size)], -FREE, 0)
        model.row([*present, (opened, -need.min_size)], 0, FREE)


def _staff(model: Direct) -> None:
    """A person leads one group a slot, an entry `max_groups` in all, a slot holds its `max_groups`."""
    problem = model.problem
    for slot in problem.slots:
        here = [(group, column) for group, column in model.opened.items() if group[0] == slot.id]
        for person in dict.fromkeys(person for entry in problem.staff for person in entry.members):
            theirs = {entry.id for entry in problem.staff if person in entry.members}
            model.row([(column, 1) for group, column in here if group[2] in theirs], -FREE, 1)
        if slot.max_groups is not None:
            model.row([(column, 1) for _, column in here], -FREE, slot.max_groups)
    for entry in problem.staff:
        if entry.max_groups is not None:
            led = [(column, 1) for group, column in model.opened.items() if group[2] == entry.id]
            model.row(led, -FREE, entry.max_groups)


def _needs_open(model: Direct) -> None:
    """opened ≤ need; Σ need ≤ max_needs_open."""
    count = {need.id: model.column() for need in model.problem.needs if not need.reception}
    for group, column in model.opened.items():
        if group[1] in count:
            model.row([(column, 1), (count[group[1]], -1)], -FREE, 0)
    model.row([(column, 1) for column in count.values()], -FREE, model.problem.rules.max_needs_open)


def _rooms(model: Direct) -> None:
    """Σ room = opened; Σ seats ≤ Σ capacity × room; Σ over groups of room ≤ rooms of that capacity."""
    for slot in model.problem.slots if model.problem.rooms else ():
        stock: dict[int, int] = defaultdict(int)
        for room in model.problem.rooms:
            stock[room.capacity] += slot.id in room.slots
        groups = [group for group in model.opened if group[0] == slot.id]
        given = {group: {capacity: model.column() for capacity in stock} for group in groups}
        for group in groups:
            choice = given[group]
            model.row([*((one, 1) for one in choice.values()), (model.opened[group], -1)], 0, 0)
            room = [(one, -capacity) for capacity, one in choice.items()]
            model.row([*((seat, 1) for _, seat in model.by_group[group]), *room], -FREE, 0)
        for capacity, number in stock.items():
            model.row([(given[group][capacity], 1) for group in groups], -FREE, number)


def _divisions(model: Direct) -> None:
    """Σ seats of a division ≤ share × attended, at slots where three divisions or more have students."""
    division = {student.id: student.division for student in model.problem.students}
    needs = {need.id: need for need in model.problem.needs}
    for slot in model.problem.slots:
        met = {row.division for row in model.problem.students if row.sessions[slot.id] > 0}
        for group, seats in model.by_group.items() if len(met) >= 3 else ():
            need = needs[group[1]]
            if group[0] != slot.id or need.reception or not seats or need.max_division_share >= 1:
                continue
            attended = model.column(high=need.max_size)
            model.row([*((seat, 1) for _, seat in seats), (attended, -1)], 0, 0)
            share = _share(need)
            of_division: dict[str, list[Term]] = defaultdict(list)
            for name, seat in seats:
                of_division[division[name]].append((seat, share.denominator))
            for terms in of_division.values():
                model.row([*terms, (attended, -share.numerator)], -FREE, 0)


def _share(need: Need) -> Fraction:
    """The share as it was meant: 0.3333333333333333 is a third."""
    return Fraction(str(need.max_division_share)).limit_denominator(1000)


def _frequency(model: Direct) -> None:
    """Over the slots, a student attends a need `max_per_student` times."""
    attended: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for (student, group), seat in model.seats.items():
        attended[student, group[1]].append((seat, 1))
    limit = {need.id: need.max_per_student for need in model.problem.needs}
    for (_, need), terms in attended.items():
        model.row(terms, -FREE, limit[need])


def _statements(model: Direct) -> None:
    """Pins, pairs, caps and the number of moves."""
    problem, there = model.problem, model.by_place
    for pin in problem.pins:
        held = [
            (seat, 1)
            for group, seat in there.get((pin.student, pin.slot), ())
            if group[1] == pin.need and pin.staff in (None, group[2])
        ]
        model.row(held, 1, 1)
    for pair in problem.pairs:
        for slot in problem.slots:
            one, other = (there.get((name, slot.id)) for name in pair.students)
            if one is None or other is None:
                continue
            for group in dict(one) | dict(other):
                signs = ((dict(one), 1), (dict(other), -1))
                model.row([(seats[group], sign) for seats, sign in signs if group in seats], 0, 0)
    for cap in problem.caps:
        for group, opened in model.opened.items():
            if cap.slot in (None, group[0]) and cap.need in (None, group[1]):
                held = [
                    (model.seats[name, group], 1) for name in cap.students if (name, group) in model.seats
                ]
                model.row([*held, (opened, -cap.at_most)], -FREE, 0)
    if problem.rules.max_moves is not None:
        rows = [row for row in problem.current if (row.student, row.slot) in there]
        places = ((row.student, (row.slot, row.need, row.staff)) for row in rows)
        kept = [(model.seats[place], 1) for place in places if place in model.seats]
        model.row(kept, len(rows) - problem.rules.max_moves, FREE)


def _urgent(model: Direct) -> None:
    """urgent + Σ seats in strong needs ≥ 1."""
    for student in model.problem.students:
        threshold = model.problem.rules.urgent_from
        strong = {need.id for need in model.problem.needs if student.intensity.get(need.id, 0) >= threshold}
        if strong:
            served = [
                (seat, 1)
                for slot in model.problem.slots
                for group, seat in model.by_place.get((student.id, slot.id), ())
                if group[1] in strong
            ]
            model.row([*served, (model.column(-model.problem.weights.urgent), 1)], 1, FREE)
