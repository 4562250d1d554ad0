"""The home page, by role."""

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import page_head
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the home page of this person."""
    return html.Div(page_head(f"Bonjour {viewer.name}"), className="page")
