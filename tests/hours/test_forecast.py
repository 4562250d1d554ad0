"""The forecast to the end of the cycle, and what more hours would bring."""

from datetime import date

import polars as pl

from apdash.hours.burn_up import ahead, burn_up
from apdash.hours.forecast import balances, by_division, drifting, rates
from apdash.hours.what_if import blocks, weekly

INTS = dict.fromkeys(("student", "year", "planned", "held", "not_held"), pl.Int64)


def due_rows(*rows: tuple) -> pl.DataFrame:
    schema = {"student": pl.Int64, "year": pl.Int64, "phase": pl.String, "due": pl.Int64}
    return pl.DataFrame(list(rows), schema=schema, orient="row").with_columns(envelope=pl.lit("2009"))


def past(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=INTS, orient="row")


def carried(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(
        list(rows), schema={"student": pl.Int64, "year": pl.Int64, "held": pl.Int64}, orient="row"
    )


NOW = pl.DataFrame({"student": [1], "division": [10], "held": [600], "untold": [100], "left": [900]})
RATE = pl.DataFrame({"division": [10, None], "rate": [0.9, 0.8]})
DUES = due_rows((1, 2025, "past", 4200), (1, 2026, "now", 4200), (1, 2027, "coming", 4200))


def one(
    dues: pl.DataFrame = DUES, *, before: pl.DataFrame | None = None, brought: pl.DataFrame | None = None,
    ready: bool = True, extra: pl.DataFrame | None = None,
) -> dict:  # fmt: skip
    before, brought = past() if before is None else before, carried() if brought is None else brought
    return balances(dues, before, brought, NOW, RATE, ready=ready, extra=extra).row(0, named=True)


def test_the_rule_is_the_one_the_page_tells() -> None:
    found = one(before=past((1, 2025, 4000, 3000, 500)))
    assert (found["due"], found["before"], found["held"]) == (12_600, 3000, 600)
    assert found["forecast"] == 3000 + 600 + round(0.9 * (900 + 100 + 4200))
    assert found["gap"] == found["forecast"] - 12_600


def test_sessions_of_this_file_go_before_hours_carried_from_elsewhere() -> None:
    assert one(brought=carried((1, 2025, 2500)))["before"] == 2500
    assert one(before=past((1, 2025, 4000, 3000, 500)), brought=carried((1, 2025, 2500)))["before"] == 3000
    assert one(before=past((1, 2025, 4000, 0, 0)), brought=carried((1, 2025, 2500)))["before"] == 2500


def test_a_year_nothing_is_known_of_is_left_out_on_both_sides_and_told() -> None:
    found = one()
    assert (found["due"], found["before"], found["unknown"]) == (8400, 0, 1)


def test_nothing_is_forecast_too_early_or_without_a_grid() -> None:
    assert one(ready=False)["forecast"] is None
    assert one(due_rows((1, 2026, "now", None)))["forecast"] is None


def test_more_hours_count_at_the_rate_too() -> None:
    extra = pl.DataFrame({"division": [10], "extra": [1000]})
    brought = carried((1, 2025, 2500))
    assert one(brought=brought, extra=extra)["forecast"] - one(brought=brought)["forecast"] == 900


def test_rates_are_of_what_was_told_of() -> None:
    rows = pl.DataFrame(
        [(10, "held", 300), (10, "not_held", 100), (10, "planned", 999), (11, "planned", 55)],
        schema=["division", "state", "minutes"], orient="row",
    ).with_columns(counts=pl.lit(value=True))  # fmt: skip
    assert rates(rows).rows() == [(10, 0.75), (11, 0.75), (None, 0.75)]
    assert rates(rows.filter(pl.col("state") == "planned"))["rate"].unique().to_list() == [1.0]


def test_who_leaves_the_grid_by_more_than_a_tenth_is_listed() -> None:
    rows = pl.DataFrame(
        {"student": [1, 2, 3], "division": [10, 10, 10], "due": [1000] * 3, "gap": [-101, -100, 150], "before": [0] * 3,
         "held": [5] * 3, "forecast": [899, 900, 1150]}
    )  # fmt: skip
    assert drifting(rows, share=0.1)["student"].to_list() == [1, 3]
    assert by_division(rows, share=0.1).select("students", "gap", "short").rows() == [(3, -100, 1)]


OFF = pl.DataFrame({"starts_on": [date(2027, 2, 20)], "ends_on": [date(2027, 3, 7)]})
AWAY = pl.DataFrame({"division": [10], "starts_on": [date(2027, 1, 11)], "ends_on": [date(2027, 1, 29)]})


def test_one_more_hour_a_week_counts_neither_holidays_nor_placements() -> None:
    found = weekly(
        [10, 11], OFF, AWAY, day="jeudi", minutes=60, first=date(2027, 1, 4), last=date(2027, 3, 12)
    )
    assert found.rows() == [(10, 5, 300), (11, 8, 480)]


def test_blocks_are_at_most_one_a_day_when_the_division_is_there() -> None:
    first, last = date(2027, 1, 25), date(2027, 2, 2)
    found = blocks([10, 11], OFF, AWAY, number=4, minutes=180, first=first, last=last)
    assert found.rows() == [(10, 2, 360), (11, 4, 720)]


def test_the_curve_piles_up_what_was_held_and_goes_on_to_the_forecast() -> None:
    schema = {
        "student": pl.Int64,
        "division": pl.Int64,
        "on_day": pl.Date,
        "minutes": pl.Int64,
        "state": pl.String,
    }
    rows = pl.DataFrame(
        [(1, 10, date(2026, 11, 3), 60, "held"), (1, 10, date(2026, 11, 10), 60, "not_held"),
         (1, 10, date(2026, 11, 24), 60, "planned")],
        schema=schema, orient="row",
    ).with_columns(counts=pl.lit(value=True))  # fmt: skip
    brought = pl.DataFrame({"student": [1], "held": [600], "planned": [700]})
    grown = burn_up(rows, brought, first=date(2026, 11, 2), day=date(2026, 11, 18))
    assert grown["held"].to_list() == [660, 660, 660]
    assert grown["planned"].to_list() == [760, 820, 820]
    assert grown["on"].to_list()[-1] == date(2026, 11, 18)
    coming = [(date(2028, 7, 2), 146.0)]
    line = ahead(rows, RATE, start=660.0, forecast=760.0, day=date(2026, 11, 18), coming=coming)
    assert line["minutes"].to_list() == [660, 687, 760]
