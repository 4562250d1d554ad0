"""How students are spread over each need, and what changed since the bilans before."""

import plotly.graph_objects as go
import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.states import empty
from apdash.labels import NBSP, count
from apdash.pages.needs.asked import PATH
from apdash.pages.needs.figures import needs_change, needs_distribution
from apdash.pages.needs.history import before_and_now
from apdash.pages.needs.map_view import scale
from apdash.pages.needs.picture import Picture
from apdash.pages.needs.summary import class_counts
from apdash.pages.page import Params
from apdash.rights import Viewer
from apdash.services import Services

_CONFIG = {"displayModeBar": False, "responsive": True}


def distribution_view(
    services: Services, viewer: Viewer, picture: Picture, params: Params, counts: pl.DataFrame
) -> Component:
    """Return the two figures, each with a way to the same numbers in a table."""
    table = dcc.Link("Voir en tableau", href=address(PATH, params, vue="tableau"))
    spread = card(
        _spread_title(counts),
        [
            scale(unknown=True),
            _graph(needs_distribution(class_counts(picture.cells, picture.needs))),
        ],
        sub="élèves par classe d’intensité, de 0 à 100",
        right=table,
    )
    reviews, shares = before_and_now(services, viewer, picture)
    return html.Div([spread, _change(reviews, shares, table)], className="needs-figures")


def _graph(figure: go.Figure) -> Component:
    """Return a figure that takes its place before it is drawn."""
    return dcc.Graph(figure=figure, config=_CONFIG, style={"height": f"{figure.layout.height}px"})


def _change(reviews: list[tuple[int, str]], shares: pl.DataFrame, table: Component) -> Component:
    if len(reviews) < 2:
        words = "La comparaison apparaîtra ici après le bilan suivant."
        return card(
            "D’un bilan à l’autre", empty("C’est le premier bilan de l’année", words, icon="graph-up")
        )
    then, now = reviews[-2][1].lower(), reviews[-1][1].lower()
    keys = [
        html.Span([html.I(className="dot ring"), then], className="lg"),
        html.Span([html.I(className="dot full"), now], className="lg"),
    ]
    if len(reviews) > 2:
        keys.insert(0, html.Span([html.I(className="dot old"), "bilans d’avant"], className="lg"))
    return card(
        _change_title(reviews, shares),
        [
            html.Div(keys, className="map-legend"),
            _graph(needs_change(shares, reviews=reviews)),
        ],
        sub="mêmes élèves, part de ceux qui sont à 60 ou plus",
        right=table,
    )


def _spread_title(counts: pl.DataFrame) -> str:
    """Return how many strong needs there are, and how many of them are worked now."""
    urgent, served = int(counts["urgent"].sum()), int(counts["served"].sum())
    if urgent == 0:
        return "Aucun besoin n’atteint 75"
    worked = f"{served} travaillé{'s' if served > 1 else ''} dans un groupe actuel"
    return f"{count(urgent, 'besoin')} à 75 ou plus, dont {worked}"


def _change_title(reviews: list[tuple[int, str]], shares: pl.DataFrame) -> str:
    """Return the need whose share moved most since the bilan before."""
    then, now = (shares.filter(review=review).drop_nulls("share") for review, _ in reviews[-2:])
    moved = then.join(now, on="need", suffix="_now").with_columns(
        by=((pl.col("share_now") - pl.col("share")) * 100).round().cast(pl.Int64)
    )
    most = moved.sort(pl.col("by").abs(), descending=True, maintain_order=True).head(1)
    if most.is_empty() or most["by"].item() == 0:
        return f"Rien n’a bougé depuis le {reviews[-2][1].lower()}"
    row = most.row(0, named=True)
    verb = "recule" if row["by"] < 0 else "progresse"
    points = f"{abs(row['by'])}{NBSP}point{'s' if abs(row['by']) > 1 else ''}"
    return f"{row['short_name']} {verb} le plus depuis le {reviews[-2][1].lower()}{NBSP}: {points}"
