"""The best score by trying every arrangement: slow, simple, and without any model."""

from itertools import product

from optimizer.check import score, violations
from optimizer.plan import proposal
from optimizer.problem import Problem


def best_score(problem: Problem) -> int | float | None:
    """The best score of all lawful arrangements; None when there is none."""
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
    best = None
    for choice in product(*[[None, *groups[slot]] for _, slot in places]):
        if not _possible_at_a_glance(choice):
            continue
        plan: dict[tuple[str, str, str], tuple[str, ...]] = {}
        for (student, _), group in zip(places, choice, strict=True):
            if group is not None:
                plan[group] = (*plan.get(group, ()), student)
        written = proposal(problem, plan, places)
        if written is None or violations(problem, written):
            continue
        found = score(problem, written).score
        if best is None or found > best:
            best = found
    return best


def _possible_at_a_glance(choice: tuple[tuple[str, str, str] | None, ...]) -> bool:
    """No adult in two groups at a slot: the quickest rule to see, checked before the referee."""
    open_groups = {group for group in choice if group is not None}
    return len({(slot, entry) for slot, _, entry in open_groups}) == len(open_groups)
