"""From counts by need to groups with their adult, their students and their room."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from optimizer.facts import Facts, Group
from optimizer.model import GroupModel
from optimizer.problem import Problem
from optimizer.program import Column, Limits, Program, Term, Verdict, run, value
from optimizer.relaxation import NeedModel, named_staff
from optimizer.solution import GroupPlan

Plan = Mapping[Group, tuple[str, ...]]
"""The students of each open group."""


def staffed(model: NeedModel, limits: Limits) -> tuple[Verdict, tuple[Group, ...]]:
    """The cheapest staffing of the counts of a solved need model, after how its search ended.

    Groups of today and groups of named staff are as in the model. For the others, who leads changes
    nothing for the students, but a person leads one group a slot and an entry so many in all: a small
    programme of its own.
    """
    named = named_staff(model.facts)
    kept = [group for group, column in model.kept.items() if value(column) > 0.5]
    kept += [
        (slot, need, team[0])
        for (team, slot, need), column in model.fresh.items()
        if team[0] in named and value(column) > 0.5
    ]
    missing = {cell: sum(round(value(column)) for column, _ in terms) for cell, terms in model.groups.items()}
    for slot, need, _ in kept:
        missing[slot, need] -= 1
    program = Program()
    leads: dict[Group, Column] = {
        (slot, need, entry): program.binary()
        for (slot, need), count in missing.items()
        for entry in model.facts.leaders[slot, need]
        if count > 0 and entry not in named and (slot, need, entry) not in model.kept
    }
    for cell, count in missing.items():
        program.exactly([(column, 1) for group, column in leads.items() if group[:2] == cell], count)
    _one_group_each(model.facts, program, leads, kept)
    program.maximise([(column, -model.facts.staff[group[2]].cost) for group, column in leads.items()], 0)
    outcome = run(program, limits)
    if not outcome.found:
        return outcome.verdict, ()
    return outcome.verdict, (*kept, *(group for group, column in leads.items() if value(column) > 0.5))


def _one_group_each(
    facts: Facts, program: Program, leads: Mapping[Group, Column], kept: list[Group]
) -> None:
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


def with_rooms(problem: Problem, plan: Plan) -> tuple[GroupPlan, ...] | None:
    """The groups of a plan in the order of the file, each with a room; None when the rooms do not suffice.

    Largest groups in largest rooms: if that fails, everything fails.
    """
    slots = {slot.id: rank for rank, slot in enumerate(problem.slots)}
    needs = {need.id: rank for rank, need in enumerate(problem.needs)}
    staff = {entry.id: rank for rank, entry in enumerate(problem.staff)}
    order = sorted(plan, key=lambda group: (slots[group[0]], needs[group[1]], staff[group[2]]))
    rooms: dict[Group, str] = {}
    if problem.rooms:
        for slot in slots:
            here = sorted((group for group in order if group[0] == slot), key=lambda one: -len(plan[one]))
            free = sorted((room for room in problem.rooms if slot in room.slots), key=lambda one: -one.capacity)
            if len(here) > len(free) or any(
                len(plan[group]) > room.capacity for group, room in zip(here, free, strict=False)
            ):
                return None
            rooms |= {group: room.id for group, room in zip(here, free, strict=False)}
    return tuple(
        GroupPlan(slot=group[0], need=group[1], staff=group[2], room=rooms.get(group), students=plan[group])
        for group in order
    )


def unchanged(facts: Facts) -> Plan:
    """The groups of today with the students who are there."""
    found: dict[Group, list[str]] = defaultdict(list)
    for place, row in facts.current.items():
        found[row.slot, row.need, row.staff].append(place[0])
    return {group: tuple(students) for group, students in found.items()}


def whole_scores(problem: Problem) -> bool:
    """Whether every score is a whole number, so that a bound may be rounded down."""
    weights = problem.weights
    figures = [weights.unplaced, weights.urgent, weights.change_need, weights.change_staff]
    figures += [entry.cost for entry in problem.staff]
    return all(math.isclose(figure, round(figure), abs_tol=0) for figure in figures)
