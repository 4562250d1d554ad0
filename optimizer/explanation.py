"""Everything there is to say of a proposal, in one go: one student at one slot, or the whole of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.fairness import Fairness, fairness, fewest_moves
from optimizer.history import History, history
from optimizer.levers import Gain, gains
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import proven_impossible
from optimizer.unserved import Unserved, unserved
from optimizer.why_open import WhyOpen, why_open

FORMAT = "apdash-explanation/1"
TIME_LIMIT = 120.0
_SHARES = {"base": 0.15, "groups": 0.35, "reference": 0.15, "history": 0.15}
"""Of the time left when each begins, at most; the levers take what is left."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the groups are open, who is not served and what would help, who fares how, what last time weighs."""

    groups: tuple[WhyOpen, ...]
    unserved: tuple[Unserved, ...]
    gains: tuple[Gain, ...]
    fairness: Fairness
    history: History | None

    def served_by(self, student: str) -> tuple[int, ...]:
        """Positions among the gains of those that serve a student, the best first."""
        return tuple(rank for rank, gain in enumerate(self.gains) if student in gain.serves)

    def to_json(self) -> dict[str, object]:
        """The explanation as a JSON object."""
        return {
            "format": FORMAT,
            "groups": [group.to_json() for group in self.groups],
            "unserved": [
                {**one.to_json(), "served_by": list(self.served_by(one.student))} for one in self.unserved
            ],
            "gains": [gain.to_json() for gain in self.gains],
            "fairness": self.fairness.to_json(),
            "history": None if self.history is None else self.history.to_json(),
        }


def explanation(
    problem: Problem,
    solution: Solution,
    *,
    labels: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    threads: int = 1,
) -> Explanation:
    """The explanation of a proposal, in about the time given; what the time did not suffice for is an interval."""
    base = Search(problem, time_limit=_SHARES["base"] * time_limit, gap=0.0, seed=seed, threads=threads)
    base.offer(plan_in(solution))
    proven_impossible(base)
    clock = base.trial(problem, seconds=time_limit - base.elapsed, aim=base.aim)

    def part(name: str) -> float:
        return _SHARES[name] * max(0.0, clock.time_limit - clock.elapsed)

    groups = why_open(problem, solution, time_limit=part("groups"), seed=seed, threads=threads)
    reference, proven = fewest_moves(base, time_limit=part("reference"))
    missing = unserved(problem, solution)
    past = history(base, solution, time_limit=part("history"))
    left = max(0.0, clock.time_limit - clock.elapsed)
    return Explanation(
        groups=groups,
        unserved=missing,
        gains=gains(problem, solution, missing, base=base, time_limit=left),
        fairness=fairness(problem, solution, reference=reference, fewest_proven=proven, labels=labels),
        history=past,
    )
