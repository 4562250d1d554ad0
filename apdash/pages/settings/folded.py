"""A card that is folded once it is filled in."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from apdash.labels import spaced


def folded_card(title: str, body: Sequence[Component], *, sub: str, open_now: bool) -> Component:
    """Return a card whose heading opens and closes it; sub: what it holds, in a few words."""
    head = html.Summary([html.H2(title), html.Span(spaced(sub), className="sub")], className="hd")
    inside = html.Div(list(body), className="bd")
    return html.Section(html.Details([head, inside], open=open_now), className="card folded")
