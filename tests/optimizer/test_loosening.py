"""Bands made impossible in one known way: the conflict is irreducible, no step of the loosening can be taken back."""

import pytest

from optimizer import Problem, Solution, Status, solve, violations
from optimizer.aims import Aim
from optimizer.conflicts.conflict import refusal_of
from optimizer.conflicts.court import Court
from optimizer.conflicts.demands import Ranks, demand_of
from optimizer.conflicts.statements import Item, Value, items, with_values
from optimizer.plan import plan_in, proposal
from optimizer.search import Search
from optimizer.solve import exactly, proven_impossible
from tests.optimizer.exhaustive import best_score
from tests.optimizer.factories import pupil, scramble, tiny
from tests.optimizer.impossible import WAYS, impossible


def possible(problem: Problem) -> bool:
    """Whether a lawful proposal exists, by the exact model of the whole problem."""
    search = Search(problem, time_limit=60, gap=0, aim=Aim.ANYTHING)
    return search.offer({}) or not exactly(search)


def told(problem: Problem, found: Solution) -> tuple[list[Item], dict[Item, Value]]:
    """The statements of the conflict, and the values of the loosening."""
    by_path = {item.path: item for item in items(problem)}
    changes = {by_path[one.path]: one.new if by_path[one.path].field else None for one in found.loosening}
    return [by_path[statement.path] for statement in found.conflict], changes


def only(problem: Problem, kept: list[Item]) -> Problem:
    """The problem with all other statements withdrawn."""
    return with_values(problem, {item: item.free for item in items(problem) if item not in kept})


@pytest.mark.parametrize("way", WAYS)
def test_a_conflict_is_irreducible_and_its_loosening_the_smallest_of_its_kind(way: str):
    problem = Problem.from_json(impossible(way, 3, students=24))
    found = solve(problem, time_limit=120)
    assert (found.status, found.irreducible, found.smallest) == (Status.INFEASIBLE, True, True)
    conflict, changes = told(problem, found)
    assert not possible(only(problem, conflict))
    for item in conflict:
        assert possible(only(problem, [other for other in conflict if other != item]))
    assert possible(with_values(problem, changes))
    for item, value in changes.items():
        rank = item.values.index(value)
        assert not possible(with_values(problem, {**changes, item: item.values[rank - 1]}))


@pytest.mark.parametrize("seed", range(3))
def test_no_single_change_is_smaller(seed: int):
    problem = next(
        candidate
        for number in range(seed * 50, seed * 50 + 50)
        if best_score(candidate := Problem.from_json(scramble(number, seats=4))) is None
    )
    _, changes = told(problem, solve(problem))
    size = sum(item.cost(item.values.index(value)) for item, value in changes.items())
    for item in items(problem):
        for rank in range(1, item.last + 1):
            if item.cost(rank) < size:
                assert best_score(with_values(problem, {item: item.values[rank]})) is None


def test_two_conflicts_are_both_loosened():
    problem = Problem.from_json(impossible("twice", 0, students=24))
    _, changes = told(problem, solve(problem, time_limit=120))
    assert len(changes) >= 2


def test_a_share_is_loosened_to_the_hundredth():
    students = [pupil(f"e{place}", f"d{max(0, place - 2)}", lec=80) for place in range(5)]
    needs = [{"id": "lec", "min_size": 5, "max_size": 5, "max_division_share": 0.5}]
    pins = [{"student": f"e{place}", "slot": "mar", "need": "lec", "staff": None} for place in range(3)]
    data = tiny(students=students, needs=needs, pins=pins)
    found = solve(Problem.from_json(data))
    assert [(change.path, change.old, change.new) for change in found.loosening] == [
        ("needs[0].max_division_share", 0.5, 0.6)
    ]


def test_without_time_it_is_said_that_nothing_is_proven_and_the_loosening_still_works():
    problem = Problem.from_json(impossible("twice", 1, students=24))
    found = refusal_of(Search(problem, time_limit=0, gap=0), proven_impossible)
    assert (found.irreducible, found.smallest) == (False, False)
    assert found.to_json()["irreducible"] is False
    assert Solution.from_json(found.to_json()) == found
    conflict, changes = told(problem, found)
    assert not possible(only(problem, conflict))
    assert possible(with_values(problem, changes))


@pytest.mark.parametrize("seed", range(12))
def test_what_a_plan_asks_of_the_statements_is_what_the_referee_says(seed: int):
    problem = Problem.from_json(scramble(seed))
    search = Search(problem, time_limit=60, gap=0)
    court = Court(search, proven_impossible, until=60)
    plan = plan_in(solve(court.variant(court.last)))
    demand = demand_of(search.facts, court.items, plan)
    assert demand is not None

    def lawful(ranks: Ranks) -> bool:
        variant = court.variant(ranks)
        written = proposal(variant, plan, search.facts.places)
        return written is not None and violations(variant, written) == []

    if not demand.ranks[demand.held].any():
        assert lawful(demand.ranks)
    for place in demand.ranks.nonzero()[0]:
        less = demand.ranks.copy()
        less[place] -= 1
        assert not lawful(less)


@pytest.mark.parametrize("way", ["moves", "twice", "rooms"])
def test_relaxations_alone_explain_a_school(way: str):
    def no_search(_: Search) -> bool:
        raise AssertionError("relaxations were to suffice")

    problem = Problem.from_json(impossible(way, 5, students=60))
    found = refusal_of(Search(problem, time_limit=120, gap=0), no_search)
    assert (found.irreducible, found.smallest) == (True, True)
    conflict, changes = told(problem, found)
    assert not possible(only(problem, conflict))
    assert possible(with_values(problem, changes))
