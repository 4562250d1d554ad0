"""A proposal, and what is known of it: groups, score, bound, or the conflict that forbids any.

Read from and written to the solution file of the contract.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from optimizer.files.reading import SolutionError, file_content


class Status(StrEnum):
    """How the search ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """An open group; `room` None when rooms do not limit."""

    slot: str
    need: str
    staff: str
    room: str | None
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of the score, all positive."""

    served: int | float = 0
    unplaced: int | float = 0
    urgent: int | float = 0
    change_need: int | float = 0
    change_staff: int | float = 0
    group: int | float = 0

    @property
    def score(self) -> int | float:
        """served − the others."""
        lost = self.unplaced + self.urgent + self.change_need + self.change_staff + self.group
        return self.served - lost


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a conflict: where it stands in the problem file, and what it says in French."""

    kind: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Loosening:
    """A value to change; `new` None withdraws the element of a list, or the limit."""

    path: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Solution:
    """What a search found; score, bound and gap are None when there is no proposal."""

    status: Status
    seconds: float
    score: int | float | None = None
    bound: int | float | None = None
    gap: float | None = None
    groups: tuple[GroupPlan, ...] = ()
    unplaced: tuple[tuple[str, str], ...] = ()
    """(student, slot)"""
    terms: Terms | None = None
    conflict: tuple[Statement, ...] = ()
    loosening: tuple[Loosening, ...] = ()
    irreducible: bool = True
    """False: time ran out before the conflict was proven irreducible."""
    smallest: bool = True
    """False: time ran out before the loosening, which works, was proven the smallest."""

    def to_json(self) -> dict[str, object]:
        """The solution as a JSON object."""
        found: dict[str, object] = {
            "status": self.status.value,
            "score": self.score,
            "bound": self.bound,
            "gap": self.gap,
            "seconds": self.seconds,
            "groups": [{**asdict(group), "students": list(group.students)} for group in self.groups],
            "unplaced": [{"student": student, "slot": slot} for student, slot in self.unplaced],
            "terms": None if self.terms is None else asdict(self.terms),
        }
        if self.status is Status.INFEASIBLE:
            found["conflict"] = [asdict(statement) for statement in self.conflict]
            found["loosening"] = [
                {"path": change.path, "from": change.old, "to": change.new} for change in self.loosening
            ]
            # Said only where it is not so: the contract's file has no such fields.
            proven = {"irreducible": self.irreducible, "smallest": self.smallest}
            found |= {name: value for name, value in proven.items() if not value}
        return found

    @classmethod
    def from_json(cls, data: object) -> "Solution":
        """The solution of a parsed file; raises SolutionError with the path of the first wrong field."""
        from optimizer.files.solution_file import solution_of

        return solution_of(data)


def gap_of(score: int | float, bound: int | float) -> float:
    """(bound − score) / max(1, |score|), as the contract defines it."""
    return (bound - score) / max(1, abs(score))


def load_solution(path: str | Path) -> Solution:
    """The solution of a file; raises SolutionError when the file or a field of it is wrong."""
    return Solution.from_json(file_content(Path(path), SolutionError))


def save_solution(solution: Solution, path: str | Path) -> None:
    """Write a solution file; raises OSError."""
    text = json.dumps(solution.to_json(), ensure_ascii=False, indent=1)
    Path(path).write_text(text + "\n", encoding="utf-8")
