"""A first proposal that grants a wish: that of today's groups, its students placed again."""

from collections.abc import Sequence
from dataclasses import replace

from optimizer.aims import seat_value
from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import candidates
from optimizer.model import group_model
from optimizer.plan import Plan
from optimizer.program import run
from optimizer.search import Search
from optimizer.split import plan_of
from optimizer.wishes import Wish, groups_with

_SECONDS = 2.0
_WORTHWHILE = 100
"""Points that one student may lose to make place; only to keep the programme small."""


def repair(search: Search, plan: Plan, wish: Wish) -> None:
    """Offer the best placement in the groups of a plan, changed as the wish asks; nobody loses much by it."""
    groups: Sequence[Group] = groups_with(search.problem, tuple(plan), wish)
    known = set(candidates(search.facts))
    groups = tuple(group for group in groups if group in known)
    model = group_model(narrowed(search.facts, plan, set(groups)), groups, decided=True, aim=search.aim)
    outcome = run(model.program, search.grace(_SECONDS))
    if outcome.found:
        search.offer(plan_of(model))


def narrowed(facts: Facts, plan: Plan, groups: set[Group], *, also: Plan | None = None) -> Facts:
    """The facts with only the doors of these groups worth about as much as the student's own, and those of `also`."""
    other = {(student, *group[:2]) for group, students in (also or {}).items() for student in students}
    seated = {(student, group[0]): group for group, students in plan.items() for student in students}
    return replace(
        facts,
        doors={
            place: {
                need: led
                for need, entries in needs.items()
                if (led := tuple(one for one in entries if (place[1], need, one) in groups))
                and (
                    (*place, need) in other
                    or _worth(facts, place, need) >= _own(facts, place, seated, groups) - _WORTHWHILE
                )
            }
            for place, needs in facts.doors.items()
        },
    )


def _worth(facts: Facts, place: Place, need: str) -> float:
    return seat_value(facts, place, need=need, staff=None)


def _own(facts: Facts, place: Place, seated: dict[Place, Group], groups: set[Group]) -> float:
    """What the student's own seat is worth; anything will do for who loses it, and for who a wish places."""
    group = seated.get(place)
    if group is None or group not in groups or group[1] not in facts.doors[place]:
        return float("-inf")
    return _worth(facts, place, group[1])
