"""What is left to decide before writing: the day, two divisions, what must be confirmed; then the button."""

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.components.states import notice
from apdash.imports import Preview
from apdash.labels import NBSP, count, percent
from apdash.pages.importing import form, ids
from apdash.pages.importing.draft import Draft, Look
from apdash.pages.importing.files_card import busy
from apdash.pages.importing.words import is_empty
from apdash.rights import Viewer
from apdash.services import Services

DEPARTURES, PAST_YEAR = "departures", "past_year"


def confirmations(look: Look) -> dict[str, str]:
    """Return name -> words of what must be confirmed before writing."""
    asked = {}
    if look.past_year:
        asked[PAST_YEAR] = "C’est bien cette année passée que je veux importer."
    if look.preview and look.preview.needs_confirmation:
        asked[DEPARTURES] = f"Le fichier est complet{NBSP}: ces élèves sont bien partis."
    return asked


def decide_card(services: Services, viewer: Viewer, draft: Draft) -> Component:
    """Return what is left to decide, and the one button that writes."""
    look = draft.look
    preview = look.preview
    write = button(
        "Importer",
        ids.pressed("commit", draft.version),
        kind="primary",
        icon="check2",
        disabled=preview is None or is_empty(preview),
    )
    body = [
        *_official_fields(services, viewer, look),
        *_remarks(look),
        html.Div(id=ids.TOLD_WRITE, role="status"),
        busy(ids.BUSY_WRITE, "Écriture…"),
        html.Div(write, className="form-foot"),
        html.P("Tout est écrit d’un coup, ou rien ne l’est.", className="s muted mt-2"),
    ]
    return card("Avant d’importer", body, class_name="im-decide")


def _official_fields(services: Services, viewer: Viewer, look: Look) -> list[Component]:
    """Return the day the changes take effect and the students to place; nothing for a table."""
    preview = look.preview
    if look.table is not None or preview is None:
        return []
    values = form.shown_values(services, viewer, look)
    day = dbc.Input(type="date", value=values[form.ON], id=ids.field(form.ON), size="sm")
    fields = [html.Label([html.Span("Les changements prennent effet le", className="form-label"), day])]
    if preview.two_divisions.height:
        fields.append(_places(preview, values))
    again = button("Refaire l’aperçu", ids.pressed("again"), kind="quiet", icon="arrow-repeat")
    return [
        html.Div(
            [*fields, again, busy(ids.BUSY_LOOK, "Lecture…"), html.Div(id=ids.TOLD_LOOK, role="status")],
            className="im-fields",
        )
    ]


def _places(preview: Preview, values: dict[str, str]) -> Component:
    """Return a choice of division for each student SIECLE puts in two."""
    lines = []
    for row in preview.two_divisions.to_dicts():
        name = form.place_field(row["siecle_id"])
        options = [
            {"value": form.BLANK, "label": "à choisir"},
            *({"value": one, "label": one} for one in row["divisions"]),
        ]
        choice = dbc.Select(options=options, value=values[name], id=ids.field(name), size="sm")
        lines.append(html.Label([html.Span(row["who"], className="form-label"), choice]))
    legend = html.Legend("Deux divisions dans SIECLE", className="form-label b")
    return html.Fieldset([legend, *lines], className="im-places")


def _remarks(look: Look) -> list[Component]:
    """Return what must be read before writing, each with its box when it must be confirmed."""
    preview = look.preview
    if preview is None:
        return [notice("alert", look.error.title, look.error.message)] if look.error else []
    said: list[Component] = []
    asked = confirmations(look)
    if look.past_year:
        said.append(notice("watch", look.past_year.title, look.past_year.message, _box(PAST_YEAR, asked)))
    if DEPARTURES in asked:
        words = f"{percent(preview.share_leaving)} des élèves inscrits ne sont plus dans le fichier. Est-il complet ?"
        said.append(notice("watch", "Beaucoup de départs", words, _box(DEPARTURES, asked)))
    if preview.refused.height:
        lines = count(preview.refused.height, "ligne refusée", "lignes refusées")
        ending = (
            "Le reste peut être importé." if not is_empty(preview) else "Corrigez le fichier et redonnez-le."
        )
        said.append(notice("watch", f"{lines}{NBSP}: rien n’en sera écrit", ending))
    if is_empty(preview):
        said.append(notice("info", "Rien à écrire", "Ces fichiers ne changent rien à la base."))
    return said


def _box(name: str, asked: dict[str, str]) -> list[Component]:
    return [dbc.Checkbox(id=ids.agreed(name), value=False, label=asked[name])]
