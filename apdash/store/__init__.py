"""The school's data: one DuckDB file, read through queries/, changed through commands/."""

from apdash.store.store import Store, Transaction, open_store

__all__ = ["Store", "Transaction", "open_store"]
