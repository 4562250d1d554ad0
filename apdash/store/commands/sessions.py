"""Gestures on dated sessions: move, cancel, restore, replace adults, change room, hold, add.

Each writes versions signed and dated with one moment, in one transaction that first checks what stands in the way; the
sessions changed at one moment are one gesture, and are taken back together. What has a roll is never moved nor lost.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands import session_checks as checks
from apdash.store.commands.bands import check_staff
from apdash.store.commands.planning import plan_sessions
from apdash.store.commands.records import revise
from apdash.store.commands.session_rows import hand_written, loose, session_rows
from apdash.store.store import Store, Transaction

CONFIRM = "À confirmer."


def move_session(
    store: Store,
    viewer: Viewer,
    *,
    session: int,
    on_day: date,
    starts_at: time,
    minutes: int,
    room: int | None,
    now: datetime,
    acknowledged: bool = False,
) -> None:
    """Give a session another day, hour, length or room; the sessions that join it follow, and it is to be held again.

    Raises `ApdashError` naming what is in the way: a roll, a day without class, a room or an adult taken, nobody
    expected; « À confirmer » for students expected twice or a room too small, unless acknowledged.
    """
    viewer.require(Action.PLAN_SESSIONS)
    checks.check_hour(starts_at, minutes)
    with store.write() as tx:
        rows = loose(session_rows(tx, [session]))
        check_room(tx, room)
        if on_day != rows["on_day"][0]:
            checks.check_day(tx, on_day)
        changes = {"on_day": on_day, "starts_at": starts_at, "minutes": minutes, "room": room}
        hand_written(tx, viewer, rows, now=now, **changes, state="planned", why="", joins=None)
        checks.check_rooms_free(tx, [session])
        checks.check_adults_free(tx, [session])
        checks.check_attended(tx, [session])
        confirm(checks.remarks(tx, [session]), acknowledged=acknowledged)


def change_session_room(
    store: Store, viewer: Viewer, *, session: int, room: int | None, now: datetime, acknowledged: bool = False
) -> None:
    """Put one session in another room, even after its roll; raises `ApdashError` when it is taken."""
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        check_room(tx, room)
        rows = session_rows(tx, [session])
        if rows["joins"][0] is not None:
            raise ApdashError("Séance réunie à une autre.", "Changez la salle de celle qui l’accueille.")
        hand_written(tx, viewer, rows, now=now, room=room)
        checks.check_rooms_free(tx, [session])
        confirm(checks.remarks(tx, [session]), acknowledged=acknowledged)


def replace_adults(
    store: Store, viewer: Viewer, *, session: int, staff: Sequence[int] | None, now: datetime
) -> None:
    """Say who leads one session, even after its roll; None: the adults of the group that day.

    Raises `ApdashError` when one of them leads another session at the same time.
    """
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        rows = session_rows(tx, [session])
        if rows["joins"][0] is not None:
            raise ApdashError("Séance réunie à une autre.", "Changez les adultes de celle qui l’accueille.")
        lead(tx, viewer, rows, staff=staff, now=now)
        checks.check_adults_free(tx, [session])


def cancel_sessions(
    store: Store, viewer: Viewer, reference: Reference, *, sessions: Sequence[int], why: str, now: datetime
) -> None:
    """Say that sessions are not held, and why (code of motifs_de_seance.csv); one gesture."""
    viewer.require(Action.PLAN_SESSIONS)
    check_reason(reference, why)
    with store.write() as tx:
        rows = loose(session_rows(tx, sessions))
        hand_written(tx, viewer, rows, now=now, state="not_held", why=why, joins=None)


def restore_session(
    store: Store, viewer: Viewer, *, session: int, now: datetime, acknowledged: bool = False
) -> None:
    """Bring a session back to what its group and the calendar plan; one added by hand is to be held again.

    Raises `ApdashError` when its room or adult has been taken since.
    """
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        rows = loose(session_rows(tx, [session]))
        row = rows.row(0, named=True)
        plain = {"state": "planned", "why": "", "joins": None}
        if row["planned_on"] is None:
            hand_written(tx, viewer, rows, now=now, **plain)
        else:
            as_planned = plain | {"on_day": row["planned_on"], "staff": None}
            hand_written(tx, viewer, rows, now=now, by_hand=False, **as_planned)
            plan_sessions(tx, viewer, band=row["band"], now=now)
        if tx.read("select 1 as x from session where id = $id and replaced_at is null", id=session).height:
            checks.check_rooms_free(tx, [session])
            checks.check_adults_free(tx, [session])
            confirm(checks.remarks(tx, [session]), acknowledged=acknowledged)


def hold_session(store: Store, viewer: Viewer, *, session: int, now: datetime) -> None:
    """Say that a session was held, without any roll; raises `ApdashError` before its day."""
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        rows = session_rows(tx, [session])
        if rows["joins"][0] is not None:
            raise ApdashError("Séance réunie à une autre.", "C’est celle qui l’accueille qui est tenue.")
        if rows["on_day"][0] > now.date():
            raise ApdashError("Séance à venir.", f"Elle aura lieu le {labels.day(rows['on_day'][0])}.")
        hand_written(tx, viewer, rows, now=now, state="held", why="")
        checks.check_rooms_free(tx, [session])
        checks.check_adults_free(tx, [session])


def add_session(
    store: Store,
    viewer: Viewer,
    *,
    group: int,
    on_day: date,
    starts_at: time,
    minutes: int,
    now: datetime,
    room: int | None = None,
    staff: Sequence[int] | None = None,
    acknowledged: bool = False,
) -> int:
    """Add a meeting of a group and return its id; staff None: the adults of the group that day."""
    viewer.require(Action.PLAN_SESSIONS)
    checks.check_hour(starts_at, minutes)
    with store.write() as tx:
        if tx.read("select 1 as x from ap_group where id = $group", group=group).is_empty():
            raise ApdashError("Groupe inconnu.", "Il n’existe pas ou plus : rechargez la page.")
        checks.check_day(tx, on_day)
        check_room(tx, room)
        check_staff(tx, list(staff or []))
        made = int(new_ids(tx, count=1).item())
        row = {
            "id": made, "ap_group": group, "on_day": on_day, "starts_at": starts_at, "minutes": minutes,
            "room": room, "staff": list(staff) if staff else None, "by_hand": True,
        }  # fmt: skip
        revise(tx, "session", ("id",), pl.DataFrame([row]), viewer=viewer, now=now)
        checks.check_attended(tx, [made])
        checks.check_rooms_free(tx, [made])
        checks.check_adults_free(tx, [made])
        confirm(checks.remarks(tx, [made]), acknowledged=acknowledged)
    return made


def check_reason(reference: Reference, why: str) -> None:
    """Raise `ApdashError` unless this is a reason of motifs_de_seance.csv."""
    if why not in reference.session_reasons["code"].to_list():
        raise ApdashError("Il manque le motif.", "Choisissez-le dans la liste.")


def check_room(tx: Transaction, room: int | None) -> None:
    """Raise `ApdashError` when there is no such room."""
    if room is not None and tx.read("select 1 as x from room where id = $room", room=room).is_empty():
        raise ApdashError("Salle inconnue.", "Elle n’existe pas ou plus : rechargez la page.")


def confirm(found: list[str], *, acknowledged: bool) -> None:
    """Raise `ApdashError` with what is to be accepted knowingly, unless it is."""
    if found and not acknowledged:
        raise ApdashError(CONFIRM, " ".join(found))


def lead(
    tx: Transaction, viewer: Viewer, rows: pl.DataFrame, *, staff: Sequence[int] | None, now: datetime
) -> None:
    """Write who leads these sessions; raises `ApdashError` when it would be nobody."""
    if staff is not None and not staff:
        raise ApdashError(
            "Il manque un adulte.", "Choisissez qui anime, ou dites que la séance n’a pas lieu."
        )
    if staff is None and rows["ap_group"][0] is None:
        raise ApdashError("Il manque un adulte.", "Une action commune n’a que les adultes qu’on lui donne.")
    check_staff(tx, list(staff or []))
    hand_written(tx, viewer, rows, now=now, staff=list(staff) if staff else None)
