"""Saves the envelopes of cohorts, the jobs that count, the hours of earlier years."""

import base64
import binascii

import polars as pl
from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import toast
from apdash.errors import ApdashError
from apdash.imports.carried_hours import CarriedHours, read_carried_hours
from apdash.imports.kinds import ImportFile
from apdash.labels import count
from apdash.pages.page import only_when_pressed
from apdash.pages.settings.carried_card import carried_preview
from apdash.store.commands import envelopes as commands
from apdash.store.queries.envelopes import jobs

SAVED = Output("toasts", "children", allow_duplicate=True)
_FILE = (State("carried-upload", "contents"), State("carried-upload", "filename"))


def register(app: Dash) -> None:
    """Register the buttons of the part « Enveloppes »."""
    _cohorts(app)
    _carried(app)

    @app.callback(
        SAVED,
        Input("save-carried-one", "n_clicks"),
        State("carried-student", "value"),
        State("carried-year", "value"),
        State("carried-planned", "value"),
        State("carried-held", "value"),
        State("carried-attended", "value"),
        prevent_initial_call=True,
    )
    def save_one(clicks: int, student: str, year: str, *hours: float) -> Component:
        only_when_pressed()
        if not student or any(value is None for value in hours):
            raise ApdashError(
                "Ligne incomplète.", "Un élève, une année et trois nombres d’heures sont attendus."
            )
        planned, held, attended = (round(60 * value) for value in hours)
        row = {
            "student": int(student),
            "year": int(year),
            "planned": planned,
            "held": held,
            "attended": attended,
        }
        _carry(pl.DataFrame([row]), source="saisie")
        return toast("info", "Heures enregistrées.")


def _cohorts(app: Dash) -> None:
    @app.callback(
        SAVED,
        Input("save-envelopes", "n_clicks"),
        State({"envelope": ALL}, "value"),
        prevent_initial_call=True,
    )
    def save_envelopes(clicks: int, values: list[str]) -> Component:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        for cell in ctx.states_list[0]:
            entry, _, cycle = cell["id"]["envelope"].partition("|")
            commands.set_envelope(
                services.store, viewer, services.reference, entry_year=int(entry), cycle=cycle,
                envelope=cell.get("value") or None,
            )  # fmt: skip
        return toast("info", "Enveloppes enregistrées.")

    @app.callback(
        SAVED, Input("save-jobs", "n_clicks"), State("jobs-inside", "value"), prevent_initial_call=True
    )
    def save_jobs(clicks: int, inside: list[str]) -> Component:
        only_when_pressed()
        store = current.services().store
        outside = [job for job in jobs(store)["job"].to_list() if job not in (inside or [])]
        commands.set_jobs_outside(store, current.viewer(), jobs=outside)
        return toast("info", "Fonctions enregistrées.")


def _carried(app: Dash) -> None:
    @app.callback(
        Output("carried-shown", "children"),
        Input("carried-upload", "contents"),
        Input({"carried-column": ALL}, "value"),
        State("carried-upload", "filename"),
        prevent_initial_call=True,
    )
    def show_carried(contents: str | None, columns: list[str | None], name: str | None) -> Component:
        if not contents:
            raise PreventUpdate
        fresh = ctx.triggered_id == "carried-upload"
        return carried_preview(_read(contents, name, [] if fresh else ctx.inputs_list[1]))

    @app.callback(
        SAVED,
        Output("carried-shown", "children", allow_duplicate=True),
        Input("save-carried", "n_clicks"),
        State({"carried-column": ALL}, "value"),
        *_FILE,
        prevent_initial_call=True,
    )
    def save_carried(
        clicks: int, columns: list[str | None], contents: str, name: str
    ) -> tuple[Component, object]:
        only_when_pressed()
        read = _read(contents, name, ctx.states_list[0])
        written = _carry(read.rows, source=read.file)
        words = count(written, "ligne enregistrée", "lignes enregistrées")
        return toast("info", f"{words}."), [] if written else no_update


def _read(contents: str, name: str | None, columns: list[dict]) -> CarriedHours:
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise ApdashError("Fichier illisible.", "Choisissez-le de nouveau.") from None
    meant = {cell["id"]["carried-column"]: cell["value"] for cell in columns if cell.get("value")}
    file = ImportFile((name or "tableau")[:80], data)
    return read_carried_hours(current.services(), current.viewer(), file, columns=meant)


def _carry(rows: pl.DataFrame, *, source: str) -> int:
    services = current.services()
    wanted = rows.select("student", "year", "planned", "held", "attended")
    return commands.carry_minutes(
        services.store, current.viewer(), rows=wanted, source=source, now=services.now()
    )
