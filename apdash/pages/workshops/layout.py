"""The page « Bilans d’atelier »: the groups of a period, one of them, or the lines of the bulletins."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address, segment
from apdash.components.frame import back_link, filter_bar, link_button, page_head
from apdash.components.states import empty
from apdash.pages.page import Params, whole
from apdash.pages.workshops.bulletins import bulletin_divisions, bulletins, division_filter
from apdash.pages.workshops.group import group_view
from apdash.pages.workshops.listing import listing
from apdash.pages.workshops.where import BULLETINS, PATH, Where, where
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.workshops import workshops


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page of the address: `periode`, `groupe`, `vue`, `division`."""
    at = where(services, viewer, params)
    if at is None:
        return _no_period(viewer)
    group = whole(at.params, "groupe")
    known = bulletin_divisions(at)
    if group is not None:
        content, more = group_view(at, group), []
    elif at.params.get("vue") == BULLETINS:
        content, more = bulletins(at, known, _views(at)), [division_filter(at, known)] if known.height else []
    else:
        content, more = listing(at, _views(at) if known.height else None), []
    return html.Div(
        [
            filter_bar([*_back(at), *more, _period_filter(at)], _beside(at)),
            html.Div(content, className="page workshops"),
        ]
    )


def _period_filter(at: Where) -> Component:
    known = at.periods.select("id", "code")
    if (group := whole(at.params, "groupe")) is not None:
        lived = workshops(at.services.store, at.viewer, year=at.year, group=group)["period"]
        known = known.filter(pl.col("id").is_in(lived.implode()))
    options = [(str(key), code) for key, code in known.iter_rows()]
    return segment("Période", options, name="periode", path=PATH, params=at.params)


def _back(at: Where) -> list[Component]:
    if "groupe" not in at.params:
        return []
    return [back_link("Tous les ateliers", address(PATH, {}, periode=at.params["periode"]))]


def _beside(at: Where) -> Component:
    """Return the way to the logbook of the group shown, else to the other bilans."""
    if "groupe" in at.params:
        return link_button(
            "Cahier d’AP", address("/cahier", {}, groupe=at.params["groupe"]), icon="journal-text"
        )
    return link_button("Bilans de division", "/bilans", icon="clipboard-check")


def _views(at: Where) -> Component:
    """Return the choice between the groups and the lines of the bulletins."""
    now = at.params.get("vue", "")
    links = [
        dcc.Link(
            words,
            href=address(PATH, at.params, vue=view or None, division=None),
            className="on" if on else "",
        )
        for view, words, on in (
            ("", "Ateliers", now != BULLETINS),
            (BULLETINS, "Bulletins", now == BULLETINS),
        )
    ]
    return html.Div(links, className="seg", role="group", **{"aria-label": "Ce qui est montré"})


def _no_period(viewer: Viewer) -> Component:
    action = link_button("Ouvrir les réglages", "/reglages") if viewer.can(Action.SET_UP) else None
    words = "Un bilan d’atelier se fait à la fin d’une période\u00a0: elles se saisissent dans les réglages."
    return html.Div([page_head("Bilans d’atelier"), empty("Aucune période", words, action)], className="page")
