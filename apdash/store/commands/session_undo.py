"""Takes the last gesture on a session back, with the other sessions it changed at the same moment."""

from datetime import datetime

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.commands import session_checks as checks
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.records import retire, revise
from apdash.store.commands.session_rows import COLUMNS
from apdash.store.store import Store, Transaction


def undo_gesture(store: Store, viewer: Viewer, *, session: int, now: datetime) -> int:
    """Take back the last gesture on a session, with the other sessions it changed; return how many.

    Raises `ApdashError` when there is none, when one of them was changed again or has a roll, or when a room or an
    adult has been taken since. An undoing is a gesture too, and can be taken back.
    """
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        rows = _before(tx, session)
        before = rows.filter("kept").select(COLUMNS)
        added = rows.filter(~pl.col("kept")).select("id")
        revise(tx, "session", ("id",), before, viewer=viewer, now=now)
        retire(tx, "session", ("id",), added, now=now)
        for band in rows["band"].drop_nulls().unique().sort():
            plan_sessions(tx, viewer, band=band, now=now)
        ids = before["id"].to_list()
        checks.check_rooms_free(tx, ids)
        checks.check_adults_free(tx, ids)
    return rows.height


def _before(tx: Transaction, session: int) -> pl.DataFrame:
    """Return what the sessions of the last gesture on one were before it: `COLUMNS`, band, kept (false: it was not).

    Raises `ApdashError` when the last change was not a gesture, or can no longer be taken back.
    """
    rows = tx.read(
        f"""
        with last as (
            select recorded_at, recorded_by from session where id = $session and replaced_at is null
        ),
        gesture as (
            select s.* from session s join last l on l.recorded_at = s.recorded_at and l.recorded_by = s.recorded_by
            where s.replaced_at is null or s.replaced_at > s.recorded_at
        ),
        earlier as (
            select p.* from session p join gesture g on g.id = p.id and p.replaced_at = g.recorded_at
            where p.recorded_at < p.replaced_at
        )
        select {", ".join(f"coalesce(e.{name}, g.{name}) as {name}" for name in ("id", "ap_group", "action"))},
            {", ".join(f"e.{name}" for name in COLUMNS[3:])}, b.band, e.id is not null as kept,
            g.replaced_at is not null as changed_since, g.on_day as now_on,
            coalesce(e.by_hand, false) or g.by_hand as by_somebody, exists (
                select 1 from attendance a where a.session = coalesce(g.joins, g.id) and a.replaced_at is null
            ) as called
        from gesture g
        left join earlier e on e.id = g.id
        left join ap_group b on b.id = g.ap_group
        order by g.id
        """,
        session=session,
    ).filter("by_somebody")
    if session not in rows["id"]:
        raise ApdashError("Rien à annuler.", "Aucun geste n’a changé cette séance.")
    if rows["changed_since"].any():
        raise ApdashError("Annulation impossible.", "Une des séances de ce geste a été changée depuis.")
    called = rows.filter("called")
    if called.height:
        words = f"L’appel d’une de ses séances, le {labels.day(called['now_on'][0])}, est fait."
        raise ApdashError("Annulation impossible.", words)
    return rows
