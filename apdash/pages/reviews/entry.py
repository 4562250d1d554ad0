"""The two addresses behind the entry grid: what it shows, and what is typed in it."""

from collections.abc import Callable, Mapping, Sequence

import flask
import polars as pl
from dash import Dash

from apdash import current
from apdash.errors import ApdashError
from apdash.pages.reviews.grid_data import MINE, GridFrames, cells, grid, saved_at
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.reviews import record_assessments
from apdash.store.queries.entry import entry_adults, entry_earlier, entry_head, entry_students
from apdash.store.queries.reviews import assessments_of_division, expected_of

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


def add_routes(app: Dash) -> None:
    """Serve the grid's answers; the guard and the check of forged requests stand before them."""

    @app.server.get(PATH)
    def shown_values() -> flask.typing.ResponseReturnValue:
        return _answered(lambda: _shown(current.services(), current.viewer(), flask.request.args))

    @app.server.post(PATH)
    def typed_values() -> flask.typing.ResponseReturnValue:
        return _answered(
            lambda: _typed(current.services(), current.viewer(), flask.request.get_json(silent=True))
        )


def grid_frames(services: Services, viewer: Viewer, *, review: int, division: int) -> GridFrames:
    """Return what the grid of a division is made of, for this person; raises `ApdashError` when it is not theirs."""
    store, scope = services.store, {"review": review, "division": division}
    found = entry_head(store, viewer, **scope)
    if found.is_empty():
        raise ApdashError(
            "Ce bilan n’est pas le vôtre.",
            "Vous voyez les bilans des divisions où vous enseignez ou que vous suivez.",
        )
    head = found.row(0, named=True)
    expected = (
        expected_of(store, viewer, review=review, staff=viewer.staff) if viewer.staff is not None else None
    )
    values = assessments_of_division(store, viewer, **scope)
    return GridFrames(
        head=head,
        students=entry_students(store, viewer, **scope),
        values=values.join(
            entry_adults(store, viewer, **scope), on="assessor", how="left", maintain_order="left"
        ),
        earlier=entry_earlier(store, viewer, **scope),
        mine=frozenset(expected.filter(pl.col("division") == division)["competency"])
        if expected is not None
        else frozenset(),
        staff=viewer.staff if head["assesses"] and viewer.can(Action.ASSESS) else None,
    )


def _shown(services: Services, viewer: Viewer, args: Mapping[str, str]) -> dict:
    review, division = _number(args.get("review")), _number(args.get("division"))
    frames = grid_frames(services, viewer, review=review, division=division)
    known = args.get("version")
    if known is None:
        return grid(services.reference, frames, scope=args.get("scope", MINE), now=services.now())
    news = cells(frames, now=services.now())
    return news if news["version"] != known else {"version": known}


def _typed(services: Services, viewer: Viewer, body: object) -> dict | tuple[dict, int]:
    if not isinstance(body, dict):
        raise _unreadable()
    if body.get("assessor") != f"staff:{viewer.staff}":
        words = "Une autre personne est connectée dans ce navigateur : rechargez la page pour saisir en votre nom."
        return {"title": "Changement de compte.", "message": words}, 409
    now = services.now()
    review, division = _number(body.get("review")), _number(body.get("division"))
    frames = grid_frames(services, viewer, review=review, division=division)
    if frames.assessor is None:
        raise ApdashError("Saisie refusée.", "Seuls les adultes de la division remplissent son bilan.")
    entries = _entries(body.get("entries")).unique(subset=CELL, keep="last", maintain_order=True)
    refused = refused_entries(entries, frames, codes=set(services.reference.competencies["code"]))
    kept = entries.join(refused, on=CELL, how="anti")
    for by_default in (False, True):
        rows = kept.filter(pl.col("by_default") == by_default).drop("by_default")
        if rows.height:
            record_assessments(
                services.store,
                viewer,
                review=review,
                assessor=frames.assessor,
                entries=rows,
                by_default=by_default,
                now=now,
            )
    closed = frames.head["closed_at"] is not None
    return {"at": saved_at(now), "refused": [list(row) for row in refused.iter_rows()], "closed": closed}


def refused_entries(entries: pl.DataFrame, frames: GridFrames, *, codes: set[str]) -> pl.DataFrame:
    """Return student, competency, why: what cannot be recorded; the rest of a message is, all the same."""
    here = pl.col("student").is_in(frames.students["student"].implode()) & pl.col("competency").is_in(
        list(codes)
    )
    carried = entries.filter(here & (pl.col("state") == "unchanged"))
    return pl.concat(
        [
            entries.filter(~here).select(*CELL, why=pl.lit("cet élève n’est plus dans la division")),
            carried.join(frames.earlier, on=CELL, how="anti").select(
                *CELL, why=pl.lit("rien à reconduire plus tôt dans l’année")
            ),
        ]
    )


def _entries(rows: object) -> pl.DataFrame:
    """Return typed rows [student, competency, value or null] as a frame; raises `ApdashError` when malformed."""
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise _unreadable()
    return pl.DataFrame([_entry(row) for row in rows], schema=_SCHEMA, orient="row")


def _entry(row: object) -> Sequence:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[1], str):
        raise _unreadable()
    student, competency, value = row
    if value is None:
        return [_number(student), competency, None, None, False]
    if not isinstance(value, dict) or value.get("state") not in _STATES:
        raise _unreadable()
    level = value.get("level") if value["state"] == "level" else None
    if value["state"] == "level" and not (isinstance(level, int | float) and 1 <= level <= 4):
        raise ApdashError("Saisie refusée.", "Un niveau va de 1 à 4.")
    return [_number(student), competency, value["state"], level, value.get("by_default") is True]


def _number(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise _unreadable() from None


def _unreadable() -> ApdashError:
    return ApdashError("Demande illisible.", "Rechargez la page, puis recommencez.")


def _answered(answer: Callable[[], flask.typing.ResponseReturnValue]) -> flask.typing.ResponseReturnValue:
    try:
        return answer()
    except ApdashError as error:
        return {"title": error.title, "message": f"{error.title} {error.message}".strip()}, 422
