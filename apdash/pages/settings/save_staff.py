"""Saves the table of the adults of a band, the needs one adult leads, the rooms kept."""

from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.pages.page import only_when_pressed
from apdash.pages.settings.adults_route import add_route
from apdash.store.commands import bands as commands


def register(app: Dash) -> None:
    """Register the save buttons of the adults and of the rooms."""
    add_route(app)

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Input("save-willing", "n_clicks"),
        State({"willing": ALL, "axis": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_willing(clicks: int, needs: list) -> Component:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        cells = ctx.states_list[0]
        chosen = sorted({code for cell in cells for code in cell.get("value") or []})
        adult = cells[0]["id"]["willing"]
        commands.set_staff_needs(services.store, viewer, services.reference, staff=adult, needs=chosen)
        return toast("info", "Besoins enregistrés.")

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Input("save-rooms-kept", "n_clicks"),
        State({"rooms": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_rooms(clicks: int, rooms: list) -> Component:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        for cell in ctx.states_list[0]:
            slot = cell["id"]["rooms"]
            commands.set_slot_rooms(services.store, viewer, slot=slot, rooms=cell.get("value") or [])
        return toast("info", "Salles enregistrées.")
