"""The address behind the roll: how it stands, and what is said in it, sent as often as the network wants."""

from collections.abc import Mapping

import flask
import polars as pl
from dash import Dash

from apdash import current
from apdash.labels import hour
from apdash.pages.answers import answered, saved_at, unreadable, whole_number
from apdash.pages.roll.words import ENTRY_PATH, PRESENCES, owner_of
from apdash.readable import warning
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.attendance import ENTRIES, hold_session, record_roll, tell_done
from apdash.store.queries.rolls import roll_call, session_head

_MOST, _MOST_SEEN, _LONGEST = 300, 40, 80
_CHANGED = {
    "title": "Changement de compte.",
    "message": "Une autre personne est connectée dans ce navigateur\u00a0: rechargez la page.",
}


def add_routes(app: Dash) -> None:
    """Serve the roll's answers; the guard and the check of forged requests stand before them."""

    @app.server.get(ENTRY_PATH)
    def shown_roll() -> flask.typing.ResponseReturnValue:
        return answered(lambda: _shown(current.services(), current.viewer(), flask.request.args))

    @app.server.post(ENTRY_PATH)
    def called_roll() -> flask.typing.ResponseReturnValue:
        return answered(
            lambda: _called(current.services(), current.viewer(), flask.request.get_json(silent=True))
        )


def _shown(services: Services, viewer: Viewer, args: Mapping[str, str]) -> dict:
    session = whole_number(args.get("seance"))
    head = session_head(services.store, viewer, session=session)
    rows = roll_call(services.store, viewer, session=session)
    said = [
        [row["student"], row["presence"], row["minutes_late"], row["entry"], row["by_name"] or ""]
        for row in rows.to_dicts()
    ]
    return {"held": head["state"] == "held", "state": head["state"], "done": head["done"], "rows": said}


def _called(services: Services, viewer: Viewer, body: object) -> dict | tuple[dict, int]:
    if not isinstance(body, dict):
        raise unreadable()
    if body.get("owner") != owner_of(viewer):
        return _CHANGED, 409
    session, now = whole_number(body.get("session")), services.now()
    sent = _entries(body.get("entries", []))
    answer: dict = {"at": saved_at(now), "written": [], "conflicts": [], "refused": []}
    if sent.height:
        told = record_roll(services.store, viewer, session=session, entries=sent, now=now)
        answer["written"] = list(told.written)
        answer["refused"] = [list(row) for row in told.refused.iter_rows()]
        answer["conflicts"] = [
            [row["student"], row["presence"], row["minutes_late"], row["entry"], row["by_name"] or "",
             hour(row["recorded_at"].time()) if row["recorded_at"] else ""]
            for row in told.conflicts.to_dicts()
        ]  # fmt: skip
    if body.get("hold") is True:
        hold_session(services.store, viewer, session=session, now=now)
    if "done" in body:
        answer["other"] = _done(services, viewer, session, body)
        answer["warning"] = warning(body["done"])
    return answer


def _done(services: Services, viewer: Viewer, session: int, body: Mapping) -> str | None:
    words, seen = body["done"], body.get("seen")
    if not isinstance(words, str) or not isinstance(seen, str | None):
        raise unreadable()
    now = services.now()
    return tell_done(services.store, viewer, session=session, words=words, seen=seen, now=now)


def _entries(rows: object) -> pl.DataFrame:
    """Return rows [student, presence or null, minutes, key, keys seen] as a frame of `ENTRIES`."""
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise unreadable()
    return pl.DataFrame([_entry(row) for row in rows], schema=ENTRIES, orient="row")


def _entry(row: object) -> list:
    if not isinstance(row, list) or len(row) != 5:
        raise unreadable()
    student, presence, minutes, key, seen = row
    if presence is not None and presence not in PRESENCES:
        raise unreadable()
    if not _is_key(key) or not key or not isinstance(seen, list) or len(seen) > _MOST_SEEN:
        raise unreadable()
    if not all(_is_key(one) for one in seen):
        raise unreadable()
    if minutes is not None and not (presence == "late" and type(minutes) is int and 1 <= minutes <= 480):
        raise unreadable()
    return [whole_number(student), presence, minutes, key, seen]


def _is_key(key: object) -> bool:
    return isinstance(key, str) and len(key) <= _LONGEST
