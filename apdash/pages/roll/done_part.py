"""What was done at a session: a line of one's own; in one touch, the objective of the group or an activity."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.readable import MOST, REMINDER
from apdash.reference import Reference


def done_card(reference: Reference, head: Mapping) -> Component:
    """Return the card: the text, what fills it in one touch, what became of it."""
    field = html.Textarea(
        head["done"],
        className="form-control roll-done",
        maxLength=str(MOST),
        rows="2",
        **{"aria-label": "Ce qui a été fait", "placeholder": "En une ligne"},
    )
    offers = [
        _offer(text, icon="bullseye", label="D’après l’objectif")
        for text in filter(None, [head["objective"]])
    ]
    offers += [_offer(f"{text[:1].upper()}{text[1:]}") for text in suggestions(reference, head["need"])]
    foot = html.Div(
        [
            html.Span(REMINDER, className="xs muted"),
            html.Span(className="xs muted roll-left"),
            html.Span(className="s roll-done-told", role="status"),
        ],
        className="roll-done-foot",
    )
    return card("Ce qui a été fait", [field, foot, html.Div(offers, className="roll-offers no-print")])


def suggestions(reference: Reference, need: str | None) -> list[str]:
    """Return the activities of the axis of a need, as activites.csv gives them; none without a need."""
    axis = reference.needs.filter(pl.col("code") == need)["axis"].to_list() if need else []
    return reference.activities.filter(pl.col("axis").is_in(axis))["text"].to_list()


def _offer(text: str, *, icon: str | None = None, label: str = "") -> Component:
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"}) if icon else None
    words = [mark, html.B(f"{label} : ".replace(" :", "\u00a0:")), text] if label else text
    return html.Button(words, type="button", className="btn btn-outline roll-offer", **{"data-offer": text})
