"""From counts by need to groups with their adult and their students."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimizer.counted.need_columns import NeedModel
from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import GroupModel
from optimizer.plan import Plan
from optimizer.program import Column, Limits, Program, Term, Verdict, run, value
from optimizer.search_tree.linear import Answer

_WHOLE = 1e-6
_LIKED = 1e-3


def staffed(
    model: NeedModel,
    limits: Limits,
    *,
    asked: Group | None = None,
    barred: Group | None = None,
    liked: Collection[Group] = (),
) -> tuple[Verdict, tuple[Group, ...]]:
    """The cheapest staffing of the counts of a solved need model, after how its search ended.

    With the group `asked` for among its groups, without the one `barred`; of equals, with most of those `liked`.

    Groups of today and groups of named staff are as in the model. For the others, who leads changes
    nothing for the students, but a person leads one group a slot and an entry so many in all: a small
    programme of its own.
    """
    named = model.apart
    kept = [group for group, column in model.kept.items() if value(column) > 0.5]
    kept += [
        (slot, need, team[0])
        for (team, slot, need), column in model.fresh.items()
        if team[0] in named and value(column) > 0.5
    ]
    missing = {cell: round(value(column)) for cell, column in model.groups.items()}
    for slot, need, _ in kept:
        missing[slot, need] -= 1
    program = Program()
    leads: dict[Group, Column] = {
        (slot, need, entry): program.binary()
        for (slot, need), count in missing.items()
        for entry in model.facts.leaders[slot, need]
        if count > 0
        and entry not in named
        and (slot, need, entry) not in model.kept
        and (slot, need, entry) != barred
    }
    if asked is not None and asked not in kept:
        program.exactly([(leads[asked], 1)] if asked in leads else [], 1)
    for cell, count in missing.items():
        program.exactly([(column, 1) for group, column in leads.items() if group[:2] == cell], count)
    _one_group_each(model.facts, program, leads, kept)
    program.maximise(
        [
            (column, _LIKED * (group in liked) - model.facts.staff[group[2]].cost)
            for group, column in leads.items()
        ],
        0,
    )
    outcome = run(program, limits)
    if not outcome.found:
        return outcome.verdict, ()
    return outcome.verdict, (*kept, *(group for group, column in leads.items() if value(column) > 0.5))


def seated(
    model: NeedModel, facts: Facts, *, hints: Sequence[Plan] = (), wavering: bool = False
) -> Facts | None:
    """The facts with only the doors that a solved need model sends students through, and those of `hints`.

    None when it wavers and nothing is known to resemble what is looked for, unless `wavering` is welcome.
    """
    doors: dict[Place, dict[str, tuple[str, ...]]] = {place: {} for place in facts.doors}
    for (student, slot, need), column in model.attends.items():
        share = value(column)
        if _WHOLE < share < 1 - _WHOLE and not (hints or wavering):
            return None
        if share > _WHOLE:
            doors[student, slot][need] = facts.doors[student, slot][need]
    for slot, need, student in (
        (*group[:2], name) for plan in hints for group in plan for name in plan[group]
    ):
        if need in facts.doors[student, slot]:
            doors[student, slot][need] = facts.doors[student, slot][need]
    return replace(facts, doors=doors)


def improving(model: NeedModel, facts: Facts, answer: Answer, floor: float) -> Facts:
    """The facts with only the doors that a plan worth more than `floor` can use, by the prices of a relaxation.

    No plan is worth more than the relaxation + Σ price × (value − value in the relaxation).
    """
    if answer.prices is None or answer.values is None:
        return facts
    room = answer.bound - floor
    columns = model.program.columns
    barred = {columns[rank] for rank in np.flatnonzero((answer.prices < -room) & (answer.values < _WHOLE))}
    due = {columns[rank] for rank in np.flatnonzero((answer.prices > room) & (answer.values > 1 - _WHOLE))}
    if not barred and not due:
        return facts
    doors: dict[Place, dict[str, tuple[str, ...]]] = {}
    for place, needs in facts.doors.items():
        cells = {need: model.attends[*place, need] for need in needs}
        sure = [need for need, column in cells.items() if column in due]
        left = sure or [need for need, column in cells.items() if column not in barred]
        doors[place] = {need: needs[need] for need in left}
        stay = model.stays.get(place)
        if stay is not None:
            row = facts.current[place]
            if stay in due:
                doors[place] = {row.need: (row.staff,)}
            elif stay in barred and row.need in left:
                others = tuple(entry for entry in needs[row.need] if entry != row.staff)
                doors[place] |= {row.need: others}
    return replace(facts, doors=doors)


def _one_group_each(facts: Facts, program: Program, leads: Mapping[Group, Column], kept: list[Group]) -> None:
    """Rule 4 for the adults still to be chosen, beside the groups kept."""
    by_person: dict[tuple[str, str], list[Term]] = defaultdict(list)
    by_entry: dict[str, list[Term]] = defaultdict(list)
    for group, column in leads.items():
        by_entry[group[2]].append((column, 1))
        for person in facts.staff[group[2]].members:
            by_person[person, group[0]].append((column, 1))
    busy = Counter((person, group[0]) for group in kept for person in facts.staff[group[2]].members)
    led = Counter(group[2] for group in kept)
    for key, terms in by_person.items():
        program.at_most(terms, 1 - busy[key])
    for entry, terms in by_entry.items():
        limit = facts.staff[entry].max_groups
        if limit is not None:
            program.at_most(terms, limit - led[entry])


def plan_of(model: GroupModel) -> Plan:
    """The plan that a solved group model holds; groups without students are left closed."""
    students: dict[Group, list[str]] = {group: [] for group in model.groups}
    for (place, group), seat in model.seats.items():
        if value(seat) > 0.5:
            students[group].append(place[0])
    return {group: tuple(names) for group, names in students.items() if names}


def start_of(model: GroupModel, plan: Plan) -> dict[Column, float]:
    """A plan as values of the columns of a group model, to start a run from."""
    values = {seat: float(place[0] in plan.get(group, ())) for (place, group), seat in model.seats.items()}
    values |= {column: float(group in plan) for group, column in model.opened.items()}
    return values
