"""What a programme makes as large as possible: the score, the places kept, or nothing."""

from collections.abc import Iterable
from enum import StrEnum

from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import GroupModel
from optimizer.need_columns import NeedModel
from optimizer.program import Term


class Aim(StrEnum):
    """What a programme makes as large as possible."""

    SCORE = "score"
    KEPT = "kept"
    """The number of current rows kept: the fewest moves."""
    ANYTHING = "anything"
    """Nothing: any lawful proposal will do."""


def group_score(model: GroupModel) -> tuple[list[Term], float]:
    """The score of a group model: its terms, and the part that no decision changes."""
    weights, facts = model.facts.problem.weights, model.facts
    terms: list[Term] = [
        (seat, seat_value(facts, place, need=group[1], staff=group[2]))
        for (place, group), seat in model.seats.items()
    ]
    terms += [(column, -weights.urgent) for column in model.unserved.values()]
    costs: Iterable[tuple[Group, float]] = ((group, facts.staff[group[2]].cost) for group in model.groups)
    if model.decided:
        fixed = sum(cost for _, cost in costs)
    else:
        fixed = 0
        terms += [(model.opened[group], -cost) for group, cost in costs]
    return terms, -fixed - weights.unplaced * len(facts.places)


def need_score(model: NeedModel) -> tuple[list[Term], float]:
    """The score of a need model: an attended need is worth a seat with another adult, a kept place gives that back."""
    weights, facts = model.facts.problem.weights, model.facts
    terms: list[Term] = [
        (column, seat_value(facts, (student, slot), need=need, staff=None))
        for (student, slot, need), column in model.attends.items()
    ]
    terms += [(column, weights.change_staff) for column in model.stays.values()]
    terms += [(column, -weights.urgent) for column in model.unserved.values()]
    terms += [(column, -facts.staff[group[2]].cost) for group, column in model.kept.items()]
    terms += [(column, -facts.staff[key[0][0]].cost) for key, column in model.fresh.items()]
    return terms, -weights.unplaced * len(facts.places)


def seat_value(facts: Facts, place: Place, *, need: str, staff: str | None) -> float:
    """What a seat adds to the score: its points, no unplaced, the change it makes.

    `staff` None = not the present one.
    """
    weights = facts.problem.weights
    gained = facts.points[*place, need] + weights.unplaced
    row = facts.current.get(place)
    if row is None or (row.need, row.staff) == (need, staff):
        return gained
    return gained - (weights.change_staff if row.need == need else weights.change_need)
