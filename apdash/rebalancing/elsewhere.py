"""What each other open group would do for one student, the others not moving: points, or the rule that forbids it."""

from dataclasses import dataclass, replace

from apdash.rights import CONSOLE, Action, Viewer
from apdash.store.queries.proposals import proposal as proposal_row
from apdash.store.store import Store
from optimizer.check import Rule, Violation, score, violations
from optimizer.problem import Problem
from optimizer.solution import GroupPlan, Solution

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

    Exact by the referee, all others staying where they are. Ids are those of the problem.
    """
    viewer.require(Action.REGROUP)
    row = proposal_row(store, CONSOLE, proposal=proposal)
    problem, solution = Problem.from_json(row.problem), Solution.from_json(row.solution)
    here, already = score(problem, solution).score, violations(problem, solution)
    found = [
        _judged(problem, _moved(solution, group, student=student), group, here=here, already=already)
        for group in solution.groups
        if group.slot == slot and student not in group.students
    ]
    return tuple(sorted(found, key=lambda one: (one.points is None, -(one.points or 0), one.need, one.staff)))


def _moved(solution: Solution, target: GroupPlan, *, student: str) -> Solution:
    """Return the proposal with one student in another group of the same slot."""
    groups = []
    for group in solution.groups:
        if group == target:
            groups.append(replace(group, students=(*group.students, student)))
        elif group.slot == target.slot and student in group.students:
            groups.append(replace(group, students=tuple(one for one in group.students if one != student)))
        else:
            groups.append(group)
    left = tuple(place for place in solution.unplaced if place != (student, target.slot))
    return replace(solution, groups=tuple(groups), unplaced=left)


def _judged(
    problem: Problem, moved: Solution, group: GroupPlan, *, here: float, already: list[Violation]
) -> Elsewhere:
    broken = [one for one in violations(problem, moved) if one not in already]
    if broken:
        askable = not _DEMANDS & {one.rule for one in broken}
        return Elsewhere(group.need, group.staff, None, _words(broken, moved, group), askable)
    return Elsewhere(group.need, group.staff, round(score(problem, moved).score - here))


def _words(broken: list[Violation], moved: Solution, group: GroupPlan) -> str:
    """Return the rule to tell, the one nearest to the student first; nobody else is ever named."""
    rules = [violation.rule for violation in broken]
    rule = next((one for one in WORDS if one in rules), None)
    if rule is None:
        return "une règle s’y oppose"
    target = (group.slot, group.need, group.staff)
    places = {
        f"groups[{place}].students"
        for place, one in enumerate(moved.groups)
        if (one.slot, one.need, one.staff) == target
    }
    if rule is Rule.SIZE and not any(one.rule is Rule.SIZE and one.path in places for one in broken):
        return "le groupe quitté passerait sous son minimum"
    return WORDS[rule]
