"""Tables whose rows are versions: what is said of a key replaces what was said before, and nothing is overwritten."""

from datetime import datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.store import Transaction


def revise(
    tx: Transaction, table: str, key: tuple[str, ...], rows: pl.DataFrame, *, viewer: Viewer, now: datetime
) -> None:
    """Insert a version of each row, a row a key; the current versions of these keys are marked as replaced."""
    if rows.is_empty():
        return
    retire(tx, table, key, rows, now=now)
    tx.insert(table, rows.with_columns(recorded_at=pl.lit(now), recorded_by=pl.lit(viewer.login)))


def retire(tx: Transaction, table: str, key: tuple[str, ...], rows: pl.DataFrame, *, now: datetime) -> None:
    """Mark the current versions of these keys as replaced; nothing follows them."""
    if rows.is_empty():
        return
    keys = rows.select(key).unique(maintain_order=True)
    values = ", ".join(f"unnest(${name}) as {name}" for name in key)
    same = " and ".join(f"t.{name} = x.{name}" for name in key)
    tx.run(
        f"update {table} as t set replaced_at = $now from (select {values}) as x "
        f"where {same} and t.replaced_at is null",
        now=now,
        **{name: keys[name].to_list() for name in key},
    )
