"""Closing the bilan of a division: the dialog that says what it costs, and what came in late."""

from collections.abc import Mapping

import dash_bootstrap_components as dbc
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button
from apdash.components.states import notice
from apdash.labels import count, listed, moment, percent
from apdash.pages.reviews import ids
from apdash.store.commands.reviews import ClosingCost

_MOST_TOLD = 6


def close_parts(head: Mapping) -> list[Component]:
    """Return the button that opens the dialog, and the dialog, for who may close."""
    confirm = f"Clore le bilan de la {head['code']}"
    return [
        button(confirm, ids.CLOSE, icon="lock", kind="primary"),
        dbc.Modal(
            [
                dbc.ModalHeader(dbc.ModalTitle(f"{confirm}\u00a0?"), close_button=True),
                dbc.ModalBody(html.Div(id=ids.CLOSE_COST, className="stack cost")),
                dbc.ModalFooter(
                    [
                        button("Laisser ouvert", ids.CLOSE_CANCEL),
                        button("Clore en l’état", ids.CLOSE_CONFIRM, kind="primary"),
                    ]
                ),
            ],
            id=ids.CLOSE_DIALOG,
            is_open=False,
            centered=True,
        ),
    ]


def which(head: Mapping) -> Component:
    """Return the numbers a callback needs to know what is on screen."""
    return dcc.Store(id=ids.WHICH, data={"review": head["review"], "division": head["division"]})


def cost_words(cost: ClosingCost, *, share: float) -> list[Component]:
    """Return what closing now costs: what is missing, which needs will have no number, what stays possible."""
    filled = html.P(f"Les cases attendues sont remplies à {percent(int(100 * share) / 100)}.")
    after = html.P(
        "Les chiffres de ce jour sont gardés. Les saisies tardives restent possibles et ne les déplacent pas.",
        className="s soft",
    )
    if cost.needs.is_empty():
        return [filled, notice("info", "Tous les besoins ont un nombre."), after]
    rows = [
        html.Li(f"{row['short_name']}\u00a0: {count(row['students'], 'élève')}")
        for row in cost.needs.iter_rows(named=True)
    ]
    kept = html.P(
        "Ils restent «\u00a0à confirmer\u00a0» pour ces besoins et peuvent donc changer de groupe\u00a0: "
        "fixez ceux qui doivent rester avant de proposer.",
        className="s soft",
    )
    return [filled, notice("watch", cost.words, html.Ul(rows, className="mb-0")), kept, after]


def closed_notice(
    head: Mapping, late: pl.DataFrame | None, names: Mapping[int, str], needs: Mapping[str, str]
) -> Component:
    """Return what a closed bilan says: since when, what late entries would have changed, for who may reopen it.

    late: late_changes, None for who may not read them; names: of students; needs: short names.
    """
    since = f"Bilan clos le {moment(head['closed_at'])}"
    if late is None:
        return notice(
            "info",
            since,
            "Une saisie tardive est acceptée et datée\u00a0; les chiffres arrêtés ne bougent pas.",
        )
    again = button("Rouvrir la saisie", ids.REOPEN, icon="unlock")
    moved = late.filter("moved") if late.height else late
    changed = moved["student"].unique(maintain_order=True).to_list() if late.height else []
    if not changed:
        return notice(
            "info", since, "Depuis, aucune saisie n’aurait changé le besoin principal d’un élève.", again
        )
    words = [
        _change(moved.filter(pl.col("student") == student), names.get(student, "?"), needs)
        for student in changed[:_MOST_TOLD]
    ]
    if len(changed) > _MOST_TOLD:
        words.append(f"et {count(len(changed) - _MOST_TOLD, 'autre')}")
    many = count(len(changed), "élève aurait", "élèves auraient")
    title = f"{since}\u00a0: {many} changé avec les saisies arrivées depuis"
    return notice("watch", title, html.Ul([html.Li(line) for line in words], className="mb-0"), again)


def _change(rows: pl.DataFrame, name: str, needs: Mapping[str, str]) -> str:
    parts = [
        f"{needs.get(row['need'], row['need']).lower()} {_value(row['frozen'])} → {_value(row['now'])}"
        for row in rows.iter_rows(named=True)
    ]
    return f"{name}\u00a0: {listed(parts)}"


def _value(value: int | None) -> str:
    return "à confirmer" if value is None else str(value)
