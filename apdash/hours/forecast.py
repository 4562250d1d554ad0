"""What a student will have had by the end of the cycle, if the year goes on as it has begun.

forecast = held so far + rate x (planned sessions left this year, placements out, and those nobody has told of)
         + rate x hours of the grid for the years to come,    rate = held / (held + not held) this year in the division.
"""

import polars as pl

WEEKS_BEFORE = (
    8  # no forecast before as many weeks of class: half of the gap comes from placements, seen only later
)


def rates(places: pl.DataFrame) -> pl.DataFrame:
    """Return the share of the hours told of that were held, a row a division: division (null: the school), rate.

    A division of which nothing is told has that of the school; a school of which nothing is told, 1.
    """
    told = places.filter(pl.col("counts") & (pl.col("state") != "planned"))
    held = pl.col("minutes").filter(pl.col("state") == "held").sum() / pl.col("minutes").sum()
    whole = told.select(held).item() if told.height else 1.0
    own = told.group_by("division").agg(rate=held)
    every = places.select("division").unique().join(own, on="division", how="left")
    school = pl.DataFrame(
        {"division": [None], "rate": [whole]}, schema={"division": pl.Int64, "rate": pl.Float64}
    )
    return pl.concat([every.with_columns(pl.col("rate").fill_null(whole)), school]).sort(
        "division", nulls_last=True
    )


def balances(
    dues: pl.DataFrame,
    past: pl.DataFrame,
    carried: pl.DataFrame,
    this_year: pl.DataFrame,
    rate: pl.DataFrame,
    *,
    ready: bool,
    extra: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return where each student stands against the grid of their cycle; ordered by student. All but rate in minutes.

    dues: as `envelope.dues`; past: ledger by student and year of the years before; carried: as the query; this_year:
    ledger by student, with division; rate: as `rates`; ready: enough weeks of class have passed; extra: division,
    minutes that would be added this year (« et si »).
    Columns: student, division, envelope (code), due, before (held in earlier years), held (this year), left, coming,
    rate, extra, forecast and gap (null before it is time or without grid), unknown (earlier years of the cycle of which
    nothing is known: left out on both sides).
    """
    years = dues.join(_known(past, carried), on=["student", "year"], how="left")
    lost = (pl.col("phase") == "past") & pl.col("held").is_null()
    sums = years.group_by("student").agg(
        envelope=pl.col("envelope").filter(pl.col("phase") == "now").first(),
        due=pl.col("due").filter(~lost).sum(),
        granted=pl.col("due").filter(pl.col("phase") == "now").first(),
        before=pl.col("held").filter((pl.col("phase") == "past") & pl.col("due").is_not_null()).sum(),
        coming=pl.col("due").filter(pl.col("phase") == "coming").sum(),
        unknown=lost.sum().cast(pl.Int64),
    )
    more = extra if extra is not None else pl.DataFrame(schema={"division": pl.Int64, "extra": pl.Int64})
    joined = (
        sums.join(this_year.select("student", "division", "held", "untold", "left"), on="student")
        .join(rate, on="division", how="left")
        .join(more, on="division", how="left")
        .with_columns(
            pl.col("extra").fill_null(0),
            pl.col("rate").fill_null(1.0),
            left=pl.col("left") + pl.col("untold"),
        )
    )
    ahead = (pl.col("rate") * (pl.col("left") + pl.col("coming") + pl.col("extra"))).round().cast(pl.Int64)
    usable = pl.col("granted").is_not_null() & pl.lit(ready)
    return (
        joined.with_columns(forecast=pl.when(usable).then(pl.col("before") + pl.col("held") + ahead))
        .with_columns(gap=pl.col("forecast") - pl.col("due"))
        .select(
            "student", "division", "envelope", "due", "before", "held", "left", "coming", "rate", "extra", "forecast",
            "gap", "unknown",
        )
        .sort("student")
    )  # fmt: skip


def _known(past: pl.DataFrame, carried: pl.DataFrame) -> pl.DataFrame:
    """Return what was held in earlier years: sessions of this file where any is told of, else what was carried."""
    here = past.filter(pl.col("held") + pl.col("not_held") > 0).select(
        "student", pl.col("year").cast(pl.Int64), "held"
    )
    brought = carried.select("student", pl.col("year").cast(pl.Int64), pl.col("held").cast(pl.Int64))
    return pl.concat([here, brought.join(here, on=["student", "year"], how="anti")])


def drifting(balance: pl.DataFrame, *, share: float) -> pl.DataFrame:
    """Return the students whose forecast leaves the grid by more than a share of it, the farthest below first."""
    return balance.filter(pl.col("gap").abs() > pl.col("due") * share).sort("gap", "student")


def by_division(balance: pl.DataFrame, *, share: float) -> pl.DataFrame:
    """Return each division's median student: division, students, due, so_far (held in the cycle), forecast, gap, short.

    short: students more than a share of the grid below it. Ordered by division.
    """
    return (
        balance.group_by("division")
        .agg(
            students=pl.len().cast(pl.Int64),
            due=_median("due"),
            so_far=(pl.col("before") + pl.col("held")).median().round().cast(pl.Int64),
            forecast=_median("forecast"),
            gap=_median("gap"),
            short=(pl.col("gap") < -pl.col("due") * share).sum().cast(pl.Int64),
        )
        .sort("division")
    )


def _median(name: str) -> pl.Expr:
    return pl.col(name).median().round().cast(pl.Int64)
