"""What another open group would do for one student, nobody else moving: figures that the pages put into words.

Everything is exact for the proposal given: a figure is the referee's score with one change made and
all else equal, never an estimate. What a change costs once everybody else may make place for it is another
figure: see `why_here.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from optimizer.check import Rule, Violation, score, violations
from optimizer.facts import Group
from optimizer.plan import plan_in, proposal
from optimizer.problem import Problem, Student, points
from optimizer.solution import Solution


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another open group for a student at a slot, if this student alone went there."""

    slot: str
    need: str
    staff: str
    points: int
    """Served there, before any penalty."""
    score_change: int | float
    """Total score with the change − total score: what it would bring, usually negative."""
    size: int
    """Students in the group today in the proposal, without this one."""
    free: int
    """Places left under max_size; 0 or less when full."""
    broken: tuple[Violation, ...]
    """What the change would break; empty = lawful."""

    @property
    def lawful(self) -> bool:
        """Whether the student may go there alone, all else equal."""
        return not self.broken

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that forbid it, each once."""
        return tuple(dict.fromkeys(violation.rule for violation in self.broken))


def alternatives(
    problem: Problem, solution: Solution, *, student: str, slot: str, need: str | None = None
) -> tuple[Alternative, ...]:
    """Every other open group of the slot (of one need, if given) for a student, best for the score first.

    The student leaves their group (which closes if nobody is left) and joins the other one; rooms are
    given out again, nothing else changes. Raises KeyError for an unknown student or slot.
    """
    person = {one.id: one for one in problem.students}[student]
    if person.sessions[slot] == 0:
        return ()
    total = score(problem, solution).score
    already = set(violations(problem, solution))
    found = [
        _alternative(problem, solution, person, group, total=total, already=already)
        for group in _other_groups(solution, student, slot)
        if need in (None, group[1])
    ]
    return tuple(sorted(found, key=lambda one: (-one.score_change, one.need, one.staff)))


def _other_groups(solution: Solution, student: str, slot: str) -> Iterator[Group]:
    for group in solution.groups:
        if group.slot == slot and student not in group.students:
            yield group.slot, group.need, group.staff


def _alternative(
    problem: Problem,
    solution: Solution,
    student: Student,
    group: Group,
    *,
    total: int | float,
    already: set[Violation],
) -> Alternative:
    changed = moved(problem, solution, student=student.id, to=group)
    plan = plan_in(solution)
    need = {one.id: one for one in problem.needs}[group[1]]
    broken = tuple(one for one in violations(problem, changed) if one not in already)
    return Alternative(
        slot=group[0],
        need=group[1],
        staff=group[2],
        points=points(problem, student, need=group[1], slot=group[0]),
        score_change=score(problem, changed).score - total,
        size=len(plan[group]),
        free=need.max_size - len(plan[group]),
        broken=broken,
    )


def moved(problem: Problem, solution: Solution, *, student: str, to: Group) -> Solution:
    """The proposal with one student in another group of the slot, rooms given out again.

    When no giving out of rooms suffices, the rooms stay as they are and the referee says so.
    """
    places = [
        (one.id, slot) for one in problem.students for slot, sessions in one.sessions.items() if sessions > 0
    ]
    plan: dict[Group, tuple[str, ...]] = {}
    for group, names in plan_in(solution).items():
        rest = names if group[0] != to[0] else tuple(name for name in names if name != student)
        if group == to:
            rest = (*rest, student)
        if rest:
            plan[group] = rest
    written = proposal(problem, plan, places)
    if written is not None:
        return written
    rooms = {(group.slot, group.need, group.staff): group.room for group in solution.groups}
    without = proposal(replace(problem, rooms=()), plan, places)
    assert without is not None, "a plan without rooms can always be written down"
    groups = tuple(
        replace(group, room=rooms.get((group.slot, group.need, group.staff))) for group in without.groups
    )
    return replace(without, groups=groups)
