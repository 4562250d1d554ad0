"""The minutes of a regrouping: the proposals of a bilan beside one another, without the name of any student."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.compare import side_by_side
from apdash.pages.regrouping.view import found_of
from apdash.rebalancing.plan import plan_of
from apdash.store.queries.proposals import proposal

_MOST = 6


def minutes_part(
    services: Services, viewer: Viewer, rows: pl.DataFrame, links: Mapping[int, str]
) -> Component | None:
    """Return the figures of the latest proposals that gave groups, oldest first, and the button that prints the page.

    rows: as `queries.proposals.proposals`, newest first. None when no proposal gave any.
    """
    usable = rows.filter(pl.col("status").is_in(["optimal", "feasible"]))["proposal"].to_list()[:_MOST]
    if not usable:
        return None
    found = []
    for number in sorted(usable):
        row = proposal(services.store, viewer, proposal=number)
        found.append(found_of(row, plan_of(row.problem, row.solution)))
    icon = html.I(className="bi bi-printer", **{"aria-hidden": "true"})
    told = "Imprimer le compte rendu"
    press = html.Button(
        [icon, html.Span(told)], type="button", className="btn btn-outline", **{"data-print": "page"}
    )
    about = html.P(
        "Aucun nom d’élève, aucune intensité\u00a0: ce relevé peut être partagé.", className="s muted"
    )
    return html.Div(
        [side_by_side(found, shown=found[-1].number, links=links), about, press], className="stack"
    )
