"""Why is it open? What each group of a proposal gives, and what closing it costs: forced re-solves without it."""

from dataclasses import dataclass
from typing import Any

from optimizer.explanations.displaced import Displaced, displaced
from optimizer.explanations.forced import Cost, forced
from optimizer.explanations.inquiry import Inquiry, inquiring
from optimizer.explanations.why_here import TIME_LIMIT
from optimizer.explanations.wishes import Wish, refused
from optimizer.facts import Facts, Group
from optimizer.plan import Plan, plan_in
from optimizer.problem import Problem
from optimizer.solution import Solution


@dataclass(frozen=True, slots=True)
class WhyOpen:
    """A group of the proposal: what it gives, and what the best score loses when it may not be open."""

    group: Group
    students: int
    points: int
    """Served in it, before any penalty."""
    strong: int
    """Students for whom the need is strong."""
    only_strong: int
    """Those of them who have no strong need served elsewhere in the proposal."""
    kept: int
    """Students who are in it today."""
    closing: Cost
    pinned: bool
    """Held open by a place decided by hand."""
    displaced: Displaced | None

    def to_json(self) -> dict[str, object]:
        """The answer as a JSON object."""
        slot, need, staff = self.group
        moved = self.displaced
        return {
            "slot": slot,
            "need": need,
            "staff": staff,
            "students": self.students,
            "points": self.points,
            "strong": self.strong,
            "only_strong": self.only_strong,
            "kept": self.kept,
            "closing": self.closing.to_json(),
            "pinned": self.pinned,
            "displaced": None if moved is None else list(moved.students),
        }


def why_open(
    problem: Problem,
    solution: Solution,
    *,
    time_limit: float = TIME_LIMIT,
    seed: int = 0,
    threads: int = 1,
) -> tuple[WhyOpen, ...]:
    """Every group of a proposal with what closing it would cost; in the order of the proposal."""
    with inquiring(problem, solution, seed=seed, threads=threads) as inquiry:
        return told_open(inquiry, time_limit=time_limit)


def told_open(inquiry: Inquiry, *, time_limit: float = TIME_LIMIT) -> tuple[WhyOpen, ...]:
    """The answer of `why_open` from an inquiry, which proves the best score once for all that is asked of it."""
    facts, solution = inquiry.base.facts, inquiry.solution
    plan = plan_in(solution)
    wishes = [Wish(group) for group in plan]
    pinned = {wish for wish in wishes if refused(facts, wish, facts)}
    free = [wish for wish in wishes if wish not in pinned]
    told = {one.wish: one for one in forced(inquiry, free, seconds=time_limit)}
    attended: dict[str, list[Group]] = {}
    for group, names in plan.items():
        for name in names:
            attended.setdefault(name, []).append(group)
    return tuple(
        WhyOpen(
            **_gives(facts, plan, wish.group, attended),
            closing=told[wish].cost if wish in told else Cost(None, None, impossible=True),
            pinned=wish in pinned,
            displaced=displaced(told[wish].search, solution, wish) if wish in told else None,
        )
        for wish in wishes
    )


def _gives(facts: Facts, plan: Plan, group: Group, attended: dict[str, list[Group]]) -> dict[str, Any]:
    """What a group gives, as fields of `WhyOpen`; `attended`: the groups of each student."""
    slot, need, _ = group
    strong = [name for name in plan[group] if need in facts.strong.get(name, ())]
    return {
        "group": group,
        "students": len(plan[group]),
        "points": sum(facts.points.get((name, slot, need), 0) for name in plan[group]),
        "strong": len(strong),
        "only_strong": sum(
            not any(other[1] in facts.strong[name] for other in attended[name] if other != group)
            for name in strong
        ),
        "kept": sum(
            (name, slot) in facts.current and facts.group_of((name, slot)) == group for name in plan[group]
        ),
    }
