"""What the page answers to: a day chosen, a dialog opened, a gesture made, a file asked for."""

from urllib.parse import parse_qsl, urlencode

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, dcc, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import notice, toast
from apdash.errors import ApdashError
from apdash.exports import export_notes, file_name, write_export
from apdash.pages.groups import ids
from apdash.pages.groups.asked import asked, day_in, readable_day
from apdash.pages.groups.gestures import gesture_named
from apdash.pages.groups.gestures.form import dialog_body, remarks
from apdash.pages.page import only_when_pressed
from apdash.rights import Action
from apdash.store.queries.bands import bands
from apdash.store.queries.calendar import current_year

_FIELDS = {"groups": "field", "gesture": MATCH, "key": MATCH, "name": ALL}
_TO_CONFIRM = "À confirmer."


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    _register_days(app)
    _register_dialog(app)
    _register_files(app)


def _register_days(app: Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"groups": "day", "param": ALL, "shown": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def go_to_day(values: list, search: str | None) -> str:
        for cell in ctx.inputs_list[0]:
            chosen = readable_day(cell.get("value"))
            if chosen is not None and chosen.isoformat() != cell["id"]["shown"]:
                return "?" + urlencode({**_params(search), cell["id"]["param"]: chosen.isoformat()})
        raise PreventUpdate


def _register_dialog(app: Dash) -> None:
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
        viewer.require(Action.CHANGE_GROUPS)
        gesture, key = str(opened["gesture"]), str(opened["key"])
        on = max(services.today(), day_in(_params(search), "date", services.today()))
        form = gesture_named(gesture).form(services, viewer, key, on)
        return True, form.title, dialog_body(gesture, key, form)

    @app.callback(
        Output({"groups": "said", "gesture": MATCH, "key": MATCH}, "children"),
        Output({"groups": "do", "gesture": MATCH, "key": MATCH}, "disabled"),
        Input(_FIELDS, "value"),
        prevent_initial_call=True,
    )
    def show_remarks(values: list) -> tuple[list[Component] | None, bool]:
        if not ctx.inputs_list[0]:
            raise PreventUpdate
        of = ctx.inputs_list[0][0]["id"]
        return _remarks(of["gesture"], of["key"], _filled(ctx.inputs_list[0]))

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Output(ids.DIALOG, "is_open", allow_duplicate=True),
        Output({"groups": "said", "gesture": ALL, "key": ALL}, "children", allow_duplicate=True),
        Input({"groups": "do", "gesture": ALL, "key": ALL}, "n_clicks"),
        State({"groups": "field", "gesture": ALL, "key": ALL, "name": ALL}, "value"),
        State({"groups": "agreed", "gesture": ALL, "key": ALL}, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def act(clicks: list, values: list, boxes: list, search: str | None) -> tuple:
        only_when_pressed()
        gesture, key = ctx.triggered_id["gesture"], ctx.triggered_id["key"]
        told = [no_update] * len(ctx.outputs_list[3])
        try:
            words = gesture_named(gesture).do(
                current.services(), current.viewer(), key, _filled(ctx.states_list[0]), agreed=any(boxes)
            )
        except ApdashError as error:
            return no_update, no_update, True, [_refusal(gesture, key, error)] * len(told)
        return toast("info", gesture_named(gesture).done, words), _refreshed(search), False, told


def _register_files(app: Dash) -> None:
    @app.callback(
        Output(ids.DOWNLOAD, "data"),
        Output("toasts", "children", allow_duplicate=True),
        Input({"groups": "export", "kind": ALL}, "n_clicks"),
        State(ids.UNTIL, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def give_file(clicks: list, until: str | None, search: str | None) -> tuple:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        viewer.require(Action.EXPORT)
        kind, params, today = ctx.triggered_id["kind"], _params(search), services.today()
        year = current_year(services.store, day_in(params, "date", today))
        at = asked(viewer, params, today=today, bands=bands(services.store, year=year))
        scope = {"kind": kind, "on": at.on, "band": at.band, "until": readable_day(until) if until else None}
        data = write_export(services, viewer, **scope)
        notes = export_notes(services, viewer, **scope)
        told = toast("watch", "Fichier incomplet", notes) if notes else no_update
        return dcc.send_bytes(data, file_name(kind, at.on)), told


def _remarks(gesture: str, key: str, fields: dict[str, object]) -> tuple[list[Component] | None, bool]:
    """Return what the dialog says of what is chosen so far, and whether its button is switched off."""
    of = gesture_named(gesture).remarks
    if of is None:
        return None, False
    try:
        found = of(current.services(), current.viewer(), key, fields)
    except ApdashError as error:
        return [notice("alert", error.title, error.message)], True
    if found is None:
        return None, False
    return remarks(gesture, key, blocks=found.blocks, warnings=found.warnings), bool(found.blocks)


def _refusal(gesture: str, key: str, error: ApdashError) -> list[Component]:
    """Return a refusal as the dialog shows it: with the box to tick when it is only to be confirmed."""
    if error.title == _TO_CONFIRM:
        return remarks(gesture, key, blocks=(), warnings=[error.message])
    return [notice("alert", error.title, error.message)]


def _filled(cells: list[dict]) -> dict[str, object]:
    return {cell["id"]["name"]: cell.get("value") for cell in cells}


def _refreshed(search: str | None) -> str:
    """Return the same address, changed just enough for the page to be laid out again."""
    params = _params(search)
    again = params.get("maj", "0")
    return "?" + urlencode({**params, "maj": str(int(again) + 1 if again.isdigit() else 1)})


def _params(search: str | None) -> dict[str, str]:
    return dict(parse_qsl((search or "").lstrip("?")))
