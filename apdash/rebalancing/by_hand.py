"""A composition that no search made: checked by the referee, scored, and saved as any proposal is."""

from datetime import date

from apdash.errors import ApdashError
from apdash.rebalancing.problem import Built
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.proposals import save_draft
from apdash.store.queries.proposals import fingerprint
from optimizer.check import score, violations
from optimizer.problem import Problem
from optimizer.solution import Solution, Status, gap_of


def save_by_hand(
    services: Services,
    viewer: Viewer,
    *,
    band: int,
    review: int,
    label: str,
    built: Built,
    groups: list[dict],
) -> int:
    """Save groups (slot, need, staff, room, students, as in a solution file) as a draft; return the proposal.

    Who has sessions and is in no group is listed as unplaced. The bound is what everybody would be served in the need
    that suits them best. Raises `ApdashError` when the groups break a rule.
    """
    viewer.require(Action.REGROUP)
    problem = Problem.from_json(built.problem)
    solution = _scored(problem, built.problem, groups)
    faults = violations(problem, solution)
    if faults:
        words = " ".join(f"{fault.path} : {fault.words}." for fault in faults[:3])
        raise ApdashError("Composition refusée par l’arbitre.", f"Rien n’a été enregistré. {words}")
    return save_draft(
        services.store,
        viewer,
        band=band,
        review=review,
        label=label,
        parameters=_kept(built),
        problem=built.problem,
        solution=solution.to_json(),
        fingerprint=fingerprint(services.store, band=band, review=review, effective_from=built.first),
        effective_from=built.first,
        now=services.now(),
    )


def _scored(problem: Problem, data: dict, groups: list[dict]) -> Solution:
    held = {(student, group["slot"]) for group in groups for student in group["students"]}
    unplaced = [
        {"student": student.id, "slot": slot.id}
        for student in problem.students
        for slot in problem.slots
        if student.sessions.get(slot.id, 0) > 0 and (student.id, slot.id) not in held
    ]
    told = {"status": Status.FEASIBLE.value, "score": 0, "bound": 0, "gap": 0.0, "seconds": 0.0}
    terms = {"served": 0, "unplaced": 0, "urgent": 0, "change_need": 0, "change_staff": 0, "group": 0}
    plain = Solution.from_json(told | {"groups": groups, "unplaced": unplaced, "terms": terms})
    found = score(problem, plain)
    bound = max(found.score, _best_of_each(data))
    return Solution(
        Status.FEASIBLE,
        0.0,
        score=found.score,
        bound=bound,
        gap=gap_of(found.score, bound),
        groups=plain.groups,
        unplaced=plain.unplaced,
        terms=found,
    )


def _best_of_each(data: dict) -> int:
    """Return the points there would be if everybody had the need that suits them best, at each slot."""
    length = data["rules"]["period_sessions"]
    return sum(
        max(round(student["priority"] * value * met / length) for value in student["intensity"].values())
        for student in data["students"]
        if student["intensity"]
        for met in student["sessions"].values()
    )


def _kept(built: Built) -> dict:
    """Return what is stored beside the problem, as for a search."""
    return {
        "rules": built.problem["rules"],
        "weights": built.problem["weights"],
        "first": _text(built.first),
        "last": _text(built.last),
        "left_out": list(built.left_out),
        "notes": list(built.notes),
        "statements": built.statements,
        "secret": built.secret,
    }


def _text(day: date) -> str:
    return day.isoformat()
