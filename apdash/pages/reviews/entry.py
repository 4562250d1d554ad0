"""The two addresses behind the entry grid: what it shows, and what is typed in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import flask
import polars as pl
from dash import Dash

from apdash import current
from apdash.errors import ApdashError
from apdash.pages.answers import answered, saved_at, unreadable, whole_number
from apdash.pages.reviews.access import division_head, expected_codes, typed_as
from apdash.pages.reviews.grid_data import MINE, GridFrames, cells, grid
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.reviews import record_assessments
from apdash.store.queries.entry import entry_adults, entry_earlier, entry_students
from apdash.store.queries.reviews import assessments_of_division

PATH = "/bilans/saisie"
CELL = ["student", "competency"]
_SCHEMA = {
    "student": pl.Int64,
    "competency": pl.String,
    "state": pl.String,
    "level": pl.Float64,
    "by_default": pl.Boolean,
}
_MOST = 2000
_STATES = ("level", "absent", "unchanged")
_CHANGED = {
    "title": "Changement de compte.",
    "message": "Une autre personne est connectée dans ce navigateur\u00a0: rechargez la page.",
}


def add_routes(app: Dash) -> None:
    """Serve the grid's answers; the guard and the check of forged requests stand before them."""

    @app.server.get(PATH)
    def shown_values() -> flask.typing.ResponseReturnValue:
        return answered(lambda: _shown(current.services(), current.viewer(), flask.request.args))

    @app.server.post(PATH)
    def typed_values() -> flask.typing.ResponseReturnValue:
        return answered(
            lambda: _typed(current.services(), current.viewer(), flask.request.get_json(silent=True))
        )


def _shown(services: Services, viewer: Viewer, args: Mapping[str, str]) -> dict | tuple[dict, int]:
    scope = {"review": whole_number(args.get("review")), "division": whole_number(args.get("division"))}
    head = division_head(services, viewer, **scope)
    assessor = typed_as(viewer, head)
    if args.get("assessor", assessor or "") != (assessor or ""):
        return _CHANGED, 409
    adults = entry_adults(services.store, viewer, **scope)
    values = assessments_of_division(services.store, viewer, **scope)
    values = values.join(adults, on="assessor", how="left", maintain_order="left")
    shown = cells(values, assessor, now=services.now())
    known = args.get("version")
    if known is not None:
        return shown if shown["version"] != known else {"version": known}
    frames = GridFrames(
        head=head,
        students=entry_students(services.store, viewer, **scope),
        earlier=entry_earlier(services.store, viewer, **scope),
        mine=expected_codes(services, viewer, **scope),
        assessor=assessor,
    )
    return {**grid(services.reference, frames, scope=args.get("scope", MINE)), **shown}


def _typed(services: Services, viewer: Viewer, body: object) -> dict | tuple[dict, int]:
    if not isinstance(body, dict):
        raise unreadable()
    if body.get("assessor") != f"staff:{viewer.staff}":
        return _CHANGED, 409
    scope = {"review": whole_number(body.get("review")), "division": whole_number(body.get("division"))}
    head = division_head(services, viewer, **scope)
    if typed_as(viewer, head) is None:
        raise ApdashError("Saisie refusée.", "Seuls les adultes de la division remplissent son bilan.")
    entries = _entries(body.get("entries")).unique(subset=CELL, keep="last", maintain_order=True)
    refused = _refused(services, viewer, entries, **scope)
    now = services.now()
    _record(services, viewer, entries.join(refused, on=CELL, how="anti"), review=scope["review"], now=now)
    return {
        "at": saved_at(now),
        "refused": [list(row) for row in refused.iter_rows()],
        "closed": head["closed_at"] is not None,
    }


def _refused(
    services: Services, viewer: Viewer, entries: pl.DataFrame, *, review: int, division: int
) -> pl.DataFrame:
    """Return student, competency, why: what cannot be recorded; the rest of a message is, all the same."""
    students = entry_students(services.store, viewer, review=review, division=division)["student"]
    codes = services.reference.competencies["code"]
    here = pl.col("student").is_in(students.implode()) & pl.col("competency").is_in(codes.implode())
    gone = entries.filter(~here).select(*CELL, why=pl.lit("cet élève n’est plus dans la division"))
    carried = entries.filter(here & pl.col("state").eq_missing("unchanged"))
    if carried.is_empty():
        return gone
    earlier = entry_earlier(services.store, viewer, review=review, division=division)
    nothing = pl.lit("rien à reconduire plus tôt dans l’année")
    return pl.concat([gone, carried.join(earlier, on=CELL, how="anti").select(*CELL, why=nothing)])


def _record(services: Services, viewer: Viewer, entries: pl.DataFrame, *, review: int, now: datetime) -> None:
    """Record this person's own values: those typed, then those filled by column."""
    for by_default in (False, True):
        rows = entries.filter(pl.col("by_default") == by_default).drop("by_default")
        if rows.height:
            assessor = f"staff:{viewer.staff}"
            record_assessments(
                services.store,
                viewer,
                review=review,
                assessor=assessor,
                entries=rows,
                by_default=by_default,
                now=now,
            )


def _entries(rows: object) -> pl.DataFrame:
    """Return typed rows [student, competency, value or null] as a frame; raises `ApdashError` when malformed."""
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise unreadable()
    return pl.DataFrame([_entry(row) for row in rows], schema=_SCHEMA, orient="row")


def _entry(row: object) -> Sequence:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[1], str):
        raise unreadable()
    student, competency, value = row
    if value is None:
        return [whole_number(student), competency, None, None, False]
    if not isinstance(value, dict) or value.get("state") not in _STATES:
        raise unreadable()
    level = value.get("level") if value["state"] == "level" else None
    if value["state"] == "level" and not (isinstance(level, int | float) and 1 <= level <= 4):
        raise ApdashError("Saisie refusée.", "Un niveau va de 1 à 4.")
    return [whole_number(student), competency, value["state"], level, value.get("by_default") is True]
