"""Five pins by hand on a proposal, and how far an answer to them is from it."""

import random

from optimizer import Problem, Solution
from optimizer.facts import facts_of
from optimizer.plan import plan_in
from optimizer.problem import Pin

PINS = 5


def where(solution: Solution) -> dict[tuple[str, str], tuple[str, str]]:
    """Need and staff entry of each student at each slot of a proposal."""
    return {
        (student, group.slot): (group.need, group.staff)
        for group in solution.groups
        for student in group.students
    }


def changed(before: Solution, after: Solution) -> int:
    """The places (student and slot) that are not as they were, left without a group or found one included."""
    old, new = where(before), where(after)
    return sum(old.get(place) != new.get(place) for place in old.keys() | new.keys())


def pins_by_hand(problem: Problem, proposal: Solution, seed: int) -> tuple[Pin, ...]:
    """Five students carried into another open group that works on a need of theirs, full or not."""
    rng, facts, at = random.Random(f"pins {seed}"), facts_of(problem), where(proposal)
    named = {name for row in (*problem.pins, *problem.bans) for name in (row.student,)}
    named |= {name for row in (*problem.pairs, *problem.caps) for name in row.students}
    found: dict[str, Pin] = {}
    groups = list(plan_in(proposal))
    for student, slot in rng.sample(facts.places, len(facts.places)):
        theirs = {need for (name, _), (need, _) in at.items() if name == student}
        doors = facts.doors[student, slot]
        open_to = [
            one
            for one in groups
            if one[0] == slot and one[2] in doors.get(one[1], ()) and one[1] not in theirs
        ]
        if student in named or student in found or not open_to:
            continue
        _, need, entry = rng.choice(open_to)
        found[student] = Pin(student=student, slot=slot, need=need, staff=entry)
        if len(found) == PINS:
            break
    return tuple(found.values())
