"""Gestures on a band and on the journal: prolong the groups, take an act back."""

from datetime import date

import polars as pl
from dash import html

from apdash.errors import ApdashError
from apdash.labels import day, moment
from apdash.pages.gestures.form import Fields, Form, Maker, day_of, numbers
from apdash.pages.groups.words import sentence
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.acts import ACT_WORDS, undo_act
from apdash.store.commands.group_changes import prolong_groups
from apdash.store.queries.bands import band as band_row
from apdash.store.queries.calendar import periods
from apdash.store.queries.groups import acts


def prolong_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that lets the groups of a band go on until a day: the end of the next period is offered."""
    row, make = band_row(services.store, band=numbers(key)[0]), Maker("prolong", key)
    ends = (
        periods(services.store, year=int(str(row["year"])))
        .filter(pl.col("ends_on") > on)["ends_on"]
        .to_list()
    )
    about = (
        "Les élèves, les adultes et les codes restent les mêmes. Un groupe sans date de fin n’est pas touché."
    )
    return Form(
        title=f"Prolonger les groupes de {row['code']}",
        parts=[
            html.P(about),
            make.day("on", "Groupes en vigueur le", on),
            make.day("until", "Jusqu’au", ends[min(1, len(ends) - 1)] if ends else None),
        ],
        verb="Prolonger",
        verb_icon="calendar-plus",
    )


def prolong(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Prolong the groups a band has on a day; return what to say."""
    on, until = day_of(fields, "on"), day_of(fields, "until", "jusqu’à quand")
    if until < max(on, services.today()):
        raise ApdashError("Date passée.", f"Choisissez un jour après le {day(max(on, services.today()))}.")
    prolong_groups(services.store, viewer, band=numbers(key)[0], on=on, until=until, now=services.now())
    return f"Les groupes sont prolongés jusqu’au {day(until)}."


def undo_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that takes an act back, saying what becomes true again."""
    number = numbers(key)[0]
    rows = acts(services.store, viewer, most=1000).filter(pl.col("act") == number)
    if rows.is_empty():
        raise ApdashError("Geste inconnu.", "Il n’existe pas ou plus : rechargez la page.")
    row = rows.row(0, named=True)
    words = sentence(ACT_WORDS[row["kind"]])
    whom = f", {row['students']}" if row["students"] else ""
    return Form(
        title="Rétablir ce geste" if row["kind"] == "undo" else "Annuler ce geste",
        parts=[
            html.P([html.B(words), f"{whom}, à partir du {day(row['effective_on'])}."]),
            html.P(f"Enregistré le {moment(row['recorded_at'])}."),
            html.P("Ce qu’il a remplacé redevient vrai, aux mêmes dates. Le journal garde les deux gestes."),
        ],
        verb="Rétablir" if row["kind"] == "undo" else "Annuler ce geste",
        verb_icon="arrow-counterclockwise",
    )


def undo(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Take the act back; return what to say."""
    undo_act(services.store, viewer, act=numbers(key)[0], now=services.now())
    return "Ce qu’il avait remplacé est de nouveau vrai."
