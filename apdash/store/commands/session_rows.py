"""The current versions of sessions: read before a gesture, written after it."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.rights import Viewer
from apdash.store.commands.records import revise
from apdash.store.store import Transaction

COLUMNS = (
    "id", "ap_group", "action", "slot", "planned_on", "on_day", "starts_at", "minutes", "room", "staff", "state",
    "joins", "why", "done", "by_hand",
)  # fmt: skip


def session_rows(tx: Transaction, sessions: Sequence[int]) -> pl.DataFrame:
    """Return the current versions of sessions, by id; raises `ApdashError` when one does not exist.

    `COLUMNS`, words (code and name, or label), band, guests (how many join it), called (its roll, or its host's, has
    entries).
    """
    rows = tx.read(
        f"""
        select {", ".join(f"s.{name}" for name in COLUMNS)}, g.band,
            coalesce(g.code || ' (' || g.name || ')', x.label) as words,
            (select count(*) from session t where t.joins = s.id and t.replaced_at is null) as guests,
            exists (
                select 1 from attendance a where a.session = coalesce(s.joins, s.id) and a.replaced_at is null
            ) as called
        from session s
        left join ap_group g on g.id = s.ap_group
        left join common_action x on x.id = s.action
        where s.replaced_at is null and list_contains($ids::bigint[], s.id)
        order by s.id
        """,
        ids=list(sessions),
    )
    if rows.height < len(set(sessions)) or rows.is_empty():
        raise ApdashError("Séance inconnue.", "Elle n’existe pas ou plus : rechargez la page.")
    return rows


def loose(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows; raise `ApdashError` when one was held or has a roll, for it stays as it was."""
    fixed = rows.filter(pl.col("called") | (pl.col("state") == "held"))
    if fixed.is_empty():
        return rows
    row = fixed.row(0, named=True)
    what = f"{row['words']} du {labels.day(row['on_day'])}"
    if row["called"]:
        raise ApdashError("Appel déjà fait.", f"{what} reste comme la séance s’est tenue.")
    raise ApdashError("Séance tenue.", f"{what} : annulez d’abord le geste qui la dit tenue.")


def hand_written(
    tx: Transaction,
    viewer: Viewer,
    rows: pl.DataFrame,
    *,
    now: datetime,
    by_hand: bool = True,
    **changes: object,
) -> None:
    """Write a version of each row with these changes, decided by hand unless told otherwise."""
    types = rows.select(COLUMNS).schema
    said = [pl.lit(value, dtype=types[name]).alias(name) for name, value in changes.items()]
    new = rows.select(COLUMNS).with_columns(*said, by_hand=pl.lit(value=by_hand))
    revise(tx, "session", ("id",), new, viewer=viewer, now=now)


def follow_hosts(tx: Transaction, viewer: Viewer, *, now: datetime) -> None:
    """Let sessions that join one that is gone stand on their own, and those that join a joined one follow it."""
    rows = tx.read(
        f"""
        select {", ".join(f"s.{name}" for name in COLUMNS if name != "joins")}, nullif(h.joins, s.id) as joins
        from session s left join session h on h.id = s.joins and h.replaced_at is null
        where s.replaced_at is null and s.joins is not null and (h.id is null or h.joins is not null)
        order by s.id
        """
    )
    revise(tx, "session", ("id",), rows, viewer=viewer, now=now)
