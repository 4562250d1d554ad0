"""From counts to a proposal that leaves people where another one has them, where that costs nothing."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from optimizer.aims import group_score
from optimizer.counted.need_columns import NeedModel
from optimizer.counted.split import plan_of, staffed
from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import GroupModel
from optimizer.model import group_model
from optimizer.plan import Plan
from optimizer.program import Verdict, run, value
from optimizer.search import Search
from optimizer.search_tree.linear import Answer

_LONGEST = 5.0
"""Seconds for placing the students in decided groups once, at most."""
_CLOSE = 1e-4
_SHARE = 1e-6
_CALM = 0.4
"""What keeping every place is worth in all: less than one point of score."""


def settle(
    search: Search,
    model: NeedModel,
    before: Plan,
    answer: Answer,
    *,
    asked: Group | None = None,
    barred: Group | None = None,
    shallow: bool = False,
) -> float:
    """Turn a relaxation with whole counts into groups, offered to the search; the most that any such groups can give.

    With the group `asked` for, without the one `barred`. First whoever the relaxation leaves alone stays where
    `before` has them; where that loses points, more and more may move: everybody, but in a `shallow` look.
    """
    assert answer.values is not None
    model.program.take(answer.values)
    limits = replace(search.limits(), whole=False)
    verdict, groups = staffed(model, limits, asked=asked, barred=barred, liked=before)
    if verdict is not Verdict.BEST:
        return -math.inf if verdict is Verdict.IMPOSSIBLE else math.inf
    hoped = model.program.lp.objective.value()
    worth = -math.inf
    for facts in (held(search.facts, model, before, groups), supported(search.facts, model, before)):
        worth = max(worth, _placed(search, facts, groups, before)[0])
        if worth >= hoped - _CLOSE or search.within(search.rounded(hoped)):
            return hoped
    if shallow or search.out_of_time:
        return hoped
    return min(hoped, _placed(search, search.facts, groups, before)[1])


def held(facts: Facts, model: NeedModel, before: Plan, groups: Sequence[Group]) -> Facts:
    """The doors of `supported`, but for those whom the relaxation leaves in the need of a group that stays open."""
    seats = {
        (student, group[0]): group for group, names in before.items() if group in groups for student in names
    }
    support = _support(model)
    near = supported(facts, model, before)
    return replace(
        facts,
        doors={
            place: {seat[1]: (seat[2],)}
            if (seat := seats.get(place)) is not None
            and support[place] == {seat[1]}
            and seat[2] in facts.doors[place].get(seat[1], ())
            else needs
            for place, needs in near.doors.items()
        },
    )


def supported(facts: Facts, model: NeedModel, before: Plan) -> Facts:
    """The facts with only the doors that the relaxation uses, and those of `before`."""
    support = _support(model)
    for group, names in before.items():
        for student in names:
            support[student, group[0]].add(group[1])
    return replace(
        facts,
        doors={
            place: {need: entries for need, entries in needs.items() if need in support[place]}
            for place, needs in facts.doors.items()
        },
    )


def _support(model: NeedModel) -> dict[Place, set[str]]:
    found: dict[Place, set[str]] = defaultdict(set)
    for (student, slot, need), column in model.attends.items():
        if value(column) > _SHARE:
            found[student, slot].add(need)
    return found


def _placed(search: Search, facts: Facts, groups: tuple[Group, ...], before: Plan) -> tuple[float, float]:
    """Place the students in these groups, offered to the search: the score, and the most that it can be."""
    model = group_model(facts, groups, decided=True, aim=search.aim)
    if search.whole:
        terms, constant = group_score(model)
        model.program.maximise([*terms, *_calm(model, before)], constant)
    limits = search.limits()
    outcome = run(model.program, replace(limits, whole=False, seconds=min(limits.seconds, _LONGEST)))
    search.work += outcome.work
    if not outcome.found:
        return -math.inf, outcome.bound
    search.offer(plan_of(model))
    return search.value, outcome.bound


def _calm(model: GroupModel, before: Plan) -> list[tuple[object, float]]:
    worth = _CALM / max(1, len(model.facts.places))
    return [
        (seat, worth) for (place, group), seat in model.seats.items() if place[0] in before.get(group, ())
    ]
