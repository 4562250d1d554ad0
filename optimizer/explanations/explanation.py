"""Everything there is to say of a proposal, in one go: one student at one slot, or the whole of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.explanations.fairness import Fairness, fairness
from optimizer.explanations.gains import Gain, gains
from optimizer.explanations.history import History, history
from optimizer.explanations.inquiry import Inquiry, inquiring
from optimizer.explanations.reference import fewest_moves
from optimizer.explanations.serving import Serving, serving
from optimizer.explanations.unserved import Unserved, unserved
from optimizer.explanations.why_open import WhyOpen, told_open
from optimizer.problem import Problem
from optimizer.solution import Solution

FORMAT = "apdash-explanation/1"
TIME_LIMIT = 120.0
_SHARES = {"base": 0.15, "groups": 0.35, "reference": 0.15, "serving": 0.25, "history": 0.15}
"""Of the time left when each begins, at most; the levers take what is left."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the groups are open, who is not served and what would help, who fares how, what last time weighs."""

    groups: tuple[WhyOpen, ...]
    unserved: tuple[Unserved, ...]
    gains: tuple[Gain, ...]
    fairness: Fairness
    history: History | None
    serving: Mapping[str, Serving]
    """For unserved students, the cheapest place in a group of a strong need, or why there is none."""

    def served_by(self, student: str) -> tuple[int, ...]:
        """Positions among the gains of those that serve a student, the best first."""
        return tuple(rank for rank, gain in enumerate(self.gains) if student in gain.serves)

    def _cheapest(self, student: str) -> dict[str, object]:
        """The cheapest place of a student, or why there is none, each under its key."""
        found = self.serving[student]
        told = found.to_json()
        return {
            "cheapest": None if found.wish is None else told,
            "no_cheapest": told if found.wish is None else None,
        }

    def to_json(self) -> dict[str, object]:
        """The explanation as a JSON object."""
        return {
            "format": FORMAT,
            "groups": [group.to_json() for group in self.groups],
            "unserved": [
                {
                    **one.to_json(),
                    "served_by": list(self.served_by(one.student)),
                    **self._cheapest(one.student),
                }
                for one in self.unserved
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
    with inquiring(problem, solution, seed=seed, threads=threads) as inquiry:
        return told_whole(inquiry, labels=labels, time_limit=time_limit)


def told_whole(
    inquiry: Inquiry,
    *,
    labels: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    time_limit: float = TIME_LIMIT,
) -> Explanation:
    """The answer of `explanation` from an inquiry, which proves the best score once for all that is asked of it."""
    base, problem, solution = inquiry.base, inquiry.base.problem, inquiry.solution
    clock = base.trial(problem, seconds=time_limit, aim=base.aim, facts=base.facts)

    def part(name: str) -> float:
        return _SHARES[name] * max(0.0, clock.time_limit - clock.elapsed)

    inquiry.prove(seconds=part("base"))
    groups = told_open(inquiry, time_limit=part("groups"))
    reference, proven = fewest_moves(base, time_limit=part("reference"))
    missing = unserved(problem, solution)
    served = serving(inquiry, missing, seconds=part("serving"))
    past = history(base, solution, time_limit=part("history"))
    left = max(0.0, clock.time_limit - clock.elapsed)
    return Explanation(
        groups=groups,
        unserved=missing,
        gains=gains(problem, solution, missing, base=base, time_limit=left),
        fairness=fairness(problem, solution, reference=reference, fewest_proven=proven, labels=labels),
        history=past,
        serving=served,
    )
