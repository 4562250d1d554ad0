"""Dated meetings of weekly slots: what holidays and placements leave of them. Frames in, frames out."""

from datetime import date

import polars as pl

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")


def slot_dates(slots: pl.DataFrame, closures: pl.DataFrame, *, first: date, last: date) -> pl.DataFrame:
    """Return the days each slot meets between two dates, both included, holidays taken out.

    slots: slot, day (lundi to samedi); closures: starts_on, ends_on. Columns: slot, on; ordered by both.
    """
    days = _days(first, last)
    open_days = days.join(_covered(closures, days), on="on", how="anti")
    numbers = range(1, len(WEEKDAYS) + 1)
    weekday = pl.DataFrame(
        {"day": WEEKDAYS, "weekday": numbers}, schema={"day": pl.String, "weekday": pl.Int8}
    )
    return (
        slots.select("slot", "day")
        .unique()
        .join(weekday, on="day")
        .join(open_days.with_columns(weekday=pl.col("on").dt.weekday()), on="weekday")
        .select("slot", "on")
        .sort("slot", "on")
    )


def meetings(
    slots: pl.DataFrame,
    divisions: pl.DataFrame,
    *,
    closures: pl.DataFrame,
    placements: pl.DataFrame,
    first: date,
    last: date,
) -> pl.DataFrame:
    """Return the meetings each division can attend between two dates, both included.

    slots: slot, day; divisions: slot, division; closures: starts_on, ends_on; placements: division,
    starts_on, ends_on. Columns: division, slot, on; ordered by all three. None while on placement.
    """
    dated = (
        divisions.select("division", "slot")
        .unique()
        .join(slot_dates(slots, closures, first=first, last=last), on="slot")
    )
    away = (
        dated.join(placements.select("division", "starts_on", "ends_on"), on="division")
        .filter(pl.col("on").is_between("starts_on", "ends_on"))
        .select("division", "on")
        .unique()
    )
    return dated.join(away, on=["division", "on"], how="anti").sort("division", "slot", "on")


def meeting_counts(dated: pl.DataFrame, divisions: pl.DataFrame) -> pl.DataFrame:
    """Return how many meetings each division can attend at each of its slots, zero included.

    dated: as `meetings`; divisions: slot, division. Columns: division, slot, sessions.
    """
    counts = dated.group_by("division", "slot").agg(sessions=pl.len().cast(pl.Int64))
    return (
        divisions.select("division", "slot")
        .unique()
        .join(counts, on=["division", "slot"], how="left")
        .with_columns(pl.col("sessions").fill_null(0))
        .sort("division", "slot")
    )


def school_days(closures: pl.DataFrame, *, first: date, last: date) -> int:
    """Return the number of days of class between two dates, both included: Monday to Friday, no holiday."""
    days = _days(first, last).filter(pl.col("on").dt.weekday() <= 5)
    return days.join(_covered(closures, days), on="on", how="anti").height


def _days(first: date, last: date) -> pl.DataFrame:
    if last < first:
        return pl.DataFrame(schema={"on": pl.Date})
    return pl.DataFrame({"on": pl.date_range(first, last, eager=True)})


def _covered(spans: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    return (
        days.join(spans.select("starts_on", "ends_on"), how="cross")
        .filter(pl.col("on").is_between("starts_on", "ends_on"))
        .select("on")
        .unique()
    )
