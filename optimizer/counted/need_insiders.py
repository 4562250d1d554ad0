"""Rules of the need model about who is inside a group of today for sure: those who stay, and who comes with them.

Counted by need, somebody who must follow a friend into a group of today, or whom a pin puts there, takes up no
seat of that group. Here they do: what the group can hold, of one division or of those a cap names, is theirs too.
"""

from collections import defaultdict
from collections.abc import Mapping

from optimizer.counted.need_columns import NeedModel
from optimizer.doors import inseparable
from optimizer.facts import Group, share_within
from optimizer.program import Column


def insiders(model: NeedModel) -> None:
    """Σ insiders of a group of today ≤ max_size × kept; those of a division ≤ its share of max_size × kept;
    those a cap names ≤ at_most × kept."""
    facts = model.facts
    for group, inside in _inside(model).items():
        need = facts.needs[group[1]]
        part, whole = share_within(need)
        _hold(model, group, inside, need.max_size)
        if part < whole and not need.reception and group[0] in facts.mixed:
            of_division: dict[str, dict[str, Column]] = defaultdict(dict)
            for student, column in inside.items():
                of_division[facts.students[student].division][student] = column
            for named in of_division.values():
                _hold(model, group, named, need.max_size * part // whole)
        for cap in facts.problem.caps:
            if cap.slot in (None, group[0]) and cap.need in (None, group[1]):
                _hold(
                    model, group, {name: inside[name] for name in cap.students if name in inside}, cap.at_most
                )


def _hold(model: NeedModel, group: Group, inside: Mapping[str, Column], most: int) -> None:
    if len(inside) > most:
        terms = [(column, 1.0) for column in inside.values()]
        model.program.at_most([*terms, (model.kept[group], -float(most))], 0, waiting=True)


def _inside(model: NeedModel) -> dict[Group, dict[str, Column]]:
    """By group of today, who is inside where a column is 1: whoever stays, their inseparable friends, the pinned."""
    facts = model.facts
    found: dict[Group, dict[str, Column]] = {group: {} for group in model.kept}
    for place, column in model.stays.items():
        found[facts.group_of(place)][place[0]] = column
    for slot in facts.problem.slots:
        for friends in inseparable(facts.problem, slot.id):
            for friend in friends:
                stay = model.stays.get((friend, slot.id))
                if stay is not None:
                    inside = found[facts.group_of((friend, slot.id))]
                    for other in friends:
                        inside.setdefault(other, stay)
    for (student, slot_id), pins in facts.pins.items():
        for pin in pins:
            if (slot_id, pin.need, pin.staff) in found:
                found[slot_id, pin.need, pin.staff].setdefault(
                    student, model.kept[slot_id, pin.need, pin.staff]
                )
    return found
