"""What only large bands go through, tried on bands small enough to know the answer."""

import pytest

from optimizer import Problem, Status, solve, violations, wrong_claims
from optimizer.counted.relaxation import need_model
from optimizer.search import Search
from optimizer.search_tree.form import form_of
from optimizer.search_tree.linear import Bench, Task
from tests.optimizer.factories import school

BANDS = (
    school(2, students=120),
    school(1, students=120, rooms=True, co_led=True),
    school(1, students=150, divisions=6, pairs=10, caps=12),
    school(2, students=120, max_moves=120),
)


@pytest.mark.parametrize("band", BANDS, ids=["plain", "rooms", "statements", "moves"])
def test_placing_part_by_part_is_lawful_and_loses_little(band: dict, monkeypatch: pytest.MonkeyPatch):
    problem = Problem.from_json(band)
    whole = solve(problem, gap=0.002)
    monkeypatch.setattr("optimizer.counted.counting.MANY_PLACES", 0)
    monkeypatch.setattr("optimizer.counted.counting._SOME_PLACES", 0)
    apart = solve(problem, gap=0.002)
    assert apart.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert violations(problem, apart) == []
    assert wrong_claims(problem, apart) == []
    assert apart.score >= whole.score - 0.01 * abs(whole.score)
    assert apart.bound >= whole.score
    assert len(apart.unplaced) <= len(whole.unplaced)


@pytest.mark.parametrize("band", BANDS, ids=["plain", "rooms", "statements", "moves"])
def test_the_interior_point_starts_the_simplex_at_its_optimum(band: dict, monkeypatch: pytest.MonkeyPatch):
    form = form_of(need_model(Search(Problem.from_json(band), time_limit=20, gap=0).facts).program)
    root = Task(form.low[form.whole], form.high[form.whole], long=True)
    (plain,) = Bench(form, threads=1, seed=0).solve([root], seconds=20)
    monkeypatch.setattr("optimizer.search_tree.linear._LARGE", 0)
    (inside,) = Bench(form, threads=1, seed=0).solve([root], seconds=20)
    assert inside.bound == pytest.approx(plain.bound, abs=1e-4)
    assert inside.basis is not None
