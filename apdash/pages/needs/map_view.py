"""The card around the heat map: legend, order, what the marks mean."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address, dropdown
from apdash.labels import NBSP, count, spaced
from apdash.pages.needs import ids
from apdash.pages.needs.asked import NONE, PATH
from apdash.pages.needs.heat import heat_map
from apdash.pages.needs.order import BY_NAME, first_opened
from apdash.pages.needs.picture import Picture
from apdash.pages.needs.summary import first_need
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services

_LEGEND = (("ni-0", "0–19"), ("ni-1", "20–39"), ("ni-2", "40–59"), ("ni-3", "60–74"), ("ni-4", "75 et plus"))
_WAITING = (
    "Élèves prioritaires (un besoin à {strong} ou plus qu’un groupe peut travailler) dont aucun groupe actuel "
    "ne travaille un tel besoin"
)
_HOW = f"Survolez un chiffre, ou parcourez la carte aux flèches{NBSP}; un clic ou Entrée dit de quoi il est fait."


def map_view(
    services: Services, viewer: Viewer, picture: Picture, params: Params, counts: pl.DataFrame
) -> Component:
    """Return the map with its legend and its foot."""
    sort = picture.asked.sort
    if sort != BY_NAME and sort not in counts["code"].to_list():
        sort = first_need(counts) or BY_NAME
    return html.Section(
        [
            html.Div(
                [_legend(), _choices(services, picture, params, counts, sort)], className="map-head no-print"
            ),
            heat_map(picture, params, counts=counts, sort=sort),
            html.Div(_HOW, id=ids.READING, className="map-reading no-print", role="status"),
            _foot(picture, params),
        ],
        className="card map-card",
    )


def scale(*, unknown: bool = False) -> Component:
    """Return the scale of intensities, with the mark of what is to be confirmed when it is drawn as a class."""
    steps = ([("un", "à confirmer")] if unknown else []) + list(_LEGEND)
    return html.Span(
        [
            html.Span("Intensité", className="soft"),
            html.Span([html.Span(words, className=look) for look, words in steps], className="scale"),
        ],
        className="lg",
    )


def _legend() -> Component:
    return html.Div(
        [
            scale(),
            html.Span([html.Span("58", className="k ni-2 sv"), "servi par un groupe actuel"], className="lg"),
            html.Span([html.Span("?", className="k un"), "à confirmer"], className="lg"),
        ],
        className="map-legend",
    )


def _choices(
    services: Services, picture: Picture, params: Params, counts: pl.DataFrame, sort: str
) -> Component:
    orders = [*counts.select("code", "short_name").iter_rows(), (BY_NAME, "Nom")]
    by_division, waiting = picture.asked.by_division, picture.asked.only_waiting
    grouped = address(PATH, params, groupe="non" if by_division else None)
    told = _WAITING.format(strong=round(services.reference.rules.strong_from))
    filtered = address(PATH, params, **{"non-servis": None if waiting else "oui"})
    return html.Div(
        [
            dropdown(
                "Trier par", orders, name="tri", path=PATH, params={**params, "tri": sort}, clears=("sens",)
            ),
            _tick("Grouper par division", by_division, grouped),
            _tick("Seulement les non servis", waiting, filtered, told=told),
        ],
        className="map-choices",
    )


def _tick(words: str, on: bool, href: str, *, told: str | None = None) -> Component:
    """Return a link that looks like a box to tick: the choice lives in the address."""
    icon = html.I(className=f"bi bi-{'check-square-fill' if on else 'square'}", **{"aria-hidden": "true"})
    state = html.Span(" (oui)" if on else " (non)", className="visually-hidden")
    return dcc.Link([icon, words, state], href=href, className="tick on" if on else "tick", title=told)


def _foot(picture: Picture, params: Params) -> Component:
    told = spaced(
        "Barres d’en-tête : élèves à 60 et plus (clair) et à 75 et plus (foncé). "
        "« ? » : moins de la moitié du poids renseignée, à confirmer ; jamais compté zéro."
    )
    return html.Div(
        [html.Span(told), html.Span(_unfolded(picture, params), className="right")], className="map-foot"
    )


def _unfolded(picture: Picture, params: Params) -> list[Component | str]:
    if not picture.asked.by_division:
        return [count(picture.students.height, "élève affiché", "élèves affichés")]
    divisions = picture.divisions
    opened = first_opened(divisions, picture.asked.opened)
    shown = picture.students.filter(pl.col("division").is_in(list(opened))).height
    every = ",".join(map(str, divisions["division"].to_list()))
    whole = len(opened) == divisions.height
    link = dcc.Link(
        "Tout replier" if whole else "Tout déplier",
        href=address(PATH, params, ouvre=NONE if whole else every),
    )
    unfolded = f"{count(len(opened), 'division ouverte', 'divisions ouvertes')} sur {divisions.height}"
    words = f"{unfolded}, {count(shown, 'élève affiché', 'élèves affichés')}"
    return [words, html.Span([" · ", link], className="no-print")]
