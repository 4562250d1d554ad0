"""What the save buttons of the settings do; each saves one card, in one transaction."""

from dash import Dash

from apdash.pages.settings import (
    save_accounts,
    save_bands,
    save_calendar,
    save_envelopes,
    save_reviews,
    save_staff,
    save_year,
)


def register(app: Dash) -> None:
    """Register the callbacks of every part of the settings."""
    parts = (save_year, save_calendar, save_bands, save_staff, save_reviews, save_envelopes, save_accounts)
    for part in parts:
        part.register(app)
