"""What more hours would bring, placements and holidays counted; nothing is written."""

from datetime import date

import polars as pl

from apdash.calendar import WEEKDAYS, meetings, slot_dates

_SHAPE = {"division": pl.Int64, "meetings": pl.Int64, "extra": pl.Int64}


def weekly(
    divisions: list[int],
    closures: pl.DataFrame,
    away: pl.DataFrame,
    *,
    day: str,
    minutes: int,
    first: date,
    last: date,
) -> pl.DataFrame:
    """Return what one more meeting a week brings each division between two days: division, meetings, extra (minutes).

    day: lundi to samedi; away: placements. Ordered by division; those it brings nothing are there with 0.
    """
    slots = pl.DataFrame({"slot": [1], "day": [day]})
    days = slot_dates(slots, closures, first=first, last=last)
    return _counted(divisions, _attended(divisions, days, away), minutes=minutes)


def blocks(
    divisions: list[int],
    closures: pl.DataFrame,
    away: pl.DataFrame,
    *,
    number: int,
    minutes: int,
    first: date,
    last: date,
) -> pl.DataFrame:
    """Return what some sessions between two days bring each division, at most one a day: as `weekly`.

    A division has no more of them than days of class when it is there.
    """
    slots = pl.DataFrame(
        {"slot": range(1, 6), "day": WEEKDAYS[:5]}, schema={"slot": pl.Int64, "day": pl.String}
    )
    days = slot_dates(slots, closures, first=first, last=last).with_columns(slot=pl.lit(1, pl.Int64))
    there = _attended(divisions, days, away)
    most = there.group_by("division", maintain_order=True).head(number)
    return _counted(divisions, most, minutes=minutes)


def _attended(divisions: list[int], days: pl.DataFrame, away: pl.DataFrame) -> pl.DataFrame:
    who = pl.DataFrame(
        {"slot": [1] * len(divisions), "division": divisions}, schema={"slot": pl.Int64, "division": pl.Int64}
    )
    return meetings(days, who, placements=away)


def _counted(divisions: list[int], dated: pl.DataFrame, *, minutes: int) -> pl.DataFrame:
    counts = dated.group_by("division").agg(meetings=pl.len().cast(pl.Int64))
    return (
        pl.DataFrame({"division": sorted(divisions)}, schema={"division": pl.Int64})
        .join(counts, on="division", how="left")
        .with_columns(pl.col("meetings").fill_null(0))
        .with_columns(extra=pl.col("meetings") * minutes)
        .select(*_SHAPE)
        .sort("division")
    )
