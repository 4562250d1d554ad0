"""Rules of the need model about seats: the rooms there are, and seats for everybody."""

from optimizer.counted.need_columns import NeedModel, seats_by_need
from optimizer.facts import room_stock
from optimizer.program import Column, Term


def rooms(model: NeedModel) -> None:
    """With given[n, c] groups of n in rooms of capacity c: Σ over c given = groups;
    Σ attends ≤ Σ min(c, max_size) × given; Σ over needs given[c] ≤ rooms of c."""
    if not model.facts.problem.rooms:
        return
    cells = seats_by_need(model)
    for slot in model.facts.problem.slots:
        stock = room_stock(model.facts, slot.id)
        taken: dict[int, list[Term]] = {capacity: [] for capacity in stock}
        for need in (need for where, need in cells if where == slot.id):
            limits, groups = model.facts.needs[need], model.groups[slot.id, need]
            given = {
                capacity: model.program.count(min(number, round(groups.upBound)))
                for capacity, number in stock.items()
                if capacity >= limits.min_size
            }
            for capacity, column in given.items():
                taken[capacity].append((column, 1.0))
            model.given[slot.id, need] = given
            model.program.exactly([(groups, -1.0), *[(column, 1.0) for column in given.values()]], 0)
            held = [(column, -float(min(capacity, limits.max_size))) for capacity, column in given.items()]
            model.program.at_most([(model.attendance[slot.id, need], 1.0), *held], 0)
        for capacity, terms in taken.items():
            model.program.at_most(terms, stock[capacity])


def seats_for_all(model: NeedModel) -> None:
    """For a slot, with left = those without a group: Σ seats × groups + left ≥ those there, rounded.

    What the relaxation gains by a third of a group here and two thirds there is mostly the one seat that is
    missing: the rows of mixed-integer rounding of this covering row, and of this row less the adults there.
    """
    for slot in model.facts.problem.slots:
        attending = [(column, 1.0) for spot, column in model.attendance.items() if spot[0] == slot.id]
        there = sum(place[1] == slot.id for place in model.facts.places)
        left = model.program.amount(there)
        model.program.exactly([*attending, (left, 1.0)], there)
        seats = _seats(model, slot.id)
        adults = {
            person
            for entry in model.facts.problem.staff
            if slot.id in entry.slots
            for person in entry.members
        }
        most = len(adults) if slot.max_groups is None else min(len(adults), slot.max_groups)
        for size in (0, *sorted(set(seats.values()))):
            spare = {column: number - size for column, number in seats.items()}
            for divisor in range(2, max(map(abs, spare.values()), default=0) + 1):
                _rounded(model, spare, there - size * most, left=left, divisor=divisor)


def _seats(model: NeedModel, slot: str) -> dict[Column, int]:
    """Columns that count groups of a slot, with the seats of each: in rooms of a capacity, where rooms limit."""
    found: dict[Column, int] = {}
    for (where, need), groups in model.groups.items():
        most = model.facts.needs[need].max_size
        if where == slot and (where, need) in model.given:
            found |= {column: min(size, most) for size, column in model.given[where, need].items()}
        elif where == slot:
            found[groups] = most
    return found


def _rounded(model: NeedModel, seats: dict[Column, int], needed: int, *, left: Column, divisor: int) -> None:
    """The rounding of Σ seats × groups + left ≥ needed by a divisor."""
    part = needed % divisor / divisor
    if needed % divisor == 0:
        return
    terms = [
        (column, part * (number // divisor) + min(number % divisor / divisor, part))
        for column, number in seats.items()
    ]
    limit = part * (needed // divisor + 1)
    model.program.at_least([*terms, (left, 1 / divisor)], limit, waiting=True)
