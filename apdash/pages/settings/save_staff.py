"""Saves who is free at which slot of a band, the needs each adult leads, the rooms kept."""

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.pages.page import only_when_pressed
from apdash.store.commands import bands as commands
from apdash.store.queries.bands import band_slots


def register(app: Dash) -> None:
    """Register the save buttons of the adults and of the rooms."""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Input("save-staff", "n_clicks"),
        State({"free": ALL, "band": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_staff(clicks: int, hours: list) -> Component:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        commands.set_availability(services.store, viewer, free=_free(ctx.states_list[0]))
        return toast("info", "Créneaux enregistrés.")

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


def _free(cells: list[dict]) -> pl.DataFrame:
    """Return one row per adult shown and slot of the band, with whether the hour is ticked."""
    services = current.services()
    slots = band_slots(services.store, band=cells[0]["id"]["band"])["slot"].to_list() if cells else []
    rows = [
        {"slot": slot, "staff": cell["id"]["free"], "free": slot in (cell.get("value") or [])}
        for cell in cells
        for slot in slots
    ]
    return pl.DataFrame(rows, schema={"slot": pl.Int64, "staff": pl.Int64, "free": pl.Boolean})
