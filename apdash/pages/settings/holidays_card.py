"""Holidays from the ministry's file: chosen, previewed with what they do to sessions, then applied."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.marks import badge
from apdash.labels import NBSP, count, day, spaced
from apdash.services import Services
from apdash.store.commands.holidays import Effects
from apdash.store.queries.calendar import school

UPLOAD, PREVIEW, APPLY, FOUND = "holidays-file", "holidays-preview", "apply-holidays", "holidays-found"
SCHEMA = {"label": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
_CHANGES = {
    "new": ("à ajouter", "acc", "plus-lg"),
    "same": ("déjà là", "", "check2"),
    "gone": ("remplacée", "watch", "x-lg"),
}


def importing(services: Services, year: int) -> Component:
    """Return the place where the file of holidays is given, and where its preview appears."""
    zone = (school(services.store) or {}).get("zone")
    about = (
        f"Zone {zone} : fichier « calendrier scolaire » du ministère (CSV des données ouvertes, ou ICS)."
        if zone
        else "Choisissez d’abord la zone de vacances, plus haut."
    )
    upload = dcc.Upload(
        button("Importer les vacances", "holidays-choose", icon="file-earmark-arrow-up"),
        id=UPLOAD,
        disabled=zone is None,
        max_size=5 * 1024 * 1024,
        className="d-inline-block",
    )
    return html.Div(
        [
            html.Div([upload, html.Span(spaced(about), className="s muted")], className="form-foot mt-0"),
            dcc.Store(id=FOUND),
            html.Div(id=PREVIEW, role="status"),
        ],
        className="mb-3",
    )


def preview(changes: pl.DataFrame, effects: Effects) -> list[Component]:
    """Return what the file changes, line by line, what sessions become, and the button that applies it."""
    if changes.filter(pl.col("change") != "same").is_empty():
        return [html.P(f"Ce fichier ne change rien{NBSP}: ces vacances sont déjà là.", className="mt-2")]
    rows = [_line(row) for row in changes.iter_rows(named=True)]
    heads = ("Vacances ou jour férié", "Du", "Au (inclus)", "")
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in heads]))
    return [
        html.Div(html.Table([head, html.Tbody(rows)], className="tbl"), className="scroll-x mt-3"),
        html.P(effect_words(effects), className="mt-2 mb-2"),
        button("Appliquer ces vacances", APPLY, icon="check2", kind="primary"),
    ]


def effect_words(effects: Effects) -> str:
    """Return what sessions become, in a sentence."""
    told = [
        count(effects.gone, "séance prévue disparaît", "séances prévues disparaissent") if effects.gone else "",
        count(effects.added, "séance apparaît", "séances apparaissent") if effects.added else "",
        count(effects.fixed, "séance tenue ou décidée à la main reste", "séances tenues ou décidées à la main restent")
        if effects.fixed
        else "",
    ]  # fmt: skip
    words = ", ".join(filter(None, told))
    return f"{words}." if words else "Aucune séance n’en est changée."


def rows_of(found: Sequence[Mapping]) -> pl.DataFrame:
    """Return the holidays a preview held, as the browser gives them back."""
    rows = [
        (str(row["label"])[:80], date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"]))
        for row in found
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _line(row: Mapping) -> Component:
    words, kind, icon = _CHANGES[row["change"]]
    return html.Tr(
        [
            html.Th(row["label"], scope="row"),
            html.Td(day(row["starts_on"])),
            html.Td(day(row["ends_on"])),
            html.Td(badge(words, kind=kind, icon=icon)),
        ]
    )
