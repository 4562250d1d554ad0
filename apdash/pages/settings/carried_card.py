"""Hours of earlier years: read from a table, its columns to be corrected, or typed for one student."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.imports.carried_hours import FIELDS, CarriedHours
from apdash.labels import NBSP, count, duration, school_year
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import envelopes as queries


def carried_card(services: Services, viewer: Viewer, year: int) -> Component:
    """Return the card where hours of earlier years come in: a table, or one student by hand."""
    known = queries.carried_minutes(services.store, viewer).filter(pl.col("year") < year)
    told = (
        f"{count(known['student'].n_unique(), 'élève')} repris, {duration(known['held'].sum())} tenues"
        if known.height
        else "aucune encore"
    )
    upload = dcc.Upload(
        html.Div("Déposer un tableau (CSV ou Excel), ou cliquer pour le choisir", className="im-inside"),
        id="carried-upload", max_size=5_000_000, className="im-upload",
    )  # fmt: skip
    words = (
        "Pour les années dont les séances ne sont pas ici. Une ligne par élève et par année : INE ou nom et prénom, "
        "année (2024-2025), heures prévues, tenues, suivies. Une année qui a des séances ici garde les siennes."
    )
    shown = html.Div(id="carried-shown", role="status")
    body = [html.P(words, className="s soft"), upload, shown, _by_hand(services, viewer, year)]
    return card("Heures des années précédentes", body, sub=told)


def _by_hand(services: Services, viewer: Viewer, year: int) -> Component:
    """Return the form for one student."""
    people = queries.students_by_number(services.store, viewer).sort("last_name", "first_name")
    names = [
        {"value": str(r["student"]), "label": f"{r['last_name']} {r['first_name']}"}
        for r in people.to_dicts()
    ]
    years = [{"value": str(one), "label": school_year(one)} for one in range(year - 1, year - 4, -1)]
    hours = [(name, FIELDS[name]) for name in ("planned", "held", "attended")]
    fields = [
        _labelled("Élève", dcc.Dropdown(id="carried-student", options=names, placeholder="Nom")),
        _labelled("Année", dbc.Select(id="carried-year", options=years, value=str(year - 1))),
        *[
            _labelled(words, dbc.Input(id=f"carried-{name}", type="number", min=0, step=0.25))
            for name, words in hours
        ],
    ]
    save = button("Enregistrer cet élève", "save-carried-one", icon="check2")
    return html.Details(
        [html.Summary("Saisir un élève"), html.Div(fields, className="fields mt-2"), save], className="mt-3"
    )


def carried_preview(read: CarriedHours) -> Component:
    """Return what a table of hours says, which column is read as what, and the button that writes it."""
    options = [{"value": title, "label": title} for title in read.headers]
    selects = [
        _labelled(
            words,
            dbc.Select(id={"carried-column": name}, options=options, value=read.columns.get(name), size="sm"),
        )
        for name, words in FIELDS.items()
    ]
    wrong = [
        html.Li(f"Ligne {row['line']}, {row['who'] or 'sans nom'}{NBSP}: {row['why']}")
        for row in read.refused.head(20).to_dicts()
    ]
    totals = f"{count(read.rows['student'].n_unique(), 'élève')}, {duration(read.rows['held'].sum())} tenues"
    lines = count(read.rows.height, "ligne lue", "lignes lues")
    said = [
        html.Div(selects, className="fields"),
        html.P(f"{read.file}{NBSP}: {lines}, {totals}.", className="b mt-2"),
    ]
    if wrong:
        refused = count(read.refused.height, "ligne refusée", "lignes refusées")
        said += [html.P(f"{refused}{NBSP}:"), html.Ul(wrong)]
    if read.rows.height:
        said.append(button("Enregistrer ces heures", "save-carried", icon="check2", kind="primary"))
    return html.Div(said)


def _labelled(words: str, field: Component) -> Component:
    target = {"html_for": field.id} if isinstance(field.id, str) else {}
    return html.Div([dbc.Label(words, className="form-label", **target), field])
