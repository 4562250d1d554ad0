"""What the grid of a cohort gives each student, year by year of their cycle, from the day they came."""

import polars as pl

_SHAPE = ("student", "year", "cycle", "cycle_year", "mef", "share", "phase")


def dues(
    stays: pl.DataFrame,
    carried: pl.DataFrame,
    chosen: pl.DataFrame,
    shares: pl.DataFrame,
    *,
    grades: pl.DataFrame,
    envelopes: pl.DataFrame,
    year: int,
) -> pl.DataFrame:
    """Return what the grid gives each student of the year: a row a student and year of their present cycle, in order.

    stays, carried, chosen: as the queries of envelopes; shares: year, starts_on, share (of the year that is left to who
    comes that day); grades, envelopes: reference data. Apprentices have a calendar of their own: they are left out.
    The cohort of a year is the one whose grid the class follows that year: (year - year of the cycle + 1), so that who
    repeats or comes in the course of a cycle has the grid of their class. Columns: student, year, cycle_year, phase
    (past, now, coming), envelope (code, null: none chosen), due (minutes; null: the grid does not say).
    """
    cycles = grades.select("cycle", "cycle_year", grade="code")
    lived = stays.join(cycles, on="grade").filter(pl.col("year") <= year)
    present = lived.filter((pl.col("year") == year) & ~pl.col("apprentice"))
    here = present.select("student", now_cycle="cycle", now_year="cycle_year")
    mine = (
        lived.join(here, on="student")
        .filter(pl.col("cycle") == pl.col("now_cycle"))
        .join(shares, on=["year", "starts_on"], how="left")
        .with_columns(pl.col("share").fill_null(1.0), phase=_phase(year))
    )
    parts = [mine, _elsewhere(present, mine, carried, year=year), _coming(present, grades)]
    every = pl.concat([part.select(_SHAPE) for part in parts], how="vertical_relaxed")
    return _granted(every, chosen, envelopes).sort("student", "year")


def _phase(year: int) -> pl.Expr:
    return pl.when(pl.col("year") == year).then(pl.lit("now")).otherwise(pl.lit("past"))


def _elsewhere(
    present: pl.DataFrame, mine: pl.DataFrame, carried: pl.DataFrame, *, year: int
) -> pl.DataFrame:
    """Return the years of the cycle spent elsewhere whose hours were carried here."""
    return (
        carried.filter(pl.col("year") < year).select("student", "year")
        .join(present.select("student", "cycle", "mef", now_year="cycle_year"), on="student")
        .join(mine.select("student", "year"), on=["student", "year"], how="anti")
        .with_columns(
            cycle_year=pl.col("now_year") - (year - pl.col("year")), share=pl.lit(1.0), phase=pl.lit("past")
        )
        .filter(pl.col("cycle_year") >= 1)
    )  # fmt: skip


def _coming(present: pl.DataFrame, grades: pl.DataFrame) -> pl.DataFrame:
    """Return the years left in the cycle after the present one."""
    steps = grades.select("cycle", next_year="cycle_year").unique()
    return (
        present.join(steps, on="cycle")
        .filter(pl.col("next_year") > pl.col("cycle_year"))
        .with_columns(
            year=pl.col("year") + pl.col("next_year") - pl.col("cycle_year"),
            cycle_year="next_year",
            share=pl.lit(1.0),
            phase=pl.lit("coming"),
        )
    )


def _granted(years: pl.DataFrame, chosen: pl.DataFrame, envelopes: pl.DataFrame) -> pl.DataFrame:
    """Return the years with the envelope of their cohort and its minutes; that of a formation goes first."""
    dated = years.with_columns(entry_year=(pl.col("year") - pl.col("cycle_year") + 1).cast(pl.Int64))
    typed = chosen.with_columns(pl.col("entry_year").cast(pl.Int64))
    own = typed.filter(pl.col("mef") != "").rename({"envelope": "own"})
    general = typed.filter(pl.col("mef") == "").select("entry_year", "cycle", general="envelope")
    grid = envelopes.unpivot(
        ["hours_1", "hours_2", "hours_3"], index="code", variable_name="column", value_name="hours"
    ).select(
        envelope="code", cycle_year=pl.col("column").str.tail(1).cast(pl.Int64), hours="hours"
    )  # fmt: skip
    return (
        dated.with_columns(pl.col("cycle_year").cast(pl.Int64))
        .join(own, on=["entry_year", "cycle", "mef"], how="left")
        .join(general, on=["entry_year", "cycle"], how="left")
        .with_columns(envelope=pl.coalesce("own", "general"))
        .join(grid, on=["envelope", "cycle_year"], how="left")
        .with_columns(due=(pl.col("hours") * 60 * pl.col("share")).round().cast(pl.Int64))
        .select("student", "year", "cycle_year", "phase", "envelope", "due")
    )


def proposals(
    cohorts: pl.DataFrame, weekly: pl.DataFrame, chosen: pl.DataFrame, *, envelopes: pl.DataFrame
) -> pl.DataFrame:
    """Return the cohorts present with the envelope chosen, and the one their official weekly hours suggest.

    cohorts: entry_year, cycle, cycle_year, mef, students; weekly: mef, weekly_hours. The suggestion is the grid of that
    cycle whose hours of the year are nearest to the weekly hours over 30 weeks. Columns: entry_year, cycle, students,
    weekly_hours (mean, nullable), envelope (nullable), proposed (nullable); latest entry first.
    """
    weighted = pl.col("weekly_hours") * pl.col("students")
    known = pl.col("students").filter(pl.col("weekly_hours").is_not_null()).sum()
    grouped = (
        cohorts.join(weekly, on="mef", how="left")
        .group_by("entry_year", "cycle", "cycle_year")
        .agg(pl.col("students").sum(), weekly_hours=weighted.sum() / known)
        .with_columns(pl.col("weekly_hours").fill_nan(None), pl.col("entry_year").cast(pl.Int64))
    )
    general = chosen.filter(pl.col("mef") == "").select(
        pl.col("entry_year").cast(pl.Int64), "cycle", "envelope"
    )
    told = [
        {**row, "proposed": _nearest(row, envelopes)} for row in grouped.to_dicts()
    ]  # fmt: skip
    frame = pl.DataFrame(told, schema={**grouped.schema, "proposed": pl.String})
    return (
        frame.sort("entry_year", "cycle", "cycle_year", descending=[True, False, False])
        .unique(["entry_year", "cycle"], keep="first", maintain_order=True)
        .join(general, on=["entry_year", "cycle"], how="left", maintain_order="left")
        .select("entry_year", "cycle", "students", "weekly_hours", "envelope", "proposed")
    )


_CYCLE_WORDS = {"bac pro": "bac pro", "CAP": "cap", "LEGT": "lycée"}
_WEEKS = 30


def _nearest(row: dict, envelopes: pl.DataFrame) -> str | None:
    word = _CYCLE_WORDS.get(row["cycle"])
    column = f"hours_{row['cycle_year']}"
    mine = (
        envelopes.filter(pl.col("label").str.to_lowercase().str.contains(word, literal=True))
        if word
        else envelopes.head(0)
    )
    usable = mine.drop_nulls(column)
    if usable.is_empty():
        return None
    if row["weekly_hours"] is None:
        return usable["code"][0]
    target = row["weekly_hours"] * _WEEKS
    return usable.sort((pl.col(column) - target).abs(), maintain_order=True)["code"][0]
