"""Proposals beside one another and beside the present groups."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.components.still import still
from apdash.labels import NBSP, number, percent
from apdash.pages.regrouping.propose import DIAL, Found
from apdash.pages.regrouping.tables import figures_table
from apdash.rebalancing.quality import Figures

_LEFT = "Places sans groupe (élève × créneau)"


def side_by_side(found: Sequence[Found], *, shown: int, links: Mapping[int, str]) -> Component:
    """Return the proposals beside the present groups, a column each."""
    if not found:
        return card("Propositions côte à côte", html.P("Aucune proposition.", className="muted"))
    now = next((item.before for item in found if item.number == shown), found[0].before)
    rows: list[list[Component | str]] = [
        ["Déplacements", "–", *[number(item.moves.total) for item in found]],
        ["Besoin couvert", percent(now.covered, 1), *[percent(item.after.covered, 1) for item in found]],
        ["Élèves prioritaires servis", _share(now), *[_share(item.after) for item in found]],
        ["Changent seulement d’adulte", "–", *[number(item.moves.staff) for item in found]],
        ["Restent au-delà des périodes", number(now.worn), *[number(item.after.worn) for item in found]],
        ["Groupes ouverts (besoins)", _open(now), *[_open(item.after) for item in found]],
        [_LEFT, number(now.unplaced), *[number(item.after.unplaced) for item in found]],
        ["Changements permis", "–", *[dict(DIAL).get(item.dial, f"{item.dial}{NBSP}%") for item in found]],
        ["Écart prouvé", "–", *[_gap(item) for item in found]],
    ]
    columns = [dcc.Link(item.label, href=links[item.number]) for item in found]
    hl = 2 + next((index for index, item in enumerate(found) if item.number == shown), -9)
    return card(
        "Propositions côte à côte",
        still(figures_table(["Critère", "Groupes actuels", *columns], rows, highlighted=hl)),
        class_name="rg-compare",
    )


def _gap(item: Found) -> str:
    if item.near:
        return "–"
    if item.proven:
        return "aucun"
    return "–" if item.gap is None else percent(max(item.gap, 0.0), 2 if item.gap < 0.0005 else 1)


def _share(figures: Figures) -> str:
    return f"{figures.served_urgent} sur {figures.urgent}"


def _open(figures: Figures) -> str:
    return f"{figures.groups} ({figures.needs})"
