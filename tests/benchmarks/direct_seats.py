"""The columns of the direct model: who may sit where, and what a seat is worth; see `direct`."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from optimizer.problem import Problem, Student, points

Group = tuple[str, str, str]
"""A slot, a need and a staff entry."""
Place = tuple[str, str]
"""A student and a slot."""
Near = Mapping[Place, tuple[str, str]]
"""The need and the staff entry of each place of a proposal."""
Term = tuple[int, float]


@dataclass(slots=True)
class Direct:
    """Columns and rows as they are written down; `seats` and `opened` say what some columns mean."""

    problem: Problem
    cost: array = field(default_factory=lambda: array("d"))
    high: array = field(default_factory=lambda: array("d"))
    start: array = field(default_factory=lambda: array("q", [0]))
    columns: array = field(default_factory=lambda: array("i"))
    factors: array = field(default_factory=lambda: array("d"))
    row_low: array = field(default_factory=lambda: array("d"))
    row_high: array = field(default_factory=lambda: array("d"))
    seats: dict[tuple[str, Group], int] = field(default_factory=dict)
    by_place: dict[Place, list[tuple[Group, int]]] = field(default_factory=dict)
    by_group: dict[Group, list[tuple[str, int]]] = field(default_factory=dict)
    opened: dict[Group, int] = field(default_factory=dict)

    def column(self, cost: float = 0, high: int = 1) -> int:
        """A new column, whole, from 0 to `high`."""
        self.cost.append(cost)
        self.high.append(high)
        return len(self.cost) - 1

    def row(self, terms: Iterable[Term], low: float, high: float) -> None:
        """low ≤ Σ terms ≤ high."""
        for column, factor in terms:
            self.columns.append(column)
            self.factors.append(factor)
        self.start.append(len(self.columns))
        self.row_low.append(low)
        self.row_high.append(high)

    def save(self, path: Path) -> None:
        """Write the arrays, for `references`."""
        names = ("cost", "high", "start", "columns", "factors", "row_low", "row_high")
        np.savez(path, **{name: np.array(getattr(self, name)) for name in names})

    def plan(self, values: Iterable[float]) -> dict[Group, tuple[str, ...]]:
        """The students of each group, from the values of all columns."""
        found: dict[Group, list[str]] = defaultdict(list)
        known = list(values)
        for (student, group), column in self.seats.items():
            if known[column] > 0.5:
                found[group].append(student)
        return {group: tuple(names) for group, names in found.items()}


def add_seats(model: Direct, near: Near | None) -> None:
    """Σ seats + left = 1, with seats only where neither a rule nor a ban keeps the student out."""
    problem, allowed = model.problem, _Allowed(model.problem)
    by_slot = _add_groups(model, near)
    for student in problem.students:
        for slot, sessions in student.sessions.items():
            if sessions > 0:
                place, groups = (student.id, slot), by_slot[slot]
                seats = [
                    (group, model.column(_worth(allowed, student, group, near)))
                    for group in groups
                    if allowed(student, group)
                ]
                left = model.column(_worth_left(problem, place, near))
                model.row([*((seat, 1) for _, seat in seats), (left, 1)], 1, 1)
                model.by_place[place] = seats
                for group, seat in seats:
                    model.seats[student.id, group] = seat
                    model.by_group[group].append((student.id, seat))


def _add_groups(model: Direct, near: Near | None) -> dict[str, list[Group]]:
    """The groups of each slot that somebody could lead, each with its `opened`."""
    found: dict[str, list[Group]] = {}
    for slot in model.problem.slots:
        here = [entry for entry in model.problem.staff if slot.id in entry.slots]
        found[slot.id] = [
            (slot.id, need.id, entry.id)
            for need in model.problem.needs
            for entry in here
            if need.id in entry.needs
        ]
    costs = {entry.id: 0 if near is not None else -entry.cost for entry in model.problem.staff}
    for groups in found.values():
        for group in groups:
            model.opened[group] = model.column(costs[group[2]])
            model.by_group[group] = []
    return found


class _Allowed:
    """Who may sit where: floors, needs that lasted too long, bans; pins come before the first two."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.needs = {need.id: need for need in problem.needs}
        self.pinned = {(pin.student, pin.slot, pin.need) for pin in problem.pins}
        self.current = {(row.student, row.slot): row for row in problem.current}
        self.worn = {
            (row.student, row.need)
            for row in problem.current
            if row.need_periods >= self.needs[row.need].max_periods
        }
        self.bans = defaultdict(list)
        for ban in problem.bans:
            self.bans[ban.student].append(ban)

    def __call__(self, student: Student, group: Group) -> bool:
        slot, name, entry = group
        if any(
            ban.slot in (None, slot) and ban.need in (None, name) and ban.staff in (None, entry)
            for ban in self.bans.get(student.id, ())
        ):
            return False
        need = self.needs[name]
        if need.reception or (student.id, slot, name) in self.pinned:
            return True
        return student.intensity.get(name, 0) >= need.floor and (student.id, name) not in self.worn


def _worth(allowed: _Allowed, student: Student, group: Group, near: Near | None) -> float:
    """Points served, less what the change costs; or 1 where `near` has the student."""
    slot, need, entry = group
    if near is not None:
        return float(near.get((student.id, slot)) == (need, entry))
    worth = points(allowed.problem, student, need=need, slot=slot)
    row, weights = allowed.current.get((student.id, slot)), allowed.problem.weights
    if row is None or (row.need, row.staff) == (need, entry):
        return worth
    return worth - (weights.change_staff if row.need == need else weights.change_need)


def _worth_left(problem: Problem, place: Place, near: Near | None) -> float:
    return -problem.weights.unplaced if near is None else float(place not in near)
