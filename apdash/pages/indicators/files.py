"""The file of a list, asked for by its address: the guard stands before it."""

from collections.abc import Mapping
from datetime import date

import flask
import polars as pl
from dash import Dash

from apdash import current
from apdash.errors import ApdashError
from apdash.exports.tables import csv_bytes
from apdash.pages.indicators.asked import FILE, read_asked
from apdash.pages.indicators.picture import draw
from apdash.pages.indicators.point_list import point_named
from apdash.rights import Action, Viewer
from apdash.services import Services

_LEVELS = {"alert": "à traiter", "watch": "à surveiller"}


def register(app: Dash) -> None:
    """Serve the list of a point of vigilance as CSV."""

    @app.server.get(FILE)
    def point_file() -> flask.typing.ResponseReturnValue:
        try:
            name, data = list_file(current.services(), current.viewer(), flask.request.args)
        except ApdashError as error:
            return f"{error.title} {error.message}", 422
        kept = {"Content-Disposition": f'attachment; filename="{name}"'}
        return flask.Response(data, mimetype="text/csv", headers=kept)


def list_file(services: Services, viewer: Viewer, params: Mapping[str, str]) -> tuple[str, bytes]:
    """Return the name and the bytes of the list of a point; raises `ApdashError` when it may not be had."""
    viewer.require(Action.SEE_INDICATORS)
    picture = draw(services, viewer, read_asked(dict(params)))
    if picture is None:
        raise ApdashError("Aucune année scolaire.", "Importez d’abord les fichiers de SIECLE et de STS-web.")
    point = point_named(picture)
    rows = point.rows.select(
        pl.lit(point.label).alias("point de vigilance"),
        pl.col("label").alias("qui ou quoi"),
        pl.col("detail").alias("constat"),
        pl.col("level").replace_strict(_LEVELS, default="").alias("niveau"),
        pl.lit(picture.on, pl.Date).alias("au"),
    )
    return _name(point.code, picture.on), csv_bytes(rows, encoding="utf-8-sig")


def _name(code: str, on: date) -> str:
    return f"apdash-vigilance-{code.lower()}-{on.isoformat()}.csv"
