"""A proposal computed again after choices by hand: little else changes, and each change is told."""

from dataclasses import dataclass

from apdash.rebalancing.plan import Document
from apdash.store.queries.proposals import Proposal
from optimizer.problem import Problem
from optimizer.repairs.repair import changes_between, repair
from optimizer.solution import Solution


@dataclass(frozen=True, slots=True)
class Change:
    """A place that differs from an earlier proposal; groups are (need, staff), None: no group.

    points: what the place brings more than before; asked: decided by hand since.
    """

    student: str
    slot: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    points: int
    asked: bool


def repaired(problem: Problem, earlier: Proposal, *, time_limit: float, seed: int) -> Solution | None:
    """Return the lawful proposal that changes least of an earlier one; None when it was not for the same people."""
    known = Problem.from_json(earlier.problem)
    if _places(known) != _places(problem) or not _names(known) <= _names(problem):
        return None
    before = Solution.from_json(earlier.solution)
    return repair(problem, before, time_limit=time_limit, seed=seed, earlier=known).solution


def changes_since(now: Proposal, earlier: Proposal) -> tuple[Change, ...]:
    """Return every place that differs between two proposals for the same students, in the order of the file."""
    problem = Problem.from_json(now.problem)
    found = changes_between(problem, Solution.from_json(earlier.solution), Solution.from_json(now.solution))
    held = _pins(earlier.problem)
    asked = {(pin.student, pin.slot) for pin in problem.pins} - held
    return tuple(
        Change(one.student, one.slot, one.before, one.after, one.points, (one.student, one.slot) in asked)
        for one in found
    )


def _pins(problem: Document) -> set[tuple[str, str]]:
    return {(pin["student"], pin["slot"]) for pin in problem.get("pins", [])}


def _places(problem: Problem) -> set[tuple[str, str]]:
    return {
        (student.id, slot)
        for student in problem.students
        for slot, sessions in student.sessions.items()
        if sessions
    }


def _names(problem: Problem) -> set[tuple[str, str]]:
    return {("need", need.id) for need in problem.needs} | {("staff", entry.id) for entry in problem.staff}
