"""A student's needs: the highest ones bilan after bilan, all of them as numbers, and what one is made of."""

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.marks import axis_mark, intensity_class
from apdash.components.parts import breakdown
from apdash.components.states import empty
from apdash.labels import NBSP, spaced
from apdash.pages.needs.heat import short_group
from apdash.pages.needs.why import labelled
from apdash.pages.page import Params
from apdash.pages.student.figures import HEIGHT, need_progress
from apdash.pages.student.filters import PATH
from apdash.pages.student.progress import change_words, progress, top_needs
from apdash.pages.student.record import Record
from apdash.reference import Reference

_CONFIG = {"displayModeBar": False, "responsive": True}


def needs_card(reference: Reference, record: Record, params: Params) -> Component:
    """Return the card; without any bilan, why it is empty."""
    if record.cells.is_empty():
        words = "Ils se calculent dès que sa division entre dans un bilan."
        return card("Ses besoins", empty("Pas encore de besoin calculé", words), class_name="mb-3")
    figures = [_figure(record, cell, params) for cell in top_needs(record)]
    body = [
        html.Div(figures, className="st-multiples") if figures else None,
        _every_need(record, params),
        _made_of(reference, record),
    ]
    return card(
        "Ses besoins d’un bilan à l’autre",
        body,
        sub=f"fond gris{NBSP}: un groupe l’a travaillé{NBSP}; tirets{NBSP}: prioritaire à partir de 75",
        class_name="mb-3",
    )


def _figure(record: Record, cell: dict, params: Params) -> Component:
    points = progress(record, cell["need"])
    said = ", ".join("?" if value is None else str(value) for value in points["value"])
    name = [axis_mark(cell["axis"]), html.Span(short_group(cell["public_name"]))]
    graph = dcc.Graph(figure=need_progress(points), config=_CONFIG, style={"height": f"{HEIGHT}px"})
    told = {"aria-label": f"{cell['label']}, bilan après bilan{NBSP}: {said}"}
    return html.Div(
        [
            dcc.Link(
                name, href=address(PATH, params, besoin=cell["need"]), className="nm", title=cell["label"]
            ),
            html.Div(change_words(points), className="xs muted"),
            html.Div(graph, role="img", **told),
        ],
        className="st-multiple",
    )


def _every_need(record: Record, params: Params) -> Component:
    """Return a row of small numbers, one a need: each is a link that unfolds it below."""
    chosen = record.need["need"] if record.need else None
    links = [
        dcc.Link(
            [html.Span(cell["short_name"]), _number(cell)],
            href=address(PATH, params, besoin=cell["need"]),
            className="st-need on" if cell["need"] == chosen else "st-need",
            title=cell["label"],
        )
        for cell in record.cells.to_dicts()
    ]
    return html.Nav(links, className="st-needs", **{"aria-label": "Tous ses besoins"})


def _number(cell: dict) -> Component:
    value = cell["value"]
    look = "un" if value is None else intensity_class(value)
    return html.Span("?" if value is None else value, className=f"v {look}{' sv' if cell['served'] else ''}")


def _made_of(reference: Reference, record: Record) -> Component | None:
    need = record.need
    if need is None or record.parts.is_empty():
        return None
    name = need["label"].split(":")[0].strip().lower()
    words = spaced(f"« {name} »")
    title = (
        f"Pourquoi {words} est à confirmer"
        if need["value"] is None
        else f"De quoi est fait le {need['value']} en {words}"
    )
    parts = labelled(reference, record.parts)
    return html.Div(
        [html.H3(title), breakdown(parts, value=need["value"], coverage=need["coverage"])],
        className="st-made",
        id="pourquoi",
    )
