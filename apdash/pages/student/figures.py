"""Figures of one student: frame in, figure out."""

import plotly.graph_objects as go
import polars as pl

from apdash.components.marks import URGENT
from apdash.labels import NBSP

INK, INK_2, HIGH, SERVED = "#1c2126", "#5f6770", "#96400f", "#efede7"
HEIGHT = 150  # pixels
MARGIN = 0.35  # room kept at both ends of the row of bilans, in bilans


def need_progress(points: pl.DataFrame) -> go.Figure:
    """Return one need from one bilan to the next, the last one marked, against the threshold of 75.

    points: when (words under the axis), label (bilan), value (0 to 100, nullable), served (a group of this need was
    attended until the next bilan), in the order of time. Bilans without a value leave a gap.
    """
    figure = go.Figure(layout=_layout(max(1, points.height)))
    if points.drop_nulls("value").is_empty():
        figure.add_annotation(text="Aucune donnée", showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper")
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        return figure
    _shade(figure, points)
    figure.add_hline(y=URGENT, line={"color": HIGH, "width": 1.2, "dash": "4px,3px"})
    values = points["value"].to_list()
    last = max(i for i, value in enumerate(values) if value is not None)
    urgent = values[last] >= URGENT
    inks = [(HIGH if urgent else INK) if i == last else "#ffffff" for i in range(len(values))]
    figure.add_scatter(
        x=list(range(len(values))),
        y=values,
        mode="lines+markers",
        line={"color": INK, "width": 2},
        marker={
            "size": [10 if i == last else 8 for i in range(len(values))],
            "color": inks,
            "opacity": 1,
            "line": {
                "color": [HIGH if i == last and urgent else INK for i in range(len(values))],
                "width": 2,
            },
        },
        customdata=points["label"].to_list(),
        hovertemplate=f"%{{customdata}}{NBSP}: %{{y}} sur 100<extra></extra>",
        cliponaxis=False,
    )
    _write(figure, values, last)
    figure.update_xaxes(tickvals=list(range(len(values))), ticktext=points["when"].to_list())
    return figure


def _shade(figure: go.Figure, points: pl.DataFrame) -> None:
    """Put a grey ground where a group of this need was attended between two bilans."""
    served = points["served"].to_list()
    for position in range(points.height - 1):
        if served[position]:
            figure.add_vrect(x0=position, x1=position + 1, fillcolor=SERVED, line_width=0, layer="below")


def _write(figure: go.Figure, values: list[int | None], last: int) -> None:
    """Write each number beside its point, on a white ground so that no line crosses it."""
    for position, value in enumerate(values):
        if value is None:
            continue
        figure.add_annotation(
            x=position,
            y=value,
            yshift=13 if _above(values, position) else -13,
            text=f"<b>{value}</b>" if position == last else str(value),
            showarrow=False,
            font={"color": INK, "size": 12},
            bgcolor="rgba(255,255,255,0.8)",
            borderpad=0,
        )


def _above(values: list[int | None], position: int) -> bool:
    """Return whether a number goes above its point: not where the line goes, and never out of the figure."""
    value = values[position] or 0
    around = [
        v
        for v in (*values[max(0, position - 1) : position], *values[position + 1 : position + 2])
        if v is not None
    ]
    return value < 92 and (not around or value >= sum(around) / len(around) or value < 12)


def _layout(many: int) -> dict:
    return {
        "height": HEIGHT,
        "margin": {"l": 4, "r": 4, "t": 6, "b": 22},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "font": {"family": "Segoe UI, Roboto, Liberation Sans, Arial, sans-serif", "size": 12, "color": INK_2},
        "hoverlabel": {"bgcolor": "#ffffff", "font": {"color": INK}},
        "xaxis": {
            "range": [-MARGIN, many - 1 + MARGIN], "showgrid": False, "zeroline": False, "fixedrange": True,
            "tickfont": {"size": 11},
        },
        "yaxis": {"range": [-4, 112], "visible": False, "fixedrange": True},
    }  # fmt: skip
