"""The regrouping problem of one band: immutable values, read from `apdash-problem/2`.

`Problem.from_json` is the only door for data from outside: what passes it is consistent, so that
neither the model nor the referee checks anything again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from optimizer.files.reading import ProblemError, file_content

FORMAT = "apdash-problem/2"


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly hour the divisions of the band share; `max_groups` None = no limit."""

    id: str
    max_groups: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """A need that groups can work on, with the limits of its groups."""

    id: str
    min_size: int
    max_size: int
    floor: int
    max_per_student: int
    max_periods: int
    max_division_share: float
    reception: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Who leads a group: one person, or several that co-lead (`members`)."""

    id: str
    needs: tuple[str, ...]
    slots: tuple[str, ...]
    max_groups: int | None
    cost: int | float
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A room that can hold one group at each of its slots."""

    id: str
    capacity: int
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Student:
    """A student: intensities by need (absent = 0) and sessions by slot (every slot is there)."""

    id: str
    division: str
    priority: int | float
    intensity: Mapping[str, int]
    sessions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Current:
    """Where a student is at a slot today, and for how many periods in this need."""

    student: str
    slot: str
    need: str
    staff: str
    need_periods: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A place decided by hand; `staff` None = whoever leads."""

    student: str
    slot: str
    need: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class Ban:
    """A place refused by hand; None = any."""

    student: str
    slot: str | None
    need: str | None
    staff: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students kept together."""

    students: tuple[str, str]
    kind: str


@dataclass(frozen=True, slots=True)
class Cap:
    """No group (of this need, at this slot; None = any) holds more than `at_most` of these students."""

    students: tuple[str, ...]
    at_most: int
    need: str | None
    slot: str | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of the whole band."""

    max_needs_open: int
    max_division_share: float
    max_periods: int
    urgent_from: int
    period_sessions: int
    max_moves: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """Points taken off by each term of the score; `group` is the default cost of an open group."""

    unplaced: int | float = 1000
    urgent: int | float = 150
    change_need: int | float = 25
    change_staff: int | float = 4
    group: int | float = 15


@dataclass(frozen=True, slots=True)
class Problem:
    """One band to regroup."""

    slots: tuple[Slot, ...]
    needs: tuple[Need, ...]
    staff: tuple[Staff, ...]
    rooms: tuple[Room, ...]
    students: tuple[Student, ...]
    current: tuple[Current, ...]
    pins: tuple[Pin, ...]
    bans: tuple[Ban, ...]
    pairs: tuple[Pair, ...]
    caps: tuple[Cap, ...]
    rules: Rules
    weights: Weights

    @classmethod
    def from_json(cls, data: object) -> "Problem":
        """The problem of a parsed file; raises ProblemError with the path of the first wrong field."""
        from optimizer.files.problem_file import problem_of

        return problem_of(data)

    def to_json(self) -> dict[str, object]:
        """The problem as a JSON object, every default written out."""
        from optimizer.files.problem_file import json_of

        return json_of(self)


def load_problem(path: str | Path) -> Problem:
    """The problem of a file; raises ProblemError when the file or a field of it is wrong."""
    return Problem.from_json(file_content(Path(path), ProblemError))


def points(problem: Problem, student: Student, *, need: str, slot: str) -> int:
    """Points served when the student attends the need at the slot.

    round(priority × intensity × sessions / period_sessions), in that order, halves to even.
    """
    product = student.priority * student.intensity.get(need, 0) * student.sessions[slot]
    return round(product / problem.rules.period_sessions)
