"""Proposes tutors with the optimiser: caseloads as even as they can be, tutors kept, wishes served.

The problem is a regrouping with one slot, where each tutor is a need that only they lead: points are what a student
would gain by them, and an adult's largest caseload is the size of their group.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.queries import tutoring as queries
from apdash.store.store import Store
from optimizer.check import violations
from optimizer.problem import Problem
from optimizer.solution import Status
from optimizer.solve import solve

STAYS, PRINCIPAL, TEACHES, ANYBODY = 100, 50, 45, 30
BY_WISH = {1: 95, 2: 80, 3: 65}
_SLOT = "tutorat"
_TIME_LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class Match:
    """One student's proposal. staff: None when nobody has room; why: stays, wish-1…3, principal, teaches, anybody."""

    student: int
    staff: int | None
    before: int | None
    why: str


@dataclass(frozen=True, slots=True)
class TutorPlan:
    """The matches by student, the largest caseload they leave, and whether no better one is possible within 0.1 %."""

    matches: tuple[Match, ...]
    most: int
    proven: bool


def propose_tutors(
    store: Store,
    viewer: Viewer,
    *,
    year: int,
    divisions: list[int],
    on: date,
    without: frozenset[int] = frozenset(),
    keep: bool = True,
    only: frozenset[int] | None = None,
) -> TutorPlan:
    """Return a tutor for each student of these divisions, from a day on; nothing is written.

    without: adults who leave, whose students are handed over. keep: whoever has a tutor keeps them. only: these
    students of the divisions (None: all). Raises
    `ApdashError` when nobody has agreed to tutor.
    """
    viewer.require(Action.MANAGE_TUTORS)
    people = queries.students_to_tutor(store, divisions=divisions, on=on)
    if only is not None:
        people = people.filter(pl.col("student").is_in(list(only)))
    loads = queries.caseloads(store, year=year, on=on).filter(~pl.col("staff").is_in(list(without)))
    here = set(people["student"])
    others = queries.tutorings(store, viewer, on=on).filter(~pl.col("student").is_in(list(here)))
    busy = dict(others.group_by("staff").len().iter_rows())
    room = {
        staff: max(0, most - busy.get(staff, 0)) for staff, most in loads.select("staff", "most").iter_rows()
    }
    room = {staff: seats for staff, seats in room.items() if seats}
    if people.is_empty():
        raise ApdashError("Aucun élève.", "Ces divisions n’ont personne à cette date.")
    if not room:
        raise ApdashError(
            "Aucun tuteur disponible.", "Dites d’abord combien d’élèves chaque adulte accepte de suivre."
        )
    wished = _wishes(store, viewer, year=year)
    worth = {row["student"]: _worth(row, room, wished) for row in people.iter_rows(named=True)}
    problem = Problem.from_json(_problem(people, room, worth, keep=keep))
    found = solve(problem, time_limit=_TIME_LIMIT)
    if found.status is Status.INFEASIBLE or violations(problem, found):
        raise ApdashError(
            "Aucune proposition.", "Aucune répartition ne tient : augmentez le nombre d’élèves par tuteur."
        )
    given = {int(student): int(group.need) for group in found.groups for student in group.students}
    matches = tuple(
        Match(
            student, given.get(student), before, worth[student].get(given.get(student, 0), (0, "nobody"))[1]
        )
        for student, before in people.select("student", "tutor").iter_rows()
    )
    sizes = [len(group.students) for group in found.groups]
    return TutorPlan(matches=matches, most=max(sizes, default=0), proven=found.status is Status.OPTIMAL)


def even_loads(room: Mapping[int, int], people: int, held: Mapping[int, int]) -> dict[int, int]:
    """Return how many students each tutor may follow at most, as evenly as their room allows.

    The least common limit that seats everybody; nobody has to give up students they follow already (held).
    """
    limit = math.ceil(people / len(room))
    while sum(min(seats, limit) for seats in room.values()) < people and limit < max(room.values()):
        limit += 1
    return {staff: max(min(seats, limit), held.get(staff, 0)) for staff, seats in room.items()}


def _worth(
    row: dict, room: Mapping[int, int], wished: Mapping[tuple[int, int], int]
) -> dict[int, tuple[int, str]]:
    """Return what each tutor is worth to a student, 0 to 100, and why."""
    found = {}
    for staff in room:
        choices = [(ANYBODY, "anybody")]
        if staff == row["tutor"]:
            choices.append((STAYS, "stays"))
        if (row["student"], staff) in wished:
            rank = wished[row["student"], staff]
            choices.append((BY_WISH[rank], f"wish-{rank}"))
        if staff in row["principal"]:
            choices.append((PRINCIPAL, "principal"))
        if staff in row["taught"]:
            choices.append((TEACHES, "teaches"))
        found[staff] = max(choices)
    return found


def _wishes(store: Store, viewer: Viewer, *, year: int) -> dict[tuple[int, int], int]:
    rows = queries.wishes(store, viewer, year=year)
    return {
        (student, staff): rank for student, rank, staff in rows.select("student", "rank", "staff").iter_rows()
    }


def _problem(
    people: pl.DataFrame,
    room: Mapping[int, int],
    worth: Mapping[int, Mapping[int, tuple[int, str]]],
    *,
    keep: bool,
) -> dict:
    held = dict(people.filter(pl.col("tutor").is_in(list(room))).group_by("tutor").len().iter_rows())
    most = even_loads(room, people.height, held)
    students = [
        {
            "id": str(student),
            "division": str(division),
            "priority": 1,
            "intensity": {str(staff): points for staff, (points, _) in worth[student].items()},
            "sessions": {_SLOT: 1},
        }
        for student, division in people.select("student", "division").iter_rows()
    ]
    stays = people.filter(pl.col("tutor").is_in(list(room)))
    pins = [
        {"student": str(student), "slot": _SLOT, "need": str(tutor)}
        for student, tutor in stays.select("student", "tutor").iter_rows()
    ]
    return {
        "format": "apdash-problem/2",
        "slots": [{"id": _SLOT}],
        "needs": [
            {"id": str(staff), "min_size": 1, "max_size": seats, "floor": 0, "max_per_student": 1}
            for staff, seats in most.items()
        ],
        "staff": [
            {"id": str(staff), "needs": [str(staff)], "slots": [_SLOT], "max_groups": 1} for staff in room
        ],
        "rooms": [],
        "students": students,
        "current": [],
        "pins": pins if keep else [],
        "bans": [],
        "pairs": [],
        "caps": [],
        "rules": {
            "max_needs_open": len(room),
            "max_division_share": 1.0,
            "max_periods": 9,
            "urgent_from": 100,
            "period_sessions": 1,
        },
        "weights": {"group": 0, "change_need": 0, "change_staff": 0, "urgent": 0},
    }
