"""The school's data: one DuckDB file, read through queries/, changed through commands/."""

from apdash.store.store import IN_USE, Store, Transaction, file_version, open_store

__all__ = ["IN_USE", "Store", "Transaction", "file_version", "open_store"]
