"""Previews and applies holidays from a file, and corrects the letters of weeks."""

import base64
import binascii
from datetime import date

from dash import Dash, Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from apdash import current
from apdash.components.states import notice, toast
from apdash.errors import ApdashError
from apdash.imports.holidays import read_holidays
from apdash.pages.page import only_when_pressed, readable_day, refreshed
from apdash.pages.settings import holidays_card as card
from apdash.pages.settings.weeks_card import LETTER, SAVE, WEEK
from apdash.rights import Action
from apdash.store.commands.calendar import set_closures
from apdash.store.commands.holidays import closure_effects, holiday_changes, joined
from apdash.store.commands.slot_days import set_week_letter
from apdash.store.queries import calendar as queries


def register(app: Dash) -> None:
    """Register the preview and the application of holidays, and the correction of a week."""
    _register_holidays(app)
    _register_weeks(app)


def _register_holidays(app: Dash) -> None:
    @app.callback(
        Output(card.PREVIEW, "children"),
        Output(card.FOUND, "data"),
        Input(card.UPLOAD, "contents"),
        State(card.UPLOAD, "filename"),
        prevent_initial_call=True,
    )
    def preview_holidays(contents: str | None, name: str | None) -> tuple[list[Component], list | None]:
        if not contents:
            raise PreventUpdate
        current.viewer().require(Action.SET_UP)
        try:
            return _preview(name or "fichier", contents)
        except ApdashError as error:
            return [notice("alert", error.title, error.message)], None

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input(card.APPLY, "n_clicks"),
        State(card.FOUND, "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def apply_holidays(clicks: int, found: list | None, search: str | None) -> tuple[Component, str]:
        only_when_pressed()
        services, year = current.services(), _year()
        after = joined(queries.closures(services.store, year=year), card.rows_of(found or []))
        set_closures(services.store, current.viewer(), year=year, closures=after, now=services.now())
        return toast("info", "Vacances importées.", "Les séances prévues ont suivi."), refreshed(search)


def _register_weeks(app: Dash) -> None:
    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        State(WEEK, "value"),
        State(LETTER, "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def correct_week(clicks: int, week: str | None, letter: str | None, search: str | None) -> tuple:
        only_when_pressed()
        services, monday = current.services(), readable_day(week)
        if monday is None:
            raise ApdashError("Il manque la semaine.", "Choisissez-la dans la liste.")
        given = letter if letter in ("A", "B") else None
        set_week_letter(
            services.store, current.viewer(), year=_year(), monday=monday, letter=given, now=services.now()
        )
        return toast("info", "Semaine corrigée.", "Les suivantes alternent à partir d’elle."), refreshed(
            search
        )


def _preview(name: str, contents: str) -> tuple[list[Component], list[dict]]:
    services, year = current.services(), _year()
    span = next(row for row in queries.school_years(services.store).to_dicts() if row["year"] == year)
    zone = (queries.school(services.store) or {}).get("zone")
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error as error:
        raise ApdashError("Fichier non reconnu.", "Il n’est pas arrivé entier : recommencez.") from error
    found = read_holidays(name, data, zone=zone, year=year, first=span["starts_on"], last=span["ends_on"])
    known = queries.closures(services.store, year=year)
    after = joined(known, found)
    effects = closure_effects(services.store, current.viewer(), year=year, closures=after, now=services.now())
    held = [{name: _plain(value) for name, value in row.items()} for row in found.to_dicts()]
    return card.preview(holiday_changes(known, after), effects), held


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _year() -> int:
    services = current.services()
    return queries.current_year(services.store, services.today())
