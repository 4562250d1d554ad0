"""The dialog of a gesture: its fields, where it says what stands in the way, its buttons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.states import notice
from apdash.errors import ApdashError
from apdash.labels import count
from apdash.pages.gestures import ids
from apdash.pages.page import readable_day
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.move_checks import Checks

Fields = Mapping[str, object]
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """What a dialog shows. parts: fields and sentences; verb: what its button says."""

    title: str
    parts: Sequence[Component]
    verb: str
    verb_icon: str = "check-lg"
    beside: Component | None = None


@dataclass(frozen=True, slots=True)
class Gesture:
    """form shows the dialog; do calls the command and returns what to say; remarks, when known before, warn.

    action: the right without which the dialog does not open; `do` is refused by its command.
    """

    done: str
    action: Action
    form: Callable[[Services, Viewer, str, date], Form]
    do: Callable[..., str]
    remarks: Callable[[Services, Viewer, str, Fields], Checks | None] | None = None


@dataclass(frozen=True, slots=True)
class Maker:
    """Builds the fields of one dialog: gesture and key tell which."""

    gesture: str
    key: str

    def select(self, name: str, label: str, options: Sequence[Option], value: str = "") -> Component:
        """Return a labelled list to choose from; without a value, nothing is chosen yet."""
        known = [{"value": key, "label": words} for key, words in options]
        box = dbc.Select(options=known, value=value or None, placeholder="Choisir…", id=self._id(name))
        return self._labelled(name, label, box)

    def day(self, name: str, label: str, value: date | None) -> Component:
        """Return a labelled day to choose; sent as it is left, hence before the button is pressed."""
        text = value.isoformat() if value else ""
        return self._labelled(
            name, label, dbc.Input(type="date", value=text, id=self._id(name), debounce=True)
        )

    def text(self, name: str, label: str, value: str, *, most: int) -> Component:
        """Return a labelled line of text."""
        box = dbc.Input(type="text", value=value, id=self._id(name), maxlength=most)
        return self._labelled(name, label, box)

    def number(self, name: str, label: str, value: int, *, low: int, high: int) -> Component:
        """Return a labelled whole number."""
        box = dbc.Input(type="number", value=value, min=low, max=high, step=1, id=self._id(name))
        return self._labelled(name, label, box)

    def many(self, name: str, label: str, options: Sequence[Option], values: Sequence[str] = ()) -> Component:
        """Return a labelled list to choose several from."""
        known = [{"value": key, "label": words} for key, words in options]
        box = dcc.Dropdown(
            options=known, value=list(values), multi=True, placeholder="Choisir…", id=self._id(name)
        )
        return self._labelled(name, label, box)

    def radio(self, name: str, label: str, options: Sequence[Option], value: str) -> Component:
        """Return exclusive choices under a legend."""
        known = [{"value": key, "label": words} for key, words in options]
        return html.Fieldset(
            [
                html.Legend(label, className="form-label"),
                dbc.RadioItems(options=known, value=value, id=self._id(name)),
            ]
        )

    def reason(self, reference: Reference, value: str) -> Component:
        """Return the list of reasons for a change."""
        return self.select(
            "reason", "Motif", list(reference.change_reasons.select("code", "label").iter_rows()), value
        )

    def _id(self, name: str) -> dict[str, str]:
        return ids.field(self.gesture, self.key, name)

    def _labelled(self, name: str, label: str, box: Component) -> Component:
        """Return a field inside its label: ids made of several parts cannot be named by `for`."""
        return html.Label(
            [html.Span(label, className="form-label"), box], className=f"dg-field dg-field-{name}"
        )


def dialog_body(gesture: str, key: str, form: Form) -> list[Component]:
    """Return the inside of the dialog: fields, remarks, buttons."""
    foot = [
        form.beside,
        button(form.verb, ids.does(gesture, key), icon=form.verb_icon, kind="primary"),
    ]
    return [
        dbc.ModalBody([*form.parts, html.Div(id=ids.said(gesture, key), className="dg-said", role="status")]),
        dbc.ModalFooter([part for part in foot if part is not None]),
    ]


def remarks(gesture: str, key: str, *, blocks: Sequence[str], warnings: Sequence[str]) -> list[Component]:
    """Return what forbids a gesture, else what is to be accepted knowingly, with the box to tick."""
    if blocks:
        return [notice("alert", "Ce changement n’est pas possible", _lines(blocks))]
    if not warnings:
        return [
            html.P(
                [html.I(className="bi bi-check2-circle"), " Aucune règle ne s’y oppose."], className="dg-fine"
            )
        ]
    box = dbc.Checkbox(label="J’en tiens compte et je confirme", value=False, id=ids.agreed(gesture, key))
    return [notice("watch", f"{count(len(warnings), 'point')} à accepter", [_lines(warnings), box])]


def whole_field(fields: Fields, name: str, words: str) -> int:
    """Return a choice of the dialog; raises `ApdashError` when nothing was chosen."""
    value = str(fields.get(name) or "")
    if not value.isascii() or not value.isdigit():
        raise ApdashError("Il manque un choix.", f"Choisissez {words}.")
    return int(value)


def chosen_many(fields: Fields, name: str, words: str) -> list[int]:
    """Return the choices of a list; raises `ApdashError` when nothing was chosen."""
    given = fields.get(name)
    values = [str(one) for one in given] if isinstance(given, list) else []
    if not values or not all(one.isascii() and one.isdigit() and len(one) < 16 for one in values):
        raise ApdashError("Il manque un choix.", f"Choisissez {words}.")
    return [int(one) for one in values]


def day_of(fields: Fields, name: str, words: str = "la date") -> date:
    """Return a day of the dialog; raises `ApdashError` when it is empty or unreadable."""
    found = readable_day(fields.get(name))
    if found is None:
        raise ApdashError("Il manque une date.", f"Indiquez {words}.")
    return found


def day_or_none(fields: Fields, name: str) -> date | None:
    """Return a day of the dialog, None when the field is empty."""
    return day_of(fields, name) if fields.get(name) else None


def reason_of(fields: Fields) -> str:
    """Return the reason chosen; raises `ApdashError` when none was."""
    value = str(fields.get("reason") or "")
    if not value:
        raise ApdashError("Il manque le motif.", "Choisissez-le dans la liste.")
    return value


def numbers(key: str) -> list[int]:
    """Return the numbers a key holds."""
    parts = key.split("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise ApdashError("Geste inconnu.", "Rechargez la page.")
    return [int(part) for part in parts]


def _lines(words: Sequence[str]) -> Component:
    return html.Ul([html.Li(one) for one in words], className="dg-lines")
