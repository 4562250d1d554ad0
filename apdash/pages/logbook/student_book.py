"""The logbook of one student: what they did, where they were; no other student's name. And its card on their page."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address, segment
from apdash.components.frame import back_link, card
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.labels import NBSP, school_year
from apdash.pages.logbook.book import Book, done_words, hours_held, presence_share, when_words
from apdash.pages.page import Params, whole
from apdash.pages.roll.words import day_words, presence_words
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year, school_years
from apdash.store.queries.logbook import student_logbook
from apdash.store.queries.students import student_on

_LATEST = 3


def student_book(services: Services, viewer: Viewer, *, student: int, params: Params) -> Book:
    """Return the logbook of a student for a year; raises `ApdashError` when one may not see them."""
    store, today = services.store, services.today()
    found = student_on(store, viewer, student=student, on=today)
    if found.is_empty():
        raise ApdashError("Ce cahier n’est pas accessible.", "L’adresse ne mène à aucun de vos élèves.")
    who = found.row(0, named=True)
    everything = student_logbook(store, viewer, student=student, first=date.min, last=today)
    years = school_years(store).filter(pl.col("starts_on") <= today).sort("year", descending=True)
    year = whole(params, "annee", current_year(store, today))
    spans = {row["year"]: (row["starts_on"], row["ends_on"]) for row in years.to_dicts()}
    rows = everything.filter(pl.col("on_day").is_between(*spans[year])).to_dicts() if year in spans else []
    options = [("" if key == current_year(store, today) else str(key), school_year(key)) for key in spans]
    link = back_link("Fiche de l’élève", address("/eleve", {}, id=str(student)))
    lead = [
        who["division_code"],
        school_year(year) if year else None,
        hours_held(rows),
        presence_share([r["presence"] for r in rows]),
    ]
    return Book(
        title=f"Cahier d’AP de {who['first_name']} {who['last_name']}",
        lead=" · ".join(filter(None, lead)),
        body=[_table(services.reference, rows)],
        filters=[link, segment("Année", options, name="annee", path="/cahier", params=params)],
    )


def _table(reference: Reference, rows: Sequence[Mapping]) -> Component:
    if not rows:
        return card("Séances", empty("Aucune séance cette année-là", "Le cahier se remplit avec les appels."))
    titles = ("Séance", "Atelier", "Ce qui a été fait", "Présence", "Adulte")
    head = html.Tr([html.Th(title, scope="col") for title in titles])
    body = [_row(reference, row) for row in reversed(rows)]
    return html.Section(
        html.Table([html.Thead(head), html.Tbody(body)], className="tbl book"), className="card book-card"
    )


def _row(reference: Reference, row: Mapping) -> Component:
    quiet = "" if row["done"] and row["state"] == "held" else "muted"
    said = presence_words(row["presence"], row["minutes_late"]) if row["presence"] else "–"
    return html.Tr(
        [
            html.Th(when_words(row), scope="row", className="nw fw-normal"),
            html.Td(row["name"], **{"data-label": "Atelier"}),
            html.Td(done_words(reference, row), className=quiet, **{"data-label": "Fait"}),
            html.Td(said, className="b", **{"data-label": "Présence"}),
            html.Td(row["staff_names"] or "–", className="soft", **{"data-label": "Adulte"}),
        ]
    )


def logbook_card(services: Services, viewer: Viewer, *, student: int) -> Component:
    """Return the card of the student's page: their latest sessions, their presence this year, the whole logbook."""
    today = services.today()
    year = school_years(services.store).filter((pl.col("starts_on") <= today) & (pl.col("ends_on") >= today))
    first = year["starts_on"][0] if year.height else today
    found = student_logbook(services.store, viewer, student=student, first=first, last=today)
    told = found.filter(pl.col("state") != "planned")
    link = dcc.Link("Tout le cahier", href=address("/cahier", {}, eleve=str(student)))
    share = presence_share(told["presence"].to_list())
    lines = [_latest(services.reference, row) for row in reversed(told.tail(_LATEST).to_dicts())]
    body = lines or html.P("Aucune séance tenue cette année.", className="s soft")
    return card("Son cahier d’AP", body, sub=share, right=link, class_name="mb-3")


def _latest(reference: Reference, row: Mapping) -> Component:
    said = f"{NBSP}: {presence_words(row['presence'], row['minutes_late'])}" if row["presence"] else ""
    return html.Div(
        [
            html.Div(f"{day_words(row)}, {row['name']}{said}", className="b"),
            html.Div(done_words(reference, row), className="soft"),
        ],
        className="st-group s",
    )
