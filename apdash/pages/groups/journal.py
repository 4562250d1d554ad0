"""The journal: every change of who is where, who made it, when, why, and the way to take it back."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import count, day, listed, moment
from apdash.pages.gestures import opens
from apdash.pages.groups.asked import Asked
from apdash.pages.groups.words import sentence
from apdash.rights import CONSOLE, Action, Viewer
from apdash.services import Services
from apdash.store.commands.acts import ACT_WORDS
from apdash.store.queries.groups import acts
from apdash.store.queries.journal import account_names, act_groups

MOST = 80


def journal_of(services: Services, viewer: Viewer, at: Asked, *, bands: list[int]) -> pl.DataFrame:
    """Return the last acts of a band or of all those of the year, with the codes of the groups touched (`codes`)."""
    viewer.require(Action.CHANGE_GROUPS)
    found = acts(services.store, viewer, band=at.band, most=MOST)
    found = found.filter(pl.col("band").is_null() | pl.col("band").is_in(bands))
    touched = act_groups(services.store, viewer, acts=found["act"].to_list())
    return found.join(touched, on="act", how="left", maintain_order="left")


def title(found: pl.DataFrame) -> str:
    """Return how many acts the journal shows."""
    if found.is_empty():
        return "Aucun geste sur les groupes"
    if found.height == MOST:
        return f"Les {MOST} derniers gestes sur les groupes"
    standing = found.filter(~pl.col("undone") & (pl.col("kind") != "undo")).height
    return f"{count(standing, 'geste')} sur les groupes"


def journal(services: Services, found: pl.DataFrame) -> Component:
    """Return the acts as a table, newest first."""
    if found.is_empty():
        return empty("Le journal est vide", "Chaque changement de groupe s’y inscrit, et s’y annule.")
    names = {CONSOLE.login: CONSOLE.name, **account_names(services.store)}
    reasons = dict(services.reference.change_reasons.select("code", "label").iter_rows())
    titles = ("Quand", "Geste", "Groupes", "Élèves", "À partir du", "Motif", "Par", "")
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in titles]))
    lines = [_line(row, names, reasons) for row in found.iter_rows(named=True)]
    table = html.Table([head, html.Tbody(lines)], className="tbl gp-journal")
    return html.Div(html.Div(table, className="bd scroll-x"), className="card")


def _line(row: Mapping, names: Mapping[str, str], reasons: Mapping[str, str]) -> Component:
    words = [
        sentence(ACT_WORDS[row["kind"]]),
        html.Span(row["words"], className="gp-words") if row["words"] else None,
    ]
    return html.Tr(
        [
            html.Td(moment(row["recorded_at"]), className="nw", **{"data-label": "Quand"}),
            html.Th([*words, _undone(row)], scope="row"),
            html.Td(
                _codes(row["codes"] or []),
                title=listed(list(row["codes"] or [])),
                **{"data-label": "Groupes"},
            ),
            html.Td(row["students"] or "–", **{"data-label": "Élèves"}),
            html.Td(day(row["effective_on"]), className="nw", **{"data-label": "À partir du"}),
            html.Td(reasons.get(row["reason"], row["reason"]) or "–", **{"data-label": "Motif"}),
            html.Td(names.get(row["recorded_by"], row["recorded_by"]), **{"data-label": "Par"}),
            html.Td(_undo(row), className="num"),
        ],
        className="gp-undone" if row["undone"] else "",
    )


def _codes(codes: list[str]) -> str:
    return ", ".join(codes) if len(codes) <= 3 else f"{codes[0]}, {codes[1]} et {len(codes) - 2} autres"


def _undone(row: Mapping) -> Component | None:
    return badge("annulé", icon="arrow-counterclockwise") if row["undone"] else None


def _undo(row: Mapping) -> Component | None:
    if row["undone"]:
        return None
    words = "Rétablir" if row["kind"] == "undo" else "Annuler"
    label = f"{words} : {ACT_WORDS[row['kind']]} du {day(row['effective_on'])}"
    attributes = opens("undo", str(row["act"]))
    return button(words, f"groups-undo-{row['act']}", kind="quiet", **{"aria-label": label, **attributes})
