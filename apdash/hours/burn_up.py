"""The hours of a cohort as they pile up, week after week."""

from datetime import date, timedelta

import polars as pl


def burn_up(places: pl.DataFrame, carried: pl.DataFrame, *, first: date, day: date) -> pl.DataFrame:
    """Return what students have had by the end of each week, all years together; a row a week, in order.

    places: as `hour_places`, of the students to draw, all years; carried: student, held, planned (minutes from before).
    Columns: on (Sunday, or `day` for the week that runs), held (median, minutes), low, high (8 students of 10 are
    between them), planned (median of what was planned by then). Nothing after `day`.
    """
    counted = places.filter(pl.col("counts") & (pl.col("on_day") <= day))
    students = pl.concat([counted.select("student"), carried.select("student")]).unique()
    if students.is_empty():
        return pl.DataFrame(
            schema={
                "on": pl.Date,
                "held": pl.Float64,
                "low": pl.Float64,
                "high": pl.Float64,
                "planned": pl.Float64,
            }
        )
    monday = pl.col("on_day").dt.truncate("1w")
    weekly = counted.group_by("student", week=monday).agg(
        held=pl.col("minutes").filter(pl.col("state") == "held").sum().cast(pl.Int64),
        planned=pl.col("minutes").sum().cast(pl.Int64),
    )
    weeks = pl.DataFrame({"week": pl.date_range(_monday(first), _monday(day), "1w", eager=True)})
    start = carried.group_by("student").agg(start=pl.col("held").sum(), meant=pl.col("planned").sum())
    grown = (
        students.join(weeks, how="cross")
        .join(weekly, on=["student", "week"], how="left")
        .join(start, on="student", how="left")
        .with_columns(pl.col("held", "planned", "start", "meant").fill_null(0))
        .sort("student", "week")
        .with_columns(
            held=pl.col("held").cum_sum().over("student") + pl.col("start"),
            planned=pl.col("planned").cum_sum().over("student") + pl.col("meant"),
        )
    )
    return (
        grown.group_by("week")
        .agg(
            held=pl.col("held").median(),
            low=pl.col("held").quantile(0.1, "linear"),
            high=pl.col("held").quantile(0.9, "linear"),
            planned=pl.col("planned").median(),
        )
        .sort("week")
        .select(
            on=pl.min_horizontal(pl.col("week") + timedelta(days=6), pl.lit(day)),
            held="held",
            low="low",
            high="high",
            planned="planned",
        )
    )


def ahead(
    places: pl.DataFrame,
    rate: pl.DataFrame,
    *,
    start: float,
    forecast: float,
    day: date,
    coming: list[tuple[date, float]],
) -> pl.DataFrame:
    """Return the forecast from `day` on: on, minutes; the weeks left of the year, then the end of each coming year.

    The line goes from what is held to the forecast of the median student, at the pace of the weeks to come; what is
    over and nobody has told of comes with the week of `day`. places: those of this year; rate: as `rates`; start: held
    by then; coming: end of a year and minutes it adds.
    """
    left = places.filter(pl.col("counts") & (pl.col("state") == "planned"))
    size = max(1, places["student"].n_unique())
    not_before = pl.max_horizontal("on_day", pl.lit(day))
    weekly = (
        left.join(rate, on="division", how="left")
        .group_by(week=not_before.dt.truncate("1w"))
        .agg(more=(pl.col("minutes") * pl.col("rate").fill_null(1.0)).sum() / size)
        .sort("week")
    )
    steps = [(max(day, week + timedelta(days=6)), more) for week, more in weekly.iter_rows()] + coming
    whole = sum(more for _, more in steps)
    pace = (forecast - start) / whole if whole else 0.0
    rows = [(day, 0.0), *((on, more * pace) for on, more in steps)]
    line = pl.DataFrame(rows, schema={"on": pl.Date, "minutes": pl.Float64}, orient="row")
    return line.with_columns(minutes=pl.col("minutes").cum_sum() + start)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
