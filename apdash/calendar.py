"""Dated meetings of weekly slots: what holidays and placements leave of them. Frames in, frames out."""

from datetime import date

import polars as pl

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")


def week_letters(closures: pl.DataFrame, given: pl.DataFrame, *, first: date, last: date) -> pl.DataFrame:
    """Return the letter of each week of class of a school year: A in the first, then B, A, B…; holidays do not count.

    given: monday, letter, where the school decided otherwise: weeks alternate again from there. first, last: the days
    of the year. Columns: monday, letter; ordered.
    """
    days = _days(first, last).filter(pl.col("on").dt.weekday() <= len(WEEKDAYS))
    mondays = days.join(_covered(closures, days), on="on", how="anti")["on"].dt.truncate("1w").unique().sort()
    decided = dict(given.select("monday", "letter").iter_rows())
    letters, letter = [], "B"
    for monday in mondays:
        letter = decided.get(monday, "B" if letter == "A" else "A")
        letters.append(letter)
    return pl.DataFrame(
        {"monday": mondays, "letter": letters}, schema={"monday": pl.Date, "letter": pl.String}
    )


def slot_dates(
    slots: pl.DataFrame,
    closures: pl.DataFrame,
    *,
    first: date,
    last: date,
    letters: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the days each weekly slot meets between two dates, both included, holidays taken out.

    slots: slot, day (lundi to samedi), weeks (null: all; A or B, as in letters), the last may be left out; closures:
    starts_on, ends_on; letters: as `week_letters`. Columns: slot, on; ordered by both.
    """
    days = _days(first, last)
    open_days = days.join(_covered(closures, days), on="on", how="anti").with_columns(
        weekday=pl.col("on").dt.weekday(), monday=pl.col("on").dt.truncate("1w")
    )
    if letters is None:
        letters = pl.DataFrame(schema={"monday": pl.Date, "letter": pl.String})
    if "weeks" not in slots.columns:
        slots = slots.with_columns(weeks=pl.lit(None, pl.String))
    numbers = range(1, len(WEEKDAYS) + 1)
    weekday = pl.DataFrame(
        {"day": WEEKDAYS, "weekday": numbers}, schema={"day": pl.String, "weekday": pl.Int8}
    )
    return (
        slots.select("slot", "day", "weeks")
        .unique()
        .join(weekday, on="day")
        .join(open_days, on="weekday")
        .join(letters, on="monday", how="left")
        .filter(pl.col("weeks").is_null() | (pl.col("weeks") == pl.col("letter")))
        .select("slot", "on")
        .sort("slot", "on")
    )


def meetings(days: pl.DataFrame, divisions: pl.DataFrame, *, placements: pl.DataFrame) -> pl.DataFrame:
    """Return the meetings each division can attend.

    days: slot, on (when slots meet); divisions: slot, division; placements: division, starts_on, ends_on.
    Columns: division, slot, on; ordered by all three. None while on placement.
    """
    dated = divisions.select("division", "slot").unique().join(days.select("slot", "on"), on="slot")
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
