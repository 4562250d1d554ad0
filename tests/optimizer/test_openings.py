"""What is settled of the needs opened, against the exact model at each limit of moves."""

import math
from dataclasses import replace

import pytest

from optimizer import Problem
from optimizer.counted import counting
from optimizer.counted.openings import Openings, Settled
from optimizer.search import Search
from optimizer.search_tree.linear import Answer
from optimizer.solve import by_need, exactly
from tests.optimizer.factories import school


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Settled]:
    """Every relaxation that falls short by anything is settled; what was found, in order."""
    found: list[Settled] = []
    settle = Openings.settle

    def heard(self: Openings, search: Search, answer: Answer) -> Settled | None:
        known = settle(self, search, answer)
        found.extend([] if known is None else [known])
        return known

    monkeypatch.setattr(counting, "_TOO_MUCH", -math.inf)
    monkeypatch.setattr("optimizer.counted.openings._ROOM", math.inf)
    monkeypatch.setattr(Openings, "settle", heard)
    return found


@pytest.mark.parametrize(("seed", "most"), [(2, 24), (4, 30), (0, None), (1, 30), (3, 24), (5, None)])
def test_bounds_are_true_at_each_limit_of_moves(seed: int, most: int | None, settled: list[Settled]):
    band = Problem.from_json(school(seed, students=22 + 10 * (seed % 2), adults=3, rooms=seed % 4 > 1))
    problem = replace(band, rules=replace(band.rules, max_moves=most))
    exact, counted = (Search(problem, time_limit=600, gap=0) for _ in range(2))
    impossible = exactly(exact)
    assert by_need(counted) <= impossible
    assert counted.bound >= exact.value >= counted.value


@pytest.mark.parametrize(("seed", "most"), [(2, 24), (4, 30)])
def test_needs_that_are_settled_are_searched_once(seed: int, most: int, settled: list[Settled]):
    band = Problem.from_json(school(seed, students=22, adults=3, rooms=seed % 4 > 1))
    problem = replace(band, rules=replace(band.rules, max_moves=most))
    search, exact = (Search(problem, time_limit=600, gap=0) for _ in range(2))
    by_need(search)
    exactly(exact)
    assert len(settled) == 1
    assert search.value == search.bound == exact.value
