"""Adds up who was expected, what was held, who came. All in minutes; nothing is rounded before it is shown."""

from datetime import date

import polars as pl

HELD, NOT_HELD, PLANNED = (
    pl.col("state") == "held",
    pl.col("state") == "not_held",
    pl.col("state") == "planned",
)
# The columns of a ledger after its keys. The first two count; the next two are minutes of sessions, each counted once;
# the others are minutes of students.
LEDGER = (
    "students", "sessions", "met", "met_held", "planned", "held", "attended", "missed", "uncalled", "not_held", "lost",
    "untold", "left", "beside",
)  # fmt: skip


def with_axis(places: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Return the places with the axis of each: that of the need of the group, or of the common action; else ''.

    needs: code, axis (nullable).
    """
    axes = needs.select(need="code", of_need="axis")
    return (
        places.join(axes, on="need", how="left", maintain_order="left")
        .with_columns(axis=pl.coalesce("of_need", "axis", pl.lit("")))
        .drop("of_need")
    )


def ledger(places: pl.DataFrame, *by: str, day: date) -> pl.DataFrame:
    """Return the hours of each student, division, group, axis or period: `by` names its columns; ordered by them.

    places: as `hour_places`. A row a key, with the columns of LEDGER: students, sessions (how many); met, met_held
    (minutes of sessions, each once); in minutes of students, planned = held + not_held + untold (over before `day`,
    nobody has said whether it was held) + left (from `day` on); held = attended (present or late) + missed (absent or
    excused) + uncalled; lost: not held and not made up by a session put in for the same group; beside: expected at what
    is not counted in the envelope, in none of the others.
    """
    keys = list(by)
    counted = places.filter("counts")
    met = (
        counted.unique([*keys, "session"])
        .group_by(keys)
        .agg(
            sessions=pl.len().cast(pl.Int64),
            met=pl.col("minutes").sum().cast(pl.Int64),
            met_held=_minutes(HELD),
        )
    )
    beside = (
        places.filter(~pl.col("counts")).group_by(keys).agg(beside=pl.col("minutes").sum().cast(pl.Int64))
    )
    return (
        places.select(keys).unique()
        .join(_of_students(counted, keys, day), on=keys, how="left", nulls_equal=True)
        .join(met, on=keys, how="left", nulls_equal=True)
        .join(_lost(counted, keys), on=keys, how="left", nulls_equal=True)
        .join(beside, on=keys, how="left", nulls_equal=True)
        .with_columns(pl.col(column).fill_null(0) for column in LEDGER)
        .select(*keys, *LEDGER)
        .sort(keys, nulls_last=True)
    )  # fmt: skip


def _of_students(counted: pl.DataFrame, keys: list[str], day: date) -> pl.DataFrame:
    over = pl.col("on_day") < day
    came = pl.col("presence").is_in(["present", "late"])
    missed = pl.col("presence").is_in(["absent", "excused"])
    return counted.group_by(keys).agg(
        students=pl.col("student").n_unique().cast(pl.Int64),
        planned=pl.col("minutes").sum().cast(pl.Int64),
        held=_minutes(HELD),
        attended=_minutes(HELD & came),
        missed=_minutes(HELD & missed),
        uncalled=_minutes(HELD & pl.col("presence").is_null()),
        not_held=_minutes(NOT_HELD),
        untold=_minutes(PLANNED & over),
        left=_minutes(PLANNED & ~over),
    )


def _lost(counted: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return what was not held, less what was put in beside the timetable for the same student and group."""
    return (
        counted.group_by(list(dict.fromkeys([*keys, "student", "ap_group"])))
        .agg(gone=_minutes(NOT_HELD), again=_minutes(pl.col("added") & ~NOT_HELD))
        .group_by(keys)
        .agg(lost=(pl.col("gone") - pl.col("again")).clip(lower_bound=0).sum())
    )


def staff_ledger(led: pl.DataFrame, *, day: date) -> pl.DataFrame:
    """Return the hours each adult led, by name; a session led by two counts for each.

    led: as `led_hours`. Columns: staff, staff_name, job, counts, sessions, planned, held, in_service and overtime (of
    held), not_held, untold (over before `day`), left; all but sessions in minutes.
    """
    over = pl.col("on_day") < day
    return (
        led.group_by("staff", "staff_name", "job", "counts")
        .agg(
            sessions=pl.col("session").n_unique().cast(pl.Int64),
            planned=pl.col("minutes").sum().cast(pl.Int64),
            held=_minutes(HELD),
            in_service=_minutes(HELD & ~pl.col("overtime")),
            overtime=_minutes(HELD & pl.col("overtime")),
            not_held=_minutes(NOT_HELD),
            untold=_minutes(PLANNED & over),
            left=_minutes(PLANNED & ~over),
        )
        .sort("staff_name", "staff")
    )


def _minutes(kept: pl.Expr) -> pl.Expr:
    return pl.col("minutes").filter(kept).sum().cast(pl.Int64)
