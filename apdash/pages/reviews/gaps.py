"""The empty cells of a division: by competency, whose they are, and about which students."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, link_button, page_head
from apdash.components.states import empty
from apdash.labels import count
from apdash.pages.page import Params
from apdash.pages.reviews.grid import PATH
from apdash.reference import Reference

_NAMED = 8


def gaps_page(
    reference: Reference,
    head: Mapping,
    *,
    missing: pl.DataFrame,
    adults: pl.DataFrame,
    size: int,
    params: Params,
) -> Component:
    """Return the page; missing: missing_entries; adults: staff, name where names may be read; size: of the division."""
    back = link_button("Revenir à la grille", address(PATH, params, vue=None), icon="grid-3x3")
    if missing.is_empty():
        top = page_head(f"{head['label']}\u00a0: aucune case vide en {head['code']}", None, back)
        return html.Div(
            [top, empty("Tout ce qui était attendu est saisi", icon="check2-circle")], className="page"
        )
    title = f"{count(missing.height, 'case vide', 'cases vides')} dans le bilan de la {head['code']}"
    lead = "Un élève absent n’est pas une case vide\u00a0: A est une saisie."
    blocks = [
        card(label, _table(rows, size=size), sub=count(int(rows["students"].list.len().sum()), "case"))
        for label, rows in _by_block(reference, missing, adults)
    ]
    return html.Div([page_head(title, lead, back), html.Div(blocks, className="stack")], className="page")


def _by_block(
    reference: Reference, missing: pl.DataFrame, adults: pl.DataFrame
) -> list[tuple[str, pl.DataFrame]]:
    """Return (label of the block, rows: competency, who (nullable), students) in the order of the reference."""
    named = missing.with_columns(student=pl.concat_str("last_name", pl.lit(" "), "first_name"))
    rows = (
        named.join(adults, on="staff", how="left", maintain_order="left")
        .group_by("competency", "name", maintain_order=True)
        .agg(students=pl.col("student"))
        .join(reference.competencies.select("position", "label", "block", competency="code"), on="competency")
        .sort("position", "name", nulls_last=True)
    )
    labels = reference.blocks.select("block", "label").iter_rows()
    found = [(label, rows.filter(pl.col("block") == block)) for block, label in labels]
    return [(label, part) for label, part in found if part.height]


def _table(rows: pl.DataFrame, *, size: int) -> Component:
    titles = ("Compétence", "Attendu de", "Cases", "Élèves")
    sizes = html.Colgroup([html.Col() for _ in titles])
    head = html.Tr(
        [html.Th(title, scope="col", className="num" if title == "Cases" else None) for title in titles]
    )
    lines = [
        html.Tr(
            [
                html.Th(row["label"], scope="row"),
                html.Td(row["name"] or "un autre adulte"),
                html.Td(str(len(row["students"])), className="num"),
                html.Td(_who(row["students"], size)),
            ]
        )
        for row in rows.iter_rows(named=True)
    ]
    return html.Div(
        html.Table([sizes, html.Thead(head), html.Tbody(lines)], className="tbl gaps"), className="scroll-x"
    )


def _who(students: list[str], size: int) -> str:
    if len(students) >= size:
        return "toute la division"
    shown = ", ".join(students[:_NAMED])
    more = len(students) - _NAMED
    return f"{shown} et {count(more, 'autre')}" if more > 0 else shown
