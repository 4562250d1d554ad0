"""What changes between two days: who moved, from which need to which, and how old groups are."""

from datetime import date, datetime

import polars as pl

from apdash.alphabet import by
from apdash.rights import Viewer
from apdash.store.queries.groups import groups_in_force, members
from apdash.store.store import Store

STAYS, OTHER_GROUP, OTHER_NEED, ENTERS, LEAVES = "stays", "group", "need", "enters", "leaves"


def moves_between(
    store: Store, viewer: Viewer, *, band: int, first: date, second: date, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return where each student of a band sits on two days, a row per student and slot, ordered by slot and name.

    Columns: slot_code, student, last_name, first_name, division_code, code_before, need_before, code_after, need_after,
    move (stays, group: same need elsewhere, need, enters, leaves).
    """
    people = ["slot_code", "student", "last_name", "first_name", "division_code"]
    days = [
        members(store, viewer, on=on, known_at=known_at, band=band).select(
            *people, "ap_group", "code", "need"
        )
        for on in (first, second)
    ]
    who = pl.concat([day.select(people) for day in reversed(days)]).unique(
        ["slot_code", "student"], keep="first", maintain_order=True
    )
    before, after = (
        day.select(
            "slot_code", "student", **{f"{name}_{when}": name for name in ("ap_group", "code", "need")}
        )
        for day, when in zip(days, ("before", "after"), strict=True)
    )
    keys = ["slot_code", "student"]
    return (
        who.join(before, on=keys, how="left")
        .join(after, on=keys, how="left")
        .with_columns(move=_move())
        .drop("ap_group_before", "ap_group_after")
        .sort("slot_code", *by("last_name", "first_name"), "student")
    )


def flows(moves: pl.DataFrame) -> pl.DataFrame:
    """Return how many students go from one need to another at each slot. moves: as `moves_between`.

    Columns: slot_code, need_before, need_after (null: in no group), students; ordered by the first three.
    """
    keys = ["slot_code", "need_before", "need_after"]
    return moves.group_by(keys).agg(students=pl.len().cast(pl.Int64)).sort(keys)


def group_ages(store: Store, viewer: Viewer, *, band: int, on: date) -> pl.DataFrame:
    """Return how long each open group of a band has lived, and what share of its members it had two periods ago.

    Columns: ap_group, code, since, periods (begun since then, the present one included), same (0 to 1, null when it
    did not exist); ordered by code.
    """
    groups = groups_in_force(store, viewer, on=on, band=band).filter(pl.col("merged_into").is_null())
    lives = store.read(
        """
        select ap_group, min(starts_on) as since from group_state where replaced_by is null
        group by ap_group order by ap_group
        """
    )
    periods = store.read(
        """
        select p.starts_on, p.ends_on from period p join band b on b.year = p.year
        where b.id = $band and p.starts_on <= $on
        order by p.starts_on
        """,
        band=band,
        on=on,
    )
    counts = (
        lives.join(periods, how="cross")
        .filter(pl.col("ends_on") >= pl.col("since"))
        .group_by("ap_group")
        .agg(periods=pl.len().cast(pl.Int64))
    )
    return (
        groups.select("ap_group", "code")
        .join(lives, on="ap_group")
        .join(counts, on="ap_group", how="left")
        .join(_same(store, viewer, band=band, on=on, periods=periods), on="ap_group", how="left")
        .with_columns(pl.col("periods").fill_null(0))
        .sort("code")
    )


def _same(store: Store, viewer: Viewer, *, band: int, on: date, periods: pl.DataFrame) -> pl.DataFrame:
    """Return the share of present members who were there at the end of the period before the last."""
    empty = pl.DataFrame(schema={"ap_group": pl.Int64, "same": pl.Float64})
    if periods.height < 3:
        return empty
    earlier = periods["ends_on"][-3]
    now = members(store, viewer, on=on, band=band).select("ap_group", "student")
    then = members(store, viewer, on=earlier, band=band).select("ap_group", "student", was=pl.lit(True))
    known = now.join(then.select("ap_group").unique(), on="ap_group", how="semi")
    return (
        known.join(then, on=["ap_group", "student"], how="left")
        .group_by("ap_group")
        .agg(same=pl.col("was").fill_null(False).mean())
    )


def _move() -> pl.Expr:
    before, after = pl.col("ap_group_before"), pl.col("ap_group_after")
    return (
        pl.when(before.is_null())
        .then(pl.lit(ENTERS))
        .when(after.is_null())
        .then(pl.lit(LEAVES))
        .when(before == after)
        .then(pl.lit(STAYS))
        .when(pl.col("need_before") == pl.col("need_after"))
        .then(pl.lit(OTHER_GROUP))
        .otherwise(pl.lit(OTHER_NEED))
    )
