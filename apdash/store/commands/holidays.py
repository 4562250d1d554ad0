"""Holidays that come from a file: joined with those already there, and tried before they are kept."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from apdash.rights import Action, Viewer
from apdash.store.commands.calendar import write_closures
from apdash.store.store import Store, Transaction

_SPAN = ("label", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Effects:
    """What other holidays would do to sessions. fixed: those held or decided by hand that stay on a day off."""

    gone: int
    added: int
    fixed: int


class _Tried(Exception):
    """Carries what was found out of a transaction that must leave nothing behind."""

    def __init__(self, effects: Effects) -> None:
        super().__init__()
        self.effects = effects


def joined(known: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return the holidays once those found are in: a known one that overlaps one of them gives way to it.

    One of the very same days keeps the name it has. Both: label, starts_on, ends_on. Ordered by date.
    """
    spans = known.select(_SPAN)
    found = found.join(spans, on=("starts_on", "ends_on"), how="anti")
    beside = found.select(other_starts="starts_on", other_ends="ends_on")
    overlapped = spans.join(beside, how="cross").filter(
        (pl.col("starts_on") <= pl.col("other_ends")) & (pl.col("ends_on") >= pl.col("other_starts"))
    )
    kept = spans.join(overlapped, on=_SPAN, how="anti")
    return pl.concat([kept, found.select(_SPAN)], how="vertical_relaxed").sort("starts_on")


def holiday_changes(known: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return what changes between two lists of holidays: label, starts_on, ends_on, change (new, same, gone)."""
    same = after.join(known, on=_SPAN, how="semi").select(*_SPAN, change=pl.lit("same"))
    new = after.join(known, on=_SPAN, how="anti").select(*_SPAN, change=pl.lit("new"))
    gone = known.join(after, on=_SPAN, how="anti").select(*_SPAN, change=pl.lit("gone"))
    return pl.concat([same, new, gone]).sort("starts_on", "change")


def closure_effects(
    store: Store, viewer: Viewer, *, year: int, closures: pl.DataFrame, now: datetime
) -> Effects:
    """Return what these holidays would do to the sessions of a year, without keeping any of it."""
    viewer.require(Action.SET_UP)
    try:
        with store.write() as tx:
            before = _sessions(tx, year)
            write_closures(tx, viewer, year=year, closures=closures, now=now)
            after = _sessions(tx, year)
            raise _Tried(_effects(before, after, closures))
    except _Tried as tried:
        return tried.effects


def _effects(before: pl.DataFrame, after: pl.DataFrame, closures: pl.DataFrame) -> Effects:
    off = after.join(closures.select("starts_on", "ends_on"), how="cross").filter(
        pl.col("on_day").is_between("starts_on", "ends_on")
    )
    return Effects(
        gone=before.join(after, on="id", how="anti").height,
        added=after.join(before, on="id", how="anti").height,
        fixed=off["id"].n_unique(),
    )


def _sessions(tx: Transaction, year: int) -> pl.DataFrame:
    return tx.read(
        """
        select s.id, s.on_day
        from session s join ap_group g on g.id = s.ap_group join band b on b.id = g.band
        where s.replaced_at is null and b.year = $year
        order by s.id
        """,
        year=year,
    )
