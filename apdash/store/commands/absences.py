"""Sessions that cannot be held as planned: students join another of the same hour, an adult is away for a while."""

from collections.abc import Sequence
from datetime import datetime, time

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands import session_checks as checks
from apdash.store.commands.session_rows import hand_written, loose, session_rows
from apdash.store.commands.sessions import confirm, lead
from apdash.store.store import Store, Transaction

ABSENT_ADULT = "INT"


def join_session(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    session: int,
    host: int,
    now: datetime,
    acknowledged: bool = False,
) -> None:
    """Let the students of a session attend another of the same hour, for that meeting.

    Raises `ApdashError` when one of the two already has or joins another, when their hours differ, or when the roll is
    called; « À confirmer » when they would be too many.
    """
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        _join(tx, viewer, session=session, host=host, now=now)
        confirm(checks.remarks(tx, [session], most=_most(tx, reference, host)), acknowledged=acknowledged)


def settle_absence(
    store: Store,
    viewer: Viewer,
    *,
    cancelled: Sequence[int] = (),
    joined: Sequence[tuple[int, int]] = (),
    replaced: Sequence[tuple[int, Sequence[int]]] = (),
    now: datetime,
) -> int:
    """Decide at once what becomes of an adult's sessions while away; return how many were changed.

    cancelled: not held, not replaced; joined: (session, host of the same hour); replaced: (session, who lead it).
    One gesture: all of it is written, or nothing.
    """
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        if cancelled:
            rows = loose(session_rows(tx, cancelled))
            hand_written(tx, viewer, rows, now=now, state="not_held", why=ABSENT_ADULT, joins=None)
        for session, adults in replaced:
            lead(tx, viewer, session_rows(tx, [session]), staff=adults, now=now)
        for session, host in joined:
            _join(tx, viewer, session=session, host=host, now=now)
        checks.check_adults_free(tx, [session for session, _ in replaced])
    return len(cancelled) + len(joined) + len(replaced)


def _join(tx: Transaction, viewer: Viewer, *, session: int, host: int, now: datetime) -> None:
    rows, hosts = loose(session_rows(tx, [session])), session_rows(tx, [host])
    mine, other = rows.row(0, named=True), hosts.row(0, named=True)
    if session == host or other["state"] == "not_held":
        raise ApdashError("Réunion impossible.", "La séance qui accueille doit se tenir, et être une autre.")
    if other["joins"] is not None:
        raise ApdashError("Réunion impossible.", f"{other['words']} est déjà réuni à une autre séance.")
    if mine["guests"]:
        raise ApdashError("Réunion impossible.", f"{mine['words']} accueille déjà une autre séance.")
    if mine["on_day"] != other["on_day"] or not _overlap(mine, other):
        raise ApdashError("Réunion impossible.", "Les deux séances n’ont pas lieu à la même heure.")
    hand_written(tx, viewer, rows, now=now, joins=host, state="planned", why="")


def _overlap(one: dict, other: dict) -> bool:
    def minutes(at: time) -> int:
        return at.hour * 60 + at.minute

    a, b = minutes(one["starts_at"]), minutes(other["starts_at"])
    return a < b + other["minutes"] and b < a + one["minutes"]


def _most(tx: Transaction, reference: Reference, host: int) -> int | None:
    need = tx.read(
        "select g.need from session s join ap_group g on g.id = s.ap_group "
        "where s.id = $host and s.replaced_at is null",
        host=host,
    )
    found = reference.needs.filter(pl.col("code").is_in(need["need"].implode()))["max_size"]
    return int(found[0]) if found.len() else None
