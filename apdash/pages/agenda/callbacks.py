"""What the page answers to: a day chosen, the panel opened, a gesture made, an absence settled."""

from collections.abc import Callable
from urllib.parse import urlencode

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import notice, toast
from apdash.errors import ApdashError
from apdash.pages.agenda import ids
from apdash.pages.agenda.absence import settle
from apdash.pages.agenda.actions import action_panel, change_action_panel
from apdash.pages.agenda.adding import add_panel
from apdash.pages.agenda.asked import asked
from apdash.pages.agenda.fields import refusal
from apdash.pages.agenda.gestures import absence_told, do_gesture
from apdash.pages.agenda.panel import session_panel
from apdash.pages.page import only_when_pressed, params_of, readable_day, refreshed
from apdash.rights import Action, Viewer
from apdash.services import Services

_PANELS: dict[str, Callable[[Services, Viewer, str], tuple[str, list[Component]]]] = {
    "session": session_panel,
    "add": add_panel,
    "action": action_panel,
    "change-action": change_action_panel,
}


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    _register_days(app)
    _register_panel(app)
    _register_gestures(app)
    _register_absence(app)


def _register_days(app: Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"agenda": "day", "param": ALL, "shown": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def go_to_day(values: list, search: str | None) -> str:
        for cell in ctx.inputs_list[0]:
            chosen = readable_day(cell.get("value"))
            if chosen is not None and chosen.isoformat() != cell["id"]["shown"]:
                return "?" + urlencode({**params_of(search), cell["id"]["param"]: chosen.isoformat()})
        raise PreventUpdate


def _register_panel(app: Dash) -> None:
    @app.callback(
        Output(ids.PANEL, "is_open"),
        Output(ids.PANEL_TITLE, "children"),
        Output(ids.PANEL_BODY, "children"),
        Input(ids.OPENED, "data"),
    )
    def open_panel(opened: dict | None) -> tuple[bool, str, list[Component]]:
        if not opened:
            raise PreventUpdate
        what, key = str(opened.get("what")), str(opened.get("key"))
        services, viewer = current.services(), current.viewer()
        try:
            if what != "session":
                viewer.require(Action.PLAN_SESSIONS)
            title, body = _panel_named(what)(services, viewer, key)
        except ApdashError as error:
            return True, error.title, [notice("alert", error.title, error.message)]
        return True, title, body


def _register_gestures(app: Dash) -> None:
    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Output(ids.PANEL, "is_open", allow_duplicate=True),
        Output({"agenda": "said", "gesture": ALL}, "children"),
        Input({"agenda": "do", "gesture": ALL, "key": ALL}, "n_clicks"),
        State({"agenda": "field", "gesture": ALL, "name": ALL}, "value"),
        State({"agenda": "agreed", "gesture": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def make_gesture(clicks: list, values: list, boxes: list, search: str | None) -> tuple:
        only_when_pressed()
        gesture, key = ctx.triggered_id["gesture"], ctx.triggered_id["key"]
        mine = {c["id"]["name"]: c.get("value") for c in ctx.states_list[0] if c["id"]["gesture"] == gesture}
        agreed = any(c.get("value") for c in ctx.states_list[1] if c["id"]["gesture"] == gesture)
        places = [output["id"]["gesture"] for output in ctx.outputs_list[3]]
        try:
            done, words = do_gesture(current.services(), current.viewer(), gesture, key, mine, agreed=agreed)
        except ApdashError as error:
            told = [refusal(gesture, error) if place == gesture else None for place in places]
            return no_update, no_update, True, told
        return toast("info", done, words), _again(search), False, [no_update] * len(places)


def _register_absence(app: Dash) -> None:
    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input(ids.SETTLE, "n_clicks"),
        State({"agenda": "fate", "session": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def settle_choices(clicks: int, values: list, search: str | None) -> tuple[Component, str]:
        only_when_pressed()
        services, viewer, params = current.services(), current.viewer(), params_of(search)
        at = asked(viewer, params, today=services.today())
        fates = {int(cell["id"]["session"]): str(cell.get("value") or "") for cell in ctx.states_list[0]}
        changed = settle(services, viewer, adult=at.adult or 0, fates=fates)
        told = toast("info", "Absence réglée.", absence_told(changed, at.first, at.last))
        return told, _again(urlencode({**params, "choix": ""}))


def _panel_named(what: str) -> Callable[[Services, Viewer, str], tuple[str, list[Component]]]:
    if what not in _PANELS:
        raise ApdashError("Geste inconnu.", "Rechargez la page.")
    return _PANELS[what]


def _again(search: str | None) -> str:
    """Return the same address without the session that was open, so that the page is laid out again."""
    kept = {name: value for name, value in params_of(search).items() if name != "seance"}
    return refreshed(urlencode(kept))
