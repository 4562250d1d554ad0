"""The chart of the dial: need covered against moves, the plan of today as reference, one point recommended."""

from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from apdash.labels import NBSP, count, percent
from apdash.pages.regrouping.figures import ACCENT, ALERT, FONT, GREY, INK, INK_3, LINE, bare

_HEIGHT = 300


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands out: today's groups (share covered), the point recommended, the proposal on screen.

    today: 0 to 1; recommended: a place among the points, None while they are still coming; here: its moves and share.
    """

    today: float
    recommended: int | None
    here: tuple[int, float] | None
    impossible_below: int


def dial_frontier(points: pl.DataFrame, marks: Marks) -> go.Figure:
    """Return the frontier between moves and need covered.

    points: max_moves, moves, covered (0 to 1), urgent (students served), left (places without a group), by growing
    moves; a point carries its max_moves as customdata.
    """
    figure = go.Figure()
    if points.is_empty():
        return bare(figure, height=_HEIGHT)
    values = [*points["covered"].to_list(), marks.today, *([marks.here[1]] if marks.here else [])]
    low, high = min(values), max(values)
    room = max(0.01, high - low)
    bottom, top = low - 0.28 * room, high + 0.3 * room
    best = None if marks.recommended is None else points["covered"][marks.recommended]
    over = best is not None and marks.today > best  # away from the word that recommends
    far = max(int(points["moves"].max() or 0), 1)
    if marks.impossible_below > 0:
        figure.add_trace(_impossible(marks.impossible_below, bottom=bottom, top=top))
    figure.add_traces([_line(points), _today(marks, over=over), _points(points, marks)])
    if marks.recommended is not None:
        _recommend(figure, points, marks.recommended)
    _leaving_out(figure, points)
    bare(figure, height=_HEIGHT)
    figure.update_xaxes(
        visible=True, range=[-0.04 * far, 1.07 * far], zeroline=False,
        title={"text": "déplacements", "standoff": 6, "font": {"size": 12, "color": INK_3}},
        showgrid=False, showline=True, linecolor=GREY, tickfont={"size": 12, "color": INK_3}, fixedrange=True,
        nticks=7, tickformat="d",
    )  # fmt: skip
    ticks = [low + share * room for share in (0.0, 0.5, 1.0)]
    figure.update_yaxes(
        visible=True, range=[bottom, top], tickvals=ticks, ticktext=[percent(tick, 1) for tick in ticks],
        gridcolor=LINE, zeroline=False, tickfont={"size": 12, "color": INK_3}, fixedrange=True,
    )  # fmt: skip
    figure.update_layout(margin={"l": 54, "r": 10, "t": 8, "b": 44}, font=FONT, hovermode="closest")
    return figure


def _line(points: pl.DataFrame) -> go.Scatter:
    return go.Scatter(
        x=points["moves"].to_list(),
        y=points["covered"].to_list(),
        mode="lines",
        name="meilleures compositions",
        line={"color": GREY, "width": 2},
        hoverinfo="skip",
    )


def _points(points: pl.DataFrame, marks: Marks) -> go.Scatter:
    here = [marks.here == (row["moves"], row["covered"]) for row in points.iter_rows(named=True)]
    words = [
        f"{count(row['moves'], 'déplacement')}{NBSP}: {percent(row['covered'], 1)} du besoin couvert, "
        f"{count(row['urgent'], 'élève prioritaire servi', 'élèves prioritaires servis')}"
        + (f", {count(row['left'], 'place')} sans groupe" if row["left"] else "")
        for row in points.iter_rows(named=True)
    ]
    return go.Scatter(
        x=points["moves"].to_list(),
        y=points["covered"].to_list(),
        customdata=points["max_moves"].to_list(),
        mode="markers+text",
        name="points du cadran",
        text=[str(moves) for moves in points["moves"]],
        textfont={"size": 11, "color": ["#ffffff" if on else INK for on in here]},
        marker={
            "size": 25,
            "color": [ACCENT if on else "#ffffff" for on in here],
            "line": {"color": [ACCENT if on else INK_3 for on in here], "width": 1.6},
        },
        hovertext=words,
        hoverinfo="text",
        cliponaxis=False,
    )


def _today(marks: Marks, *, over: bool) -> go.Scatter:
    """Return today's groups as a square and, when it is none of the points, the proposal on screen as a small disc.

    over: today's groups are named over their square, not under it.
    """
    x, y, symbols, colours, words = (
        [0],
        [marks.today],
        ["square"],
        ["#ffffff"],
        [f"Groupes actuels{NBSP}: {percent(marks.today, 1)}"],
    )
    if marks.here is not None:
        x, y = [*x, marks.here[0]], [*y, marks.here[1]]
        symbols, colours = [*symbols, "circle"], [*colours, ACCENT]
        words = [
            *words,
            f"À l’écran{NBSP}: {count(marks.here[0], 'déplacement')}, {percent(marks.here[1], 1)}",
        ]
    return go.Scatter(
        x=x,
        y=y,
        mode="markers+text",
        name="groupes actuels",
        text=[words[0], *[""] * (len(x) - 1)],
        textposition="top right" if over else "bottom right",
        textfont={"size": 12},
        marker={"size": 11, "symbol": symbols, "color": colours, "line": {"color": INK, "width": 2}},
        hovertext=words,
        hoverinfo="text",
        cliponaxis=False,
    )


def _impossible(below: int, *, bottom: float, top: float) -> go.Scatter:
    return go.Scatter(
        x=[0, below, below, 0],
        y=[bottom, bottom, top, top],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor="rgba(0,0,0,0)",
        fillpattern={"shape": "/", "fgcolor": "#c9c6bd", "size": 7, "solidity": 0.18},
        name="impossible",
        hoverinfo="skip",
    )


def _leaving_out(figure: go.Figure, points: pl.DataFrame) -> None:
    """Write over each point how many places it leaves without a group: that is why others cover less."""
    for row in points.filter(pl.col("left") > 0).iter_rows(named=True):
        figure.add_annotation(
            x=row["moves"], y=row["covered"], yshift=22, showarrow=False,
            text=f"{row['left']}{NBSP}sans groupe", font={"color": ALERT, "size": 11},
        )  # fmt: skip


def _recommend(figure: go.Figure, points: pl.DataFrame, place: int) -> None:
    """Set off a point with a ring and a word, where the curve does not pass: above on the left, or below."""
    row = points.row(place, named=True)
    figure.add_trace(
        go.Scatter(
            x=[row["moves"]],
            y=[row["covered"]],
            mode="markers",
            name="recommandé",
            marker={"size": 33, "color": "rgba(0,0,0,0)", "line": {"color": ACCENT, "width": 2}},
            hoverinfo="skip",
        )
    )
    earlier = points.row(place - 1, named=True)["covered"] if place else row["covered"]
    rises, begins = earlier <= row["covered"], row["moves"] < 0.15 * points["moves"].max()
    above = rises and not begins
    figure.add_annotation(
        x=row["moves"], y=row["covered"], yshift=(40 if row["left"] else 27) if above else -27, showarrow=False,
        xshift=14 if above else 0, xanchor="left" if begins else "right" if above else "center",
        text="<b>★ recommandé</b>", font={"color": ACCENT, "size": 13}, bgcolor="rgba(255,255,255,0.85)",
    )  # fmt: skip
