"""What a lawful proposal cannot do without: the question of whether one exists, asked of a smaller problem.

Only pins and a limit of moves ask for groups: a group that holds neither a pinned student nor one who keeps
their place can be closed, and the proposal stays lawful.
"""

import math
from collections import defaultdict
from dataclasses import replace

from optimizer.aims import Aim
from optimizer.facts import Facts
from optimizer.problem import Problem
from optimizer.search import Search


def limits_moves(problem: Problem) -> bool:
    """Whether the limit of moves forbids anything."""
    limit = problem.rules.max_moves
    return limit is not None and limit < len(problem.current)


def without_spare_groups(facts: Facts, *, moves: bool) -> Facts:
    """The same facts without the groups that no lawful proposal needs: those of pins and, if moves count, of today."""
    pinned = {(pin.slot, pin.need) for pin in facts.problem.pins}
    today: dict[tuple[str, str], set[str]] = defaultdict(set)
    if moves:
        for row in facts.current.values():
            today[row.slot, row.need].add(row.staff)
    leaders = {
        cell: entries if cell in pinned else tuple(entry for entry in entries if entry in today[cell])
        for cell, entries in facts.leaders.items()
    }
    doors = {
        place: {
            need: allowed
            for need, entries in needs.items()
            if (allowed := tuple(entry for entry in entries if entry in leaders[place[1], need]))
        }
        for place, needs in facts.doors.items()
    }
    return replace(facts, leaders=leaders, doors=doors)


def trial_of(search: Search, variant: Problem, *, seconds: float) -> Search:
    """A search for any lawful proposal of a variant; where moves are limited, few moves are what it is led by."""
    limited = limits_moves(variant)
    trial = search.trial(variant, seconds=seconds, aim=Aim.KEPT if limited else Aim.ANYTHING)
    trial.patience = math.inf
    trial.facts = without_spare_groups(trial.facts, moves=limited)
    if limited:
        trial.bound = len(trial.facts.current) - (variant.rules.max_moves or 0)
    return trial
