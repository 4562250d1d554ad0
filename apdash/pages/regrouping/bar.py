"""The bar over the groups: what the choices by hand make of the proposal, undo, compute again, go on."""

from dash import html
from dash.development.base_component import Component

from apdash.components.frame import button, link_button
from apdash.components.marks import badge
from apdash.labels import count, listed, number, percent
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.choices import Adjusted
from apdash.pages.regrouping.propose import Found


def toolbar(
    now: Adjusted, *, found: Found, waiting: int, editable: bool, busy: bool, go_on: str | None
) -> Component:
    """Return the figures of the composition on screen, those of the proposal beside them, and the ways on."""
    after, before = now.after, found.after
    facts = [
        ("Besoin couvert", percent(after.covered, 1), percent(before.covered, 1), ""),
        (
            "Déplacements",
            number(now.moves.total),
            number(found.moves.total),
            f" sur {number(now.moves.places)}",
        ),
        (
            "Prioritaires servis",
            number(after.served_urgent),
            number(before.served_urgent),
            f" sur {after.urgent}",
        ),
        ("Places sans groupe", number(after.unplaced), number(before.unplaced), " (élève × créneau)"),
    ]
    return html.Div(
        [
            *[_fact(name, value, was, more, told=bool(waiting)) for name, value, was, more in facts],
            badge(f"{count(waiting, 'choix', 'choix')} à calculer", kind="watch", icon="hourglass-split")
            if waiting
            else None,
            badge(
                f"À rétablir\u00a0: {listed(list(now.broken))}",
                kind="alert",
                icon="exclamation-triangle-fill",
            )
            if now.broken
            else None,
            html.Div(_ways(waiting, editable=editable, busy=busy, go_on=go_on), className="end"),
        ],
        className="rg-bar",
    )


def _fact(name: str, value: str, was: str, more: str, *, told: bool) -> Component:
    """Return a figure; once choices wait, with that of the proposal where it differs."""
    compared = f" (calculé\u00a0: {was})" if told and was != value else ""
    return html.Div(
        [
            html.Span(f"{name} ", className="soft s"),
            html.B(value),
            html.Span(more + compared, className="s muted"),
        ],
        className="nw",
    )


def _ways(waiting: int, *, editable: bool, busy: bool, go_on: str | None) -> list[Component | None]:
    undo = button(
        "Annuler", ids.UNDO, icon="arrow-counterclockwise", title="Ctrl + Z", disabled=busy or not editable
    )
    again = button(
        "Recalculer autour de mes choix" if waiting else "Recalculer",
        ids.AGAIN,
        icon="arrow-repeat",
        kind="primary" if waiting else "outline",
        disabled=busy or not editable,
    )
    on = link_button("Passer à Valider", go_on, kind="outline" if waiting else "primary") if go_on else None
    return [undo if waiting else None, again, on]
