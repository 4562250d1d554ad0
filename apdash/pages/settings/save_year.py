"""Saves the cards of the school year."""

from collections.abc import Callable
from datetime import date

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.components.entry_table import Column, entered
from apdash.components.states import toast
from apdash.pages.page import only_when_pressed
from apdash.pages.settings import tables
from apdash.store.commands import calendar as commands
from apdash.store.queries import calendar as queries

SAVED = Output("toasts", "children", allow_duplicate=True)
_TYPES = {"date": pl.Date, "number": pl.Int64}


def register(app: Dash) -> None:
    """Register the save buttons of the year: school, periods, holidays, placements, rooms."""

    @app.callback(
        SAVED,
        Input("save-school", "n_clicks"),
        State("school-name", "value"),
        State("school-zone", "value"),
        State("year-starts", "value"),
        State("year-ends", "value"),
        prevent_initial_call=True,
    )
    def save_school(clicks: int, name: str, zone: str, starts: str, ends: str) -> Component:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        uai = (queries.school(services.store) or {})["uai"]
        commands.set_school(services.store, viewer, uai=uai, name=name, zone=zone or None)
        first, last = date.fromisoformat(starts), date.fromisoformat(ends)
        commands.set_school_year(services.store, viewer, year=_year(), starts_on=first, ends_on=last)
        return toast("info", "Établissement enregistré.")

    _table(app, "periods", lambda: tables.PERIODS, _save_periods)
    _table(app, "closures", lambda: tables.CLOSURES, _save_closures)
    _table(app, "placements", _placement_columns, _save_placements)
    _table(app, "rooms", lambda: tables.ROOMS, _save_rooms)


def frame(rows: list[dict], columns: tuple[Column, ...]) -> pl.DataFrame:
    """Return the rows entered as a frame, typed even when there is none."""
    return pl.DataFrame(rows, schema={column.key: _TYPES.get(column.kind, pl.String) for column in columns})


def _table(
    app: Dash, name: str, columns: Callable[[], tuple[Column, ...]], save: Callable[[pl.DataFrame], Component]
) -> None:
    """Register the button `save-<name>` of an entry table."""

    @app.callback(
        SAVED,
        Input(f"save-{name}", "n_clicks"),
        State({"table": name, "row": ALL, "column": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_table(clicks: int, values: list) -> Component:
        only_when_pressed()
        described = columns()
        return save(frame(entered(ctx.states_list[0], described), described))


def _save_periods(periods: pl.DataFrame) -> Component:
    commands.set_periods(current.services().store, current.viewer(), year=_year(), periods=periods)
    return toast("info", "Périodes enregistrées.")


def _save_closures(closures: pl.DataFrame) -> Component:
    services = current.services()
    commands.set_closures(
        services.store, current.viewer(), year=_year(), closures=closures, now=services.now()
    )
    return toast("info", "Vacances enregistrées.")


def _save_placements(placements: pl.DataFrame) -> Component:
    typed = placements.with_columns(pl.col("division").cast(pl.Int64))
    services = current.services()
    commands.set_placements(
        services.store, current.viewer(), year=_year(), placements=typed, now=services.now()
    )
    return toast("info", "PFMP enregistrées.")


def _save_rooms(rooms: pl.DataFrame) -> Component:
    commands.set_rooms(current.services().store, current.viewer(), rooms=rooms)
    return toast("info", "Salles enregistrées.")


def _placement_columns() -> tuple[Column, ...]:
    rows = queries.divisions(current.services().store, year=_year()).to_dicts()
    return tables.placements([(str(row["id"]), row["code"]) for row in rows])


def _year() -> int:
    services = current.services()
    return queries.current_year(services.store, services.today())
