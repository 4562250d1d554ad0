"""The referee: what a proposal breaks, and its score, from the problem and the plain proposal alone.

It shares nothing with the models but the formula of the points, so that a mistake in a model shows.
"""

from collections.abc import Iterator
from dataclasses import astuple
from itertools import chain

from optimizer.check_case import Case, Rule, Violation, case_of, changes, left_out
from optimizer.check_rules import RULES
from optimizer.problem import Problem, Student, points
from optimizer.solution import Solution, Status, Terms, gap_of

__all__ = ["Rule", "Violation", "moves", "score", "violations", "wrong_claims"]


def violations(problem: Problem, solution: Solution) -> list[Violation]:
    """Every breach of a hard rule by the proposal, in the order of the rules; empty = lawful.

    An unknown identifier ends the examination: nothing else would have a meaning.
    """
    case = case_of(problem, solution)
    unknown = list(_unknown_ids(case))
    if unknown:
        return unknown
    return list(chain.from_iterable(rule(case) for rule in RULES))


def wrong_claims(problem: Problem, solution: Solution) -> list[Violation]:
    """What a lawful proposal says of itself that is not so: terms, score, bound, gap, status."""
    if solution.status in (Status.INFEASIBLE, Status.NONE):
        return list(_empty_claims(solution))
    return list(_figures(problem, solution))


def score(problem: Problem, solution: Solution) -> Terms:
    """The terms of the score of a proposal, recomputed from the groups; `.score` is the total."""
    case = case_of(problem, solution)
    weights = problem.weights
    kinds = list(changes(case))
    cost = {entry.id: entry.cost for entry in problem.staff}
    return Terms(
        served=sum(
            points(problem, case.students[student], need=group.need, slot=group.slot)
            for group in solution.groups
            for student in group.students
        ),
        unplaced=weights.unplaced * len(left_out(case)),
        urgent=weights.urgent * sum(_is_urgent(case, student) for student in problem.students),
        change_need=weights.change_need * kinds.count("need"),
        change_staff=weights.change_staff * kinds.count("staff"),
        group=sum(cost[group.staff] for group in solution.groups),
    )


def moves(problem: Problem, solution: Solution) -> int:
    """The number of moves of a proposal, as rule 10 counts them."""
    return sum(change != "kept" for change in changes(case_of(problem, solution)))


def _is_urgent(case: Case, student: Student) -> bool:
    threshold = case.problem.rules.urgent_from
    strong = {need.id for need in case.problem.needs if student.intensity.get(need.id, 0) >= threshold}
    attended = {need for slot in case.problem.slots for need in case.needs_at(student.id, slot.id)}
    return bool(strong) and not strong & attended


def _unknown_ids(case: Case) -> Iterator[Violation]:
    problem = case.problem
    slots = {slot.id for slot in problem.slots}
    needs = {need.id for need in problem.needs}
    staff = {entry.id for entry in problem.staff}
    rooms = {room.id for room in problem.rooms}
    for place, group in enumerate(case.solution.groups):
        path = f"groups[{place}]"
        named = ((group.slot, slots, "slot"), (group.need, needs, "need"), (group.staff, staff, "staff"))
        for value, known, key in named:
            if value not in known:
                yield Violation(Rule.KNOWN, f"{path}.{key}", f"identifiant inconnu « {value} »")
        if group.room is not None and group.room not in rooms:
            yield Violation(Rule.KNOWN, f"{path}.room", f"salle inconnue « {group.room} »")
        for rank, student in enumerate(group.students):
            if student not in case.students:
                yield Violation(Rule.KNOWN, f"{path}.students[{rank}]", f"élève inconnu « {student} »")
    for place, (student, slot) in enumerate(case.solution.unplaced):
        if student not in case.students or slot not in slots:
            yield Violation(Rule.KNOWN, f"unplaced[{place}]", f"« {student} », « {slot} » : inconnu")


_CLOSE = 1e-6


_GAP_CLOSE = 1e-5


def _empty_claims(solution: Solution) -> Iterator[Violation]:
    if solution.groups or solution.score is not None:
        words = f"le statut « {solution.status} » n’admet ni groupe ni score"
        yield Violation(Rule.CLAIM, "groups", words)
    if solution.status is Status.INFEASIBLE and not solution.conflict:
        yield Violation(Rule.CLAIM, "conflict", "une impossibilité s’accompagne de son conflit")


def _figures(problem: Problem, solution: Solution) -> Iterator[Violation]:
    true = score(problem, solution)
    if solution.terms is None or any(
        abs(said - found) > _CLOSE for said, found in zip(astuple(solution.terms), astuple(true), strict=True)
    ):
        yield Violation(Rule.CLAIM, "terms", f"termes recalculés : {astuple(true)}")
    if solution.score is None or abs(solution.score - true.score) > _CLOSE:
        yield Violation(Rule.CLAIM, "score", f"score recalculé : {true.score}")
        return
    if solution.bound is None or solution.bound < true.score - _CLOSE:
        yield Violation(Rule.CLAIM, "bound", "la borne est sous le score")
        return
    gap = gap_of(true.score, solution.bound)
    if solution.gap is None or abs(solution.gap - gap) > _GAP_CLOSE:
        yield Violation(Rule.CLAIM, "gap", f"écart recalculé : {gap}")
    if solution.status is Status.OPTIMAL and gap > _CLOSE:
        yield Violation(Rule.CLAIM, "status", "« optimal » exige une borne égale au score")
