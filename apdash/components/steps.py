"""The numbered steps of a page: where one is, what is behind, what may be opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component


@dataclass(frozen=True, slots=True)
class Step:
    """One step. href None: it cannot be opened yet, and `why` says what is missing."""

    label: str
    href: str | None
    now: bool = False
    done: bool = False
    why: str = ""


def steps(items: Sequence[Step]) -> Component:
    """Return the list of steps, the present one marked, the finished ones ticked."""
    return html.Ol(
        [_step(number, item) for number, item in enumerate(items, start=1)],
        className="steps",
        **{"aria-label": "Étapes"},
    )


def _step(number: int, item: Step) -> Component:
    tick = html.I(className="bi bi-check-lg", **{"aria-hidden": "true"})
    mark = html.Span(tick if item.done and not item.now else str(number), className="n")
    body = [mark, item.label]
    inside = dcc.Link(body, href=item.href) if item.href else html.Span(body, title=item.why)
    described = {"aria-current": "step"} if item.now else {}
    kind = "now" if item.now else "done" if item.done else "" if item.href else "off"
    return html.Li(inside, className=kind, **described)
