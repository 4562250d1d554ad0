"""What groups seem to bring: like compared with like, intervals that cover, nothing said of one adult."""

import random

import polars as pl
import pytest

from apdash.effect.intervals import mean_of, student_quantile, weighted_gap
from apdash.effect.progress import compared, observed, progress, shown

WEIGHTS = pl.DataFrame(
    {"need": ["N", "N", "M"], "competency": ["A", "B", "B"], "weight": [75.0, 25.0, 100.0]}
)


def levels(*rows: tuple[int, str, float]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"student": pl.Int64, "competency": pl.String, "level": pl.Float64}, orient="row"
    )


@pytest.mark.parametrize(
    ("freedom", "exact"), [(4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962)]
)
def test_the_quantile_is_that_of_the_tables(freedom: int, exact: float) -> None:
    assert student_quantile(freedom) == pytest.approx(exact, rel=0.005)
    assert student_quantile(3) == pytest.approx(3.182, rel=0.02)


def test_progress_is_the_weighted_mean_over_what_was_observed_twice() -> None:
    before = levels((1, "A", 1), (1, "B", 2), (2, "A", 3))
    after = levels((1, "A", 2), (1, "B", 2), (2, "B", 4))
    found = progress(before, after, WEIGHTS)
    assert found.rows() == [(1, "M", 2.0, 0.0), (1, "N", 1.25, 0.75)]


def test_like_is_compared_with_like_and_not_the_weak_with_the_strong() -> None:
    """Everybody weak gains one level and is worked with, but for two who gain as much without: no effect."""
    weak = [{"student": key, "need": "N", "start": 1.2, "change": 1.0 + key % 2 / 10} for key in range(10)]
    strong = [{"student": key, "need": "N", "start": 3.2, "change": 0.0} for key in range(10, 30)]
    moved = pl.DataFrame(weak + strong)
    worked = pl.DataFrame({"student": range(8), "need": "N", "minutes": 55})
    row = compared(moved, worked).row(0, named=True)
    assert (row["students"], row["others"]) == (8, 2)
    assert row["gap"] == pytest.approx(0, abs=0.01)
    assert not row["settled"]
    assert row["minutes"] == 8 * 55


def test_a_true_gain_is_found_and_the_interval_covers_it() -> None:
    draw, covered = random.Random(7), 0
    for _ in range(60):
        rows = [
            {
                "student": key,
                "need": "N",
                "start": draw.choice([1.2, 1.8, 2.2]),
                "change": draw.gauss(0.1, 0.4),
            }
            for key in range(80)
        ]
        for row in rows[:40]:
            row["change"] += 0.5
        worked = pl.DataFrame({"student": range(40), "need": "N", "minutes": 55})
        found = compared(pl.DataFrame(rows), worked).row(0, named=True)
        covered += found["low"] <= 0.5 <= found["high"]
        assert found["settled"]
    assert covered >= 53


def test_without_anybody_to_compare_with_nothing_is_said() -> None:
    moved = pl.DataFrame({"student": [1, 2], "need": "N", "start": [1.2, 1.2], "change": [1.0, 0.5]})
    worked = pl.DataFrame({"student": [1, 2], "need": "N", "minutes": 55})
    assert compared(moved, worked).is_empty()
    assert weighted_gap([]) is None


def test_needs_of_one_group_or_few_students_are_not_shown() -> None:
    rows = pl.DataFrame({"need": ["N", "M", "P"], "students": [10, 10, 9], "groups": [2, 1, 3]})
    assert shown(rows)["need"].to_list() == ["N"]


def test_what_is_observed_tells_its_numbers_and_no_interval_for_a_handful() -> None:
    moved = pl.DataFrame({"ap_group": [1, 1, 1, 1, 2], "change": [0.0, 1.0, 0.0, 1.0, 0.5]})
    found = observed(moved, "ap_group")
    assert found["students"].to_list() == [4, 1]
    assert found["low"][0] < 0.5 < found["high"][0]
    assert found["low"][1] is None
    assert mean_of(3, 1.0, 0.5) is None
