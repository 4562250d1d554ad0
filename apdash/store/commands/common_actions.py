"""Common actions (a forum, a visit): made, changed, cancelled. Whole divisions; their dates are sessions.

What an action says is never overwritten: a change writes another row, and its sessions speak of that one from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from apdash import labels
from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.bulk import new_ids
from apdash.store.commands import session_checks as checks
from apdash.store.commands.bands import check_staff
from apdash.store.commands.records import retire, revise
from apdash.store.commands.session_rows import COLUMNS, hand_written, session_rows
from apdash.store.commands.sessions import check_reason, check_room, confirm
from apdash.store.store import Store, Transaction

_UNKNOWN = "Elle n’existe pas ou plus : rechargez la page."


@dataclass(frozen=True, slots=True)
class Meeting:
    """A date of an action; session: its number when it is already there."""

    on_day: date
    starts_at: time
    minutes: int
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of an action. counts: its hours are in the envelope; axis: a code of axes.csv, or nothing."""

    label: str
    divisions: Sequence[int]
    axis: str = ""
    place: str = ""
    counts: bool = True
    room: int | None = None
    staff: Sequence[int] = ()


def create_action(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    year: int,
    described: Described,
    meetings: Sequence[Meeting],
    now: datetime,
    acknowledged: bool = False,
) -> int:
    """Make an action with its dates and return its id.

    Raises `ApdashError` for a room or an adult taken, a day without class, or when nobody is there to come.
    """
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        _check(tx, reference, year=year, described=described, meetings=meetings)
        for meeting in meetings:
            checks.check_day(tx, meeting.on_day)
        made = _insert(tx, viewer, year=year, described=described, now=now)
        ids = new_ids(tx, count=len(meetings)).to_list()
        rows = [
            _row(described, made, meeting) | {"id": key} for key, meeting in zip(ids, meetings, strict=True)
        ]
        revise(tx, "session", ("id",), pl.DataFrame(rows, infer_schema_length=None), viewer=viewer, now=now)
        _accept(tx, ids, acknowledged=acknowledged)
    return made


def change_action(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    action: int,
    described: Described,
    meetings: Sequence[Meeting],
    now: datetime,
    acknowledged: bool = False,
) -> int:
    """Say an action again, dates included, and return its new id; a date left out is gone, unless it was held."""
    viewer.require(Action.PLAN_SESSIONS)
    with store.write() as tx:
        year, before = _sessions_of(tx, action)
        _check(tx, reference, year=year, described=described, meetings=meetings)
        known = {row["id"]: row for row in before.to_dicts()}
        kept = {meeting.session for meeting in meetings}
        gone = before.filter(~pl.col("id").is_in(list(kept - {None})))
        _check_may_go(gone)
        for meeting in meetings:
            _check_date(tx, known, meeting)
        made = _insert(tx, viewer, year=year, described=described, now=now)
        fresh = iter(new_ids(tx, count=sum(meeting.session is None for meeting in meetings)).to_list())
        rows = [_again(known, described, made, meeting, fresh) for meeting in meetings]
        revise(tx, "session", ("id",), pl.DataFrame(rows, infer_schema_length=None), viewer=viewer, now=now)
        retire(tx, "session", ("id",), gone, now=now)
        _accept(tx, [row["id"] for row in rows if row["state"] != "not_held"], acknowledged=acknowledged)
    return made


def cancel_action(
    store: Store, viewer: Viewer, reference: Reference, *, action: int, why: str, now: datetime
) -> int:
    """Say that an action is not held on the dates that are still to come true; return how many."""
    viewer.require(Action.PLAN_SESSIONS)
    check_reason(reference, why)
    with store.write() as tx:
        _, rows = _sessions_of(tx, action)
        left = rows.filter((pl.col("state") == "planned") & ~pl.col("called"))
        if left.is_empty():
            raise ApdashError("Rien à annuler.", "Ses dates sont toutes tenues, ou déjà annulées.")
        hand_written(tx, viewer, left, now=now, state="not_held", why=why)
    return left.height


def _sessions_of(tx: Transaction, action: int) -> tuple[int, pl.DataFrame]:
    found = tx.read(
        "select a.year, s.id from common_action a join session s on s.action = a.id and s.replaced_at is null "
        "where a.id = $action order by s.id",
        action=action,
    )
    if found.is_empty():
        raise ApdashError("Action inconnue.", _UNKNOWN)
    return int(found["year"][0]), session_rows(tx, found["id"].to_list())


def _check(
    tx: Transaction, reference: Reference, *, year: int, described: Described, meetings: Sequence[Meeting]
) -> None:
    if not 1 <= len(described.label) <= 80 or len(described.place) > 80:
        raise ApdashError("Action refusée.", "Un nom, de 80 caractères au plus ; un lieu, de 80 au plus.")
    if described.axis and described.axis not in reference.axes["code"].to_list():
        raise ApdashError("Axe inconnu.", f"« {described.axis} » n’est pas dans les données de référence.")
    known = tx.read("select id from division where year = $year", year=year)["id"].to_list()
    if not described.divisions or set(described.divisions) - set(known):
        raise ApdashError("Il manque les divisions.", "Choisissez au moins une division de l’année.")
    if not meetings:
        raise ApdashError("Il manque une date.", "Une action commune a lieu au moins une fois.")
    check_room(tx, described.room)
    check_staff(tx, list(described.staff))
    for meeting in meetings:
        checks.check_hour(meeting.starts_at, meeting.minutes)


def _check_date(tx: Transaction, known: dict[int, dict], meeting: Meeting) -> None:
    """Refuse a date of another action, a new day without class, and another hour for what has a roll."""
    if meeting.session is not None and meeting.session not in known:
        raise ApdashError("Séance inconnue.", _UNKNOWN)
    before = known.get(meeting.session or 0)
    if before is None or before["on_day"] != meeting.on_day:
        checks.check_day(tx, meeting.on_day)
    same = ("on_day", "starts_at", "minutes")
    if before and before["called"] and any(before[name] != getattr(meeting, name) for name in same):
        raise ApdashError(
            "Appel déjà fait.", f"La date du {labels.day(before['on_day'])} reste comme elle est."
        )


def _check_may_go(gone: pl.DataFrame) -> None:
    fixed = gone.filter(pl.col("called") | (pl.col("state") == "held"))
    if fixed.height:
        words = f"La date du {labels.day(fixed['on_day'][0])} est tenue : elle ne peut pas disparaître."
        raise ApdashError("Action tenue.", words)


def _insert(tx: Transaction, viewer: Viewer, *, year: int, described: Described, now: datetime) -> int:
    made = int(new_ids(tx, count=1).item())
    row = {
        "id": made, "year": year, "label": described.label, "axis": described.axis, "place": described.place,
        "counts": described.counts, "made_at": now, "made_by": viewer.login,
    }  # fmt: skip
    tx.insert("common_action", pl.DataFrame([row]))
    divisions = sorted(set(described.divisions))
    tx.insert("action_division", pl.DataFrame({"action": [made] * len(divisions), "division": divisions}))
    return made


def _row(described: Described, action: int, meeting: Meeting) -> dict[str, object]:
    return {
        "action": action, "on_day": meeting.on_day, "starts_at": meeting.starts_at, "minutes": meeting.minutes,
        "room": described.room, "staff": sorted(set(described.staff)), "by_hand": True, "state": "planned",
    }  # fmt: skip


def _again(
    known: dict[int, dict], described: Described, action: int, meeting: Meeting, fresh: object
) -> dict[str, object]:
    """Return the row of a date: what is already said of its session stays (held, done), the rest is said again."""
    said = _row(described, action, meeting)
    if meeting.session is None:
        return dict.fromkeys(COLUMNS) | {"why": "", "done": ""} | said | {"id": next(fresh)}
    before = {name: known[meeting.session][name] for name in COLUMNS}
    return before | said | {"state": before["state"]}


def _accept(tx: Transaction, ids: list[int], *, acknowledged: bool) -> None:
    checks.check_attended(tx, ids)
    checks.check_rooms_free(tx, ids)
    checks.check_adults_free(tx, ids)
    confirm(checks.remarks(tx, ids), acknowledged=acknowledged)
