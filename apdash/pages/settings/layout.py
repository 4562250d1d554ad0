"""The settings page: one part at a time, chosen at the left."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import page_head
from apdash.components.states import empty
from apdash.labels import school_year
from apdash.pages.page import Params
from apdash.pages.settings import (
    accounts_part,
    bands_part,
    envelopes_part,
    reviews_part,
    staff_part,
    year_part,
)
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year

PATH = "/reglages"
PARTS = {
    "annee": ("Année et vacances", year_part.layout),
    "bandes": ("Bandes et créneaux", bands_part.layout),
    "adultes": ("Adultes et salles", staff_part.layout),
    "bilans": ("Bilans", reviews_part.layout),
    "enveloppes": ("Enveloppes", envelopes_part.layout),
    "comptes": ("Comptes", accounts_part.layout),
}


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the chosen part of the settings of the current school year."""
    year = current_year(services.store, services.today())
    chosen = params.get("partie", "annee")
    title, part = PARTS.get(chosen, PARTS["annee"])
    links = [
        html.Span(
            dcc.Link(words, href=address(PATH, {}, partie=key)),
            **({"aria-current": "page"} if key == chosen else {}),
        )
        for key, (words, _) in PARTS.items()
        if key != "comptes" or viewer.can(Action.MANAGE_ACCOUNTS)
    ]
    body = part(services, viewer, year, params) if year else _before_anything(services, viewer, params)
    lead = f"Année {school_year(year)}" if year else "Cette base est encore vide."
    return html.Div(
        [
            page_head(f"Réglages : {title[0].lower()}{title[1:]}", lead),
            html.Div(
                [
                    html.Nav(links, className="side-nav", **{"aria-label": "Réglages"}),
                    html.Div(body, className="stack"),
                ],
                className="with-side",
            ),
        ],
        className="page",
    )


def _before_anything(services: Services, viewer: Viewer, params: Params) -> Component:
    action = dcc.Link("Importer les fichiers du lycée", href="/importer", className="btn btn-primary")
    words = "L’établissement, l’année, les divisions et les adultes viennent des fichiers SIECLE et STS."
    return html.Div(empty("Commencez par importer vos fichiers", words, action), className="card")
