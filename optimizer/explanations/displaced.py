"""Who moves when a wish is granted: the students whose place the best proposal that grants it changes."""

from dataclasses import dataclass, replace

from optimizer.aims import group_score
from optimizer.check import score, violations
from optimizer.counted.split import plan_of, start_of
from optimizer.explanations.explain import moved
from optimizer.explanations.wishes import Wish
from optimizer.facts import Facts
from optimizer.group_columns import candidates
from optimizer.model import group_model
from optimizer.plan import Plan, plan_in, proposal
from optimizer.program import Verdict, run
from optimizer.search import Search
from optimizer.solution import Solution

_SECONDS = 3.0
_SEATS_FOR_ALL = 600
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Displaced:
    """The students whose place differs, in the order of the file; `fewest`: proven, no best proposal moves fewer."""

    students: tuple[str, ...]
    places: int
    fewest: bool


@dataclass(frozen=True, slots=True)
class Nearby:
    """The best proposal found with the groups as they are, but for what the wish itself opens or closes."""

    loss: int | float
    """Points less than the proposal."""
    displaced: Displaced


def displaced(search: Search, before: Solution, wish: Wish) -> Displaced | None:
    """Who moves in the best proposal of a search that grants a wish; None when it has none.

    In small problems the fewest of all best proposals; otherwise those of a proposal that leaves people where they
    are wherever that costs nothing, and it is proven fewest when the student alone could not do it.
    """
    if search.best is None:
        return None
    facts, plan, found = search.facts, plan_in(before), plan_in(search.best)
    seats = sum(len(entries) for needs in facts.doors.values() for entries in needs.values())
    if seats <= _SEATS_FOR_ALL:
        return _told(facts, plan, *_calmest(search, plan, found), wish)
    places = differing(facts, plan, found)
    return _told(facts, plan, found, len(places) == 2 and _not_alone(search, before, wish), wish)


def nearby(facts: Facts, near: Solution | None, before: Solution, wish: Wish) -> Nearby | None:
    """What a wish takes off the proposal itself, its groups staying, and who moves; None when nothing was found."""
    if near is None:
        return None
    loss = score(facts.problem, before).score - score(facts.problem, near).score
    return Nearby(loss, _told(facts, plan_in(before), plan_in(near), False, wish))


def _not_alone(search: Search, before: Solution, wish: Wish) -> bool:
    """Whether the student alone changing groups breaks a rule or is worth less than the best that grants the wish."""
    if wish.student is None or wish.group not in plan_in(before):
        return False
    alone = moved(search.problem, before, student=wish.student, to=wish.group)
    return bool(violations(search.problem, alone)) or score(search.problem, alone).score < search.value


def _told(facts: Facts, plan: Plan, after: Plan, proven: bool, wish: Wish) -> Displaced:
    places = differing(facts, plan, after)
    gone = {student for student, _ in places} - {wish.student}
    order = tuple(student.id for student in facts.problem.students if student.id in gone)
    return Displaced(order, len(places), proven or not order)


def differing(facts: Facts, before: Plan, after: Plan) -> set[tuple[str, str]]:
    """The places whose group differs between two plans."""
    old, new = (
        {(student, group[0]): group for group, names in plan.items() for student in names}
        for plan in (before, after)
    )
    return {place for place in facts.places if old.get(place) != new.get(place)}


def _calmest(search: Search, before: Plan, found: Plan) -> tuple[Plan, bool]:
    """The plan worth as much as the best that keeps most of `before`; whether that is proven."""
    model = group_model(search.facts, candidates(search.facts), decided=False)
    terms, constant = group_score(model)
    model.program.at_least(terms, search.value - constant - _CLOSE)
    kept = [(seat, 1.0) for (place, group), seat in model.seats.items() if place[0] in before.get(group, ())]
    # A place without group before is kept by leaving it so.
    held = {(student, group[0]) for group, names in before.items() for student in names}
    kept += [(seat, -1.0) for (place, _), seat in model.seats.items() if place not in held]
    model.program.maximise(kept, 0)
    limits = replace(search.grace(_SECONDS), whole=True)
    outcome = run(model.program, limits, start=start_of(model, found))
    if not outcome.found:
        return found, False
    plan = plan_of(model)
    if proposal(search.problem, plan, search.facts.places) is None:
        return found, False
    return plan, outcome.verdict is Verdict.BEST
