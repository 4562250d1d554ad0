"""Weeks A and B: the letter of each week of class, and how one is corrected."""

from datetime import date, timedelta

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.still import still
from apdash.labels import NBSP, day, short_day, spaced
from apdash.pages.settings.folded import folded_card
from apdash.services import Services
from apdash.store.queries.calendar import given_letters, week_letters

WEEK, LETTER, SAVE = "week-letter-week", "week-letter-letter", "save-week-letter"
_ABOUT = (
    "Les semaines de cours alternent, les vacances ne comptent pas. Corrigez-en une : "
    "les suivantes alternent à partir d’elle."
)


def weeks_card(services: Services, year: int) -> Component:
    """Return the letters of the weeks, what was corrected, and the form that corrects one."""
    letters = list(week_letters(services.store, year=year).iter_rows())
    given = dict(given_letters(services.store, year=year).iter_rows())
    today = services.today()
    now = next((letter for monday, letter in letters if monday <= today < monday + timedelta(days=7)), None)
    sub = f"cette semaine{NBSP}: {now}" if now else "pour les créneaux d’une semaine sur deux"
    body = [
        html.P(spaced(_ABOUT), className="s muted"),
        still(_weeks(letters, given, today)),
        _form(letters, given),
    ]
    return folded_card("Semaines A et B", body, sub=sub, open_now=False)


def _weeks(letters: list[tuple[date, str]], given: dict[date, str], today: date) -> Component:
    items = []
    for monday, letter in letters:
        mark = html.Span("corrigée", className="xs") if monday in given else None
        inside = [html.Span(short_day(monday)), html.B(letter), mark]
        items.append(html.Li(inside, className=_kind(monday, letter, today)))
    return html.Ol(items, className="weeks")


def _kind(monday: date, letter: str, today: date) -> str:
    now = " now" if monday <= today < monday + timedelta(days=7) else ""
    return f"week-{letter.lower()}{now}"


def _form(letters: list[tuple[date, str]], given: dict[date, str]) -> Component:
    weeks = [
        {"value": monday.isoformat(), "label": f"{day(monday)} ({letter})"} for monday, letter in letters
    ]
    choices = [{"value": letter, "label": f"semaine {letter}"} for letter in ("A", "B")]
    if given:
        choices.append({"value": "retirer", "label": "retirer la correction"})
    fields = [
        html.Div([_label("Semaine du", WEEK), dbc.Select(weeks, id=WEEK)]),
        html.Div([_label("Est une", LETTER), dbc.Select(choices, value="A", id=LETTER)]),
    ]
    return html.Div(
        [html.Div(fields, className="fields"), button("Corriger", SAVE, icon="check2")], className="mt-3"
    )


def _label(words: str, field: str) -> Component:
    return dbc.Label(words, html_for=field, className="form-label")
