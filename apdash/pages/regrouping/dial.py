"""The card « Jusqu’où déplacer les élèves ? »: the dial as a chart, as buttons and as a table, always in step."""

from collections.abc import Sequence

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card, said
from apdash.components.states import notice
from apdash.components.still import still
from apdash.labels import count, number, percent, signed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.dial_figures import Marks, dial_frontier
from apdash.pages.regrouping.dial_words import recommendation
from apdash.pages.regrouping.propose import Found, presets
from apdash.pages.regrouping.tables import figures_table
from apdash.rebalancing.dial import Dial, DialPoint, chosen, gained

_GRAPH = {"displayModeBar": False, "responsive": True}


def dial_card(
    body: Sequence[Component], *, live: bool, found: Found, links: dict[str, str | None]
) -> Component:
    """Return the card around the dial. live: its points are still to come, ask for news; links: as `presets`."""
    return card(
        "Jusqu’où déplacer les élèves ?",
        [
            html.Div(body, id=ids.DIAL_BOX),
            dcc.Interval(id=ids.DIAL_TICK, interval=500, disabled=not live),
            html.Details(
                [html.Summary("Chercher avec une autre limite"), presets(chosen=found.dial, links=links)],
                className="rg-more mt-2",
            ),
        ],
        sub="chaque point est la meilleure composition pour ce nombre de déplacements",
    )


def dial_body(dial: Dial, *, found: Found, least: float) -> list[Component]:
    """Return the dial complete: chart, choice, why one point is recommended, table. least: points a move must bring."""
    choice = chosen(dial.points, least=least)
    best = choice.place
    return [
        _chart(dial, found=found, recommended=best),
        _choice(dial.points, found=found, recommended=best),
        _why(recommendation(dial, choice)),
        html.Details([html.Summary("Voir en tableau"), _table(dial, best)], className="rg-more"),
    ]


def dial_under_way(dial: Dial | None, *, found: Found, told: str) -> list[Component]:
    """Return the dial while its points come."""
    words = html.P(told, className="s muted", role="status")
    if dial is None:
        return [html.Div(className="skeleton rg-dial-wait"), words]
    return [_chart(dial, found=found, recommended=None), words]


def dial_missing(title: str, words: str) -> list[Component]:
    """Return why there is no dial."""
    return [notice("info", title, words)]


def _why(told: Sequence[str]) -> Component:
    first, *others = [said(words) for words in told]
    return html.Div(
        [html.P(html.B(first)), html.Ul([html.Li(words) for words in others], className="rg-facts")],
        className="s rg-dial-why",
    )


def _chart(dial: Dial, *, found: Found, recommended: int | None) -> Component:
    rows = [
        (
            point.max_moves,
            point.moves,
            point.figures.covered,
            point.figures.served_urgent,
            point.figures.unplaced,
        )
        for point in dial.points
    ]
    whole = dict.fromkeys(("max_moves", "moves", "covered", "urgent", "left"), pl.Int64)
    points = pl.DataFrame(rows, schema=whole | {"covered": pl.Float64}, orient="row")
    marks = Marks(
        today=dial.before.covered,
        recommended=recommended,
        here=(found.moves.total, found.after.covered),
        impossible_below=dial.points[0].moves if dial.fewest_proven and dial.points else 0,
    )
    figure = dial_frontier(points, marks)
    graph = dcc.Graph(
        id=ids.DIAL_CHART, figure=figure, config=_GRAPH, responsive=True, className="rg-dial-chart"
    )
    return html.Div([html.Div("besoin couvert", className="xs muted"), graph], **{"aria-hidden": "true"})


def _choice(points: Sequence[DialPoint], *, found: Found, recommended: int) -> Component:
    buttons = [
        html.Button(
            [number(point.moves), html.Span("\u00a0★", title="recommandé") if place == recommended else None],
            id={"type": ids.DIAL_POINT, "moves": point.max_moves},
            type="button",
            n_clicks=0,
            className="on" if is_shown(point, found) else "",
            **{
                "aria-pressed": "true" if is_shown(point, found) else "false",
                "aria-label": f"{count(point.moves, 'déplacement')}, {percent(point.figures.covered, 1)} du besoin"
                + (", recommandé" if place == recommended else ""),
            },
        )
        for place, point in enumerate(points)
    ]
    return html.Div(
        [html.Span("Déplacements", className="s soft"),
         html.Div(buttons, className="seg rg-dial", role="group", **{"aria-label": "Points du cadran"})],
        className="d-flex flex-wrap align-items-center gap-2",
    )  # fmt: skip


def is_shown(point: DialPoint, found: Found) -> bool:
    """Tell whether a point of the dial is the proposal on screen."""
    return (point.moves, point.figures) == (found.moves.total, found.after)


def _table(dial: Dial, best: int) -> Component:
    steps = ["–", *[f"{signed(gain)}" for gain in gained(dial.points)]]
    rows = [
        [
            f"{number(point.moves)}{' ★' if place == best else ''}",
            percent(point.figures.covered, 1),
            steps[place],
            f"{point.figures.served_urgent} sur {point.figures.urgent}",
            number(point.figures.unplaced),
            number(point.staff_only),
            f"{point.figures.groups} ({point.figures.needs})",
        ]
        for place, point in enumerate(dial.points)
    ]
    head = ["Déplacements", "Besoin couvert", "Points par déplacement", "Prioritaires servis", "Places sans groupe",
            "Adulte seulement", "Groupes (besoins)"]  # fmt: skip
    today = [
        "Groupes actuels",
        percent(dial.before.covered, 1),
        "–",
        f"{dial.before.served_urgent} sur {dial.before.urgent}",
        number(dial.before.unplaced),
        "–",
        f"{dial.before.groups} ({dial.before.needs})",
    ]
    return still(figures_table(head, [today, *rows]))
