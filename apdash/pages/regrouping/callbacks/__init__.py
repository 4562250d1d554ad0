"""What the page does when somebody acts; each part registers its own callbacks."""

from dash import Dash

from apdash.pages.regrouping.callbacks import (
    adjusting,
    deciding,
    dialling,
    dragging,
    explaining,
    preparing,
    searching,
)


def register(app: Dash) -> None:
    """Register every callback of the page."""
    for part in (preparing, searching, dialling, adjusting, dragging, explaining, deciding):
        part.register(app)
