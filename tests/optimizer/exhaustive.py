"""Every lawful arrangement, and the best score, by trying them all: slow, simple, and without any model."""

from collections.abc import Iterator
from itertools import product

from optimizer.check import score, violations
from optimizer.plan import proposal
from optimizer.problem import Problem
from optimizer.solution import Solution


def best_score(problem: Problem) -> int | float | None:
    """The best score of all lawful arrangements; None when there is none."""
    return max((score(problem, written).score for written in arrangements(problem)), default=None)


def arrangements(problem: Problem) -> Iterator[Solution]:
    """Every lawful arrangement."""
    places = [
        (student.id, slot)
        for student in problem.students
        for slot, number in student.sessions.items()
        if number > 0
    ]
    groups = {
        slot.id: [
            (slot.id, need, entry.id)
            for entry in problem.staff
            if slot.id in entry.slots
            for need in entry.needs
        ]
        for slot in problem.slots
    }
    for choice in product(*[[None, *groups[slot]] for _, slot in places]):
        if not _possible_at_a_glance(choice):
            continue
        plan: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for (student, _), group in zip(places, choice, strict=True):
            if group is not None:
                plan[group] = (*plan.get(group, ()), student)
        written = proposal(problem, plan, places)
        if written is not None and not violations(problem, written):
            yield written


def _possible_at_a_glance(choice: tuple[tuple[str, str, str] | None, ...]) -> bool:
    """No adult in two groups at a slot: the quickest rule to see, checked before the referee."""
    open_groups = {group for group in choice if group is not None}
    return len({(slot, entry) for slot, _, entry in open_groups}) == len(open_groups)
