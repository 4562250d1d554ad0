"""The solver against every arrangement tried one by one, and against itself."""

import random

import pytest

from optimizer import Problem, Solution, Status, score, solve, violations, wrong_claims
from optimizer.aims import Aim
from optimizer.check import moves
from optimizer.conflicts.statements import items, with_values
from optimizer.counted.relaxation import need_model
from optimizer.search import Search
from optimizer.search_tree.form import form_of
from optimizer.search_tree.linear import Bench, Task
from optimizer.solve import by_need, exactly
from tests.optimizer.exhaustive import best_score
from tests.optimizer.factories import pupil, school, scramble, tiny


@pytest.mark.parametrize("seed", range(24))
def test_the_answer_is_the_best_of_all_arrangements(seed: int):
    problem = Problem.from_json(scramble(seed, seats=5))
    expected = best_score(problem)
    found = solve(problem, gap=0)
    assert found.score == expected
    assert found.status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL)
    assert violations(problem, found) == [] or expected is None
    assert wrong_claims(problem, found) == []


@pytest.mark.parametrize("seed", range(100, 116))
def test_the_need_model_is_never_below_the_best_arrangement(seed: int):
    problem = Problem.from_json(scramble(seed, seats=5))
    search = Search(problem, time_limit=20, gap=0)
    form = form_of(need_model(search.facts).program)
    (answer,) = Bench(form, threads=1, seed=0).solve(
        [Task(form.low[form.whole], form.high[form.whole])], seconds=20
    )
    expected = best_score(problem)
    assert expected is None or answer.bound >= expected - 1e-6


@pytest.mark.parametrize("seed", range(200, 212))
def test_counting_by_need_then_splitting_finds_the_same_answer(seed: int):
    problem = Problem.from_json(scramble(seed, seats=5))
    exact, counted = (Search(problem, time_limit=60, gap=0) for _ in range(2))
    assert exactly(exact) == (best_score(problem) is None)
    impossible = by_need(counted)
    assert counted.bound >= exact.value >= counted.value
    assert not impossible or exact.best is None


@pytest.mark.parametrize("seed", [2, 5, 7, 11, 15, 19])
def test_a_conflict_is_irreducible_and_its_loosening_works(seed: int):
    problem = next(
        candidate
        for number in range(seed * 100, seed * 100 + 100)
        if best_score(candidate := Problem.from_json(scramble(number, seats=4))) is None
    )
    found = solve(problem)
    by_path = {item.path: item for item in items(problem)}
    conflict = [by_path[statement.path] for statement in found.conflict]

    def only(kept: list[object]) -> Problem:
        return with_values(problem, {item: item.free for item in by_path.values() if item not in kept})

    assert best_score(only(conflict)) is None
    for item in conflict:
        assert best_score(only([other for other in conflict if other != item])) is not None
    changes = {by_path[one.path]: one.new if by_path[one.path].field else None for one in found.loosening}
    assert best_score(with_values(problem, changes)) is not None


BANDS = {
    "plain": {},
    "rooms": {"rooms": True},
    "co-led, pairs and caps": {"co_led": True, "pairs": 4, "caps": 6},
    "often away": {"away": 0.5},
    "few needs": {"max_needs_open": 5},
    "three slots": {"slots": 3, "students": 24},
}


@pytest.mark.parametrize("name", BANDS)
def test_a_proposal_is_lawful_and_says_the_truth(name: str):
    problem = Problem.from_json(
        school(7, **{"students": 36, "adults": 5, "pins": 1, "pairs": 2} | BANDS[name])
    )
    found = solve(problem, time_limit=120, gap=0.05)
    assert found.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert violations(problem, found) == []
    assert wrong_claims(problem, found) == []
    assert found.score == score(problem, found).score <= found.bound


def test_the_same_problem_and_seed_give_the_same_answer():
    problem = Problem.from_json(school(3, students=26, adults=3, pins=1))
    first, second = (solve(problem, gap=0.02, seed=5) for _ in range(2))
    assert (first.groups, first.score, first.bound) == (second.groups, second.score, second.bound)


def renamed(data: dict[str, object]) -> dict[str, object]:
    """The problem with students listed in another order under other names."""
    rng = random.Random(1)
    ids = [student["id"] for student in data["students"]]
    names = {old: f"z{place}" for place, old in enumerate(rng.sample(ids, len(ids)))}

    def other(value: object) -> object:
        if isinstance(value, dict):
            return {key: other(item) for key, item in value.items()}
        if isinstance(value, list):
            return [other(item) for item in value]
        return names.get(value, value) if isinstance(value, str) else value

    found = other(data)
    rng.shuffle(found["students"])
    return found


@pytest.mark.parametrize("seed", [1, 4, 8])
def test_other_names_in_another_order_change_no_score(seed: int):
    data = scramble(seed, seats=6)
    first, second = (solve(Problem.from_json(one), gap=0) for one in (data, renamed(data)))
    assert (first.status, first.score) == (second.status, second.score)


def test_it_is_never_worse_than_changing_nothing():
    data = school(9, students=30, adults=4, pins=0, pairs=0, bans=0, caps=0)
    before = solve(Problem.from_json(data), gap=0.05, time_limit=120)
    data["current"] = [
        {"student": name, "slot": group.slot, "need": group.need, "staff": group.staff, "need_periods": 1}
        for group in before.groups
        for name in group.students
    ]
    problem = Problem.from_json(data)
    same = Solution(Status.FEASIBLE, 0.0, groups=before.groups, unplaced=before.unplaced)
    assert violations(problem, same) == []
    again = solve(problem, time_limit=0.2)
    assert again.score >= score(problem, same).score


def test_both_models_agree_on_the_most_places_kept():
    problem = Problem.from_json(scramble(16, seats=5))
    exact, counted = (Search(problem, time_limit=60, gap=0, aim=Aim.KEPT) for _ in range(2))
    exactly(exact)
    by_need(counted)
    assert exact.best is not None
    assert exact.value == len(exact.facts.current) - moves(problem, exact.best)
    assert counted.value <= exact.value <= counted.bound


def test_a_friend_who_must_join_a_full_group_of_today_is_counted_in_it():
    """Three stay in a group for three, so nobody can bring a friend: one of them moves, which the relaxation knows."""
    needs = [{"id": "lec", "min_size": 1, "max_size": 3}]
    staff = [{"id": name, "needs": ["lec"], "slots": ["mar"]} for name in ("t1", "t2")]
    current = [
        {"student": name, "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1} for name in "abc"
    ]
    students = [pupil(name, lec=50) for name in "abcd"]
    pairs = [{"students": ["a", "d"], "kind": "together"}]
    problem = Problem.from_json(
        tiny(needs=needs, staff=staff, students=students, current=current, pairs=pairs)
    )
    search = Search(problem, time_limit=20, gap=0, aim=Aim.CALM)
    form = form_of(need_model(search.facts, aim=Aim.KEPT).program)
    (answer,) = Bench(form, threads=1, seed=0).solve(
        [Task(form.low[form.whole], form.high[form.whole])], seconds=20
    )
    assert answer.bound < 3
    assert not by_need(search)
    assert search.value == search.bound == 2
