"""The school year: its dates, holidays, periods, weeks away, rooms; what is filled in is folded."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.entry_table import Column, entry_table
from apdash.components.frame import button, card
from apdash.labels import NBSP, count, short_day
from apdash.pages.page import Params
from apdash.pages.settings import holidays_card, tables, weeks_card
from apdash.pages.settings.folded import folded_card
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import calendar as queries


def layout(services: Services, viewer: Viewer, year: int, params: Params) -> list[Component]:
    """Return the cards of the school year."""
    store = services.store
    divisions = [(str(row["id"]), row["code"]) for row in queries.divisions(store, year=year).to_dicts()]
    columns = tables.placements(divisions)
    closures = queries.closures(store, year=year)
    return [
        _school(services, year),
        _table("Périodes", "periods", tables.PERIODS, queries.periods(store, year=year),
               "5 à 8 semaines chacune ; un bilan clôt chaque période"),
        _table("Vacances et jours fériés", "closures", tables.CLOSURES, closures, "importées, ou écrites à la main",
               holidays_card.importing(services, year)),
        weeks_card.weeks_card(services, year),
        _table("PFMP", "placements", columns, queries.placements(store, year=year),
               "semaines où une division entière est en entreprise"),
        _table("Salles", "rooms", tables.ROOMS, queries.rooms(store), "celles qui peuvent accueillir un groupe"),
    ]  # fmt: skip


def _school(services: Services, year: int) -> Component:
    school = queries.school(services.store) or {"uai": "", "name": "", "zone": None}
    dates = next(row for row in queries.school_years(services.store).to_dicts() if row["year"] == year)
    fields = [
        _labelled("Nom du lycée", dbc.Input(id="school-name", value=school["name"]), wide=True),
        _labelled("Zone de vacances", dbc.Select(id="school-zone", value=school["zone"] or "", options=[
            {"value": zone, "label": zone or "non dite"} for zone in ("", "A", "B", "C")])),
        _labelled("Rentrée", dbc.Input(id="year-starts", type="date", value=dates["starts_on"].isoformat())),
        _labelled("Fin des cours", dbc.Input(id="year-ends", type="date", value=dates["ends_on"].isoformat())),
    ]  # fmt: skip
    save = button("Enregistrer l’établissement", "save-school", icon="check2")
    return card("Établissement", [html.Div(fields, className="fields"), save], sub=f"UAI {school['uai']}")


def _table(
    title: str, name: str, columns: tuple[Column, ...], rows: pl.DataFrame, about: str,
    first: Component | None = None,
) -> Component:  # fmt: skip
    note = html.Span("Videz une ligne pour la retirer.", className="s muted")
    save = html.Div([button("Enregistrer", f"save-{name}", icon="check2"), note], className="form-foot")
    body = [part for part in (first, entry_table(name, columns, rows.to_dicts()), save) if part is not None]
    return folded_card(title, body, sub=_summary(rows) or about, open_now=rows.is_empty())


def _summary(rows: pl.DataFrame) -> str:
    """Return what a folded table holds: how many lines, and from when to when."""
    if rows.is_empty():
        return ""
    lines = count(rows.height, "ligne")
    if "starts_on" not in rows.columns:
        return lines
    first, last = rows["starts_on"].min(), rows["ends_on"].max()
    return f"{lines}{NBSP}: du {short_day(first)} au {short_day(last)}"


def _labelled(words: str, field: Component, *, wide: bool = False) -> Component:
    label = dbc.Label(words, html_for=field.id, className="form-label")
    return html.Div([label, field], className="wide" if wide else None)
