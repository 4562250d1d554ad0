"""What an import would change: a count per category, and the rows of the one chosen."""

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.components.states import empty
from apdash.imports import Preview
from apdash.imports.names import plain, plain_text
from apdash.labels import NBSP, number
from apdash.pages.importing import ids
from apdash.pages.importing.words import CATEGORIES, counted, of_subject
from apdash.reference import Reference

MOST = 200
_NOTHING = {
    "refused": "Aucune ligne n’est refusée.",
    "warnings": "Rien à signaler.",
    "new": "Rien de nouveau.",
    "changed": "Rien n’est modifié.",
    "leaving": "Personne ne part.",
    "unchanged": "Rien n’est resté tel quel.",
}
# Column of the rows -> its title, in the order shown.
_COLUMNS = {
    "refused": {"place": "Où", "who": "Qui ou quoi", "why": "Motif"},
    "warnings": {"place": "Où", "who": "Qui ou quoi", "after": "Précision", "why": "Motif"},
    "new": {"subject": "Objet", "who": "Qui ou quoi", "field": "Champ", "after": "Valeur", "place": "Où"},
    "changed": {
        "subject": "Objet",
        "who": "Qui ou quoi",
        "field": "Champ",
        "change": "Avant → après",
        "place": "Où",
    },
    "leaving": {
        "subject": "Objet",
        "who": "Qui",
        "before": "Division",
        "after": "Dernier jour",
        "why": "Motif",
    },
    "unchanged": {
        "subject": "Objet",
        "who": "Qui ou quoi",
        "field": "Champ",
        "after": "Valeur",
        "place": "Où",
    },
}


def changes_card(reference: Reference, preview: Preview) -> Component:
    """Return the categories to choose from, the search and the rows."""
    chosen = next((name for name in CATEGORIES if getattr(preview, name).height), "new")
    tiles = dbc.RadioItems(
        options=[{"value": name, "label": _tile(preview, name)} for name in CATEGORIES],
        value=chosen,
        id=ids.CATEGORY,
        className="im-tiles",
        inputClassName="btn-check",
        labelClassName="im-tile",
        labelCheckedClassName="on",
    )
    words = "Chercher un nom, une division, un motif"
    field = dbc.Input(id=ids.SEARCH, type="search", placeholder=words, debounce=300)
    search = html.Label([html.Span("Chercher dans l’aperçu", className="visually-hidden"), field])
    download = button("Tout l’aperçu (CSV)", ids.pressed("download"), icon="download")
    return card(
        "Ce qui changerait",
        [
            tiles,
            html.Div(
                [
                    search,
                    download,
                    dcc.Download(id=ids.DOWNLOAD),
                ],
                className="im-tools",
            ),
            html.Div(found_rows(reference, preview, chosen, ""), id=ids.ROWS),
        ],
        sub="rien n’est encore écrit",
    )


def found_rows(reference: Reference, preview: Preview, category: str, words: str) -> Component:
    """Return the first rows of a category that hold every word, and how many there are."""
    rows = getattr(preview, category)
    if rows.is_empty():
        return empty(_NOTHING[category], icon="check-circle")
    found = _matching(_readable(reference, rows, several=len(preview.kinds) > 1), words)
    if found.is_empty():
        return empty(
            "Aucune ligne ne correspond", f"Sur {number(rows.height)} dans cette catégorie.", icon="search"
        )
    shown = found.head(MOST)
    titles = {
        name: words
        for name, words in _COLUMNS[category].items()
        if name == "change" or shown[name].drop_nulls().str.len_chars().sum()
    }
    head = html.Tr([html.Th(words, scope="col") for words in titles.values()])
    body = [
        html.Tr([_cell(row, name, words) for name, words in titles.items()])
        for row in shown.iter_rows(named=True)
    ]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="tbl im-rows")
    return html.Div([html.Div(table, className="scroll-x"), _how_many(found.height)])


def _tile(preview: Preview, name: str) -> Component:
    rows = counted(preview).filter(category=name)
    total = int(rows["count"].sum())
    held = ", ".join(
        of_subject(quantity, subject) for subject, quantity in rows.select("subject", "count").rows()
    )
    one, many = CATEGORIES[name]
    return html.Span(
        [
            html.Span(number(total), className="v"),
            html.Span(one if total < 2 else many, className="w"),
            html.Span(held, className="h", title=held),
        ],
        className=f"im-count {name}{' none' if not total else ''}",
    )


def _readable(reference: Reference, rows: pl.DataFrame, *, several: bool) -> pl.DataFrame:
    """Return the rows with `place` and `change` added, competencies by their names."""
    names = dict(reference.competencies.select("code", "short_label").iter_rows())
    line = pl.col("line").cast(pl.String)
    place = (
        pl.concat_str("file", pl.lit(", ligne "), line) if several else pl.concat_str(pl.lit("ligne "), line)
    )
    return rows.with_columns(
        field=pl.when(pl.col("subject") == "évaluation")
        .then(pl.col("field").replace(names))
        .otherwise("field"),
        place=pl.coalesce(place, "file"),
        change=pl.format("{} → {}", pl.col("before").fill_null(""), pl.col("after").fill_null("")),
    )


def _matching(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    text = pl.concat_str(
        [
            plain_text(pl.col(name).fill_null(""))
            for name in ("subject", "who", "field", "before", "after", "place", "why")
        ],
        separator=" ",
    )
    wanted = [text.str.contains(word, literal=True) for word in plain(words).split()]
    return rows.filter(wanted) if wanted else rows


def _cell(row: dict, name: str, title: str) -> Component:
    label = {"data-label": title}
    if name == "who":
        return html.Th(row[name], scope="row", **label)
    if name == "change":
        arrow = html.Span(" → ", className="muted")
        return html.Td([_value(row["before"]), arrow, html.B(_value(row["after"]))], **label)
    return html.Td(row[name], **label)


def _value(text: str | None) -> str:
    return text or "(vide)"


def _how_many(height: int) -> Component:
    words = f"{number(height)} ligne{'s' if height > 1 else ''}"
    if height > MOST:
        words = f"{MOST} premières lignes sur {number(height)}{NBSP}: cherchez un nom, ou téléchargez tout l’aperçu"
    return html.P(words, className="s muted im-how-many")
