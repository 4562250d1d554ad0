"""A proposal after statements were added by hand: lawful again, and changing little else.

Changes are charged against the *proposal* being repaired, not against the groups of today: as few students
as possible leave the group they were given at a slot, and among such repairs the one of best score is kept.
First only those move whom the statements move or who share a group with them, before or after; where that is
not enough everybody may, with other groups in the needs that are asked for, and at last with any group.
"""

import threading
from dataclasses import asdict, dataclass

from optimizer.aims import group_score
from optimizer.counted.split import plan_of
from optimizer.facts import Facts, Place
from optimizer.model import group_model
from optimizer.plan import Plan, plan_in
from optimizer.problem import Problem, points
from optimizer.program import Verdict, run
from optimizer.repairs.repair_bound import inherited, relaxed
from optimizer.repairs.repair_rooms import with_rooms_of
from optimizer.repairs.repair_scope import Scope, leaving, seats_in, unspared, widening
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import solve

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
    earlier: Problem | None = None,
    bounded: bool = False,
) -> Repair:
    """The lawful proposal that changes fewest places of another one made for the same students.

    `earlier`: the problem that the proposal was made for; then the bound is that of the whole problem, known from
    before or by a relaxation that takes as long as the repair. Without it only a loose bound is stated, unless
    `bounded` asks for that relaxation all the same.
    A problem that has become infeasible is an answer, as for `solve`: a solution with its conflict.
    """
    search = Search(problem, time_limit=time_limit, gap=0.0, seed=seed, threads=threads, stop=stop)
    whole, plan = plan_in(proposal), _still_there(search.facts, proposal)
    if plan == whole and search.offer(plan):
        _bound(search, proposal, earlier, bounded=bounded)
        return _ended(search, proposal, (), fewest_proven=True)
    gone = leaving(search.facts, plan)
    lost = (seats_in(whole).keys() - seats_in(plan).keys()) & set(search.facts.places)
    least = unspared(search.facts, plan, gone) + len(lost)
    found: list[tuple[Change, ...]] = []
    best: Solution | None = None
    proven = False
    for scope in widening(search.facts, plan, gone):
        attempt = search.again()
        verdict = _fewest_changes(attempt, scope, plan)
        if attempt.best is not None:
            changes = changes_between(problem, proposal, attempt.best)
            if not found or _left(changes) < _left(found[-1]):
                found, best = [*found, changes], attempt.best
            proven = _left(found[-1]) <= least or (verdict is Verdict.BEST and scope.everything)
            if _left(changes) <= least + _FEW_MORE:
                break
        if search.out_of_time:
            break
    if best is None:
        left = max(1.0, time_limit - search.elapsed)
        return Repair(solve(problem, time_limit=left, seed=seed, threads=threads, stop=stop), (), False)
    search.offer(plan_in(best))
    _bound(search, proposal, earlier, bounded=bounded)
    return _ended(search, proposal, found[-1], fewest_proven=proven)


def _still_there(facts: Facts, proposal: Solution) -> Plan:
    """The plan of a proposal, without the groups and the places that the problem has no more."""
    parts = (facts.problem.slots, facts.problem.needs, facts.problem.staff)
    known = [{one.id for one in rows} for rows in parts]
    places = set(facts.places)
    found = {
        group: tuple(student for student in students if (student, group[0]) in places)
        for group, students in plan_in(proposal).items()
        if all(name in names for name, names in zip(group, known, strict=True))
    }
    return {group: students for group, students in found.items() if students}


def _bound(search: Search, proposal: Solution, earlier: Problem | None, *, bounded: bool) -> None:
    """Lower the bound of a search to that of the whole problem, as it was known or by its relaxation."""
    known = None if earlier is None else inherited(search.problem, earlier, proposal)
    if known is not None:
        search.lower(known)
    elif bounded or earlier is not None:
        search.lower(relaxed(search))


def _ended(search: Search, proposal: Solution, changes: tuple[Change, ...], *, fewest_proven: bool) -> Repair:
    """The repair that a search holds, in the rooms of before."""
    return Repair(with_rooms_of(search.problem, proposal, search.solution()), changes, fewest_proven)


def _left(changes: tuple[Change, ...]) -> int:
    return sum(change.before is not None for change in changes)


def _fewest_changes(search: Search, scope: Scope, plan: Plan) -> Verdict:
    model = group_model(scope.facts, scope.groups, decided=scope.decided)
    terms, constant = group_score(model)
    # A place kept is worth more than all that another one can bring.
    worth = _most(scope.facts)
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
