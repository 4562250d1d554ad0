"""Why a proposal looks as it does: facts and figures for the pages, which put them into words.

Everything is exact for the proposal given: a figure is the referee's score with one change made and
all else equal, never an estimate. What a change costs once everybody else may make place for it is another
figure: see `why_here.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from optimizer.check import Rule, Violation, score, violations
from optimizer.facts import Group, banned, worn_out
from optimizer.plan import plan_in, proposal
from optimizer.problem import Current, Problem, Student, points
from optimizer.solution import Solution


class MoveKind(StrEnum):
    """What changes for a student at a slot."""

    NEED = "need"
    """Another need than today."""
    STAFF = "staff"
    """The same need with another adult."""
    NEW = "new"
    """A first place: no group today (not a move as the rule counts them)."""
    UNPLACED = "unplaced"
    """A group today, none in the proposal."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Facts behind a move; points are those of the slot, before any penalty, 0 without a place."""

    points_before: int
    points_after: int
    level_before: int
    level_after: int
    """Intensities, 0 to 100."""
    worn: bool
    """The need of today has lasted as long as it may."""
    below_floor: bool
    """The intensity is now under the floor of today's need."""
    need_closed: bool
    """Nobody leads today's need at this slot any more."""
    group_closed: bool
    """Today's adult no longer leads today's need at this slot."""
    pinned: bool
    """Decided by hand."""
    banned: bool
    """A ban forbids today's group."""


@dataclass(frozen=True, slots=True)
class Move:
    """What changes for a student at a slot; `before` and `after` are (need, staff), None = no group."""

    student: str
    slot: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    kind: MoveKind
    reasons: Reasons


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


def moves_in(problem: Problem, solution: Solution) -> tuple[Move, ...]:
    """Every place that changes, by student then slot in the order of the file."""
    students = {student.id: student for student in problem.students}
    today = {(row.student, row.slot): row for row in problem.current}
    then = {(name, group[0]): group for group, names in plan_in(solution).items() for name in names}
    worn = worn_out(problem)
    found = []
    for student in problem.students:
        for slot, sessions in student.sessions.items():
            place = (student.id, slot)
            row, group = today.get(place), then.get(place)
            before = None if row is None else (row.need, row.staff)
            after = None if group is None else group[1:]
            if sessions == 0 or before == after:
                continue
            reasons = _reasons(problem, solution, students[student.id], slot, row, after, worn)
            kind = _kind(before, after)
            found.append(Move(student.id, slot, before, after, kind, reasons))
    return tuple(found)


def _kind(before: tuple[str, str] | None, after: tuple[str, str] | None) -> MoveKind:
    if before is None:
        return MoveKind.NEW
    if after is None:
        return MoveKind.UNPLACED
    return MoveKind.STAFF if before[0] == after[0] else MoveKind.NEED


def _reasons(
    problem: Problem,
    solution: Solution,
    student: Student,
    slot: str,
    row: Current | None,
    after: tuple[str, str] | None,
    worn: frozenset[tuple[str, str]],
) -> Reasons:
    needs = {need.id: need for need in problem.needs}
    led = {(group.need, group.staff) for group in solution.groups if group.slot == slot}
    bans = tuple(ban for ban in problem.bans if ban.student == student.id)
    old = None if row is None else needs[row.need]
    level = 0 if old is None else student.intensity.get(old.id, 0)
    return Reasons(
        points_before=0 if old is None else points(problem, student, need=old.id, slot=slot),
        points_after=0 if after is None else points(problem, student, need=after[0], slot=slot),
        level_before=level,
        level_after=0 if after is None else student.intensity.get(after[0], 0),
        worn=old is not None and (student.id, old.id) in worn,
        below_floor=old is not None and not old.reception and level < old.floor,
        need_closed=old is not None and old.id not in {need for need, _ in led},
        group_closed=row is not None and (row.need, row.staff) not in led,
        pinned=any((pin.student, pin.slot) == (student.id, slot) for pin in problem.pins),
        banned=row is not None and banned(bans, slot, need=row.need, staff=row.staff),
    )


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
