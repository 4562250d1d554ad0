"""What a programme makes as large as possible: the score, the places kept, or nothing."""

from collections.abc import Iterable
from enum import StrEnum

from optimizer.counted.need_columns import NeedModel
from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import GroupModel, kept_terms
from optimizer.program import Column, Term


class Aim(StrEnum):
    """What a programme makes as large as possible."""

    SCORE = "score"
    KEPT = "kept"
    """The number of current rows kept: the fewest moves."""
    CALM = "calm"
    """The fewest left without a group, then the fewest moves."""
    ANYTHING = "anything"
    """Nothing: any lawful proposal will do."""


def left_out(facts: Facts, aim: Aim) -> int:
    """What a place left without a group takes off, beside 1 for each current row kept."""
    return len(facts.current) + 1 if aim is Aim.CALM else 0


def group_aim(model: GroupModel, aim: Aim) -> tuple[list[Term], float]:
    """What a group model makes as large as possible: its terms, and the part that no decision changes."""
    if aim is Aim.SCORE:
        return group_score(model)
    return _calm(model.facts, aim, kept=kept_terms(model), seats=model.seats.values())


def need_aim(model: NeedModel, aim: Aim) -> tuple[list[Term], float]:
    """What a need model makes as large as possible: its terms, and the part that no decision changes."""
    if aim is Aim.SCORE:
        return need_score(model)
    kept = [(column, 1.0) for column in model.stays.values()]
    return _calm(model.facts, aim, kept=kept, seats=model.attends.values())


def _calm(facts: Facts, aim: Aim, *, kept: list[Term], seats: Iterable[Column]) -> tuple[list[Term], float]:
    if aim is Aim.ANYTHING:
        return [], 0.0
    lost = left_out(facts, aim)
    seated = [(seat, float(lost)) for seat in seats] if lost else []
    return [*kept, *seated], -float(lost * len(facts.places))


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
