"""Step 2 in place: the search under way, or what was found, beside the other proposals of the same bilan."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import link_button
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import count, percent
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.compare import side_by_side
from apdash.pages.regrouping.dial import dial_card
from apdash.pages.regrouping.dial_view import dial_shown, is_recommended
from apdash.pages.regrouping.propose import Found, needs_card, summary_card
from apdash.pages.regrouping.understanding import understanding, understood
from apdash.pages.regrouping.view import View, found_of
from apdash.rebalancing.plan import need_changes, plan_of, strong_from
from apdash.store.queries.proposals import proposal

_BESIDE = 4


def result_step(services: Services, viewer: Viewer, at: Asked, view: View, rows: pl.DataFrame) -> Component:
    """Return what a proposal changes. rows: the proposals of the band and bilan, newest first."""
    if view.plan is None or view.found is None:
        return html.Div()
    needs = pl.DataFrame(
        [(code, short, axis) for code, (_, short, axis) in view.names.needs.items()],
        schema=["need", "label", "axis"],
        orient="row",
    )
    changes = needs.join(need_changes(view.plan), on="need", maintain_order="left").filter(
        pl.col("axis") != "none"
    )
    beside = _beside(services, viewer, view, rows)
    links = {item.number: at.href(proposition=item.number, eleve=None) for item in beside}
    dial = {item.dial: links[item.number] for item in reversed(beside) if item.number != view.row.id}
    body, live = dial_shown(services, viewer, view)
    left = [
        dial_card(body, live=live, found=view.found, links=dial),
        needs_card(changes, strong=strong_from(view.row.problem)),
        side_by_side(beside, shown=view.row.id, links=links),
    ]
    right = _right(services, viewer, at, view, view.found)
    return html.Div(
        [
            html.Div(
                [html.Div(left, className="rg-col"), html.Div(right, className="rg-col")],
                className="rg-grid rg-found",
            ),
            _rules(view, at),
        ],
        className="rg-col",
    )


def _right(services: Services, viewer: Viewer, at: Asked, view: View, found: Found) -> list[Component]:
    """Return the key figures of a proposal, and what explains it under them."""
    now = understood(services, viewer, at, view)
    summary = summary_card(
        found,
        adjust=at.href(etape="ajuster", proposition=view.row.id),
        recommended=is_recommended(services, viewer, view),
        history=now.history,
    )
    return [summary, understanding(now)]


def _beside(services: Services, viewer: Viewer, view: View, rows: pl.DataFrame) -> list[Found]:
    """Return the proposal shown and the last ones for the same day, oldest first."""
    same_day = pl.col("effective_from") == view.row.effective_from
    usable = rows.filter(pl.col("status").is_in(["optimal", "feasible"]) & same_day)["proposal"].to_list()
    numbers = sorted({view.row.id, *[number for number in usable if number != view.row.id][: _BESIDE - 1]})
    found = []
    for number in numbers:
        row = proposal(services.store, viewer, proposal=number)
        found.append(found_of(row, plan_of(row.problem, row.solution)))
    return found


def _rules(view: View, at: Asked) -> Component:
    """Return the rules a proposal was computed with, as small labels."""
    rules, problem = view.row.problem["rules"], view.row.problem
    fixed, banned, held = (len(problem.get(part, [])) for part in ("pins", "bans", "pairs"))
    words = [
        f"{rules['max_needs_open']} besoins ouverts au plus",
        f"{percent(rules['max_division_share'])} au plus d’une même division, dès trois",
        f"prioritaire à partir de {rules['urgent_from']}",
        count(fixed, "place fixée", "places fixées") if fixed else "",
        count(banned, "interdiction") if banned else "",
        count(held, "paire ensemble", "paires ensemble") if held else "",
    ]
    return html.Div(
        [
            html.B("Règles appliquées"),
            *[badge(word) for word in words if word],
            link_button("Modifier les règles", at.href(etape="preparer"), kind="quiet btn-sm"),
        ],
        className="rg-chips",
    )


def nothing_step(at: Asked) -> Component:
    """Return the form of a bilan without any proposal yet."""
    action = link_button("Préparer la recherche", at.href(etape="preparer"), kind="primary")
    return empty("Aucune proposition pour ce bilan", "Vérifiez les données et lancez la recherche.", action)
