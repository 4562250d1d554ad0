"""The same regrouping counted by need: small, fast, and never below the true best score.

Which of several groups of one need a student joins is left open: students attend a *need* at a
slot, groups are counted per need, slot and team of interchangeable staff. Staff keep their identity
only where it matters: in the groups that exist today (`kept`), and for whoever a pin, a ban or a
co-led group names. The students' columns are continuous by default. Every lawful proposal satisfies
all these rows, so the best value here is an upper bound for the whole problem; `split.py` turns a
solution into groups.
"""

from collections import defaultdict
from collections.abc import Iterable

from optimizer.aims import Aim, need_score
from optimizer.facts import Facts, Group, Place, room_stock, share_within
from optimizer.need_columns import (
    NeedModel,
    Team,
    fresh_columns,
    seats_by_need,
    step_columns,
    teams_of,
)
from optimizer.problem import Cap
from optimizer.program import Column, Program, Term


def need_model(facts: Facts, *, whole_students: bool = False, aim: Aim = Aim.SCORE) -> NeedModel:
    """The programme counted by need; `whole_students` makes the students' columns 0 or 1."""
    program = Program()
    seat = program.binary if whole_students else program.part
    cells = [(*place, need) for place, needs in facts.doors.items() for need in needs]
    stays = {
        place: seat()
        for place, row in facts.current.items()
        if row.staff in facts.doors[place].get(row.need, ())
    }
    kept_groups = dict.fromkeys(
        (row.slot, row.need, row.staff) for place, row in facts.current.items() if place in stays
    )
    teams = teams_of(facts)
    kept = {group: program.binary() for group in kept_groups}
    fresh = fresh_columns(facts, program, teams, cells, set(kept_groups))
    model = NeedModel(
        facts=facts,
        program=program,
        teams=teams,
        opened={need: program.binary() for need in dict.fromkeys(cell[2] for cell in cells)},
        kept=kept,
        fresh=fresh,
        groups=step_columns(program, cells, kept, fresh),
        attends={cell: seat() for cell in cells},
        stays=stays,
        unserved={student: program.part() for student in facts.strong},
    )
    for rule in _RULES:
        rule(model)
    _aim(model, aim)
    return model


def one_place(model: NeedModel) -> None:
    """Σ over needs attends[i, s, n] ≤ 1; stays[i, s] ≤ attends[i, s, present need]."""
    for place, needs in model.facts.doors.items():
        model.program.at_most([(model.attends[*place, need], 1) for need in needs], 1)
    for place, column in model.stays.items():
        need = model.facts.current[place].need
        model.program.at_most([(column, 1), (model.attends[*place, need], -1)], 0)


def frequency(model: NeedModel) -> None:
    """Σ over slots attends[i, s, n] ≤ max_per_student × opened[n]: the strong link to opened needs."""
    attended: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for (student, _, need), column in model.attends.items():
        attended[student, need].append(column)
    for (_, need), columns in attended.items():
        limit = model.facts.needs[need].max_per_student
        if len(columns) <= limit:
            for column in columns:
                model.program.at_most([(column, 1), (model.opened[need], -1)], 0)
        else:
            model.program.at_most([*[(column, 1.0) for column in columns], (model.opened[need], -limit)], 0)


def only_where_led(model: NeedModel) -> None:
    """attends[i, s, n] ≤ number of groups there led by somebody the student may be with.

    Written where a ban or a pin names an adult; elsewhere the sizes say nearly as much, and HiGHS is
    twice as fast without these rows.
    """
    for (student, slot, need), column in model.attends.items():
        allowed = model.facts.doors[student, slot][need]
        barred = [entry for entry in model.facts.leaders[slot, need] if entry not in allowed]
        if barred:
            theirs = [term for entry in barred for term in model.led_by(entry, slot, need)]
            groups = [(one, -1.0) for one, _ in model.groups[slot, need]]
            model.program.at_most([(column, 1), *groups, *theirs], 0)


def people(model: NeedModel) -> None:
    """For a team and a slot: Σ kept + Σ fresh ≤ its members; for a person who co-leads: ≤ 1."""
    slots = [slot.id for slot in model.facts.problem.slots]
    entries_of: dict[str, list[str]] = defaultdict(list)
    for entry in model.facts.problem.staff:
        for person in entry.members:
            entries_of[person].append(entry.id)
    for slot in slots:
        for team in model.teams:
            _limit(model, team, slots=(slot,), limit=len(team))
            for entry in team if len(team) > 1 else ():
                model.program.at_most(_kept_by(model, entry, (slot,)), 1)
        for entries in entries_of.values():
            if len(entries) > 1:
                terms = [term for entry in entries for term in _led(model, (entry,), (slot,))]
                model.program.at_most(terms, 1)


def hours_of_staff(model: NeedModel) -> None:
    """For a team: Σ over slots of its groups ≤ members × max_groups; for each entry, its kept groups too."""
    slots = tuple(slot.id for slot in model.facts.problem.slots)
    for team in model.teams:
        limit = model.facts.staff[team[0]].max_groups
        if limit is not None:
            _limit(model, team, slots=slots, limit=limit * len(team))
            for entry in team:
                model.program.at_most(_kept_by(model, entry, slots), limit)


def _led(model: NeedModel, team: Team, slots: Iterable[str]) -> list[Term]:
    within = set(slots)
    kept = [(column, 1.0) for group, column in model.kept.items() if group[2] in team and group[0] in within]
    fresh = [
        (column, 1.0)
        for (led_by, slot, _), column in model.fresh.items()
        if led_by == team and slot in within
    ]
    return kept + fresh


def _kept_by(model: NeedModel, entry: str, slots: Iterable[str]) -> list[Term]:
    within = set(slots)
    return [(column, 1.0) for group, column in model.kept.items() if group[2] == entry and group[0] in within]


def _limit(model: NeedModel, team: Team, *, slots: tuple[str, ...], limit: int) -> None:
    model.program.at_most(_led(model, team, slots), limit)


def fresh_leaders(model: NeedModel) -> None:
    """fresh[T, s, n] + Σ kept[s, other need] of T's other leaders ≤ leaders of T without a group of today there.

    Without it, a group could close and open again with the same adult, to dodge its own rules.
    """
    for (team, slot, need), column in model.fresh.items():
        free = [entry for entry in team if (slot, need, entry) not in model.kept]
        elsewhere = [
            (kept, 1.0)
            for group, kept in model.kept.items()
            if group[0] == slot and group[1] != need and group[2] in free
        ]
        model.program.at_most([(column, 1), *elsewhere], len(free))


def groups_of_a_slot(model: NeedModel) -> None:
    """For a slot: Σ groups ≤ max_groups."""
    cells = list(seats_by_need(model))
    for slot in model.facts.problem.slots:
        if slot.max_groups is not None:
            terms = [term for cell in cells if cell[0] == slot.id for term in model.groups[cell]]
            model.program.at_most(terms, slot.max_groups)


def sizes(model: NeedModel) -> None:
    """min_size × groups ≤ Σ attends of those half present; Σ attends ≤ max_size × groups.

    And Σ stays ≤ max_size × kept for a group of today, stays ≤ kept.
    """
    for (slot, need), seats in seats_by_need(model).items():
        limits, groups = model.facts.needs[need], model.groups[slot, need]
        present = [(seat, 1.0) for student, seat in seats if (student, slot) in model.facts.half_present]
        everybody = [(seat, 1.0) for _, seat in seats]
        model.program.at_most([*everybody, *[(one, -limits.max_size) for one, _ in groups]], 0)
        model.program.at_least([*present, *[(one, -limits.min_size) for one, _ in groups]], 0)
    by_group: dict[Group, list[Column]] = defaultdict(list)
    for place, column in model.stays.items():
        row = model.facts.current[place]
        by_group[row.slot, row.need, row.staff].append(column)
        model.program.at_most([(column, 1), (model.kept[row.slot, row.need, row.staff], -1)], 0)
    for group, columns in by_group.items():
        most = model.facts.needs[group[1]].max_size
        if len(columns) > most:
            model.program.at_most([*[(c, 1.0) for c in columns], (model.kept[group], -most)], 0)


def needs_open(model: NeedModel) -> None:
    """groups[s, n] ≤ leaders × opened[n], each team's too; Σ opened ≤ max_needs_open, reception apart."""
    for (team, _, need), column in model.fresh.items():
        model.program.at_most([(column, 1), (model.opened[need], -len(team))], 0)
    for group, column in model.kept.items():
        model.program.at_most([(column, 1), (model.opened[group[1]], -1)], 0)
    counted = [
        (column, 1.0) for need, column in model.opened.items() if not model.facts.needs[need].reception
    ]
    limit = model.facts.problem.rules.max_needs_open
    if len(counted) > limit:
        model.program.at_most(counted, limit)


def divisions(model: NeedModel) -> None:
    """b × Σ attends of a division ≤ a × Σ attends: the sum of the rows of the groups."""
    students = model.facts.students
    for (slot, need), seats in seats_by_need(model).items():
        part, whole = share_within(model.facts.needs[need])
        if model.facts.needs[need].reception or slot not in model.facts.mixed or part == whole:
            continue
        for division in dict.fromkeys(students[student].division for student, _ in seats):
            model.program.at_most(
                [
                    (seat, (whole if students[student].division == division else 0) - part)
                    for student, seat in seats
                ],
                0,
            )


def rooms(model: NeedModel) -> None:
    """With large[n, c] groups of n above capacity c: Σ attends ≤ c × groups + (max_size − c) × large[n, c];
    large ≤ groups; Σ over needs large[n, c] ≤ rooms above c; Σ groups ≤ rooms."""
    if not model.facts.problem.rooms:
        return
    cells = seats_by_need(model)
    for slot in model.facts.problem.slots:
        stock = room_stock(model.facts, slot.id)
        here = {need: seats for (where, need), seats in cells.items() if where == slot.id}
        groups = {need: model.groups[slot.id, need] for need in here}
        model.program.at_most([term for terms in groups.values() for term in terms], sum(stock.values()))
        for capacity in stock:
            above = sum(number for size, number in stock.items() if size > capacity)
            large: list[Term] = []
            for need, seats in here.items():
                extra = model.facts.needs[need].max_size - capacity
                if extra <= 0:
                    continue
                column = model.program.count(len(model.facts.leaders[slot.id, need]))
                large.append((column, 1.0))
                counted = [(one, -float(capacity)) for one, _ in groups[need]]
                model.program.at_most([*[(c, 1.0) for _, c in seats], *counted, (column, -extra)], 0)
                model.program.at_most([(column, 1), *[(one, -1.0) for one, _ in groups[need]]], 0)
            model.program.at_most(large, above)


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
        groups = [(one, -float(cap.at_most)) for one, _ in model.groups[slot, need]]
        model.program.at_most([*named, *groups], 0)


def moves(model: NeedModel) -> None:
    """Number of current rows of students who are there − Σ stays ≤ max_moves."""
    limit = model.facts.problem.rules.max_moves
    if limit is not None:
        kept = [(column, 1.0) for column in model.stays.values()]
        model.program.at_least(kept, len(model.facts.current) - limit)


def strong_needs(model: NeedModel) -> None:
    """unserved[i] + Σ attends[i] in strong needs ≥ 1."""
    served: dict[str, list[Term]] = defaultdict(list)
    for (student, _, need), column in model.attends.items():
        if need in model.facts.strong.get(student, ()):
            served[student].append((column, 1))
    for student, column in model.unserved.items():
        model.program.at_least([(column, 1), *served[student]], 1)


_RULES = (
    one_place,
    frequency,
    only_where_led,
    people,
    hours_of_staff,
    fresh_leaders,
    groups_of_a_slot,
    sizes,
    needs_open,
    divisions,
    rooms,
    decided_by_hand,
    together,
    caps,
    moves,
    strong_needs,
)


def _aim(model: NeedModel, aim: Aim) -> None:
    if aim is Aim.SCORE:
        model.program.maximise(*need_score(model))
    else:
        kept = [(column, 1.0) for column in model.stays.values()]
        model.program.maximise(kept if aim is Aim.KEPT else [], 0)
