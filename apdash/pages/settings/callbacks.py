"""What the save buttons of the settings do; each saves one card, in one transaction."""

from dash import Dash

from apdash.pages.settings import (
    save_accounts,
    save_bands,
    save_calendar,
    save_reviews,
    save_staff,
    save_year,
)


def register(app: Dash) -> None:
    """Register the callbacks of every part of the settings."""
    for part in (save_year, save_calendar, save_bands, save_staff, save_reviews, save_accounts):
        part.register(app)
