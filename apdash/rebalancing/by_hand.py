"""The proposal as it stands with the places asked for by hand and not computed yet, and what other places cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apdash.labels import count, signed
from apdash.rebalancing.elsewhere import WORDS
from apdash.rebalancing.plan import Document
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store
from optimizer.check import Rule, violations
from optimizer.explanations.explain import Alternative, alternatives, moved
from optimizer.facts import Group
from optimizer.problem import Pin, Problem
from optimizer.solution import Solution

_BY_HAND = {Rule.FLOOR, Rule.WORN}  # a place fixed by hand is exempt
_DEMANDS = {Rule.PIN, Rule.BAN, Rule.CAP, Rule.TOGETHER}


@dataclass(frozen=True, slots=True)
class Choice:
    """A place asked for by hand. staff: the adult, or None when any will do."""

    student: str
    slot: str
    need: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class ByHand:
    """A composition with the choices in it, as a solution document, and the rules it breaks, in words."""

    solution: Document
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """Another open group for a student, all else equal.

    points: what the whole gains or loses; kind: free (lawful), ask (others must move, or the choice prevails), out.
    """

    need: str
    staff: str
    points: int
    kind: str
    words: str


def by_hand(store: Store, viewer: Viewer, *, proposal: int, choices: Sequence[Choice]) -> ByHand:
    """Return a proposal with places asked for by hand; a place in a group that is not open is left as it was."""
    viewer.require(Action.REGROUP)
    problem, before = _read(store, proposal)
    freed = _without_pins(problem, choices)
    after = _same_rooms(freed, before, _applied(freed, before, choices))
    already = set(violations(freed, before))
    rules = dict.fromkeys(
        one.rule for one in violations(_pinned(freed, choices), after) if one not in already
    )
    words = dict.fromkeys(WORDS.get(rule, "une règle") for rule in rules)
    return ByHand(after.to_json(), tuple(words))


def costs(
    store: Store, viewer: Viewer, *, proposal: int, choices: Sequence[Choice], student: str, slot: str
) -> tuple[Cost, ...]:
    """Return what each other group of a slot would cost for a student, from the composition with the choices in it.

    Exact by the referee, the others staying where they are; the student's own demand for this slot would be replaced.
    """
    viewer.require(Action.REGROUP)
    problem, before = _read(store, proposal)
    here = Choice(student, slot, "", None)
    freed = _without_pins(problem, [*choices, here])
    after = _applied(freed, before, choices)
    return tuple(_cost(one) for one in alternatives(freed, after, student=student, slot=slot))


def _read(store: Store, proposal: int) -> tuple[Problem, Solution]:
    row = proposal_row(store, CONSOLE, proposal=proposal)
    problem = Problem.from_json(row.problem)
    # What is decided by hand is no longer held to the number of moves the search was given.
    free = replace(problem, rules=replace(problem.rules, max_moves=None))
    return free, Solution.from_json(row.solution)


def _without_pins(problem: Problem, choices: Sequence[Choice]) -> Problem:
    """Return the problem without the older demands on the places chosen: a choice replaces them."""
    chosen = {(choice.student, choice.slot) for choice in choices}
    return replace(problem, pins=tuple(pin for pin in problem.pins if (pin.student, pin.slot) not in chosen))


def _pinned(problem: Problem, choices: Sequence[Choice]) -> Problem:
    """Return the problem with the choices as demands: who is placed by hand may be under the floor."""
    pins = [Pin(student=one.student, slot=one.slot, need=one.need, staff=None) for one in choices]
    return replace(problem, pins=(*problem.pins, *pins))


def _same_rooms(problem: Problem, before: Solution, after: Solution) -> Solution:
    """Return the composition after with the rooms there were before, where they do."""
    rooms = {(group.slot, group.need, group.staff): group.room for group in before.groups}
    groups = tuple(
        replace(group, room=rooms.get((group.slot, group.need, group.staff), group.room))
        for group in after.groups
    )
    kept = replace(after, groups=groups)
    return kept if not any(one.rule is Rule.ROOM for one in violations(problem, kept)) else after


def _applied(problem: Problem, solution: Solution, choices: Sequence[Choice]) -> Solution:
    for choice in choices:
        to = _group(solution, choice)
        if to is not None:
            solution = moved(problem, solution, student=choice.student, to=to)
    return solution


def _group(solution: Solution, choice: Choice) -> Group | None:
    """Return the open group a choice means; None when there is none, or when the student is in it."""
    for group in solution.groups:
        same = (group.slot, group.need) == (choice.slot, choice.need)
        if same and choice.staff in (None, group.staff, group.staff.split("~")[0]):
            return None if choice.student in group.students else (group.slot, group.need, group.staff)
    return None


def _cost(one: Alternative) -> Cost:
    points = round(one.score_change)
    said = f"{signed(points)}\u00a0point{'s' if abs(points) > 1 else ''}"
    rules = set(one.rules) - _BY_HAND
    if not rules:
        weak = "" if one.lawful else f"{WORDS[one.rules[0]]}\u00a0: votre choix l’emporte"
        free = "place libre" if one.free == 1 else count(one.free, "place libre", "places libres")
        return Cost(one.need, one.staff, points, "free" if one.lawful else "ask", f"{said}, {weak or free}")
    rule = _rule(one, rules)
    if _DEMANDS & rules:
        return Cost(one.need, one.staff, points, "out", f"exclu\u00a0: {rule}")
    return Cost(one.need, one.staff, points, "ask", f"{rule}, {said}")


def _rule(one: Alternative, rules: set[Rule]) -> str:
    """Return the rule to tell, the one nearest to the student first; nobody else is ever named."""
    rule = next((known for known in WORDS if known in rules), None)
    if rule is Rule.SIZE and one.free > 0:
        return "le groupe quitté passerait sous son minimum"
    return "une règle s’y oppose" if rule is None else WORDS[rule]
