"""What the page does when somebody acts; each part registers its own callbacks."""

from dash import Dash

from apdash.pages.regrouping.callbacks import preparing


def register(app: Dash) -> None:
    """Register every callback of the page."""
    preparing.register(app)
