"""Who moves when a wish is granted: the best proposal that grants it and changes fewest places."""

from dataclasses import dataclass

from optimizer.aims import group_score
from optimizer.check import score, violations
from optimizer.facts import Facts, Group
from optimizer.group_columns import candidates
from optimizer.model import group_model
from optimizer.plan import Plan, plan_in, proposal
from optimizer.program import Limits, Verdict, run
from optimizer.repair_wish import narrowed
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.split import plan_of, start_of
from optimizer.wishes import Wish, groups_with

_SECONDS = 3.0
_SEATS_FOR_ALL = 600
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Displaced:
    """The students whose place differs, in the order of the file; `fewest`: proven, no best proposal moves fewer."""

    students: tuple[str, ...]
    places: int
    fewest: bool


def displaced(search: Search, before: Solution, wish: Wish) -> Displaced | None:
    """Who moves in the best proposal of a search that grants a wish; None when it has none.

    Fewest places among the best proposals with the same groups; among all of them in small problems.
    """
    if search.best is None:
        return None
    plan, found = plan_in(before), plan_in(search.best)
    facts = search.facts
    seats = sum(len(entries) for needs in facts.doors.values() for entries in needs.values())
    if seats <= _SEATS_FOR_ALL:
        return _told(search, plan, *_calmest(search, plan, found, candidates(facts), decided=False), wish)
    known = set(candidates(facts))
    today = tuple(group for group in groups_with(search.problem, tuple(plan), wish) if group in known)
    options = [
        _calmest(search, plan, found, groups, decided=True) for groups in dict.fromkeys((today, tuple(found)))
    ]
    calm = min((option for option, _ in options), key=lambda one: len(differing(facts, plan, one)))
    return _told(search, plan, calm, False, wish)


@dataclass(frozen=True, slots=True)
class Nearby:
    """A proposal that grants a wish with the groups as they are, but for what the wish itself opens or closes.

    The best in which nobody takes a place worth much less than their own.
    """

    loss: int | float
    """Points less than the proposal."""
    displaced: Displaced


def nearby(search: Search, before: Solution, wish: Wish) -> Nearby | None:
    """What a wish takes off the proposal itself, its groups staying, and who moves; None when nothing was found."""
    plan, known = plan_in(before), set(candidates(search.facts))
    groups = tuple(group for group in groups_with(search.problem, tuple(plan), wish) if group in known)
    model = group_model(narrowed(search.facts, plan, set(groups)), groups, decided=True)
    outcome = run(model.program, search.grace(_SECONDS))
    if outcome.verdict is not Verdict.BEST:
        return None
    best = plan_of(model)
    written = proposal(search.problem, best, search.facts.places)
    if written is None or violations(search.problem, written):
        return None
    worth = score(search.problem, written).score
    calm, _ = _calmest(search, plan, best, groups, decided=True, worth=worth)
    return Nearby(score(search.problem, before).score - worth, _told(search, plan, calm, False, wish))


def _told(search: Search, plan: Plan, calm: Plan, proven: bool, wish: Wish) -> Displaced:
    places = differing(search.facts, plan, calm)
    moved = {student for student, _ in places} - {wish.student}
    order = tuple(student.id for student in search.problem.students if student.id in moved)
    return Displaced(order, len(places), proven or not order)


def differing(facts: Facts, before: Plan, after: Plan) -> set[tuple[str, str]]:
    """The places whose group differs between two plans."""
    old, new = (
        {(student, group[0]): group for group, names in plan.items() for student in names}
        for plan in (before, after)
    )
    return {place for place in facts.places if old.get(place) != new.get(place)}


def _calmest(
    search: Search,
    before: Plan,
    found: Plan,
    groups: tuple[Group, ...],
    *,
    decided: bool,
    worth: float | None = None,
) -> tuple[Plan, bool]:
    """The plan in these groups, worth as much as the best (or `worth`), that keeps most of `before`; whether proven."""
    facts = narrowed(search.facts, before, set(groups), also=found) if decided else search.facts
    model = group_model(facts, groups, decided=decided)
    terms, constant = group_score(model)
    model.program.at_least(terms, (search.value if worth is None else worth) - constant - _CLOSE)
    kept = [(seat, 1.0) for (place, group), seat in model.seats.items() if place[0] in before.get(group, ())]
    # A place without group before is kept by leaving it so.
    held = {(student, group[0]) for group, names in before.items() for student in names}
    kept += [(seat, -1.0) for (place, _), seat in model.seats.items() if place not in held]
    model.program.maximise(kept, 0)
    limits: Limits = search.grace(_SECONDS)
    start = start_of(model, found) if set(groups) >= set(found) else None
    outcome = run(model.program, limits, start=start)
    if not outcome.found:
        return found, False
    plan = plan_of(model)
    if proposal(search.problem, plan, search.facts.places) is None:
        return found, False
    return plan, outcome.verdict is Verdict.BEST
