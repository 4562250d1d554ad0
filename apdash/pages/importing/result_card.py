"""What an import wrote, and what to do next."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, card, link_button
from apdash.components.states import notice
from apdash.imports import Kind
from apdash.labels import NBSP, count, listed, school_year
from apdash.pages.importing import ids
from apdash.pages.importing.draft import Done, Draft
from apdash.pages.importing.words import written

_NEXT_OFFICIAL = (
    (
        "Régler l’année",
        "/reglages?partie=annee",
        "calendar3",
        "Périodes, vacances et PFMP, puis les bandes et les adultes libres.",
    ),
    ("Ouvrir un bilan", "/reglages?partie=bilans", "clipboard-check", "Qui évalue quoi, et jusqu’à quand."),
    ("Voir les groupes", "/groupes", "people", "Qui est parti n’y est plus à partir du jour de l’import."),
)
_NEXT_VALUES = (
    ("Voir ce qui manque au bilan", "/bilans", "clipboard-check", "Ce qui est attendu et pas encore là."),
    ("Lire les besoins", "/besoins", "grid-3x3", "Les intensités tiennent compte de ces valeurs."),
    ("Voir les groupes", "/groupes", "people", "Ceux en vigueur aujourd’hui."),
)

_NEXT_ROLLS = (
    ("Voir les appels", "/appel?tous=oui", "person-check", "Ceux qui restent à faire ici, ou à importer."),
    ("Voir les groupes", "/groupes", "people", "Chacun mène à son cahier d’AP."),
)
_ROLLS = ("séance tenue", "présence")


def title(draft: Draft) -> str:
    """Return the title of the result."""
    files = sum(len(done.names) for done in draft.done)
    return f"Import terminé{NBSP}: {count(files, 'fichier')} dans la base"


def result_card(draft: Draft) -> Component:
    """Return what was written, what waits, and where to go now."""
    last = draft.done[-1]
    waits = [file.name for file in draft.waiting]
    rolls = last.summary.filter(pl.col("subject").is_in(_ROLLS)).height
    following = _NEXT_VALUES if last.review else _NEXT_ROLLS if rolls else _NEXT_OFFICIAL
    body = [
        *(_done(done) for done in draft.done),
        _waiting(waits) if waits else html.Div([_next(*line) for line in following], className="im-next"),
        html.Div(
            button("Importer d’autres fichiers", ids.pressed("restart"), icon="plus-lg"),
            className="form-foot",
        ),
    ]
    return card("Ce qui est écrit", body, sub=f"année {school_year(last.year)}")


def next_words(draft: Draft) -> str:
    """Return a line on what the import was about."""
    tables = sum(done.kinds == (Kind.TABLE,) for done in draft.done)
    return (
        "Les colonnes sont retenues pour les prochains tableaux aux mêmes titres."
        if tables
        else ("Importer de nouveau les mêmes fichiers ne changerait rien.")
    )


def _done(done: Done) -> Component:
    mark = html.I(className="bi bi-check-circle", **{"aria-hidden": "true"})
    lines = [html.Li(line) for line in written(done.summary)]
    head = html.Div([mark, listed(list(done.names))], className="b")
    return html.Div([head, html.Ul(lines, className="s")], className="im-done")


def _waiting(names: list[str]) -> Component:
    show = button("Voir l’aperçu suivant", ids.pressed("next"), kind="primary", icon="arrow-right")
    return notice("info", f"{count(len(names), 'tableau attend', 'tableaux attendent')}{NBSP}: {listed(names)}",
                  "Un tableau s’importe après les fichiers officiels, et seul.", [show])  # fmt: skip


def _next(words: str, href: str, icon: str, about: str) -> Component:
    mark = html.Span(html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"}), className="ic")
    what = html.Div([html.Div(words, className="b"), html.Div(about, className="s muted")], className="what")
    return html.Div([mark, what, link_button("Ouvrir", href)], className="todo")
