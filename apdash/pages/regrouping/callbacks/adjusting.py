"""Step 3: open a student's panel, fix, move, forbid, lift."""

from datetime import datetime
from typing import Any

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.errors import ApdashError
from apdash.pages.page import only_when_pressed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.callbacks.asking import GO, here, refreshed, told
from apdash.pages.regrouping.exact_view import group_panel_of
from apdash.pages.regrouping.layout import shown_of
from apdash.pages.regrouping.panel import panel_of
from apdash.pages.regrouping.step_adjust import CLOSED, OPEN, chosen_slot
from apdash.rebalancing.cautions import cautions_of
from apdash.store.commands.statements import Statement, add_statement, end_statement
from apdash.store.queries.bands import band_slots, statements

_NEXT = "Choisissez « Recalculer autour de mes choix » pour voir ce que cela déplace."


def register(app: Dash) -> None:
    """Register the callbacks of the step."""

    @app.callback(
        Output(ids.WHY, "children"),
        Output(ids.BOARD, "className"),
        Input(ids.OPENED, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def open_panel(opened: dict[str, Any] | None, search: str) -> tuple[list[Component], str]:
        only_when_pressed()
        panel = _panel(opened or {}, search)
        # No panel is an empty list: None would leave its ids known to the browser, and a late answer to one of them
        # would find nothing there and stop the page.
        return ([], CLOSED) if panel is None else ([panel], OPEN)

    @app.callback(*GO, Input(ids.ASKED, "data"), State("url", "search"), prevent_initial_call=True)
    def ask_for(place: dict[str, Any] | None, search: str) -> tuple[str, Component]:
        only_when_pressed()
        asked = dict(place or {})
        return refreshed(search, eleve=asked["student"]), _fix(asked, here(search))

    for kind, act in ((ids.PIN, _fix), (ids.BAN, _forbid), (ids.FREE, _lift)):
        _register_act(app, kind, act)


def _panel(opened: dict[str, Any], search: str) -> Component | None:
    """Return the panel of a student or of a group, none when it is closed."""
    services, viewer, at = current.services(), current.viewer(), here(search)
    view = shown_of(services, viewer, at)
    if view is None:
        return None
    if "group" in opened:
        need, _, staff = str(opened["group"]).partition("|")
        return group_panel_of(services, view, slot=chosen_slot(at, view), need=need, staff=staff)
    if "student" in opened:
        student = str(opened["student"])
        return panel_of(services, viewer, view, student=student, slot=chosen_slot(at, view))
    return None


def _register_act(app: Dash, kind: str, act: Any) -> None:  # noqa: ANN401
    @app.callback(
        *GO,
        Input({"type": kind, "student": ALL, "slot": ALL, "need": ALL, "staff": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def ask(clicks: list[int | None], search: str) -> tuple[str, Component]:
        only_when_pressed()
        place = dict(ctx.triggered_id)
        return refreshed(search, eleve=place["student"]), act(place, here(search))


def _fix(place: dict, at: Asked) -> Component:
    return told("Place demandée", _NEXT, warnings=fixed(place, at))


def _forbid(place: dict, at: Asked) -> Component:
    return told("Groupe interdit à cet élève", _NEXT, warnings=_replaced(place, at, kind="ban"))


def fixed(place: dict, at: Asked) -> tuple[str, ...]:
    """Fix a student at a place (student, slot, need, staff) in lieu of any other at that slot; return warnings."""
    return _replaced(place, at, kind="pin")


def _replaced(place: dict, at: Asked, *, kind: str) -> tuple[str, ...]:
    # One moment for both: what a choice replaces comes back when it is undone.
    now = current.services().now()
    _lift_same(place, at.band["band"], kinds=("pin",), now=now)
    return _add(place, at, kind=kind, now=now)


def _lift(place: dict, at: Asked) -> Component:
    if not _lift_same(place, at.band["band"], kinds=("pin", "ban"), now=current.services().now()):
        raise ApdashError("Rien à lever.", "Aucune demande ne porte sur cette place.")
    return told("Choix levé", _NEXT)


def _add(place: dict, at: Asked, *, kind: str, now: datetime) -> tuple[str, ...]:
    services, viewer, band = current.services(), current.viewer(), at.band["band"]
    statement = Statement(
        kind=kind,
        students=(int(place["student"]),),
        slot=_slot(place, band),
        need=place["need"],
        staff=_adult(place["staff"]),
    )
    told = cautions_of(services, viewer, band=band, review=at.review["review"], typed=statement)
    stated = add_statement(
        services.store, viewer, services.reference, band=band, statement=statement, now=now
    )
    return stated.warnings or told


def _lift_same(place: dict, band: int, *, kinds: tuple[str, ...], now: datetime) -> int:
    """Lift the demands of these kinds about this student at this slot; return how many there were."""
    services, viewer = current.services(), current.viewer()
    rows = statements(services.store, viewer, band=band).filter(
        pl.col("kind").is_in(kinds)
        & (pl.col("slot") == _slot(place, band))
        & (pl.col("students").list.len() == 1)
        & pl.col("students").list.contains(int(place["student"]))
    )
    for statement in rows["statement"].to_list():
        end_statement(services.store, viewer, statement=statement, now=now)
    return rows.height


def _slot(place: dict, band: int) -> int:
    rows = band_slots(current.services().store, band=band).filter(pl.col("code") == place["slot"])
    if rows.is_empty():
        raise ApdashError("Créneau inconnu.", "Il n’existe plus : rechargez la page.")
    return int(rows["slot"].item())


def _adult(entry: str) -> int | None:
    """Return the adult of an entry of the problem, none when several lead: then any of them will do."""
    alone = entry.split("~")[0]
    return int(alone) if alone.isdecimal() else None
