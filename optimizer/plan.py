"""Plans: the students of each open group, before they are written down as a proposal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from optimizer.facts import Facts, Group, Place
from optimizer.problem import Problem
from optimizer.solution import GroupPlan, Solution, Status

Plan = Mapping[Group, tuple[str, ...]]
"""The students of each open group."""


def proposal(problem: Problem, plan: Plan, places: Iterable[Place]) -> Solution | None:
    """A plan written down, rooms and unplaced included; None when the rooms do not suffice.

    `places` are all the students at the slots where they have sessions.
    """
    groups = _with_rooms(problem, plan)
    if groups is None:
        return None
    held = {(student, group[0]) for group, students in plan.items() for student in students}
    unplaced = tuple(place for place in places if place not in held)
    return Solution(Status.FEASIBLE, 0.0, groups=groups, unplaced=unplaced)


def plan_in(solution: Solution) -> dict[Group, tuple[str, ...]]:
    """The plan of a proposal."""
    return {(group.slot, group.need, group.staff): group.students for group in solution.groups}


def _with_rooms(problem: Problem, plan: Plan) -> tuple[GroupPlan, ...] | None:
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
            free = sorted(
                (room for room in problem.rooms if slot in room.slots), key=lambda one: -one.capacity
            )
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
    return all(float(figure).is_integer() for figure in figures)
