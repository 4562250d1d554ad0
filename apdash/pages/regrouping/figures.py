"""Charts of a proposal: who is served before and after, and the flows between needs."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from apdash.labels import NBSP, percent, signed

INK, INK_3, LINE, GREY = "#1c2126", "#5f6770", "#eceae4", "#85878a"
ACCENT, ALERT = "#0b5a63", "#9b2c12"
_AXES = {"REM": ("#1f4e9e", "■"), "APP": ("#b1528d", "▲"), "ORI": ("#b08000", "●"), "DEV": ("#5b6b26", "◆")}
FONT = {
    "family": "Segoe UI, Roboto, Noto Sans, Liberation Sans, Arial, sans-serif",
    "size": 13,
    "color": INK,
}
_ROW, _NARROW_ROW = 27, 44
WRITTEN_FROM = 4  # students: thinner ribbons are read in the table


def needs_dumbbell(rows: pl.DataFrame, *, narrow: bool = False) -> go.Figure:
    """Return one line a need: the share of students with a strong need who work on it, before and after.

    rows: label, axis, strong, served_before, served_after, places_before, places_after; the first is drawn on top.
    narrow: for a phone, names and counts stand above their lines instead of beside them.
    """
    shares = rows.filter(pl.col("strong") > 0).with_columns(
        before=pl.col("served_before") / pl.col("strong"), after=pl.col("served_after") / pl.col("strong")
    )
    figure = go.Figure()
    if shares.is_empty():
        return bare(figure, height=120)
    labels = shares["label"].to_list()
    figure.add_traces([_link(row) for row in shares.iter_rows(named=True)])
    figure.add_trace(
        go.Scatter(
            x=shares["before"].to_list(),
            y=labels,
            mode="markers",
            name="aujourd’hui",
            marker={"size": 11, "color": "#ffffff", "line": {"color": INK_3, "width": 1.6}},
            hoverinfo="skip",
        )
    )
    figure.add_trace(_after(shares, labels))
    _name_rows(figure, shares, narrow=narrow)
    bare(figure, height=(_NARROW_ROW if narrow else _ROW) * len(labels) + 44)
    figure.update_xaxes(
        visible=True, range=[-0.03, 1.12], tickvals=[0, 0.25, 0.5, 0.75, 1], side="top", gridcolor=LINE,
        ticktext=[percent(0), "", percent(0.5), "", percent(1)], tickangle=0, tickfont={"size": 12, "color": INK_3},
        zeroline=False, fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(
        visible=True, categoryorder="array", categoryarray=labels[::-1], showgrid=False, showticklabels=False,
        fixedrange=True,
    )  # fmt: skip
    figure.update_layout(margin={"l": 30 if narrow else 150, "r": 20 if narrow else 78, "t": 26, "b": 4})
    return figure


def _link(row: dict) -> go.Scatter:
    gains = row["after"] >= row["before"]
    return go.Scatter(
        x=[row["before"], row["after"]],
        y=[row["label"], row["label"]],
        mode="lines",
        line={"color": ACCENT if gains else GREY, "width": 3},
        hoverinfo="skip",
        showlegend=False,
    )


def _after(shares: pl.DataFrame, labels: list[str]) -> go.Scatter:
    gained = (shares["after"] >= shares["before"]).to_list()
    change = [
        "=" if round(100 * (after - before)) == 0 else signed(100 * (after - before))
        for before, after in shares.select("before", "after").iter_rows()
    ]
    words = [
        f"{row['label']}\u00a0: {row['served_after']} sur {row['strong']} avec la proposition, "
        f"{row['served_before']} aujourd’hui"
        for row in shares.iter_rows(named=True)
    ]
    return go.Scatter(
        x=shares["after"].to_list(),
        y=labels,
        mode="markers+text",
        name="avec la proposition",
        marker={"size": 11, "color": [ACCENT if up else GREY for up in gained]},
        text=[f"<b>{text}</b>" for text in change],
        textposition=["middle right" if up else "middle left" for up in gained],
        textfont={"size": 12, "color": [ACCENT if up else INK_3 for up in gained]},
        hovertext=words,
        hoverinfo="text",
        cliponaxis=False,
    )


def _name_rows(figure: go.Figure, shares: pl.DataFrame, *, narrow: bool) -> None:
    """Write names at the left, each behind the mark of its axis, and counts at the right; above the line if narrow."""
    left, right, up = (-28, 18, 17) if narrow else (-146, 74, 0)
    rows = list(shares.iter_rows(named=True))
    for row in rows:
        colour, mark = _AXES.get(row["axis"], (GREY, "□"))
        figure.add_annotation(
            x=0, xref="paper", xshift=left, yshift=up, y=row["label"], xanchor="left", showarrow=False, align="left",
            text=f"<span style='color:{colour}'>{mark}</span>{NBSP}{NBSP}{row['label']}",
        )  # fmt: skip
        figure.add_annotation(
            x=1, xref="paper", xshift=right, yshift=up, y=row["label"], xanchor="right", showarrow=False,
            text=f"{row['served_before']}{NBSP}→{NBSP}{row['served_after']}{NBSP}/{NBSP}{row['strong']}",
            font={"size": 12, "color": INK_3},
        )  # fmt: skip


def moves_alluvial(flows: pl.DataFrame, *, order: Sequence[str]) -> go.Figure:
    """Return ribbons between the needs of today and those of the proposal; grey stays, the accent moves.

    flows: before, after (labels), students (places); order: labels from top to bottom. The number is written
    from four on; names stand on the ends of the ribbons, which have the whole width of a phone.
    """
    figure = go.Figure()
    if flows.is_empty():
        return bare(figure, height=120)
    rank = {name: place for place, name in enumerate(order)}
    placed = {
        side: pl.col(side).replace_strict(rank, default=len(rank), return_dtype=pl.Int64)
        for side in ("before", "after")
    }
    left, right = (
        flows.group_by(side).agg(pl.col("students").sum()).sort(by, side) for side, by in placed.items()
    )
    gap = max(1.0, flows["students"].sum() * 0.025)
    starts, ends = _stack(left, gap), _stack(right, gap)
    cursor_left, cursor_right = dict(starts), dict(ends)
    for row in flows.sort(*placed.values()).iter_rows(named=True):
        a, b, size = cursor_left[row["before"]], cursor_right[row["after"]], row["students"]
        cursor_left[row["before"]], cursor_right[row["after"]] = a + size, b + size
        figure.add_trace(_ribbon(row, a, b, size))
        if size >= WRITTEN_FROM and row["before"] != row["after"]:
            figure.add_annotation(
                x=0.5, y=(a + b + size) / 2, text=f"<b>{size}</b>", showarrow=False, font={"color": ACCENT},
                bgcolor="rgba(255,255,255,0.9)", borderpad=1,
            )  # fmt: skip
    for side, blocks, tops in ((0, left, starts), (1, right, ends)):
        for name, size in blocks.iter_rows():
            figure.add_annotation(
                x=side, y=tops[name] + size / 2, xanchor=("left", "right")[side], xshift=(4, -4)[side],
                text=f"{name}{NBSP}<b>{size}</b>", showarrow=False, bgcolor="rgba(255,255,255,0.82)", borderpad=2,
            )  # fmt: skip
    bare(figure, height=max(220, 34 * max(left.height, right.height) + 60))
    figure.update_xaxes(range=[0, 1], fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    figure.update_layout(margin={"l": 2, "r": 2, "t": 6, "b": 6})
    return figure


def _stack(blocks: pl.DataFrame, gap: float) -> dict[str, float]:
    tops, at = {}, 0.0
    for name, size in blocks.iter_rows():
        tops[name] = at
        at += size + gap
    return tops


def _ribbon(row: dict, start: float, end: float, size: int) -> go.Scatter:
    """Return a band from one block to another, curved by a smooth step."""
    steps = [index / 24 for index in range(25)]
    bend = [3 * t * t - 2 * t * t * t for t in steps]
    top = [start + (end - start) * share for share in bend]
    stays = row["before"] == row["after"]
    return go.Scatter(
        x=steps + steps[::-1],
        y=top + [value + size for value in top[::-1]],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor="rgba(133,135,138,0.28)" if stays else "rgba(11,90,99,0.55)",
        hoveron="fills",
        hoverinfo="text",
        text=f"{row['before']} → {row['after']}\u00a0: {size}",
        name=f"{row['before']} → {row['after']}",
        showlegend=False,
    )


def bare(figure: go.Figure, *, height: int) -> go.Figure:
    """Return a figure without axes, margins or background, ready for what a chart adds."""
    figure.update_layout(
        height=height,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font=FONT,
        showlegend=False,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        hoverlabel={"bgcolor": "#ffffff", "font": {"size": 13, "color": INK}},
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure
