"""The page « Séances »: a week of sessions, or what becomes of an absent adult's; and the panel of gestures."""

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, link_button, page_head, print_button
from apdash.components.states import empty
from apdash.components.still import still
from apdash.pages.agenda import absence, ids
from apdash.pages.agenda.asked import ABSENCE, Asked, asked
from apdash.pages.agenda.filters import filters
from apdash.pages.agenda.picture import read_picture
from apdash.pages.agenda.week import lead, title, week
from apdash.pages.page import Params, day_in, whole
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.bands import bands
from apdash.store.queries.calendar import current_year


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page for what the address asks."""
    today = services.today()
    at = asked(viewer, params, today=today)
    year = current_year(services.store, day_in(params, "date", today))
    if year is None or bands(services.store, year=year).is_empty():
        return _no_band(viewer)
    if at.view == ABSENCE:
        return html.Div([*absence.absence_view(services, viewer, at, year=year), *_panel(None)])
    picture = read_picture(services, viewer, at, year=year)
    head = page_head(
        title(at, picture), lead(at, picture), [*(_actions(at) if picture.may_plan else []), print_button()]
    )
    body = html.Div([head, still(week(at, picture))], className="page agenda")
    return html.Div([filters(viewer, at, picture), body, *_panel(whole(params, "seance"))])


def _actions(at: Asked) -> list[Component]:
    return [
        button("Ajouter une séance", "agenda-add", icon="plus-lg", **ids.opens("add", at.day.isoformat())),
        button("Action commune", "agenda-action", icon="people", **ids.opens("action", at.day.isoformat())),
        link_button("Absence d’un adulte", at.href(vue=ABSENCE, du=at.day.isoformat()), icon="person-dash"),
    ]


def _panel(session: int | None) -> list[Component]:
    """Return the side panel, filled when something is opened, and what says which; session: opened at once."""
    opened = {"what": "session", "key": str(session)} if session is not None else None
    panel = dbc.Offcanvas(
        html.Div(id=ids.PANEL_BODY),
        id=ids.PANEL,
        title=html.Span(id=ids.PANEL_TITLE),
        placement="end",
        is_open=False,
        scrollable=True,
        className="agenda-panel",
        close_button=True,
    )
    return [dcc.Store(id=ids.OPENED, data=opened), panel]


def _no_band(viewer: Viewer) -> Component:
    action = link_button("Ouvrir les réglages", "/reglages") if viewer.can(Action.SET_UP) else None
    words = "Les séances viennent des groupes, de leurs créneaux et du calendrier."
    return html.Div(
        [page_head("Séances"), empty("Aucune bande cette année", words, action)], className="page"
    )
