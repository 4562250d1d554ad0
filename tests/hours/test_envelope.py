"""What the grid gives a student, from the cohort of their class and the day they came."""

from datetime import date

import polars as pl

from apdash.hours.envelope import dues, proposals

GRADES = pl.DataFrame(
    [("2de", "bac pro", 1), ("1re", "bac pro", 2), ("Tle", "bac pro", 3), ("1CAP", "CAP", 1), ("2CAP", "CAP", 2)],
    schema=["code", "cycle", "cycle_year"], orient="row",
)  # fmt: skip
ENVELOPES = pl.DataFrame(
    [("2009", "Bac pro 3 ans", 70.0, 70.0, 70.0), ("2019", "Bac pro 3 ans", 90.0, 84.0, 91.0),
     ("2024", "Bac pro, soutien", 30.0, 28.0, None), ("CAP", "CAP 2 ans", 101.5, 91.0, None)],
    schema=["code", "label", "hours_1", "hours_2", "hours_3"], orient="row",
)  # fmt: skip
SEPTEMBER = date(2026, 9, 1)


def stays(*rows: tuple) -> pl.DataFrame:
    """rows: student, year, grade, starts_on, apprentice."""
    return pl.DataFrame(
        [{"student": s, "year": y, "grade": g, "mef": "", "starts_on": on, "apprentice": a} for s, y, g, on, a in rows],
        schema={"student": pl.Int64, "year": pl.Int64, "grade": pl.String, "mef": pl.String, "starts_on": pl.Date,
                "apprentice": pl.Boolean},
    )  # fmt: skip


def chosen(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(
        [(year, cycle, mef, code) for year, cycle, mef, code in rows],
        schema={"entry_year": pl.Int64, "cycle": pl.String, "mef": pl.String, "envelope": pl.String}, orient="row",
    )  # fmt: skip


def carried(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={"student": pl.Int64, "year": pl.Int64}, orient="row")


def shares(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(
        list(rows), schema={"year": pl.Int64, "starts_on": pl.Date, "share": pl.Float64}, orient="row"
    )


def given(
    where: pl.DataFrame,
    grids: pl.DataFrame,
    *,
    brought: pl.DataFrame | None = None,
    part: pl.DataFrame | None = None,
) -> list:
    found = dues(
        where, carried() if brought is None else brought, grids, shares() if part is None else part, grades=GRADES,
        envelopes=ENVELOPES, year=2026,
    )  # fmt: skip
    return found.select("year", "phase", "due").rows()


def test_a_student_of_1re_has_the_grid_of_the_three_years() -> None:
    where = stays((1, 2025, "2de", date(2025, 9, 1), False), (1, 2026, "1re", SEPTEMBER, False))
    assert given(where, chosen((2025, "bac pro", "", "2019"))) == [
        (2025, "past", 5400), (2026, "now", 5040), (2027, "coming", 5460),
    ]  # fmt: skip


def test_who_comes_in_1re_begins_there_with_the_grid_of_the_class() -> None:
    where = stays((1, 2026, "1re", SEPTEMBER, False))
    assert given(where, chosen((2025, "bac pro", "", "2009"))) == [
        (2026, "now", 4200),
        (2027, "coming", 4200),
    ]


def test_who_comes_in_november_has_what_is_left_of_the_year() -> None:
    came = date(2026, 11, 9)
    part = shares((2026, came, 0.75))
    assert given(stays((1, 2026, "Tle", came, False)), chosen((2024, "bac pro", "", "2009")), part=part) == [
        (2026, "now", 3150)
    ]


def test_apprentices_are_left_out() -> None:
    assert given(stays((1, 2026, "2de", SEPTEMBER, True)), chosen((2026, "bac pro", "", "2009"))) == []


def test_an_earlier_cycle_does_not_count() -> None:
    where = stays((1, 2025, "2CAP", date(2025, 9, 1), False), (1, 2026, "1re", SEPTEMBER, False))
    assert [row[0] for row in given(where, chosen((2025, "bac pro", "", "2009")))] == [2026, 2027]


def test_a_year_elsewhere_counts_when_its_hours_were_carried_here() -> None:
    where = stays((1, 2026, "Tle", SEPTEMBER, False))
    grids = chosen((2024, "bac pro", "", "2009"))
    assert given(where, grids, brought=carried((1, 2025))) == [(2025, "past", 4200), (2026, "now", 4200)]


def test_the_envelope_of_a_formation_goes_before_that_of_all() -> None:
    where = stays((1, 2026, "Tle", SEPTEMBER, False)).with_columns(mef=pl.lit("M1"))
    grids = chosen((2024, "bac pro", "", "2009"), (2024, "bac pro", "M1", "2019"))
    assert given(where, grids) == [(2026, "now", 5460)]


def test_a_grid_that_does_not_say_a_year_says_nothing_of_it() -> None:
    where = stays((1, 2026, "Tle", SEPTEMBER, False))
    assert given(where, chosen((2024, "bac pro", "", "2024"))) == [(2026, "now", None)]
    assert given(where, chosen()) == [(2026, "now", None)]


def test_the_grid_nearest_to_the_official_weekly_hours_is_proposed() -> None:
    cohorts = pl.DataFrame(
        [(2026, "bac pro", 1, "M1", 20), (2025, "bac pro", 2, "M2", 20), (2026, "CAP", 1, "M3", 10)],
        schema=["entry_year", "cycle", "cycle_year", "mef", "students"], orient="row",
    )  # fmt: skip
    weekly = pl.DataFrame([("M1", 1.0), ("M2", 3.0)], schema=["mef", "weekly_hours"], orient="row")
    found = proposals(cohorts, weekly, chosen((2025, "bac pro", "", "2009")), envelopes=ENVELOPES)
    told = {(row["entry_year"], row["cycle"]): (row["envelope"], row["proposed"]) for row in found.to_dicts()}
    assert told == {
        (2026, "bac pro"): (None, "2024"),
        (2025, "bac pro"): ("2009", "2019"),
        (2026, "CAP"): (None, "CAP"),
    }
