"""How a figure is computed, unfolded under it."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import said
from apdash.reference import Reference


def how(*lines: str | Component) -> Component:
    """Return the disclosure « Comment c’est calculé »."""
    body = [html.P(said(line)) if isinstance(line, str) else line for line in lines]
    return html.Details([html.Summary("Comment c’est calculé"), html.Div(body)], className="ind-how no-print")


def defined(reference: Reference, *codes: str) -> Sequence[str]:
    """Return what indicateurs.csv says of some indicators: definition and source."""
    rows = reference.indicators.select("code", "label", "definition", "source").rows()
    known = {code: f"{label} : {definition}. Source : {source}." for code, label, definition, source in rows}
    return [known[code] for code in codes if code in known]
