"""The panel « Pourquoi ce groupe ? »: what a group gives, and what closing it would cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.marks import axis_mark
from apdash.labels import NBSP, count, number
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.barriers import people_words
from apdash.pages.regrouping.exact import cost_words, is_known
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.why import exact_to_come, panel_top

_FEW = 6


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a group gives. strong: students for whom its need is urgent; alone: those with no other answer to one.

    kept: students who are in it today.
    """

    slot: str
    need: str
    staff: str
    title: str
    axis: str
    who: str
    slot_name: str
    students: int
    points: int
    strong: int
    alone: int
    kept: int


def group_panel(facts: GroupFacts, closing: Component | None) -> Component:
    """Return the panel. closing: what closing it would cost, None while it is worked out."""
    key = {"slot": facts.slot, "need": facts.need, "staff": facts.staff}
    waiting = exact_to_come("Calcul exact de ce que coûterait sa fermeture…")
    return html.Aside(
        [
            panel_top("Pourquoi ce groupe\u00a0?", None),
            html.H2([axis_mark(facts.axis), " ", facts.title], tabIndex="-1"),
            html.P(f"{facts.who}, {facts.slot_name}", className="soft"),
            html.Ol([html.Li(words) for words in fact_words(facts)], className="rg-facts"),
            html.H3("Et s’il fermait\u00a0?"),
            html.Div(closing or waiting, id={"type": ids.CLOSING, **key}),
            dcc.Interval(id={"type": ids.CLOSING_TICK, **key}, interval=700, disabled=closing is not None),
        ],
        className="rg-why",
        **{"aria-label": f"Pourquoi ce groupe ? {facts.title}, {facts.who}"},
    )


def fact_words(facts: GroupFacts) -> list[str]:
    """Return what a group gives, in sentences."""
    found = []
    if facts.strong:
        has = "a ce besoin prioritaire" if facts.strong == 1 else "ont ce besoin prioritaire"
        found.append(f"{count(facts.strong, 'élève')} sur {facts.students} {has}.")
    elif facts.axis == "none":
        found.append(
            f"Il accueille {count(facts.students, 'élève')} à qui aucun autre groupe ne répond mieux."
        )
    else:
        found.append(f"{count(facts.students, 'élève')}, pour aucun desquels ce besoin n’est prioritaire.")
    if facts.alone:
        whom = "Pour l’un d’eux" if facts.alone == 1 else f"Pour {facts.alone} d’entre eux"
        found.append(f"{whom}, c’est la seule réponse à un besoin prioritaire.")
    if facts.kept:
        found.append(f"{count(facts.kept, 'élève y est', 'élèves y sont')} déjà aujourd’hui.")
    found.append(f"Il sert {number(facts.points)}{NBSP}points de besoin.")
    return found


def closing_words(told: Mapping[str, Any], names: Names) -> list[str]:
    """Return what closing a group would cost, in sentences. told: as the optimiser's `why_open` tells it."""
    if told["pinned"]:
        return ["Une place fixée à la demande le garde ouvert."]
    cost = told["closing"]
    if cost["impossible"]:
        return ["Sans lui, aucune composition ne respecte les règles et les demandes."]
    if cost["exact"] and cost["least"] == 0:
        found = ["Le fermer ne coûterait rien\u00a0: une autre composition vaut autant."]
    elif not is_known(cost):
        found = ["Le temps a manqué pour le calculer."]
    else:
        found = [f"Effet sur le total\u00a0: {cost_words(cost)}, les élèves replacés au mieux."]
    moved = told["displaced"]
    if moved:
        change = "changerait" if len(moved) == 1 else "changeraient"
        found.append(
            f"{count(len(moved), 'élève')} {change} de groupe\u00a0: {people_words(moved, names, most=_FEW)}."
        )
    return found


def closing_body(told: Mapping[str, Any], names: Names) -> Component:
    """Return the same, as it stands in the panel."""
    return html.Div([html.P(words, className="s") for words in closing_words(told, names)])
