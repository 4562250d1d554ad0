"""The relaxation of conflicts against every arrangement: what it refuses is impossible, what it finds is lawful."""

import math
import threading
from dataclasses import replace

import pytest

from optimizer import Problem, Solution
from optimizer.check import moves, violations
from optimizer.conflicts.ground_rows import ground_of
from optimizer.conflicts.grounds import Grounds
from optimizer.conflicts.statements import Item, items, with_values
from optimizer.facts import facts_of
from optimizer.plan import Plan, proposal
from tests.optimizer.exhaustive import arrangements, best_score
from tests.optimizer.factories import scramble


def grounds_of(problem: Problem, said: tuple[Item, ...]) -> Grounds:
    """The relaxation of a problem as it stands."""
    model = ground_of(facts_of(problem), said, [0] * len(said))
    return Grounds(model, seed=0, stop=threading.Event())


def written(problem: Problem, plan: Plan) -> Solution | None:
    """A plan as a proposal, if it is lawful."""
    found = proposal(problem, plan, facts_of(problem).places)
    return None if found is None or violations(problem, found) else found


def only(problem: Problem, said: tuple[Item, ...], kept: list[int]) -> Problem:
    """The problem with all other statements withdrawn."""
    gone = {item: item.free for place, item in enumerate(said) if place not in kept}
    return with_values(problem, gone)


@pytest.mark.parametrize("seed", range(40))
def test_it_refuses_exactly_what_no_arrangement_respects(seed: int):
    problem = Problem.from_json(scramble(seed, seats=5))
    said = items(problem)
    met: list[Plan] = []

    def lawful(plan: Plan) -> bool:
        met.append(plan)
        return written(problem, plan) is not None

    reason = grounds_of(problem, said).against(range(len(said)), lawful=lawful, seconds=60)
    if best_score(problem) is None:
        assert reason is not None
        assert best_score(only(problem, said, list(reason))) is None
    else:
        assert reason is None
        assert written(problem, met[-1]) is not None


@pytest.mark.parametrize("seed", range(12))
def test_statements_withdrawn_from_the_same_relaxation_are_withdrawn_from_the_problem(seed: int):
    problem = Problem.from_json(scramble(seed, seats=4))
    said = items(problem)
    grounds = grounds_of(problem, said)
    for place in range(len(said)):
        kept = [other for other in range(len(said)) if other != place]
        variant = only(problem, said, kept)
        reason = grounds.against(
            kept, lawful=lambda plan, there=variant: written(there, plan) is not None, seconds=60
        )
        assert (reason is not None) == (best_score(variant) is None)


@pytest.mark.parametrize("seed", [seed for seed in range(24) if scramble(seed, seats=5)["current"]])
def test_the_fewest_moves_are_exact(seed: int):
    problem = Problem.from_json(scramble(seed, seats=5))
    problem = replace(problem, rules=replace(problem.rules, max_moves=0))
    said = items(problem)
    place = next(rank for rank, item in enumerate(said) if item.kind == "max_moves")
    least = grounds_of(problem, said).least_failed(range(len(said)), place, lawful=lambda _: True, seconds=60)
    free = replace(problem, rules=replace(problem.rules, max_moves=None))
    fewest = min((moves(problem, found) for found in arrangements(free)), default=math.inf)
    assert least == pytest.approx(fewest)
