"""What imports brought that lists are made of: formations."""

import polars as pl

from apdash.store.store import Store


def formations(store: Store) -> pl.DataFrame:
    """Return the formations met in imports: code, label, grade; by label."""
    return store.read("select code, label, grade from mef order by label collate fr, code")
