"""The forms that set objectives, ask teachers and add dispositifs: folded, filled from models."""

from collections.abc import Sequence
from datetime import date

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.labels import NBSP, spaced
from apdash.pages.aims import ids
from apdash.readable import MOST, REMINDER
from apdash.reference import Reference

Options = Sequence[tuple[str, str]]


def folded(words: str, body: Sequence[Component | None], *, opened: bool = False) -> Component:
    """Return what opens under a line of words."""
    return html.Details(
        [html.Summary(spaced(words)), html.Div([part for part in body if part], className="aim-form")],
        className="aim-more no-print",
        open=opened,
    )


def labelled(label: str, box: Component) -> Component:
    """Return a field under its label."""
    return html.Div([html.Label(spaced(label), htmlFor=text_id(box.id), className="form-label"), box])


def select(form: str, name: str, label: str, options: Options, value: str | None = None) -> Component:
    """Return a labelled list to choose from."""
    known = [{"value": key, "label": words} for key, words in options]
    box = dbc.Select(options=known, value=value, placeholder="Choisir…", id=ids.field(form, name), size="sm")
    return labelled(label, box)


def line(form: str, name: str, label: str, value: str = "") -> Component:
    """Return a labelled line of text, as long as a text about a student may be."""
    box = dbc.Input(
        type="text", value=value, id=ids.field(form, name), maxlength=MOST, size="sm", autocomplete="off"
    )
    return labelled(label, box)


def day_field(form: str, name: str, label: str, value: date | None = None) -> Component:
    """Return a labelled day."""
    box = dbc.Input(
        type="date", value=value.isoformat() if value else "", id=ids.field(form, name), size="sm"
    )
    return labelled(label, box)


def models(reference: Reference, needs: Sequence[str]) -> Options:
    """Return the models of objectives as choices, those of some needs first: number, words."""
    names = dict(reference.needs.select("code", "short_name").iter_rows())
    rows = reference.objectives.select("number", "need", "text").rows()
    ordered = sorted(rows, key=lambda row: (row[1] not in needs, row[0]))
    return [(str(number), f"{names[need]}{NBSP}: {text}") for number, need, text in ordered]


def written(form: str, reference: Reference, needs: Sequence[str], *, text: str = "") -> list[Component]:
    """Return the fields of an objective: a model, its text, what shows it; and who may read it."""
    box = dbc.Select(
        options=[{"value": key, "label": words} for key, words in models(reference, needs)],
        placeholder="Partir d’un modèle…",
        id=ids.model(form),
        size="sm",
    )
    return [
        labelled("Modèle (facultatif)", box),
        line(form, "text", "L’objectif, en une phrase de l’élève", text),
        line(form, "evidence", "On le voit quand…"),
        html.Div(REMINDER, className="xs muted"),
    ]


def sends(form: str, words: str, *, icon: str = "check-lg", kind: str = "outline") -> Component:
    """Return the button that sends a form."""
    return html.Div(button(words, ids.does(form), icon=icon, kind=kind), className="acts")


def text_id(field_id: dict[str, str]) -> str:
    """Return an id as the page writes it: its keys in order, without blanks."""
    pairs = ",".join(f'"{key}":"{value}"' for key, value in sorted(field_id.items()))
    return "{" + pairs + "}"
