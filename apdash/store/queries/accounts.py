"""Accounts, for whoever manages them."""

import polars as pl

from apdash.rights import Action, Viewer
from apdash.store.store import Store


def accounts(store: Store, viewer: Viewer) -> pl.DataFrame:
    """Return the accounts by name: id, login, name, role, staff, active, has_password; raises without the right."""
    viewer.require(Action.MANAGE_ACCOUNTS)
    return store.read(
        "select id, login, name, role, staff, active, password_hash is not null as has_password "
        "from user_account order by name collate fr, login"
    )
