"""The fields of the panel, one gesture under another, and what was filled in them."""

from collections.abc import Mapping, Sequence
from datetime import date, time

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.states import notice
from apdash.errors import ApdashError
from apdash.labels import spaced
from apdash.pages.agenda import ids
from apdash.pages.page import readable_day

Fields = Mapping[str, object]
Option = tuple[str, str]
TO_CONFIRM = "À confirmer."
NOTHING = "0"  # an empty value would show as nothing chosen yet


def select(gesture: str, name: str, label: str, options: Sequence[Option], value: str = "") -> Component:
    """Return a labelled list to choose from; without a value, nothing is chosen yet."""
    known = [{"value": key, "label": words} for key, words in options]
    shown = value or (NOTHING if NOTHING in dict(options) else None)
    box = dbc.Select(options=known, value=shown, placeholder="Choisir…", id=ids.field(gesture, name))
    return labelled(label, box)


def entry(
    gesture: str, name: str, label: str, value: object, *, kind: str = "text", most: int = 80
) -> Component:
    """Return a labelled field; kind is text, date, time or number."""
    shown = (
        value.isoformat(timespec="minutes")
        if isinstance(value, time)
        else str(value if value is not None else "")
    )
    box = dbc.Input(type=kind, value=shown, id=ids.field(gesture, name), debounce=True, maxlength=most)
    return labelled(label, box)


def several(
    gesture: str, name: str, label: str, options: Sequence[Option], value: Sequence[str]
) -> Component:
    """Return boxes to tick under a legend."""
    known = [{"value": key, "label": words} for key, words in options]
    boxes = dbc.Checklist(known, value=list(value), id=ids.field(gesture, name), inline=True)
    return html.Fieldset([html.Legend(spaced(label), className="form-label"), boxes], className="ag-boxes")


def labelled(label: str, box: Component) -> Component:
    """Return a field inside its label: ids made of several parts cannot be named by `for`."""
    return html.Label([html.Span(spaced(label), className="form-label"), box], className="ag-field")


def gesture_form(
    gesture: str, key: str, parts: Sequence[Component], *, verb: str, icon: str, kind: str = "outline"
) -> list[Component]:
    """Return the fields of a gesture, where it says what stands in the way, and its button."""
    return [
        html.Div(list(parts), className="ag-fields"),
        html.Div(id=ids.said(gesture), className="ag-said", role="status"),
        button(verb, ids.does(gesture, key), icon=icon, kind=kind),
    ]


def fold(words: str, icon: str, inside: Sequence[Component], *, open_now: bool = False) -> Component:
    """Return a gesture folded under its name."""
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return html.Details(
        [html.Summary([mark, spaced(words)]), html.Div(list(inside), className="ag-inside")],
        className="ag-fold", open=open_now,
    )  # fmt: skip


def refusal(gesture: str, error: ApdashError) -> list[Component]:
    """Return a refusal as the panel shows it: with a box to tick when it is only to be confirmed."""
    if error.title != TO_CONFIRM:
        return [notice("alert", error.title, error.message)]
    box = dbc.Checkbox(label="J’en tiens compte et je confirme", value=False, id=ids.agreed(gesture))
    return [notice("watch", "À confirmer", [html.Span(spaced(error.message)), box])]


def day_of(fields: Fields, name: str) -> date:
    """Return a day of the panel; raises `ApdashError` when it is empty or unreadable."""
    found = readable_day(fields.get(name))
    if found is None:
        raise ApdashError("Il manque une date.", "Indiquez le jour.")
    return found


def time_of(fields: Fields, name: str) -> time:
    """Return an hour of the panel; raises `ApdashError` when it is empty or unreadable."""
    try:
        return time.fromisoformat(str(fields.get(name) or ""))
    except ValueError as error:
        raise ApdashError("Il manque une heure.", "Indiquez l’heure de début.") from error


def number_of(fields: Fields, name: str, words: str) -> int:
    """Return a choice of the panel; raises `ApdashError` when nothing was chosen."""
    value = str(fields.get(name) or "")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise ApdashError("Il manque un choix.", f"Choisissez {words}.")
    return int(value)


def number_or_none(fields: Fields, name: str) -> int | None:
    """Return a choice of the panel, None when nothing was chosen."""
    return number_of(fields, name, "dans la liste") if fields.get(name) not in (None, "", NOTHING) else None
