"""Rules of the need model that a person's statements make: pins, pairs, caps, the number of moves."""

from collections import defaultdict

from optimizer.counted.need_columns import NeedModel
from optimizer.facts import Group, Place
from optimizer.problem import Cap
from optimizer.program import Term


def decided_by_hand(model: NeedModel) -> None:
    """For a pin: Σ attends[i, s] over the doors left = 1; with a staff entry, it leads there and
    stays[i, s] says whether it is the present group."""
    for place, pins in model.facts.pins.items():
        needs = model.facts.doors.get(place, {})
        model.program.exactly([(model.attends[*place, need], 1) for need in needs], 1)
        for pin in pins:
            if pin.staff is None:
                continue
            model.program.at_least(model.led_by(pin.staff, pin.slot, pin.need), 1)
            if place in model.stays:
                row = model.facts.current[place]
                model.program.exactly([(model.stays[place], 1)], int(row.staff == pin.staff))


def together(model: NeedModel) -> None:
    """For a pair and a slot where both are: attends[i, n] = attends[j, n]; stays too when it is one group,
    and otherwise stays[i] + stays[j] ≤ 1."""
    there = set(model.facts.places)
    for pair in model.facts.problem.pairs:
        for slot in model.facts.problem.slots:
            one, other = ((student, slot.id) for student in pair.students)
            if one not in there or other not in there:
                continue
            for need in dict.fromkeys([*model.facts.doors[one], *model.facts.doors[other]]):
                terms = [
                    (model.attends[*place, need], sign)
                    for place, sign in ((one, 1), (other, -1))
                    if (*place, need) in model.attends
                ]
                model.program.exactly(terms, 0)
            _stay_together(model, one, other)


def _stay_together(model: NeedModel, one: Place, other: Place) -> None:
    rows = [model.facts.current.get(place) for place in (one, other)]
    stays = [model.stays.get(place) for place in (one, other)]
    same = all(rows) and len({(row.need, row.staff) for row in rows if row}) == 1
    if stays[0] is not None and stays[1] is not None:
        if same:
            model.program.exactly([(stays[0], 1), (stays[1], -1)], 0)
        else:
            model.program.at_most([(stays[0], 1), (stays[1], 1)], 1)
    elif same:
        # One of the two may not stay (a ban): the other cannot either.
        for column in stays:
            if column is not None:
                model.program.exactly([(column, 1)], 0)


def caps(model: NeedModel) -> None:
    """Σ attends of those a cap names ≤ at_most × groups; Σ of their stays ≤ at_most × kept."""
    for cap in model.facts.problem.caps:
        for slot in model.facts.problem.slots:
            if cap.slot not in (None, slot.id):
                continue
            for need in model.facts.problem.needs:
                if cap.need in (None, need.id):
                    _cap(model, cap, slot.id, need.id)
        kept: dict[Group, list[Term]] = defaultdict(list)
        for student in cap.students:
            for slot in model.facts.problem.slots:
                row = model.facts.current.get((student, slot.id))
                if row and (student, slot.id) in model.stays:
                    kept[row.slot, row.need, row.staff].append((model.stays[student, slot.id], 1))
        for group, terms in kept.items():
            concerned = cap.slot in (None, group[0]) and cap.need in (None, group[1])
            if concerned and len(terms) > cap.at_most:
                model.program.at_most([*terms, (model.kept[group], -cap.at_most)], 0)


def _cap(model: NeedModel, cap: Cap, slot: str, need: str) -> None:
    named = [
        (model.attends[student, slot, need], 1.0)
        for student in cap.students
        if (student, slot, need) in model.attends
    ]
    if len(named) > cap.at_most:
        model.program.at_most([*named, (model.groups[slot, need], -float(cap.at_most))], 0)


def moves(model: NeedModel) -> None:
    """moves + Σ stays = number of current rows of students who are there; moves ≤ max_moves is its bound."""
    kept = [(column, 1.0) for column in model.stays.values()]
    model.program.exactly([(model.moves, 1.0), *kept], len(model.facts.current))
