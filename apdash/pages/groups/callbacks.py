"""What the page answers to: a day chosen, a file asked for."""

from urllib.parse import urlencode

from dash import ALL, Dash, Input, Output, State, ctx, dcc, no_update
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import toast
from apdash.exports import export_notes, file_name, write_export
from apdash.pages.groups import ids
from apdash.pages.groups.asked import asked
from apdash.pages.page import day_in, only_when_pressed, params_of, readable_day
from apdash.rights import Action
from apdash.store.queries.bands import bands
from apdash.store.queries.calendar import current_year


def register(app: Dash) -> None:
    """Register the callbacks of the page."""
    _register_days(app)
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
                return "?" + urlencode({**params_of(search), cell["id"]["param"]: chosen.isoformat()})
        raise PreventUpdate


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
        kind, params, today = ctx.triggered_id["kind"], params_of(search), services.today()
        year = current_year(services.store, day_in(params, "date", today))
        at = asked(viewer, params, today=today, bands=bands(services.store, year=year))
        scope = {"kind": kind, "on": at.on, "band": at.band, "until": readable_day(until) if until else None}
        data = write_export(services, viewer, **scope)
        notes = export_notes(services, viewer, **scope)
        told = toast("watch", "Fichier incomplet", notes) if notes else no_update
        return dcc.send_bytes(data, file_name(kind, at.on)), told
