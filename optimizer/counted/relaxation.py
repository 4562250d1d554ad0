"""The same regrouping counted by need: small, fast, and never below the true best score.

Which of several groups of one need a student joins is left open: students attend a *need* at a
slot, groups are counted per need, slot and team of interchangeable staff. Staff keep their identity
only where it matters: in the groups that exist today (`kept`), and for whoever a pin, a ban or a
co-led group names. The students' columns are continuous by default. Every lawful proposal satisfies
all these rows, so the best value here is an upper bound for the whole problem; `split.py` turns a
solution into groups.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from optimizer.aims import Aim, need_aim
from optimizer.counted.need_columns import (
    NeedModel,
    Team,
    attendance_columns,
    count_columns,
    fresh_columns,
    named_staff,
    seats_by_need,
    teams_of,
)
from optimizer.counted.need_insiders import insiders
from optimizer.counted.need_seats import rooms, seats_for_all
from optimizer.counted.need_statements import caps, decided_by_hand, moves, together
from optimizer.facts import Facts, Group, division_edges
from optimizer.program import Column, Program, Term


def need_model(facts: Facts, *, aim: Aim = Aim.SCORE, apart: Collection[str] = ()) -> NeedModel:
    """The programme counted by need; staff entries `apart` keep their identity."""
    program = Program()
    cells = [(*place, need) for place, needs in facts.doors.items() for need in needs]
    staying = [
        place for place, row in facts.current.items() if row.staff in facts.doors[place].get(row.need, ())
    ]
    teams = teams_of(facts, apart=apart)
    kept = {group: program.binary() for group in dict.fromkeys(facts.group_of(place) for place in staying)}
    fresh = fresh_columns(facts, program, teams, cells, set(kept))
    groups = count_columns(program, cells, kept, fresh)
    attends = {cell: program.part(leader=groups[cell[1], cell[2]]) for cell in cells}
    model = NeedModel(
        facts=facts,
        program=program,
        teams=teams,
        opened={need: program.binary() for need in dict.fromkeys(cell[2] for cell in cells)},
        kept=kept,
        fresh=fresh,
        groups=groups,
        attends=attends,
        attendance=attendance_columns(program, attends),
        stays={place: program.part(leader=kept[facts.group_of(place)]) for place in staying},
        unserved={student: program.part() for student in facts.strong},
        moves=program.count(_most_moves(facts)),
        given={},
        apart=named_staff(facts) | frozenset(apart),
    )
    for rule in _RULES:
        rule(model)
    model.program.maximise(*need_aim(model, aim))
    return model


def _most_moves(facts: Facts) -> int:
    limit = facts.problem.rules.max_moves
    return len(facts.current) if limit is None else min(limit, len(facts.current))


def one_place(model: NeedModel) -> None:
    """Σ over needs attends[i, s, n] ≤ 1; stays[i, s] ≤ attends[i, s, present need]."""
    for place, needs in model.facts.doors.items():
        model.program.at_most([(model.attends[*place, need], 1) for need in needs], 1)
    for place, column in model.stays.items():
        need = model.facts.current[place].need
        model.program.at_most([(column, 1), (model.attends[*place, need], -1)], 0, waiting=True)


def frequency(model: NeedModel) -> None:
    """Σ over slots attends[i, s, n] ≤ max_per_student × opened[n]: the strong link to opened needs."""
    attended: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for (student, _, need), column in model.attends.items():
        attended[student, need].append(column)
    for (_, need), columns in attended.items():
        limit = model.facts.needs[need].max_per_student
        if len(columns) <= limit:
            for column in columns:
                model.program.at_most([(column, 1), (model.opened[need], -1)], 0, waiting=True)
        else:
            attended_in_all = [(column, 1.0) for column in columns]
            model.program.at_most([*attended_in_all, (model.opened[need], -limit)], 0, waiting=True)


def only_where_led(model: NeedModel) -> None:
    """attends[i, s, n] ≤ number of groups there led by somebody the student may be with."""
    for (student, slot, need), column in model.attends.items():
        allowed = model.facts.doors[student, slot][need]
        barred = [entry for entry in model.facts.leaders[slot, need] if entry not in allowed]
        theirs = [term for entry in barred for term in model.led_by(entry, slot, need)]
        groups = (model.groups[slot, need], -1.0)
        model.program.at_most([(column, 1), groups, *theirs], 0, waiting=True)


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
            terms = [(model.groups[cell], 1.0) for cell in cells if cell[0] == slot.id]
            model.program.at_most(terms, slot.max_groups)


def sizes(model: NeedModel) -> None:
    """min_size × groups ≤ Σ attends of those half present; Σ attends ≤ max_size × groups.

    And Σ stays ≤ max_size × kept for a group of today, stays ≤ kept.
    """
    for (slot, need), seats in seats_by_need(model).items():
        limits, groups = model.facts.needs[need], model.groups[slot, need]
        present = [(seat, 1.0) for student, seat in seats if (student, slot) in model.facts.half_present]
        model.program.at_most([(model.attendance[slot, need], 1), (groups, -limits.max_size)], 0)
        model.program.at_least([*present, (groups, -limits.min_size)], 0)
    by_group: dict[Group, list[Column]] = defaultdict(list)
    for place, column in model.stays.items():
        row = model.facts.current[place]
        by_group[row.slot, row.need, row.staff].append(column)
        model.program.at_most([(column, 1), (model.kept[row.slot, row.need, row.staff], -1)], 0, waiting=True)
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
    """Σ attends of a division ≤ slope × Σ attends of the others + level × groups, for each edge of a group's hull."""
    students = model.facts.students
    for (slot, need), seats in seats_by_need(model).items():
        limits = model.facts.needs[need]
        if limits.reception or slot not in model.facts.mixed:
            continue
        edges = division_edges(limits)
        by_division: dict[str, list[Column]] = defaultdict(list)
        for student, seat in seats:
            by_division[students[student].division].append(seat)
        for mates in by_division.values():
            for slope, level in edges:
                shares = [(seat, 1 + slope) for seat in mates]
                others = [(model.attendance[slot, need], -slope), (model.groups[slot, need], -level)]
                model.program.at_most([*shares, *others], 0, waiting=True)


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
    insiders,
    moves,
    strong_needs,
    seats_for_all,
)
