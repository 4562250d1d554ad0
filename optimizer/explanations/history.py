"""What last time weighs: students whose priority is not 1, and what the proposal would be if all weighed the same."""

from dataclasses import asdict, dataclass, replace

from optimizer.check import score
from optimizer.explanations.displaced import differing
from optimizer.explanations.unserved import unserved_in
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import proven_impossible


@dataclass(frozen=True, slots=True)
class History:
    """What priorities changed; points and strong needs counted as if every priority were 1."""

    students: int
    """Students whose priority is not 1."""
    raised: int
    """Those of them whose priority is above 1."""
    moved: tuple[str, ...]
    """Students whose place would differ without priorities."""
    moved_with_priority: int
    points_gained: int | float
    """Served to the students with a priority above 1, more than without priorities."""
    points_lost: int | float
    """Served to the others, less than without priorities."""
    strong_gained: int
    """Students with a priority above 1 who attend a strong need, more than without priorities."""
    proven: bool
    """Whether the proposal without priorities is proven the best."""

    def to_json(self) -> dict[str, object]:
        """The answer as a JSON object."""
        return {**asdict(self), "moved": list(self.moved)}


def history(base: Search, solution: Solution, *, time_limit: float) -> History | None:
    """What priorities weigh in a proposal; None when the time found nothing to compare with."""
    problem = base.problem
    special = {student.id for student in problem.students if student.priority != 1}
    raised = {student.id for student in problem.students if student.priority > 1}
    if not special:
        return History(0, 0, (), 0, 0, 0, 0, True)
    level = replace(problem, students=tuple(replace(student, priority=1) for student in problem.students))
    search = base.trial(level, seconds=time_limit, aim=base.aim)
    search.offer(plan_in(solution))
    proven_impossible(search)
    if search.best is None:
        return None
    places = differing(search.facts, plan_in(solution), plan_in(search.best))
    moved = {student for student, _ in places}
    here, there = (_served(level, one, raised) for one in (solution, search.best))
    lacking = [len(raised & set(unserved_in(search.facts, one))) for one in (solution, search.best)]
    return History(
        students=len(special),
        raised=len(raised),
        moved=tuple(student.id for student in problem.students if student.id in moved),
        moved_with_priority=len(moved & special),
        points_gained=here[0] - there[0],
        points_lost=there[1] - here[1],
        strong_gained=lacking[1] - lacking[0],
        proven=search.done,
    )


def _served(problem: Problem, solution: Solution, raised: set[str]) -> tuple[float, float]:
    """Points served to some students, and to the others."""

    def only(wanted: bool) -> Solution:
        return replace(
            solution,
            groups=tuple(
                replace(group, students=tuple(one for one in group.students if (one in raised) == wanted))
                for group in solution.groups
            ),
        )

    return score(problem, only(True)).served, score(problem, only(False)).served
