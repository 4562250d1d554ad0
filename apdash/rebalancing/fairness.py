"""How evenly a proposal serves: by division, sex, profile and tenth of intensity, beside the calmest lawful plan.

Nothing of it is kept: profiles are worked out each time they are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apdash.rebalancing.plan import Document
from apdash.store.queries.proposals import Proposal
from optimizer.explanations.fairness import Fairness, fairness
from optimizer.explanations.fairness import Fare as Counted
from optimizer.problem import Problem
from optimizer.solution import Solution

Labels = Mapping[str, Mapping[str, Sequence[str]]]

GRAVE_LOSS, GRAVE_STUDENTS = 0.05, 5  # share of need served less, by how many students at least
GRAVE_STRONG = 2  # students less who have a strong need served
_CLOSE = 1e-9


class Loss(StrEnum):
    """What the worst-off lose. SMALL: a little, or a few of them; always said."""

    NONE = "none"
    SMALL = "small"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class Fare:
    """How some students fare: kind is division, tenth (1: the least intense needs), least_served, or the caller's.

    share: need served over the most possible, 0 to 1; before: the same in the calmest plan, None without one.
    strong, strong_before: those of `with_strong` who have a strong need served; worse: less need or fewer strong needs
    than before.
    """

    kind: str
    name: str
    students: int
    share: float
    before: float | None
    strong: int
    with_strong: int
    worse: bool
    strong_before: int | None = None

    @property
    def loss(self) -> Loss:
        """What these students lose against the calmest plan: grave for enough need and students, or strong needs."""
        if not self.worse or self.before is None or self.strong_before is None:
            return Loss.NONE
        much = self.before - self.share >= GRAVE_LOSS - _CLOSE and self.students >= GRAVE_STUDENTS
        return Loss.GRAVE if much or self.strong_before - self.strong >= GRAVE_STRONG else Loss.SMALL


@dataclass(frozen=True, slots=True)
class Report:
    """All sets, and those of the worst-off. moves: of the calmest plan, None without one; proven: none moves less."""

    fares: tuple[Fare, ...]
    worst_off: tuple[Fare, ...]
    moves: int | None
    proven: bool

    @property
    def loss(self) -> Loss:
        """What the worst-off lose against the calmest plan, the most of any of their sets."""
        found = {fare.loss for fare in self.worst_off}
        return next((loss for loss in (Loss.GRAVE, Loss.SMALL) if loss in found), Loss.NONE)


def fares_of(row: Proposal, *, dial: Document | None, labels: Labels) -> Report:
    """Return how a proposal serves. dial: as kept, its calmest point is the reference; labels: kind, name, students."""
    calm = min(dial["points"], key=lambda point: point["moves"]) if dial else None
    found = fairness(
        Problem.from_json(row.problem),
        Solution.from_json(row.solution),
        reference=Solution.from_json(calm["solution"]) if calm else None,
        fewest_proven=bool(dial and dial["fewest_proven"]),
        labels=labels,
    )
    return _report(found)


def _report(found: Fairness) -> Report:
    return Report(
        fares=tuple(_fare(one) for one in found.fares),
        worst_off=tuple(_fare(one) for one in found.worst_off),
        moves=found.reference_moves,
        proven=found.fewest_proven,
    )


def _fare(one: Counted) -> Fare:
    now, before = one.proposal, one.reference
    return Fare(
        kind=one.kind,
        name=one.name,
        students=one.students,
        share=now.share,
        before=None if before is None else before.share,
        strong=now.strong,
        with_strong=one.with_strong,
        worse=one.worse,
        strong_before=None if before is None else before.strong,
    )
