"""The callbacks of programmes and objectives: one for the buttons, one for the forms, one for the models."""

from urllib.parse import parse_qsl, urlencode

from dash import ALL, MATCH, Dash, Input, Output, State, ctx
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import toast
from apdash.pages.aims.gestures import do_act, do_form
from apdash.pages.page import only_when_pressed

_FIELDS = {"aims": "field", "form": ALL, "name": ALL}


def register(app: Dash) -> None:
    """Register them once, for every page that shows these gestures."""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input({"aims": "act", "what": ALL, "key": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(clicks: list, search: str | None) -> tuple[Component, str]:
        only_when_pressed()
        what, key = ctx.triggered_id["what"], ctx.triggered_id["key"]
        words = do_act(current.services(), current.viewer(), what, int(key))
        return toast("info", words), refreshed(search)

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input({"aims": "do", "form": ALL}, "n_clicks"),
        State(_FIELDS, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def send(clicks: list, values: list, search: str | None) -> tuple[Component, str]:
        only_when_pressed()
        form = ctx.triggered_id["form"]
        fields = {
            one["id"]["name"]: one.get("value") for one in ctx.states_list[0] if one["id"]["form"] == form
        }
        words, warned = do_form(current.services(), current.viewer(), form, fields)
        return toast("watch" if warned else "info", words, warned), refreshed(search)

    @app.callback(
        Output({"aims": "field", "form": MATCH, "name": "text"}, "value"),
        Output({"aims": "field", "form": MATCH, "name": "evidence"}, "value"),
        Input({"aims": "model", "form": MATCH}, "value"),
        prevent_initial_call=True,
    )
    def fill(number: str | None) -> tuple[str, str]:
        models = current.services().reference.objectives
        found = models.filter(number=int(number)) if number and number.isdigit() else models.head(0)
        if found.is_empty():
            raise PreventUpdate
        return found["text"].item(), found["seen_when"].item()


def refreshed(search: str | None) -> str:
    """Return the same address, changed just enough for the page to be laid out again."""
    params = dict(parse_qsl((search or "").lstrip("?")))
    again = params.get("maj", "0")
    return "?" + urlencode({**params, "maj": str(int(again) + 1 if again.isdigit() else 1)})
