"""Figures of the needs page: frame in, figure out."""

import plotly.graph_objects as go
import polars as pl

from apdash.labels import NBSP, percent

INK, INK_2, LINE, GRID, ACCENT = "#1c2126", "#454c54", "#85878a", "#eceae4", "#0b5a63"
CLASS_INKS = ("#ffffff", "#ffffff", "#fbf0e3", "#f3d3ae", "#e0a062", "#96400f")
ROW = 30
LABEL_FROM = 0.035  # a segment narrower than this share of the longest bar carries no number


def needs_distribution(classes: pl.DataFrame) -> go.Figure:
    """Return how many students stand in each class of intensity, a bar a need, the most needed first.

    classes: as `summary.class_counts`. An empty frame gives an empty figure with its words.
    """
    if classes.is_empty() or classes["students"].sum() == 0:
        return _nothing()
    strong = pl.col("students").filter(pl.col("rank") >= 4).sum()
    urgent = pl.col("students").filter(pl.col("rank") == 5).sum()
    order = classes.group_by("short_name", maintain_order=True).agg(
        strong=strong, urgent=urgent, students=pl.col("students").sum()
    ).sort("strong", "urgent", maintain_order=True)  # fmt: skip
    longest = order["students"].max()
    figure = go.Figure()
    for (name, rank), part in classes.sort("rank").group_by("class", "rank", maintain_order=True):
        counted = part["students"].to_list()
        figure.add_bar(
            name=name,
            y=part["short_name"].to_list(),
            x=counted,
            orientation="h",
            text=[str(n) if n >= longest * LABEL_FROM else "" for n in counted],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#ffffff" if rank == 5 else INK_2, "size": 12},
            marker={
                "color": CLASS_INKS[rank],
                "line": {"color": LINE if rank < 2 else CLASS_INKS[rank], "width": 0.7},
                "pattern": {
                    "shape": "/" if rank == 0 else "",
                    "fgcolor": "#c9c5bb",
                    "size": 5,
                    "solidity": 0.25,
                },
            },
            hovertemplate=f"%{{y}}, {name}{NBSP}: %{{x}} élèves<extra></extra>",
        )
    figure.update_layout(_layout(order.height), barmode="stack", bargap=0.28)
    figure.update_xaxes(title_text="Nombre d’élèves")
    figure.update_yaxes(categoryorder="array", categoryarray=order["short_name"].to_list())
    return figure


def needs_change(shares: pl.DataFrame, *, reviews: list[tuple[int, str]]) -> go.Figure:
    """Return, need by need, the share of students at 60 or more from one bilan to the next, as dumbbells.

    shares: short_name, review, share (0 to 1, nullable). reviews: (id, label), oldest first; the last one is drawn
    full, the one before as a ring, older ones as grey dots.
    """
    known = shares.drop_nulls("share")
    if known.is_empty():
        return _nothing()
    last = known.filter(review=reviews[-1][0]).sort("share", maintain_order=True)
    order = last["short_name"].to_list()
    figure = go.Figure()
    for position, (review, label) in enumerate(reviews[:-1]):
        _add_dots(figure, known.filter(review=review), label, older=position < len(reviews) - 2)
    if len(reviews) > 1:
        _add_bars(figure, known.filter(review=reviews[-2][0]), last)
    _add_now(figure, last, known.filter(review=reviews[-2][0]) if len(reviews) > 1 else last, reviews[-1][1])
    figure.update_layout(_layout(len(order)))
    figure.update_xaxes(
        title_text="Élèves renseignés à 60 ou plus (%)",
        ticksuffix=f"{NBSP}%",
        range=[-3, min(103, 100 * float(known["share"].max()) + 9)],
    )
    figure.update_yaxes(categoryorder="array", categoryarray=order)
    return figure


def _add_bars(figure: go.Figure, before: pl.DataFrame, now: pl.DataFrame) -> None:
    """Join the two ends of each dumbbell."""
    pairs = before.join(now, on="short_name", suffix="_now").with_columns(gap=pl.lit(None, pl.Float64))
    ends = pairs.select(pl.concat_list("share", "share_now", "gap").alias("x"), "short_name").explode("x")
    figure.add_scatter(
        x=(ends["x"] * 100).to_list(),
        y=ends["short_name"].to_list(),
        name="écart",
        mode="lines",
        line={"color": LINE, "width": 2},
        hoverinfo="skip",
        zorder=-1,
    )


def _add_dots(figure: go.Figure, rows: pl.DataFrame, label: str, *, older: bool) -> None:
    figure.add_scatter(
        x=(rows["share"] * 100).to_list(),
        y=rows["short_name"].to_list(),
        name=label,
        mode="markers",
        marker={
            "size": 7 if older else 11,
            "color": "#c9c5bb" if older else "#ffffff",
            "line": {"color": LINE, "width": 0 if older else 2},
        },
        hovertemplate=f"%{{y}}, {label}{NBSP}: %{{x:.0f}}{NBSP}%<extra></extra>",
    )


def _add_now(figure: go.Figure, now: pl.DataFrame, before: pl.DataFrame, label: str) -> None:
    """Draw where each need stands, its number written on the side the dumbbell does not take."""
    rows = now.join(
        before.select("short_name", then="share"), on="short_name", how="left", maintain_order="left"
    )
    left = (rows["then"] > rows["share"]).fill_null(True).to_list()
    figure.add_scatter(
        x=(rows["share"] * 100).to_list(),
        y=rows["short_name"].to_list(),
        name=label,
        mode="markers+text",
        cliponaxis=False,
        text=[
            f"{percent(share)}   " if on_left else f"   {percent(share)}"
            for share, on_left in zip(rows["share"], left, strict=True)
        ],
        textposition=["middle left" if on_left else "middle right" for on_left in left],
        textfont={"color": INK, "size": 12},
        marker={"size": 11, "color": ACCENT},
        hovertemplate=f"%{{y}}, {label}{NBSP}: %{{x:.0f}}{NBSP}%<extra></extra>",
    )


def _layout(rows: int) -> dict:
    return {
        "height": 76 + ROW * rows,
        "margin": {"l": 104, "r": 12, "t": 6, "b": 48},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "separators": ",\u202f",
        "font": {
            "family": "Segoe UI, Roboto, Liberation Sans, Arial, sans-serif",
            "size": 13,
            "color": INK_2,
        },
        "hoverlabel": {"bgcolor": "#ffffff", "bordercolor": LINE, "font": {"color": INK}},
        "dragmode": False,
        "xaxis": {
            "gridcolor": GRID,
            "zeroline": False,
            "title": {"font": {"size": 12}},
            "tickfont": {"size": 12},
            "fixedrange": True,
        },
        "yaxis": {"ticksuffix": "  ", "fixedrange": True, "showgrid": False},
    }


def _nothing() -> go.Figure:
    figure = go.Figure(layout=_layout(4))
    figure.add_annotation(text="Aucune donnée", showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper")
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure
