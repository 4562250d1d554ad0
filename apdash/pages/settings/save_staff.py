"""Saves who is free at which slot of a band, the needs each adult leads, the rooms kept."""

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.pages.page import only_when_pressed
from apdash.store.commands import bands as commands


def register(app: Dash) -> None:
    """Register the save buttons of the adults and of the rooms."""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Input("save-staff", "n_clicks"),
        State({"free": ALL, "slot": ALL}, "value"),
        State({"willing": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_staff(clicks: int, free: list, willing: list) -> Component:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        commands.set_availability(
            services.store,
            viewer,
            services.reference,
            free=_free(ctx.states_list[0]),
            needs={cell["id"]["willing"]: cell.get("value") or [] for cell in ctx.states_list[1]},
        )
        return toast("info", "Adultes enregistrés.")

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
    """Return one row per slot and adult shown, with whether the box is ticked."""
    rows = [
        {"slot": cell["id"]["slot"], "staff": cell["id"]["free"], "free": bool(cell.get("value"))}
        for cell in cells
    ]
    return pl.DataFrame(rows, schema={"slot": pl.Int64, "staff": pl.Int64, "free": pl.Boolean})
