"""The page: the finding, the four indicators, vigilance, what groups bring, the scheme; or one list; or the paper."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button, page_head
from apdash.components.states import empty
from apdash.labels import count, day, listed
from apdash.pages.indicators.asked import EVALUATION, read_asked
from apdash.pages.indicators.effect_card import effect_card
from apdash.pages.indicators.evaluation import evaluation
from apdash.pages.indicators.filters import filters
from apdash.pages.indicators.movement_card import movement_card
from apdash.pages.indicators.picture import Picture, draw
from apdash.pages.indicators.point_list import point_list
from apdash.pages.indicators.success_cards import success_cards
from apdash.pages.indicators.vigilance_card import vigilance_card
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import school


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page the address asks for."""
    picture = draw(services, viewer, read_asked(params))
    if picture is None:
        words = "Les indicateurs se calculent à partir des élèves, des bilans et des groupes."
        start = link_button("Importer", "/importer", icon="upload", kind="primary")
        return html.Div(empty("Aucune année scolaire", words, start, whole=True), className="page")
    if picture.asked.point:
        body = point_list(picture)
    else:
        body = evaluation(picture) if picture.asked.view == EVALUATION else _overview(picture)
    return html.Div([filters(picture), body])


def _overview(picture: Picture) -> Component:
    return html.Div(
        [
            page_head(_finding(picture), _lead(picture)),
            html.Div(success_cards(picture), className="ind-four"),
            html.Div([vigilance_card(picture), movement_card(picture)], className="ind-two"),
            effect_card(picture),
        ],
        className="page indicators",
    )


def _finding(picture: Picture) -> str:
    """Return what the page says first: how much is to be handled, and how much to be watched."""
    alerts = sum(point.level == "alert" for point in picture.points)
    watched = sum(point.level == "watch" for point in picture.points)
    parts = [count(alerts, "point à traiter", "points à traiter")] if alerts else []
    if watched:
        words = ("à surveiller", "à surveiller") if alerts else ("point à surveiller", "points à surveiller")
        parts.append(count(watched, *words))
    told, best = listed(parts) or "Aucun point de vigilance", _furthest(picture)
    return f"{told} ; c’est en {best} que les élèves suivis avancent le plus" if best else told


def _furthest(picture: Picture) -> str:
    """Return the need in which those worked with gained most beside the others, when it is sure; else nothing."""
    if picture.evolution is None:
        return ""
    net = picture.evolution.needs.filter(pl.col("settled") & (pl.col("gap") > 0)).sort("gap", descending=True)
    names = dict(picture.reference.needs.select("code", "short_name").iter_rows())
    return names[net["need"][0]].lower() if net.height else ""


def _lead(picture: Picture) -> str:
    name = (school(picture.services.store) or {}).get("name", "")
    people = picture.scheme.people.height if picture.scheme else 0
    divisions = len(picture.kept) if picture.kept is not None else picture.divisions.height
    return (
        f"{name}, {count(people, 'élève')}, {count(divisions, 'division')}. Chiffres au {day(picture.on)}. "
        "Chaque nombre de cas ouvre sa liste."
    )
