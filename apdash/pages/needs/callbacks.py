"""The side panel of the needs page: one number, unfolded."""

from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.pages.needs import ids
from apdash.pages.needs.why import why


def register(app: Dash) -> None:
    """Register what the page answers to."""

    @app.callback(
        Output(ids.WHY, "is_open"),
        Output(ids.WHY, "title"),
        Output(ids.WHY_BODY, "children"),
        Input(ids.ASKED, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show_why(asked: dict | None, search: str | None) -> tuple[bool, str, Component]:
        if not asked:
            raise PreventUpdate
        params = dict(parse_qsl((search or "").lstrip("?")))
        title, body = why(
            current.services(), current.viewer(), params, student=asked["student"], need=asked["need"]
        )
        return True, title, body
