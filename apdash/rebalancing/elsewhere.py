"""What each other open group would do for one student, the others not moving: points, or the rule that forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass

from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store
from optimizer.check import Rule
from optimizer.explanations.explain import Alternative, alternatives
from optimizer.problem import Problem
from optimizer.solution import Solution

OUR_RULE = "règle posée par la direction"
WORDS: dict[Rule, str] = {
    Rule.PIN: "une place fixée à la demande s’y oppose",
    Rule.BAN: "interdit à la demande",
    Rule.CAP: OUR_RULE,
    Rule.TOGETHER: "une demande garde cet élève avec un autre",
    Rule.WORN: "durée maximale atteinte dans ce besoin",
    Rule.FLOOR: "besoin trop faible pour y être placé",
    Rule.PER_STUDENT: "besoin déjà suivi à un autre créneau",
    Rule.SIZE: "complet",
    Rule.ROOM: "la salle est pleine",
    Rule.DIVISION: "trop d’élèves d’une même division",
    Rule.MOVES: "au-delà des changements permis",
    Rule.STAFF: "personne ne peut l’animer à ce créneau",
}

_DEMANDS = {Rule.PIN, Rule.BAN, Rule.CAP, Rule.TOGETHER}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another open group of the slot. points: gained (or lost, negative) by the whole; None when `rule` forbids it.

    askable: a place fixed there by hand may still hold, somebody else moving or the rule giving way to the choice.
    """

    need: str
    staff: str
    points: int | None
    rule: str = ""
    askable: bool = True


def elsewhere(
    store: Store, viewer: Viewer, *, proposal: int, student: str, slot: str
) -> tuple[Elsewhere, ...]:
    """Return the other groups of a slot for a student of a proposal, the best first, the forbidden last.

    Exact by the referee, all others staying where they are (rooms are given out again). Ids are those of the problem.
    """
    viewer.require(Action.REGROUP)
    row = proposal_row(store, CONSOLE, proposal=proposal)
    problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
    found = [_told(other) for other in alternatives(problem, solution, student=student, slot=slot)]
    return tuple(sorted(found, key=lambda one: (one.points is None, -(one.points or 0), one.need, one.staff)))


def _told(other: Alternative) -> Elsewhere:
    if other.lawful:
        return Elsewhere(other.need, other.staff, round(other.score_change))
    askable = _DEMANDS.isdisjoint(other.rules)
    return Elsewhere(other.need, other.staff, None, broken_words(other), askable)


def rule_words(rules: Sequence[Rule]) -> str:
    """Return the rule to tell, the one nearest to the student first; nobody else is ever named."""
    rule = next((one for one in WORDS if one in rules), None)
    return "une règle s’y oppose" if rule is None else WORDS[rule]


def broken_words(other: Alternative) -> str:
    """Return the rule that forbids a group when nobody else moves, in words."""
    if rule_words(other.rules) == WORDS[Rule.SIZE] and other.free > 0:
        return "le groupe quitté passerait sous son minimum"
    return rule_words(other.rules)
