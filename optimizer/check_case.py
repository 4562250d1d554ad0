"""A problem and a proposal laid side by side for the referee, and the words of its findings."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from optimizer.problem import Problem, Student
from optimizer.solution import GroupPlan, Solution


class Rule(StrEnum):
    """What can be broken; the number is that of the contract's rule."""

    KNOWN = "0-identifiant"
    PLACE = "1-une-place"
    PER_STUDENT = "2-frequence"
    FLOOR = "3-plancher"
    STAFF = "4-intervenant"
    SLOT = "4-creneau"
    SIZE = "5-effectif"
    ROOM = "5-salle"
    NEEDS_OPEN = "6-besoins-ouverts"
    DIVISION = "7-divisions"
    WORN = "8-groupe-fige"
    PIN = "9-placement"
    BAN = "9-exclusion"
    TOGETHER = "9-ensemble"
    CAP = "9-regle"
    MOVES = "10-changements"
    UNPLACED_LIST = "non-places"
    CLAIM = "annonce"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, where in the solution or the problem, and French words without any judgement."""

    rule: Rule
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """A problem and a proposal, indexed for reading."""

    problem: Problem
    solution: Solution
    students: dict[str, Student]
    held: dict[tuple[str, str], list[GroupPlan]]
    """Groups that hold a student at a slot."""

    def there(self, student: str, slot: str) -> bool:
        """Whether the student has sessions at the slot."""
        return self.students[student].sessions[slot] > 0

    def needs_at(self, student: str, slot: str) -> set[str]:
        """The needs the student attends at the slot."""
        return {group.need for group in self.held.get((student, slot), ())}

    def pinned(self, student: str, slot: str, need: str) -> bool:
        """Whether a pin asks for this need at this slot."""
        return any((pin.student, pin.slot, pin.need) == (student, slot, need) for pin in self.problem.pins)


def case_of(problem: Problem, solution: Solution) -> Case:
    """The problem and the proposal, indexed."""
    held: dict[tuple[str, str], list[GroupPlan]] = defaultdict(list)
    for group in solution.groups:
        for student in group.students:
            held[student, group.slot].append(group)
    return Case(problem, solution, {student.id: student for student in problem.students}, dict(held))


def left_out(case: Case) -> list[tuple[str, str]]:
    """The students without a group, with the slot, where they have sessions."""
    return [
        (student.id, slot.id)
        for student in case.problem.students
        for slot in case.problem.slots
        if student.sessions[slot.id] > 0 and (student.id, slot.id) not in case.held
    ]


def changes(case: Case) -> Iterator[str]:
    """For each current row of a student who is there: "kept", "staff", "need" or "unplaced"."""
    for row in case.problem.current:
        if not case.there(row.student, row.slot):
            continue
        groups = case.held.get((row.student, row.slot), [])
        if not groups:
            yield "unplaced"
        elif any((group.need, group.staff) == (row.need, row.staff) for group in groups):
            yield "kept"
        else:
            yield "staff" if any(group.need == row.need for group in groups) else "need"
