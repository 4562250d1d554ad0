"""What the hours page answers to: the fields of « et si », the files."""

from datetime import date
from urllib.parse import parse_qsl

from dash import ALL, Dash, Input, Output, State, ctx, dcc
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.errors import ApdashError
from apdash.exports.hours import hours_file
from apdash.pages.hours import ids
from apdash.pages.hours.ledger_table import worded
from apdash.pages.hours.picture import Picture, draw
from apdash.pages.hours.what_if_panel import Wish, brought
from apdash.pages.page import only_when_pressed


def register(app: Dash) -> None:
    """Register what the page answers to."""

    @app.callback(
        Output(ids.WHAT_IF, "children"),
        Input(ids.KIND, "value"),
        Input(ids.DAY, "value"),
        Input(ids.MINUTES, "value"),
        Input(ids.SINCE, "value"),
        Input(ids.NUMBER, "value"),
        Input(ids.LENGTH, "value"),
        Input(ids.FROM, "value"),
        Input(ids.UNTIL, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show_what_if(*values: object) -> Component:
        *wished, search = values
        return brought(_picture(search), _wish(wished))

    @app.callback(
        Output(ids.DOWNLOAD, "data"),
        Input(ids.gives(ALL), "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def give_file(clicks: list[int], search: str | None) -> dict:
        only_when_pressed()
        services, picture = current.services(), _picture(search)
        kind = ctx.triggered_id["hours-give"]
        table = worded(services.reference, picture)
        data = hours_file(table, kind=kind, by=picture.asked.by, made_at=services.now())
        return dcc.send_bytes(
            data, f"apdash-heures-{picture.asked.by}-{picture.hours.day.isoformat()}.{kind}"
        )


def _picture(search: object) -> Picture:
    params = dict(parse_qsl(str(search or "").lstrip("?")))
    picture = draw(current.services(), current.viewer(), params)
    if picture is None:
        raise PreventUpdate
    return picture


def _wish(values: list) -> Wish:
    """Return the wish the fields say; raises `ApdashError` when one cannot be read."""
    kind, day, minutes, since, number, length, first, last = values
    try:
        days = [date.fromisoformat(str(value)) for value in (since, first, last)]
        sizes = [int(value) for value in (minutes, number, length)]
    except (TypeError, ValueError):
        raise PreventUpdate from None  # a field that is being written
    if not (1 <= sizes[0] <= 480 and 1 <= sizes[1] <= 60 and 1 <= sizes[2] <= 480):
        raise ApdashError("Heures hors limites.", "De 1 à 480 minutes, et 60 séances au plus.")
    if days[2] < days[1]:
        raise ApdashError("Dates inversées.", "La fin vient avant le début.")
    return Wish(str(kind), str(day), sizes[0], days[0], sizes[1], sizes[2], days[1], days[2])
