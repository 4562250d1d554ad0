"""Who is served, and how well: by division, by tenth of intensity, by labels of the caller; beside changing nothing.

"Changing nothing" is the plan of `reference.fewest_moves`. A student's part
served is Σ intensity × sessions attended over the most that one need a slot could give them, whatever else
the rules say; priorities play no part in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from optimizer.check import moves
from optimizer.facts import facts_of
from optimizer.problem import Problem, Student
from optimizer.solution import Solution

TENTHS = 10
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Served:
    """How a set of students fares in one plan."""

    share: float
    """Need served over the most possible, 0 to 1; 1 where nothing is possible."""
    strong: int
    """Students with a strong need who attend one."""
    unplaced: int
    """Slots with sessions without a group."""


@dataclass(frozen=True, slots=True)
class Fare:
    """A named set of students, in the proposal and in the reference."""

    kind: str
    """division, tenth (1 = the least intense needs), least_served, or the caller's."""
    name: str
    students: int
    with_strong: int
    """Those of them who have a strong need."""
    proposal: Served
    reference: Served | None

    @property
    def worse(self) -> bool:
        """Whether these students are served worse than by changing nothing: less need, or fewer strong needs."""
        before, now = self.reference, self.proposal
        return before is not None and (now.share < before.share - _CLOSE or now.strong < before.strong)

    def to_json(self) -> dict[str, object]:
        """The set as a JSON object."""
        return {**asdict(self), "worse": self.worse}


@dataclass(frozen=True, slots=True)
class Fairness:
    """All sets, and whether the worst-off are served worse than by changing nothing."""

    fares: tuple[Fare, ...]
    reference_moves: int | None
    """Moves of the reference; None: no reference was found."""
    fewest_proven: bool

    @property
    def worst_off(self) -> tuple[Fare, ...]:
        """The tenth with the most intense needs, and the tenth that each plan serves least."""
        last = [fare for fare in self.fares if fare.kind == "tenth"][-1:]
        return (*last, *(fare for fare in self.fares if fare.kind == "least_served"))

    @property
    def alarm(self) -> bool:
        """Whether one of these is served worse than by changing nothing: to be said."""
        return any(fare.worse for fare in self.worst_off)

    def to_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return {
            "alarm": self.alarm,
            "worst_off": [fare.to_json() for fare in self.worst_off],
            "reference_moves": self.reference_moves,
            "fewest_proven": self.fewest_proven,
            "fares": [fare.to_json() for fare in self.fares],
        }


def fairness(
    problem: Problem,
    solution: Solution,
    *,
    reference: Solution | None = None,
    fewest_proven: bool = False,
    labels: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> Fairness:
    """How a proposal serves each set of students, beside a reference; `labels`: kind → name → student ids."""
    present = [student for student in problem.students if any(student.sessions.values())]
    judge = _judge(problem)
    now, before = judge(solution), None if reference is None else judge(reference)

    def fare(kind: str, name: str, group: Iterable[Student], then: Iterable[Student] | None = None) -> Fare:
        held = list(group)
        old = held if then is None else list(then)
        return Fare(
            kind=kind,
            name=name,
            students=len(held),
            with_strong=sum(_has_strong(problem, student) for student in held),
            proposal=_sum([now[student.id] for student in held]),
            reference=None if before is None else _sum([before[student.id] for student in old]),
        )

    by_division: dict[str, list[Student]] = {}
    for student in present:
        by_division.setdefault(student.division, []).append(student)
    by_id = {student.id: student for student in present}
    tenths = _tenths(present, lambda student: _most(problem, student))
    least = _least_served(present, now)
    fares = [
        *(fare("division", name, group) for name, group in by_division.items()),
        *(fare("tenth", str(rank), group) for rank, group in enumerate(tenths, 1)),
        fare("least_served", "1", least, None if before is None else _least_served(present, before)),
        *(
            fare(kind, name, [by_id[one] for one in ids if one in by_id])
            for kind, named in (labels or {}).items()
            for name, ids in named.items()
        ),
    ]
    found = None if reference is None else moves(problem, reference)
    return Fairness(tuple(fares), found, fewest_proven)


_Count = tuple[float, float, int, int]
"""Served, possible, strong served, unplaced."""


def _judge(problem: Problem) -> Callable[[Solution], dict[str, _Count]]:
    facts = facts_of(problem)

    def judge(solution: Solution) -> dict[str, _Count]:
        held = {(name, group.slot): group.need for group in solution.groups for name in group.students}
        found = {}
        for student in problem.students:
            needs = {
                slot: held.get((student.id, slot)) for slot, number in student.sessions.items() if number
            }
            served = sum(
                student.intensity.get(need, 0) * student.sessions[slot]
                for slot, need in needs.items()
                if need
            )
            strong = not facts.strong.get(student.id, frozenset()).isdisjoint(needs.values())
            unplaced = sum(need is None for need in needs.values())
            found[student.id] = (served, _most(problem, student), int(strong), unplaced)
        return found

    return judge


def _most(problem: Problem, student: Student) -> float:
    """The most that needs could give: the strongest at the longest slots, as often as the rules let it."""
    levels = sorted(
        (
            level
            for need in problem.needs
            for level in [student.intensity.get(need.id, 0)] * need.max_per_student
        ),
        reverse=True,
    )
    sessions = sorted((number for number in student.sessions.values() if number), reverse=True)
    return sum(level * number for level, number in zip(levels, sessions, strict=False))


def _has_strong(problem: Problem, student: Student) -> bool:
    return any(level >= problem.rules.urgent_from for level in student.intensity.values())


def _sum(counts: Sequence[_Count]) -> Served:
    served, possible, strong, unplaced = (
        (sum(column) for column in zip(*counts, strict=True)) if counts else (0,) * 4
    )
    return Served(served / possible if possible else 1.0, int(strong), int(unplaced))


def _tenths(students: Sequence[Student], key: Callable[[Student], float]) -> list[list[Student]]:
    """The students by growing key, cut in ten as equal as can be; empty parts left out."""
    order = sorted(students, key=lambda student: (key(student), student.id))
    cuts = [round(len(order) * step / TENTHS) for step in range(TENTHS + 1)]
    parts = [order[low:high] for low, high in pairwise(cuts)]
    return [part for part in parts if part]


def _least_served(students: Sequence[Student], counts: Mapping[str, _Count]) -> list[Student]:
    def share(student: Student) -> float:
        served, possible, *_ = counts[student.id]
        return served / possible if possible else 1.0

    order = sorted(students, key=lambda student: (share(student), student.id))
    return order[: -(-len(order) // TENTHS)]
