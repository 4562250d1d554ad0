"""The needs in a table: how many students each concerns, who is served, and what it was at the bilan before."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.labels import NBSP, number, percent, signed
from apdash.pages.needs.history import before_and_now
from apdash.pages.needs.picture import Picture
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services

_TITLES = (
    "Besoin",
    "Renseignés",
    "À confirmer",
    "Médiane",
    "60 ou plus",
    "75 ou plus",
    "dont servis",
    "Bilan précédent",
    "Évolution",
)


def table_view(
    services: Services, viewer: Viewer, picture: Picture, params: Params, counts: pl.DataFrame
) -> Component:
    """Return the card of the table."""
    before = _before(services, viewer, picture)
    head = html.Tr(
        [html.Th(title, scope="col", className=None if title == "Besoin" else "num") for title in _TITLES]
    )
    rows = [_row(row, before.get(row["code"])) for row in counts.to_dicts()]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="tbl needs-table")
    return card(
        "Combien d’élèves, besoin par besoin",
        html.Div(table, className="scroll-x"),
        sub="bilan précédent : part des mêmes élèves à 60 ou plus, parmi ceux qui étaient renseignés",
    )


def _row(row: dict, before: tuple[float, float] | None) -> Component:
    share = f"{percent(before[0])}" if before else "–"
    change = _points(before) if before else "–"
    median = "–" if row["median"] is None else number(row["median"])
    numbers = [
        row["known"],
        row["unknown"] or "–",
        median,
        row["strong"],
        row["urgent"],
        row["served"],
        share,
        change,
    ]
    return html.Tr(
        [
            html.Th([axis_mark(row["axis"]), " ", row["label"]], scope="row"),
            *(
                html.Td(value, className="num", **{"data-label": title})
                for value, title in zip(numbers, _TITLES[1:], strict=True)
            ),
        ]
    )


def _points(before: tuple[float, float]) -> str:
    """Return how many points a share moved by: `+ 4 points`."""
    moved = round(100 * (before[1] - before[0]))
    return "stable" if moved == 0 else f"{signed(moved)}{NBSP}point{'s' if abs(moved) > 1 else ''}"


def _before(services: Services, viewer: Viewer, picture: Picture) -> dict[str, tuple[float, float]]:
    """Return, by need, the share at the bilan before and the share now."""
    reviews, shares = before_and_now(services, viewer, picture)
    if len(reviews) < 2:
        return {}
    then = shares.filter(review=reviews[-2][0]).drop_nulls("share")
    now = shares.filter(review=reviews[-1][0]).drop_nulls("share")
    pairs = then.join(now, on="need", suffix="_now").select("need", "share", "share_now")
    return {need: (share, share_now) for need, share, share_now in pairs.iter_rows()}
