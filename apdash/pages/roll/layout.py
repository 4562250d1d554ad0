"""The roll page: of the session of the address, of the one of this hour, or the list of sessions to choose from."""

from dash import html
from dash.development.base_component import Component

from apdash.pages.page import Params, whole
from apdash.pages.roll.choice import choice, session_of_the_hour
from apdash.pages.roll.view import roll_view
from apdash.rights import Viewer
from apdash.services import Services


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the roll; raises `ApdashError` for a session this person does not lead."""
    session = whole(params, "seance")
    if session is None and "tous" not in params:
        session = session_of_the_hour(services, viewer)
    if session is None:
        return choice(services, viewer, everybody=params.get("tous") == "oui")
    return html.Div(roll_view(services, viewer, session), className="page roll-page")
