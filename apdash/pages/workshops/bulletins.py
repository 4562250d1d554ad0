"""The lines of the bulletins of a division: to copy one by one or together, or to export."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.bulletin import bulletin_lines
from apdash.components.filters import dropdown
from apdash.components.frame import button, card, page_head
from apdash.components.states import empty
from apdash.errors import ApdashError
from apdash.labels import NBSP, count
from apdash.pages.page import whole
from apdash.pages.workshops import ids
from apdash.pages.workshops.where import PATH, Where
from apdash.rights import Action
from apdash.store.queries.calendar import divisions
from apdash.store.queries.students import divisions_known_well
from apdash.store.queries.workshop_sums import results_of_division


def bulletin_divisions(at: Where) -> pl.DataFrame:
    """Return the divisions whose bulletins this person prepares: id, code."""
    mine = divisions_known_well(at.services.store, at.viewer)["division"]
    return (
        divisions(at.services.store, year=at.year)
        .filter(pl.col("id").is_in(mine.implode()))
        .select("id", "code")
    )


def chosen_division(at: Where, known: pl.DataFrame) -> tuple[int, str]:
    """Return the division of the address, the first one by default; raises `ApdashError` for somebody else's."""
    asked = whole(at.params, "division")
    found = known if asked is None else known.filter(id=asked)
    if found.is_empty():
        raise ApdashError(
            "Ces bulletins ne sont pas les vôtres.", "Ils reviennent au professeur principal et au pilote."
        )
    return found.row(0)


def division_filter(at: Where, known: pl.DataFrame) -> Component:
    """Return the choice of a division."""
    options = [(str(key), code) for key, code in known.iter_rows()]
    return dropdown("Division", options, name="division", path=PATH, params=at.params)


def bulletins(at: Where, known: pl.DataFrame, right: Component) -> list[Component]:
    """Return the lines of a division for the period."""
    if known.is_empty():
        words = "Elles sont préparées par le professeur principal et le pilote."
        return [page_head("Lignes des bulletins", right=right), empty("Aucune division à préparer", words)]
    division, code = chosen_division(at, known)
    found = results_of_division(at.services.store, at.viewer, division=division, period=at.period["period"])
    lines = bulletin_lines(at.services.reference, found, period=at.period["period"])
    said = lines.filter(pl.col("line") != "")
    label = at.period["label"].lower()
    lines_words = count(said.height, "ligne de bulletin", "lignes de bulletin")
    title = f"{code}, {label}{NBSP}: {lines_words} pour {count(lines.height, 'élève')}"
    lead = "Implication et évolution en atelier, d’après les bilans d’atelier. À relire, puis à coller."
    if said.is_empty():
        words = "Les lignes viennent des bilans d’atelier de la période, remplis par les adultes des groupes."
        return [page_head(title, lead, right), empty("Aucune ligne encore", words, icon="card-text")]
    tools = [_copy_all(said), _export(at)]
    body = [
        html.Div(tools, className="d-flex flex-wrap gap-2 mb-2 no-print"),
        _table(lines),
        dcc.Download(id=ids.DOWNLOAD),
    ]
    return [page_head(title, lead, right), card("Lignes de bulletin", body)]


def _table(lines: pl.DataFrame) -> Component:
    rows = [_row(row) for row in lines.iter_rows(named=True)]
    head = html.Tr([html.Th(words, scope="col") for words in ("Élève", "Ligne du bulletin", "")])
    return html.Table([html.Thead(head), html.Tbody(rows)], className="tbl ws-list")


def _row(row: Mapping[str, Any]) -> Component:
    name = f"{row['last_name']} {row['first_name']}"
    line = row["line"] or html.Span("aucun bilan d’atelier rempli", className="muted")
    copy = _copies(row["line"], "Copier", f"Copier la ligne de {name}") if row["line"] else None
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(html.Div(line, className="ws-line"), className="what"),
            html.Td(copy, className="go"),
        ]
    )


def _copy_all(said: pl.DataFrame) -> Component:
    rows = said.select(pl.format("{} {}\t{}", "last_name", "first_name", "line")).to_series().to_list()
    return _copies("\n".join(rows), "Copier toutes les lignes", "Copier toutes les lignes, une par élève")


def _copies(text: str, words: str, title: str) -> Component:
    clipboard = dcc.Clipboard(content=text, title=title, className="copy")
    return html.Span([clipboard, words], className="ws-copy btn btn-outline btn-sm no-print")


def _export(at: Where) -> Component | None:
    if not at.viewer.can(Action.EXPORT):
        return None
    return button("Exporter (CSV)", ids.EXPORT, icon="download", kind="outline btn-sm")
