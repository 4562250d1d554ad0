"""The two addresses behind the grid of a workshop bilan: what it shows, and what is typed in it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import flask
import polars as pl
from dash import Dash

from apdash import current
from apdash.pages.answers import answered, saved_at, unreadable, whole_number
from apdash.pages.workshops.where import PATH, Where, group_row, where
from apdash.readable import MOST, REMINDER, WARNED
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.workshops import FIELDS, record_results
from apdash.store.queries.objectives import objectives_of_group
from apdash.store.queries.workshops import workshop_results, workshop_students

URL = f"{PATH}/saisie"
LEVELS = {"not_yet": 1, "in_progress": 2, "attained": 3}
_OUTCOMES = {level: outcome for outcome, level in LEVELS.items()}
_MOST_ENTRIES = 400
_CHANGED = {
    "title": "Changement de compte.",
    "message": "Une autre personne est connectée dans ce navigateur\u00a0: rechargez la page.",
}


def add_routes(app: Dash) -> None:
    """Serve the grid's answers; the guard and the check of forged requests stand before them."""

    @app.server.get(URL)
    def shown_workshop() -> flask.typing.ResponseReturnValue:
        return answered(lambda: _shown(current.services(), current.viewer(), flask.request.args))

    @app.server.post(URL)
    def typed_workshop() -> flask.typing.ResponseReturnValue:
        return answered(
            lambda: _typed(current.services(), current.viewer(), flask.request.get_json(silent=True))
        )


def _signature(viewer: Viewer) -> str:
    return f"login:{viewer.login}"


def _place(services: Services, viewer: Viewer, said: Mapping) -> tuple[Where, Mapping[str, Any]]:
    """Return where a message comes from; the grid's scripts call the period `review` and the group `division`."""
    period, group = whole_number(said.get("review")), whole_number(said.get("division"))
    at = where(services, viewer, {"periode": str(period)})
    if at is None:
        raise unreadable()
    return at, group_row(at, group)


def _shown(services: Services, viewer: Viewer, args: Mapping[str, str]) -> dict | tuple[dict, int]:
    if args.get("assessor", _signature(viewer)) != _signature(viewer):
        return _CHANGED, 409
    at, group = _place(services, viewer, args)
    shown = _cells(at, group)
    if args.get("version") is not None:
        return shown if shown["version"] != args["version"] else {"version": shown["version"]}
    return {**_frame(at, group), **shown}


def _frame(at: Where, group: Mapping[str, Any]) -> dict:
    """Return what the grid needs to draw itself, but the values."""
    store, reference = at.services.store, at.services.reference
    students = workshop_students(store, group=group["ap_group"], period=group["period"])
    goals = objectives_of_group(
        store, at.viewer, group=group["ap_group"], period=group["period"], on=at.services.today()
    )
    told: dict[int, list[list[str]]] = {}
    for student, text, evidence in goals.select("student", "text", "evidence").iter_rows():
        told.setdefault(student, []).append([text, evidence])
    served = reference.needs.filter(pl.col("reception") & (pl.col("code") == group["need"])).is_empty()
    return {
        "review": group["period"],
        "division": group["ap_group"],
        "label": f"Bilan de l’atelier {group['code']}, {group['period_label'].lower()}",
        "assessor": _signature(at.viewer),
        "editable": True,
        "students": [
            [row[0], f"{row[1]} {row[2]}".strip(), row[3], told.get(row[0], [])]
            for row in students.iter_rows()
        ],
        "competencies": [{"code": field} for field in FIELDS if served or field != "outcome"],
        "objective": group["objective"],
        "most": MOST,
        "warned": list(WARNED),
        "reminder": REMINDER,
    }


def _cells(at: Where, group: Mapping[str, Any]) -> dict:
    found = workshop_results(at.services.store, at.viewer, group=group["ap_group"], period=group["period"])
    own = [cell for row in found.iter_rows(named=True) for cell in _values(row)]
    version = hashlib.sha256(repr(own).encode()).hexdigest()[:16]
    return {"cells": {"own": own, "others": []}, "version": version}


def _values(row: Mapping[str, Any]) -> list[list]:
    """Return [student, field, value] for what is said of a student."""
    cells = []
    if row["outcome"]:
        cells.append([row["student"], "outcome", {"state": "level", "level": LEVELS[row["outcome"]]}])
    if row["involvement"]:
        cells.append([row["student"], "involvement", {"state": "level", "level": row["involvement"]}])
    if row["words"]:
        cells.append([row["student"], "words", {"state": "text", "text": row["words"]}])
    return cells


def _typed(services: Services, viewer: Viewer, body: object) -> dict | tuple[dict, int]:
    if not isinstance(body, dict):
        raise unreadable()
    if body.get("assessor") != _signature(viewer):
        return _CHANGED, 409
    _, group = _place(services, viewer, body)
    now = services.now()
    entries = _entries(body.get("entries"))
    here = set(workshop_students(services.store, group=group["ap_group"], period=group["period"])["student"])
    kept = [entry for entry in entries if entry[0] in here]
    record_results(
        services.store, viewer, group=group["ap_group"], period=group["period"], entries=kept, now=now
    )
    gone = [
        [student, field, "cet élève n’est plus dans le groupe"]
        for student, field, _ in entries
        if student not in here
    ]
    return {"at": saved_at(now), "refused": gone, "closed": False}


def _entries(rows: object) -> list[tuple[int, str, object]]:
    if not isinstance(rows, list) or len(rows) > _MOST_ENTRIES:
        raise unreadable()
    return [_entry(row) for row in rows]


def _entry(row: object) -> tuple[int, str, object]:
    if not isinstance(row, list) or len(row) != 3 or row[1] not in FIELDS:
        raise unreadable()
    student, field, value = row
    if value is None:
        return whole_number(student), field, None
    if not isinstance(value, dict):
        raise unreadable()
    if field == "words":
        return whole_number(student), field, str(value.get("text", ""))
    level = value.get("level") if isinstance(value.get("level"), int) else 0
    return whole_number(student), field, _OUTCOMES.get(level, "") if field == "outcome" else level
