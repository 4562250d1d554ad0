"""Why here? What every other group would cost a proposal, exactly: forced re-solves, not estimates.

The figures of `explain.alternatives` (this student alone moves, all else equal) are another thing: quick, and
what a page shows while somebody types. They are repeated here as `alone`.
"""

from dataclasses import dataclass

from optimizer.check import Rule
from optimizer.explanations.displaced import Displaced, Nearby, displaced, nearby
from optimizer.explanations.explain import Alternative, alternatives
from optimizer.explanations.forced import Cost, Forced, forced
from optimizer.explanations.inquiry import Inquiry, inquiring
from optimizer.explanations.wishes import Wish, openings, refused, wished_facts
from optimizer.facts import Group
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.solution import Solution

TIME_LIMIT = 30.0


@dataclass(frozen=True, slots=True)
class Other:
    """Another group for the student: what a place there costs the best score, and who would move."""

    group: Group
    open: bool
    """Open in the proposal; otherwise it would be opened."""
    cost: Cost
    rules: tuple[Rule, ...]
    """What forbids it at first sight."""
    displaced: Displaced | None
    """Who moves, from the proposal to the best that grants it."""
    nearby: Nearby | None
    """What it takes off the proposal with its groups as they are, and who then moves."""
    alone: Alternative | None
    """All else equal; only for open groups."""

    def to_json(self) -> dict[str, object]:
        """The other group as a JSON object."""
        slot, need, staff = self.group
        moved, near, alone = self.displaced, self.nearby, self.alone
        return {
            "slot": slot,
            "need": need,
            "staff": staff,
            "open": self.open,
            "cost": self.cost.to_json(),
            "rules": [rule.value for rule in self.rules],
            "displaced": None if moved is None else list(moved.students),
            "places_changed": None if moved is None else moved.places,
            "fewest_proven": None if moved is None else moved.fewest,
            "same_groups": None
            if near is None
            else {
                "loss": near.loss,
                "displaced": list(near.displaced.students),
                "places_changed": near.displaced.places,
                "fewest_proven": near.displaced.fewest,
            },
            "all_else_equal": None
            if alone is None
            else {
                "score_change": alone.score_change,
                "lawful": alone.lawful,
                "rules": [rule.value for rule in alone.rules],
                "free": alone.free,
            },
        }


@dataclass(frozen=True, slots=True)
class WhyHere:
    """A student at a slot: where they are, and what the other groups would cost; cheapest first, open ones first."""

    student: str
    slot: str
    here: Group | None
    best: int | float
    """The best score known as things are: costs are counted from it."""
    bound: int | float
    others: tuple[Other, ...]

    def to_json(self) -> dict[str, object]:
        """The answer as a JSON object."""
        return {
            "student": self.student,
            "slot": self.slot,
            "here": None if self.here is None else {"need": self.here[1], "staff": self.here[2]},
            "best": self.best,
            "bound": self.bound,
            "others": [other.to_json() for other in self.others],
        }


def why_here(
    problem: Problem,
    solution: Solution,
    *,
    student: str,
    slot: str,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    threads: int = 1,
) -> WhyHere:
    """What every other open group, and every group that could be opened, would cost for a student at a slot.

    Raises KeyError for an unknown student or slot. Costs are intervals where the time did not suffice.
    """
    with inquiring(problem, solution, seed=seed, threads=threads) as inquiry:
        return told_here(inquiry, student=student, slot=slot, time_limit=time_limit)


def told_here(inquiry: Inquiry, *, student: str, slot: str, time_limit: float = TIME_LIMIT) -> WhyHere:
    """The answer of `why_here` from an inquiry, which proves the best score once for all that is asked of it.

    With `time_limit` 0 it says what is known already, as intervals.
    """
    problem, solution, facts = inquiry.base.problem, inquiry.solution, inquiry.base.facts
    person = {one.id: one for one in problem.students}[student]
    plan = plan_in(solution)
    here = next((group for group, names in plan.items() if group[0] == slot and student in names), None)
    wishes = []
    if person.sessions[slot] > 0:
        groups = [group for group in plan if group[0] == slot]
        wished = (*groups, *openings(problem, groups, slot))
        wishes = [Wish(group, student) for group in wished if group != here]
    barred = {wish: refused(facts, wish, wished_facts(facts, wish)) for wish in wishes}
    free = [wish for wish in wishes if not barred[wish]]
    told = {one.wish: one for one in forced(inquiry, free, seconds=time_limit)}
    alone = {
        (one.slot, one.need, one.staff): one
        for one in alternatives(problem, solution, student=student, slot=slot)
    }
    others = [
        Other(
            group=wish.group,
            open=wish.group in plan,
            cost=Cost(None, None, impossible=True),
            rules=barred[wish],
            displaced=None,
            nearby=None,
            alone=alone.get(wish.group),
        )
        if wish not in told
        else _other(told[wish], solution, opened=wish.group in plan, alone=alone.get(wish.group))
        for wish in wishes
    ]
    others.sort(key=lambda one: (not one.open, one.cost.most is None, one.cost.most or 0, one.group))
    return WhyHere(student, slot, here, inquiry.base.value, inquiry.base.bound, tuple(others))


def _other(found: Forced, before: Solution, *, opened: bool, alone: Alternative | None) -> Other:
    return Other(
        group=found.wish.group,
        open=opened,
        cost=found.cost,
        rules=(),
        displaced=displaced(found.search, before, found.wish),
        nearby=nearby(found.search.facts, found.near, before, found.wish),
        alone=alone,
    )
