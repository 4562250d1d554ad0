"""A cell that says what it is where its table has no head, as on a phone."""

from dash import html
from dash.development.base_component import Component


def labelled(label: str, words: str) -> Component:
    """Return a cell of figures; a phone shows the label beside it."""
    return html.Td(words, className="num", **{"data-label": label})
