"""The panel that adds a session to a group, and what it does."""

from datetime import time

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.pages.agenda.around import plain_rooms
from apdash.pages.agenda.fields import (
    NOTHING,
    Fields,
    day_of,
    entry,
    gesture_form,
    number_of,
    number_or_none,
    select,
    time_of,
)
from apdash.pages.groups.words import group_words, slot_words
from apdash.pages.page import readable_day
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.sessions import add_session
from apdash.store.queries.groups import groups_in_force

_ABOUT_EXTRA = "Une séance de plus, en dehors des créneaux. Ses élèves et ses adultes sont ceux du groupe."


def add_panel(services: Services, viewer: Viewer, key: str) -> tuple[str, list[Component]]:
    """Return the panel that adds a meeting to a group; key: the day offered."""
    on = readable_day(key) or services.today()
    groups = groups_in_force(services.store, viewer, on=on).filter(~pl.col("suspended"))
    options = [
        (str(row["ap_group"]), f"{group_words(row)} · {slot_words(row)}")
        for row in groups.iter_rows(named=True)
    ]
    parts = [
        html.P(_ABOUT_EXTRA, className="s muted"),
        select("add", "group", "Groupe", options),
        entry("add", "day", "Jour", on.isoformat(), kind="date"),
        entry("add", "hour", "Début", time(14, 0), kind="time"),
        entry("add", "minutes", "Minutes", 55, kind="number"),
        select("add", "room", "Salle", [(NOTHING, "à fixer"), *plain_rooms(services)]),
    ]  # fmt: skip
    return "Ajouter une séance", gesture_form(
        "add", "0", parts, verb="Ajouter", icon="plus-lg", kind="primary"
    )


def add(services: Services, viewer: Viewer, number: int, fields: Fields, *, agreed: bool) -> str:
    """Add the session; return what to say."""
    on = day_of(fields, "day")
    add_session(
        services.store, viewer, group=number_of(fields, "group", "le groupe"), on_day=on,
        starts_at=time_of(fields, "hour"), minutes=number_of(fields, "minutes", "la durée, en minutes"),
        room=number_or_none(fields, "room"), now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    return f"Elle est dans l’agenda de la semaine du {on:%d/%m}."
