"""The dial: each point the best for its moves, from the fewest to the freest."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from optimizer import Problem, Status, solve, violations, wrong_claims
from optimizer.check import moves
from optimizer.frontier import frontier
from tests.optimizer.direct_answer import best_score
from tests.optimizer.factories import pupil, school, tiny, with_rules


def settled(**changes: object) -> dict[str, object]:
    """Six students in two groups of today, each of whom would gain in the other one."""
    needs = [{"id": need, "min_size": 1, "max_size": 6} for need in ("lec", "mat")]
    staff = [{"id": name, "needs": ["lec", "mat"], "slots": ["mar"], "cost": 0} for name in ("t1", "t2")]
    students = [pupil(f"e{n}", lec=30, mat=60 + 5 * n) for n in range(6)]
    current = [
        {"student": f"e{n}", "slot": "mar", "need": "lec", "staff": "t1", "need_periods": 1} for n in range(6)
    ]
    return tiny(needs=needs, staff=staff, students=students, current=current, **changes)


def test_each_point_is_the_best_for_its_moves():
    problem = Problem.from_json(settled())
    found = frontier(problem, gap=0)
    assert found.fewest_proven
    assert [point.max_moves for point in found.points] == list(range(7))
    for point in found.points:
        limited = replace(problem, rules=replace(problem.rules, max_moves=point.max_moves))
        assert violations(limited, point.solution) == []
        assert wrong_claims(limited, point.solution) == []
        assert point.solution.score == solve(limited, gap=0).score
        assert point.moves == moves(problem, point.solution) <= point.max_moves


def test_the_first_point_is_the_lawful_plan_with_the_fewest_moves():
    data = settled()
    data["needs"][0]["max_size"] = 4
    found = frontier(Problem.from_json(data), gap=0)
    assert found.points[0].moves == 2


def test_more_moves_never_serve_less():
    problem = Problem.from_json(school(5, students=24, adults=3, pins=0))
    found = frontier(problem, points=5, gap=0.05)
    scores = [point.solution.score for point in found.points]
    assert scores == sorted(scores)
    assert len({point.max_moves for point in found.points}) == len(found.points) <= 5


def test_where_nothing_can_move_there_is_one_point():
    found = frontier(Problem.from_json(tiny(students=[pupil("a", lec=80)])))
    assert [(point.max_moves, point.moves) for point in found.points] == [(0, 0)]


def test_an_impossible_problem_has_a_refusal_and_no_point():
    data = with_rules(settled(), max_moves=0) | {"bans": [{"student": "e0", "need": "lec"}]}
    found = frontier(Problem.from_json(data))
    assert found.points == ()
    assert found.refusal is not None
    assert found.refusal.status is Status.INFEASIBLE


@pytest.mark.parametrize("seed", range(6))
def test_points_are_distinct_and_each_is_the_best_by_another_model(seed: int, tmp_path: Path):
    """Half of them small enough for the exact model, half counted by need."""
    band = school(seed, students=22 + 10 * (seed % 2), adults=3, rooms=seed % 4 > 1)
    problem = Problem.from_json(band)
    found = frontier(problem, gap=0)
    assert found.fewest_proven
    if not found.points:
        assert best_score(problem, tmp_path) is None
        return
    for point in found.points:
        limited = _with_moves(problem, point.max_moves)
        assert violations(limited, point.solution) == []
        assert wrong_claims(limited, point.solution) == []
        assert point.moves == point.max_moves == moves(problem, point.solution)
        assert point.solution.score == best_score(limited, tmp_path)
    for calmer, freer in pairwise(found.points):
        assert calmer.moves < freer.moves
        assert calmer.solution.score < freer.solution.score
    assert found.points[-1].solution.score == best_score(problem, tmp_path)
    if found.points[0].moves:
        assert best_score(_with_moves(problem, found.points[0].moves - 1), tmp_path) is None


def test_there_are_as_many_points_as_asked_for_where_there_are_so_many():
    problem = Problem.from_json(school(2, students=60, adults=5))
    assert 5 <= len(frontier(problem).points) <= 7


def _with_moves(problem: Problem, limit: int) -> Problem:
    return replace(problem, rules=replace(problem.rules, max_moves=limit))
