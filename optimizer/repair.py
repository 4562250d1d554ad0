"""A proposal after statements were added by hand: lawful again, and changing little else.

Changes are charged against the *proposal* being repaired, not against the groups of today: as few students
as possible leave the group they were given at a slot, and among such repairs the one of best score is kept.
First only those move whom the statements move or who share a group with them, before or after; where that is
not enough everybody may, with other groups in the needs that are asked for, and at last with any group.
"""

import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from optimizer.aims import group_score
from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import candidates
from optimizer.model import group_model
from optimizer.plan import Plan, plan_in
from optimizer.problem import Problem, points
from optimizer.program import Verdict, run
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import solve
from optimizer.split import plan_of

TIME_LIMIT = 10.0
_FEW_MORE = 5
"""Changes beyond those that cannot be spared with which a repair is good enough."""


@dataclass(frozen=True, slots=True)
class Change:
    """A place that changes; `before` and `after` are (need, staff), None = no group."""

    student: str
    slot: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    points: int
    """Points served after − before, before any penalty."""
    pinned: bool
    """Decided by hand; otherwise what follows from it."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The repaired proposal, what changed, and whether it is proven that fewer cannot leave their group."""

    solution: Solution
    changes: tuple[Change, ...]
    fewest_proven: bool

    def to_json(self) -> dict[str, object]:
        """The repaired proposal as a solution file, with its changes."""
        return {
            **self.solution.to_json(),
            "fewest_proven": self.fewest_proven,
            "changes": [asdict(change) for change in self.changes],
        }


def repair(
    problem: Problem,
    proposal: Solution,
    *,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    threads: int = 1,
    stop: threading.Event | None = None,
) -> Repair:
    """The lawful proposal that changes fewest places of another one made for the same students.

    A problem that has become infeasible is an answer, as for `solve`: a solution with its conflict.
    """
    search = Search(problem, time_limit=time_limit, gap=0.0, seed=seed, threads=threads, stop=stop)
    plan = plan_in(proposal)
    if search.offer(plan):
        return Repair(search.solution(), (), fewest_proven=True)
    leaving = _leaving(search.facts, plan)
    found: list[tuple[Change, ...]] = []
    best: Solution | None = None
    proven = False
    for facts, groups in _widening(search.facts, plan, leaving):
        attempt = search.again()
        verdict = _fewest_changes(attempt, facts, groups, plan)
        if attempt.best is not None:
            changes = changes_between(problem, proposal, attempt.best)
            if not found or _left(changes) < _left(found[-1]):
                found, best = [*found, changes], attempt.solution()
            everything = verdict is Verdict.BEST and facts is search.facts and groups == candidates(facts)
            proven = _left(changes) <= len(leaving) or everything
            if _left(changes) <= len(leaving) + _FEW_MORE:
                break
        if search.out_of_time:
            break
    if best is None:
        left = max(1.0, time_limit - search.elapsed)
        return Repair(solve(problem, time_limit=left, seed=seed, threads=threads, stop=stop), (), False)
    return Repair(best, found[-1], fewest_proven=proven)


def _leaving(facts: Facts, plan: Plan) -> frozenset[Place]:
    """The places that cannot stay as they are: each is a change that no repair can spare."""
    return frozenset(
        place
        for place, group in _seats(plan).items()
        if group[2] not in facts.doors.get(place, {}).get(group[1], ())
    )


def _left(changes: tuple[Change, ...]) -> int:
    return sum(change.before is not None for change in changes)


def _seats(plan: Plan) -> dict[Place, Group]:
    return {(student, group[0]): group for group, students in plan.items() for student in students}


def _widening(
    facts: Facts, plan: Plan, leaving: frozenset[Place]
) -> Iterator[tuple[Facts, tuple[Group, ...]]]:
    """Who may move and which groups may be open: more and more."""
    every = candidates(facts)
    asked = {(pin.slot, pin.need) for pins in facts.pins.values() for pin in pins}
    near = tuple(group for group in every if group in plan or group[:2] in asked)
    yield _around(facts, plan, leaving), near
    yield facts, near
    yield facts, every


def _around(facts: Facts, plan: Plan, leaving: frozenset[Place]) -> Facts:
    """The facts with everybody held in place but those who leave, the unplaced, and the groups left or joined."""
    seat = _seats(plan)
    touched = {seat[place] for place in leaving if place in seat}
    asked = {
        (pin.slot, pin.need)
        for place, pins in facts.pins.items()
        if place in leaving or place not in seat
        for pin in pins
    }
    touched |= {group for group in plan if group[:2] in asked}
    held = {
        place
        for place in facts.doors
        if place in seat and place not in leaving and seat[place] not in touched
    }
    doors = {
        place: {seat[place][1]: (seat[place][2],)} if place in held else needs
        for place, needs in facts.doors.items()
    }
    return replace(facts, doors=doors)


def _fewest_changes(search: Search, facts: Facts, groups: tuple[Group, ...], plan: Plan) -> Verdict:
    model = group_model(facts, groups, decided=False)
    terms, constant = group_score(model)
    # A place kept is worth more than all that another one can bring.
    worth = _most(facts)
    kept = [(seat, worth) for (place, group), seat in model.seats.items() if place[0] in plan.get(group, ())]
    model.program.maximise([*terms, *kept], constant)
    outcome = run(model.program, search.limits())
    if outcome.found:
        search.offer(plan_of(model))
    return outcome.verdict


def _most(facts: Facts) -> float:
    """More than one change can bring to the score of the others."""
    weights = facts.problem.weights
    return 4.0 * (weights.unplaced + weights.urgent + max(facts.points.values(), default=0))


def changes_between(problem: Problem, before: Solution, after: Solution) -> tuple[Change, ...]:
    """Every place that differs between two proposals, by student then slot in the order of the file."""
    held = [_places(solution) for solution in (before, after)]
    pinned = {(pin.student, pin.slot) for pin in problem.pins}
    found = []
    for student in problem.students:
        for slot, sessions in student.sessions.items():
            one, other = (places.get((student.id, slot)) for places in held)
            if sessions == 0 or one == other:
                continue
            gained = sum(
                sign * points(problem, student, need=group[0], slot=slot)
                for group, sign in ((other, 1), (one, -1))
                if group is not None
            )
            found.append(Change(student.id, slot, one, other, gained, (student.id, slot) in pinned))
    return tuple(found)


def _places(solution: Solution) -> dict[Place, tuple[str, str]]:
    return {
        (student, group.slot): (group.need, group.staff)
        for group in solution.groups
        for student in group.students
    }
