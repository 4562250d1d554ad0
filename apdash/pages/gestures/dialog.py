"""The one dialog of the application: a gesture opens it, says what stands in the way, and is done or refused in it."""

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import ALL, MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import notice, toast
from apdash.errors import ApdashError
from apdash.pages.gestures import ids
from apdash.pages.gestures.form import Gesture, dialog_body, remarks
from apdash.pages.page import day_in, only_when_pressed, params_of, refreshed

Gestures = Mapping[str, Gesture]
_FIELDS = {"dialog": "field", "gesture": MATCH, "key": MATCH, "name": ALL}
_TO_CONFIRM = "À confirmer."


def dialog() -> list[Component]:
    """Return the dialog, filled when a gesture is opened, and what says which was."""
    modal = dbc.Modal(
        [dbc.ModalHeader(html.H2(id=ids.DIALOG_TITLE)), html.Div(id=ids.DIALOG_BODY)],
        id=ids.DIALOG,
        is_open=False,
        labelledby=ids.DIALOG_TITLE,
        className="gesture-dialog",
        scrollable=True,
    )
    return [dcc.Store(id=ids.OPENED), modal]


def register(app: Dash, gestures: Gestures) -> None:
    """Register the callbacks of the dialog for the gestures of all pages."""

    @app.callback(
        Output(ids.DIALOG, "is_open", allow_duplicate=True),
        Output(ids.DIALOG_TITLE, "children"),
        Output(ids.DIALOG_BODY, "children"),
        Input(ids.OPENED, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def open_dialog(opened: dict | None, search: str | None) -> tuple[bool, str, list[Component]]:
        if not opened:
            raise PreventUpdate
        services, viewer = current.services(), current.viewer()
        name, key = str(opened["gesture"]), str(opened["key"])
        gesture = _named(gestures, name)
        viewer.require(gesture.action)
        on = max(services.today(), day_in(params_of(search), "date", services.today()))
        form = gesture.form(services, viewer, key, on)
        return True, form.title, dialog_body(name, key, form)

    @app.callback(
        Output({"dialog": "said", "gesture": MATCH, "key": MATCH}, "children"),
        Output({"dialog": "do", "gesture": MATCH, "key": MATCH}, "disabled"),
        Input(_FIELDS, "value"),
        prevent_initial_call=True,
    )
    def show_remarks(values: list) -> tuple[list[Component] | None, bool]:
        if not ctx.inputs_list[0]:
            raise PreventUpdate
        of = ctx.inputs_list[0][0]["id"]
        return _remarks(gestures, of["gesture"], of["key"], _filled(ctx.inputs_list[0]))

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Output(ids.DIALOG, "is_open", allow_duplicate=True),
        Output({"dialog": "said", "gesture": ALL, "key": ALL}, "children", allow_duplicate=True),
        Input({"dialog": "do", "gesture": ALL, "key": ALL}, "n_clicks"),
        State({"dialog": "field", "gesture": ALL, "key": ALL, "name": ALL}, "value"),
        State({"dialog": "agreed", "gesture": ALL, "key": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(clicks: list, values: list, boxes: list, search: str | None) -> tuple:
        only_when_pressed()
        name, key = ctx.triggered_id["gesture"], ctx.triggered_id["key"]
        gesture = _named(gestures, name)
        told = [no_update] * len(ctx.outputs_list[3])
        try:
            words = gesture.do(
                current.services(), current.viewer(), key, _filled(ctx.states_list[0]), agreed=any(boxes)
            )
        except ApdashError as error:
            return no_update, no_update, True, [_refusal(name, key, error)] * len(told)
        return toast("info", gesture.done, words), refreshed(search), False, told


def _named(gestures: Gestures, name: str) -> Gesture:
    if name not in gestures:
        raise ApdashError("Geste inconnu.", "Rechargez la page.")
    return gestures[name]


def _remarks(
    gestures: Gestures, name: str, key: str, fields: dict[str, object]
) -> tuple[list[Component] | None, bool]:
    """Return what the dialog says of what is chosen so far, and whether its button is switched off."""
    gesture = _named(gestures, name)
    if gesture.remarks is None:
        return None, False
    viewer = current.viewer()
    try:
        viewer.require(gesture.action)
        found = gesture.remarks(current.services(), viewer, key, fields)
    except ApdashError as error:
        return [notice("alert", error.title, error.message)], True
    if found is None:
        return None, False
    return remarks(name, key, blocks=found.blocks, warnings=found.warnings), bool(found.blocks)


def _refusal(name: str, key: str, error: ApdashError) -> list[Component]:
    """Return a refusal as the dialog shows it: with the box to tick when it is only to be confirmed."""
    if error.title == _TO_CONFIRM:
        return remarks(name, key, blocks=(), warnings=[error.message])
    return [notice("alert", error.title, error.message)]


def _filled(cells: list[dict]) -> dict[str, object]:
    return {cell["id"]["name"]: cell.get("value") for cell in cells}
