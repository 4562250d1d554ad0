"""What the need model decides: which needs open, how many groups, who attends what."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from optimizer.facts import Cell, Facts, Group, Place
from optimizer.program import Column, Program, Term

Team = tuple[str, ...]
"""Interchangeable staff entries."""


@dataclass(frozen=True, slots=True)
class NeedModel:
    """The programme and its columns."""

    facts: Facts
    program: Program
    teams: tuple[Team, ...]
    opened: Mapping[str, Column]
    """1 when the need is open somewhere."""
    kept: Mapping[Group, Column]
    """1 when a group of today goes on with its adult."""
    fresh: Mapping[tuple[Team, str, str], Column]
    """Number of other groups led by the team at a slot in a need."""
    attends: Mapping[Cell, Column]
    """1 when the student attends the need at the slot, kept places included."""
    attendance: Mapping[tuple[str, str], Column]
    """By slot and need, Σ attends: a column of its own, so that rows about it are short."""
    stays: Mapping[Place, Column]
    """1 when the student keeps their place of today."""
    unserved: Mapping[str, Column]
    """1 when a student with a strong need attends none."""
    moves: Column
    """The number of moves; its bound is `max_moves`."""
    given: dict[tuple[str, str], dict[int, Column]]
    """By slot and need, the number of groups in rooms of each capacity, where rooms limit."""
    groups: Mapping[tuple[str, str], Column]
    """By slot and need, the number of groups there: Σ kept + Σ fresh, a column for the search to branch on."""
    apart: frozenset[str]
    """Staff entries that keep their identity: those that a statement names, and those asked for."""

    def led_by(self, entry: str, slot: str, need: str) -> list[Term]:
        """The number of groups that an entry, alone in its team, leads there (0 or 1)."""
        columns = (self.kept.get((slot, need, entry)), self.fresh.get(((entry,), slot, need)))
        return [(column, 1.0) for column in columns if column is not None]


def teams_of(facts: Facts, *, apart: Collection[str] = ()) -> tuple[Team, ...]:
    """The staff entries, those that nothing tells apart put together, but for those to keep `apart`."""
    alone = (
        named_staff(facts)
        | {*apart}
        | {
            person
            for entry in facts.problem.staff
            if entry.members != (entry.id,)
            for person in (entry.id, *entry.members)
        }
    )
    found: dict[object, list[str]] = defaultdict(list)
    for entry in facts.problem.staff:
        alike = (frozenset(entry.needs), frozenset(entry.slots), entry.max_groups, entry.cost)
        found[entry.id if entry.id in alone else alike].append(entry.id)
    return tuple(tuple(team) for team in found.values())


def named_staff(facts: Facts) -> frozenset[str]:
    """The staff entries that a pin or a ban names."""
    problem = facts.problem
    named = {pin.staff for pin in problem.pins} | {ban.staff for ban in problem.bans}
    return frozenset(entry for entry in named if entry is not None)


def fresh_columns(
    facts: Facts, program: Program, teams: tuple[Team, ...], cells: list[Cell], kept: set[Group]
) -> dict[tuple[Team, str, str], Column]:
    """Columns for the groups that are not those of today; a closed group does not re-open as fresh."""
    found = {}
    for slot, need in dict.fromkeys((slot, need) for _, slot, need in cells):
        leaders = set(facts.leaders[slot, need])
        for team in teams:
            free = sum(entry in leaders and (slot, need, entry) not in kept for entry in team)
            if free:
                found[team, slot, need] = program.count(free)
    return found


def count_columns(
    program: Program,
    cells: list[Cell],
    kept: Mapping[Group, Column],
    fresh: Mapping[tuple[Team, str, str], Column],
) -> dict[tuple[str, str], Column]:
    """The number of groups by slot and need: Σ kept + Σ fresh."""
    found: dict[tuple[str, str], Column] = {}
    for slot, need in dict.fromkeys((slot, need) for _, slot, need in cells):
        parts = [column for group, column in kept.items() if group[:2] == (slot, need)]
        parts += [column for key, column in fresh.items() if key[1:] == (slot, need)]
        number = program.count(round(sum(column.upBound for column in parts)))
        program.exactly([(number, 1.0), *[(column, -1.0) for column in parts]], 0)
        found[slot, need] = number
    return found


def attendance_columns(program: Program, attends: Mapping[Cell, Column]) -> dict[tuple[str, str], Column]:
    """The number of students by slot and need: Σ attends."""
    seats: dict[tuple[str, str], list[Column]] = defaultdict(list)
    for (_, slot, need), column in attends.items():
        seats[slot, need].append(column)
    found = {}
    for spot, columns in seats.items():
        found[spot] = program.amount(len(columns))
        program.exactly([(found[spot], -1.0), *[(column, 1.0) for column in columns]], 0)
    return found


def seats_by_need(model: NeedModel) -> dict[tuple[str, str], list[tuple[str, Column]]]:
    """The students who may attend a need at a slot, with the column."""
    found: dict[tuple[str, str], list[tuple[str, Column]]] = defaultdict(list)
    for (student, slot, need), column in model.attends.items():
        found[slot, need].append((student, column))
    return found


def deciding(model: NeedModel) -> list[Column]:
    """The whole columns that decide what students can get: counts, groups of today, groups of named staff."""
    columns = [*model.groups.values(), *model.kept.values()]
    columns += [column for (team, *_), column in model.fresh.items() if team[0] in model.apart]
    return columns
