"""The regrouping of a band as a programme, group by group: the exact model.

What it holds to, as a teacher would say it:

1.  At each slot where they have sessions, a student is in one group, or left without one.
2.  A student does not attend a need at more slots than the need allows.
3.  Nobody is placed in a need below its floor, nobody comes back to a need that lasted too long,
    and nobody is where they are banned; what was decided by hand (pins) comes before floor and
    duration. All this is already in the doors: a seat exists only where the student may sit.
4.  A person leads one group a slot; a staff entry leads so many groups in all; a slot holds so many.
5.  A group is neither too full nor too empty, and has a room of its own, large enough.
6.  Not too many different needs are open at the same time, reception apart.
7.  No division takes more than its share of a group where several divisions meet.
8.  What was decided by hand is done.
9.  Students to keep together are together; no group holds too many of those that a cap names.
10. No more moves than allowed.

And what it likes: needs served, strong needs above all, nobody left without a group, few changes,
few groups that cost.

The groups are either candidates (the model chooses which open) or decided beforehand (`decided`):
then only the students are placed. `relaxation.py` holds the same rules counted by need.
"""

from collections import defaultdict

from optimizer.aims import Aim, group_aim
from optimizer.facts import Facts, Group, room_stock, share_within
from optimizer.group_columns import GroupModel, kept_terms, seats_by_group, seats_by_place
from optimizer.program import Column, Program, Term


def group_model(
    facts: Facts, groups: tuple[Group, ...], *, decided: bool, aim: Aim = Aim.SCORE
) -> GroupModel:
    """The programme of these groups, with all the rules and the aim."""
    program = Program()
    by_cell: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in groups:
        by_cell[group[0], group[1]].append(group)
    model = GroupModel(
        facts=facts,
        program=program,
        decided=decided,
        groups=groups,
        opened={} if decided else {group: program.binary() for group in groups},
        seats={
            (place, group): program.binary()
            for place, needs in facts.doors.items()
            for need, entries in needs.items()
            for group in by_cell.get((place[1], need), ())
            if group[2] in entries
        },
        unserved={student: program.part() for student in facts.strong},
    )
    for rule in _RULES:
        rule(model)
    model.program.maximise(*group_aim(model, aim))
    return model


def one_place(model: GroupModel) -> None:
    """Σ over groups seats[i, s, g] ≤ 1; the rest is "left without a group"."""
    for seats in seats_by_place(model).values():
        model.program.at_most([(seat, 1) for _, seat in seats], 1)


def frequency(model: GroupModel) -> None:
    """Σ over slots seats[i, need] ≤ max_per_student."""
    attended: dict[tuple[str, str], list[tuple[str, Column]]] = defaultdict(list)
    for (place, group), seat in model.seats.items():
        attended[place[0], group[1]].append((place[1], seat))
    for (_, need), seats in attended.items():
        limit = model.facts.needs[need].max_per_student
        if len({slot for slot, _ in seats}) > limit:
            model.program.at_most([(seat, 1) for _, seat in seats], limit)


def people(model: GroupModel) -> None:
    """For a person and a slot: Σ opened of the groups they lead or co-lead ≤ 1."""
    led: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in model.groups:
        for person in model.facts.staff[group[2]].members:
            led[person, group[0]].append(group)
    for groups in led.values():
        _limit_open(model, groups, 1)


def hours_of_staff(model: GroupModel) -> None:
    """For a staff entry: Σ opened ≤ max_groups."""
    for entry in model.facts.problem.staff:
        if entry.max_groups is not None:
            _limit_open(model, [group for group in model.groups if group[2] == entry.id], entry.max_groups)


def groups_of_a_slot(model: GroupModel) -> None:
    """For a slot: Σ opened ≤ max_groups."""
    for slot in model.facts.problem.slots:
        if slot.max_groups is not None:
            _limit_open(model, [group for group in model.groups if group[0] == slot.id], slot.max_groups)


def _limit_open(model: GroupModel, groups: list[Group], limit: int) -> None:
    if len(groups) > limit:
        terms = [term for group in groups for term in model.open_terms(group, 1)]
        model.program.at_most(terms, limit - model.open_value(len(groups)))


def sizes(model: GroupModel) -> None:
    """min_size × opened ≤ Σ seats of those half present; Σ seats ≤ max_size × opened; seat ≤ opened."""
    for group, seats in seats_by_group(model).items():
        need = model.facts.needs[group[1]]
        everybody = [(seat, 1.0) for _, seat in seats]
        present = [(seat, 1.0) for student, seat in seats if (student, group[0]) in model.facts.half_present]
        most, least = need.max_size, max(need.min_size, 0)
        model.program.at_most([*everybody, *model.open_terms(group, -most)], model.open_value(most))
        model.program.at_least([*present, *model.open_terms(group, -least)], model.open_value(least))
        if not model.decided:
            for _, seat in seats:
                model.program.at_most([(seat, 1), *model.open_terms(group, -1)], 0)


def rooms(model: GroupModel) -> None:
    """Σ over capacities c given[g, c] = opened; Σ seats ≤ Σ c × given; Σ over groups given[c] ≤ rooms of c."""
    if not model.facts.problem.rooms:
        return
    seats = seats_by_group(model)
    for slot in model.facts.problem.slots:
        stock = room_stock(model.facts, slot.id)
        groups = [group for group in model.groups if group[0] == slot.id]
        given = {(group, capacity): model.program.binary() for group in groups for capacity in stock}
        for capacity, number in stock.items():
            model.program.at_most([(given[group, capacity], 1) for group in groups], number)
        for group in groups:
            choice = [(given[group, capacity], 1.0) for capacity in stock]
            model.program.exactly([*choice, *model.open_terms(group, -1)], model.open_value(1))
            places = [(given[group, capacity], -float(capacity)) for capacity in stock]
            model.program.at_most([*[(seat, 1.0) for _, seat in seats[group]], *places], 0)


def needs_open(model: GroupModel) -> None:
    """open[n] ≥ opened[g] for each group of n; Σ open[n] ≤ max_needs_open, reception apart."""
    by_need: dict[str, list[Group]] = defaultdict(list)
    for group in model.groups:
        if not model.facts.needs[group[1]].reception:
            by_need[group[1]].append(group)
    limit = model.facts.problem.rules.max_needs_open
    if len(by_need) <= limit:
        return
    if model.decided:
        model.program.at_most([], limit - len(by_need))
        return
    opened = {need: model.program.binary() for need in by_need}
    for need, groups in by_need.items():
        for group in groups:
            model.program.at_most([(model.opened[group], 1), (opened[need], -1)], 0)
    model.program.at_most([(column, 1) for column in opened.values()], limit)


def divisions(model: GroupModel) -> None:
    """b × Σ seats of a division ≤ a × Σ seats, where a/b is the share (see `share_within`)."""
    students = model.facts.students
    for group, seats in seats_by_group(model).items():
        need = model.facts.needs[group[1]]
        if need.reception or group[0] not in model.facts.mixed:
            continue
        part, whole = share_within(need)
        if part == whole:
            continue
        for division in dict.fromkeys(students[student].division for student, _ in seats):
            model.program.at_most(
                [
                    (seat, (whole if students[student].division == division else 0) - part)
                    for student, seat in seats
                ],
                0,
            )


def decided_by_hand(model: GroupModel) -> None:
    """For a pin: Σ seats[i, s] over the doors left (all of them agree with the pin) = 1."""
    seats = seats_by_place(model)
    for place in model.facts.pins:
        model.program.exactly([(seat, 1) for _, seat in seats.get(place, ())], 1)


def together(model: GroupModel) -> None:
    """For a pair and a slot where both are: seats[i, g] = seats[j, g] for every group g."""
    there = set(model.facts.places)
    for pair in model.facts.problem.pairs:
        one, other = pair.students
        for slot in model.facts.problem.slots:
            if (one, slot.id) not in there or (other, slot.id) not in there:
                continue
            for group in model.groups:
                if group[0] == slot.id:
                    terms = [
                        (model.seats[(student, slot.id), group], sign)
                        for student, sign in ((one, 1), (other, -1))
                        if ((student, slot.id), group) in model.seats
                    ]
                    if terms:
                        model.program.exactly(terms, 0)


def caps(model: GroupModel) -> None:
    """For a cap and a group it concerns: Σ seats of those it names ≤ at_most × opened."""
    for cap in model.facts.problem.caps:
        for group in model.groups:
            if cap.slot not in (None, group[0]) or cap.need not in (None, group[1]):
                continue
            terms = [
                (model.seats[(student, group[0]), group], 1.0)
                for student in cap.students
                if ((student, group[0]), group) in model.seats
            ]
            if len(terms) > cap.at_most:
                opened = model.open_terms(group, -cap.at_most)
                model.program.at_most([*terms, *opened], model.open_value(cap.at_most))


def moves(model: GroupModel) -> None:
    """Number of current rows of students who are there − Σ seats kept ≤ max_moves."""
    limit = model.facts.problem.rules.max_moves
    if limit is not None:
        model.program.at_least(kept_terms(model), len(model.facts.current) - limit)


def strong_needs(model: GroupModel) -> None:
    """unserved[i] + Σ seats[i] in strong needs ≥ 1."""
    served: dict[str, list[Term]] = defaultdict(list)
    for (place, group), seat in model.seats.items():
        if group[1] in model.facts.strong.get(place[0], ()):
            served[place[0]].append((seat, 1))
    for student, column in model.unserved.items():
        model.program.at_least([(column, 1), *served[student]], 1)


_RULES = (
    one_place,
    frequency,
    people,
    hours_of_staff,
    groups_of_a_slot,
    sizes,
    rooms,
    needs_open,
    divisions,
    decided_by_hand,
    together,
    caps,
    moves,
    strong_needs,
)
