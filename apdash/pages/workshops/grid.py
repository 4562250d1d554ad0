"""The workshop bilan of one group: the grid, to fill in twenty seconds a student."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.marks import level
from apdash.labels import NBSP
from apdash.pages.workshops import ids
from apdash.pages.workshops.where import Where
from apdash.readable import REMINDER

INVOLVED = ("à construire", "irrégulière", "régulière", "soutenue")


def grid(at: Where, group: Mapping[str, Any]) -> Component:
    """Return the card of the grid; the browser fills it."""
    spec = {"review": group["period"], "division": group["ap_group"]}
    return html.Section(
        [
            _legend(),
            html.Div(id=ids.GRID, key=f"{group['period']}-{group['ap_group']}", className="ws-box"),
            dcc.Store(id=ids.GRID_SPEC, data=spec),
            html.Span(id=ids.GRID_READY, hidden=True),
        ],
        className="card entry-card",
    )


def status_line() -> Component:
    """Return where the grid says what is recorded, and how far it is."""
    return html.Span(
        [
            html.Span(id=ids.GRID_COUNT, className="b"),
            " ",
            html.Span(id=ids.GRID_STATUS, role="status", className="save-state"),
        ]
    )


def _legend() -> Component:
    marks = [
        html.Span([level(number), words], className="nw") for number, words in enumerate(INVOLVED, start=1)
    ]
    keys = [
        (("A", "E", "P"), "atteint, en cours, pas encore"), (("1",), "à"), (("4",), "implication"),
        (("←", "↑", "→", "↓"), "se déplacer"), (("Suppr",), "effacer"), (("Ctrl", "Z"), "annuler"),
    ]  # fmt: skip
    told = [part for names, words in keys for part in (*[html.Kbd(name) for name in names], f" {words} ")]
    return html.Div(
        [
            html.Div([html.Span(f"Implication{NBSP}:", className="soft"), *marks], className="marks"),
            html.Div(told, className="keys soft no-print"),
            html.Div(f"Une phrase au plus. {REMINDER}", className="soft w-100"),
        ],
        className="entry-legend s",
    )
