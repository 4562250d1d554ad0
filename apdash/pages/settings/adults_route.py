"""The address behind the table of adults: what has been ticked and unticked in it, saved in one go."""

import flask
import polars as pl
from dash import Dash

from apdash import current
from apdash.pages.answers import answered, saved_at, unreadable, whole_number
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.adults import FREE, LED, tick_adults

PATH = "/reglages/adultes"
_MOST = 20_000


def add_route(app: Dash) -> None:
    """Serve the save button; the guard and the check of forged requests stand before it."""

    @app.server.post(PATH)
    def ticked_adults() -> flask.typing.ResponseReturnValue:
        return answered(
            lambda: _save(current.services(), current.viewer(), flask.request.get_json(silent=True))
        )


def _save(services: Services, viewer: Viewer, body: object) -> dict:
    if not isinstance(body, dict):
        raise unreadable()
    free = [(whole_number(slot), whole_number(adult), on) for adult, slot, on in _boxes(body.get("free"))]
    led = [(whole_number(adult), str(need), on) for adult, need, on in _boxes(body.get("led"))]
    tick_adults(
        services.store, viewer, services.reference,
        free=pl.DataFrame(free, schema=FREE, orient="row"), led=pl.DataFrame(led, schema=LED, orient="row"),
    )  # fmt: skip
    return {"at": saved_at(services.now())}


def _boxes(rows: object) -> list[tuple[object, object, bool]]:
    """Return rows [adult, slot or need, ticked]; raises `ApdashError` when they are malformed."""
    if not isinstance(rows, list) or len(rows) > _MOST:
        raise unreadable()
    if not all(isinstance(row, list) and len(row) == 3 and isinstance(row[2], bool) for row in rows):
        raise unreadable()
    return [(row[0], row[1], row[2]) for row in rows]
