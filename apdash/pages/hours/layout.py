"""The hours page: what is planned, held and attended, against the envelope of the cycle."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import page_head
from apdash.components.states import empty
from apdash.hours.words import gap_words, too_early
from apdash.labels import NBSP, count, day, duration, school_year
from apdash.pages.hours.against_grid import grid_card
from apdash.pages.hours.filters import filters
from apdash.pages.hours.ledger_table import ledger_card
from apdash.pages.hours.picture import Picture, draw
from apdash.pages.hours.sessions_list import sessions_card
from apdash.pages.hours.shortfalls import shortfalls_card
from apdash.pages.hours.what_if_panel import what_if_card
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page as the address asks; raises `ApdashError` for an address that leads nowhere."""
    picture = draw(services, viewer, params)
    if picture is None or picture.divisions.is_empty():
        return html.Div(html.Section(_nothing(viewer), className="card"), className="page")
    parts = [
        page_head(finding(picture), _lead(picture)),
        sessions_card(services.reference, picture, params),
        grid_card(picture, params),
        ledger_card(services.reference, picture, params),
        _outside(picture),
        html.Div([shortfalls_card(picture, params), what_if_card(picture)], className="hr-two"),
    ]
    return html.Div([filters(picture, params), html.Div(parts, className="page hours")])


def finding(picture: Picture) -> str:
    """Return what the page has found: the grade that ends farthest below its grid, or why nothing can be said."""
    known = picture.balance.drop_nulls("forecast").drop_nulls("grade")
    if not picture.hours.ready:
        return "Les heures de l’année, séance par séance"
    if known.is_empty():
        return "Les heures sont comptées, l’enveloppe reste à choisir"
    rows = known.group_by("grade").agg(pl.col("gap", "due").median()).sort("gap", "grade")
    row = rows.row(0, named=True)
    words = gap_words(round(row["gap"]), row["due"], share=picture.share)
    if words.startswith("il manque"):
        missing = duration(60 * round(-row["gap"] / 60))
        return f"En {row['grade']}, il manquera {missing} en fin de cycle à l’élève médian"
    if words.endswith("au-dessus"):
        return f"Toutes les heures de la grille seront faites, {words} en {row['grade']}"
    return "Les heures suivent l’enveloppe"


def _lead(picture: Picture) -> str:
    asked, hours = picture.asked, picture.hours
    when = f"Chiffres au {day(hours.day)}" + (
        ", tels que connus à la clôture du bilan (enveloppes d’aujourd’hui)" if asked.known_at else ""
    )
    early = "" if hours.ready else f" {too_early(hours.weeks)}"
    size = count(picture.balance.height, "élève")
    mine = "" if picture.whole_school else " que vous voyez"
    return f"{school_year(hours.year)}, {size}{mine}. {when}. Chaque chiffre ouvre sa liste.{early}"


def _outside(picture: Picture) -> Component:
    """Return the hours outside the timetable, never added to the others."""
    sums = dict(picture.outside.group_by("kind").agg(pl.col("minutes").sum()).iter_rows())
    tutoring, stages = (sums.get(kind, 0) for kind in ("tutoring", "stage"))
    words = (
        f"Hors emploi du temps, jamais ajouté aux heures ci-dessus{NBSP}: entretiens de tutorat {duration(tutoring)}, "
        f"stages {duration(stages)}."
    )
    return html.P(words, className="s soft mb-3")


def _nothing(viewer: Viewer) -> Component:
    action = dcc.Link("Revenir à l’accueil", href="/", className="btn btn-outline")
    return empty(
        "Aucune heure à montrer",
        "Les heures viennent des divisions, des groupes et de leurs séances.",
        action,
        whole=True,
    )
