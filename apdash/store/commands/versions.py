"""Versioned tables of groups: a version is never updated, it is marked as replaced and others are inserted."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from apdash.store.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Versioned:
    """A versioned table: the columns that name a row among current ones, and those that carry what is said of it."""

    name: str
    key: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All the columns of a version but those that date it (act, replaced_by)."""
        return (*self.key, *self.said)


STATES = Versioned("group_state", ("ap_group", "starts_on"), ("ends_on", "room", "suspended", "merged_into"))
STAFF = Versioned("group_staff", ("ap_group", "staff", "starts_on"), ("ends_on",))
MEMBERSHIPS = Versioned(
    "membership",
    ("id",),
    ("ap_group", "student", "starts_on", "ends_on", "why_began", "why_ended", "agreement"),
)
TABLES = (STATES, STAFF, MEMBERSHIPS)


def current_rows(tx: Store | Transaction, table: Versioned, *, groups: list[int]) -> pl.DataFrame:
    """Return the current versions of some groups, with the columns of the table, ordered by its key."""
    columns = ", ".join(table.columns)
    return tx.read(
        f"""
        select {columns} from {table.name}
        where replaced_by is null and ap_group in (select unnest($groups::bigint[]))
        order by {", ".join(table.key)}
        """,
        groups=groups,
    )


def replace_rows(
    tx: Transaction, table: Versioned, *, act: int, old: pl.DataFrame, new: pl.DataFrame
) -> None:
    """Mark versions as replaced by an act and insert those it makes; rows that are in both are left alone."""
    columns = list(table.columns)
    gone = old.select(columns).join(new.select(columns), on=columns, how="anti", nulls_equal=True)
    made = new.select(columns).join(old.select(columns), on=columns, how="anti", nulls_equal=True)
    if gone.height:
        same = " and ".join(f"t.{name} = x.{name}" for name in table.key)
        values = ", ".join(f"unnest(${name}) as {name}" for name in table.key)
        params = {name: gone[name].to_list() for name in table.key}
        tx.run(
            f"update {table.name} as t set replaced_by = $act from (select {values}) as x "
            f"where {same} and t.replaced_by is null",
            act=act,
            **params,
        )
    tx.insert(table.name, made.with_columns(act=pl.lit(act)))


def carve(
    rows: pl.DataFrame, *, first: date, last: date | None, inside: dict[str, pl.Expr] | None = None
) -> pl.DataFrame:
    """Return dated rows with the days from `first` to `last` (None: for ever) taken out, or changed by `inside`.

    What was before and after is kept as it was, cut to its own days; rows that do not overlap are unchanged.
    """
    ends = pl.col("ends_on")
    overlaps = ends.is_null() | (ends >= first)
    if last is not None:
        overlaps &= pl.col("starts_on") <= last
    touched = rows.filter(overlaps)
    parts = [rows.filter(~overlaps)]
    before = touched.filter(pl.col("starts_on") < first)
    parts.append(before.with_columns(ends_on=pl.lit(first - timedelta(days=1))))
    if inside is not None:
        ending = ends if last is None else pl.min_horizontal(ends, pl.lit(last))
        cut = {"starts_on": pl.max_horizontal("starts_on", pl.lit(first)), "ends_on": ending}
        parts.append(touched.with_columns(**cut).with_columns(**inside))
    if last is not None:
        after = touched.filter(ends.is_null() | (ends > last))
        parts.append(after.with_columns(starts_on=pl.lit(last + timedelta(days=1))))
    return pl.concat([part.select(rows.columns) for part in parts], how="vertical_relaxed")


def closed(rows: pl.DataFrame, *, on: date, reason: str) -> pl.DataFrame:
    """Return memberships ended the day before `on`, for a reason; those that began later are gone."""
    goes_on = pl.col("ends_on").is_null() | (pl.col("ends_on") >= on)
    ended = {"ends_on": pl.lit(on - timedelta(days=1)), "why_ended": pl.lit(reason)}
    cut = rows.filter(goes_on & (pl.col("starts_on") < on)).with_columns(**ended)
    return pl.concat([rows.filter(~goes_on), cut.select(rows.columns)], how="vertical_relaxed")
