"""Figures of the hours page: frame in, figure out. Hours on the axis, minutes in the frames."""

from datetime import date, timedelta

import plotly.graph_objects as go
import polars as pl

from apdash.labels import NBSP, duration

INK, INK_2, GRID, ACCENT, BAND, GREY, ALERT = (
    "#1c2126", "#454c54", "#eceae4", "#0b5a63", "rgba(11,90,99,.14)", "#b9b5aa", "#9b2c12",
)  # fmt: skip


def hours_burn_up(
    grown: pl.DataFrame, ahead: pl.DataFrame, away: pl.DataFrame, *, due: float | None, end: date
) -> go.Figure:
    """Return hours as they pile up: the median student, the band of 8 of 10, the plan, the forecast, the grid.

    grown: as `burn_up`; ahead: as `burn_up.ahead`, empty when there is no forecast; away: starts_on, ends_on;
    due: of the median student, in minutes; end: last day of the cycle.
    An empty frame gives an empty figure with its words.
    """
    if grown.is_empty():
        return _nothing()
    figure = go.Figure()
    _band(figure, grown)
    figure.add_scatter(
        x=grown["on"].to_list(), y=_hours(grown["planned"]), mode="lines", name="prévues", hoverinfo="skip",
        line={"color": GREY, "width": 1.5},
    )  # fmt: skip
    figure.add_scatter(
        x=grown["on"].to_list(), y=_hours(grown["held"]), mode="lines", name="tenues",
        line={"color": ACCENT, "width": 3}, customdata=[duration(v) for v in grown["held"]],
        hovertemplate=f"%{{x|%d/%m/%Y}}{NBSP}: %{{customdata}} tenues<extra></extra>",
    )  # fmt: skip
    top = max(grown["planned"].max(), grown["high"].max())
    top = max(top, due or 0, *ahead["minutes"].to_list())
    if ahead.height:
        near = 0 <= (due or 0) - ahead["minutes"][-1] < 0.15 * top
        _forecast(figure, ahead, below=near)
    if due:
        beyond = ahead.height > 0 and ahead["minutes"][-1] > due
        _grid_line(figure, due, first=grown["on"][0], end=end, below=beyond)
    _say_now(figure, grown, low=grown["held"][-1] < 0.12 * top)
    _placements(figure, away)
    figure.update_layout(_layout())
    figure.update_yaxes(
        title_text="Heures par élève", range=[0, top / 60 * 1.16], gridcolor=GRID, zeroline=False
    )
    figure.update_xaxes(
        range=[grown["on"][0], end + timedelta(days=30)], gridcolor=GRID, tickformat="%m/%Y", nticks=7
    )
    return figure


def _band(figure: go.Figure, grown: pl.DataFrame) -> None:
    days = grown["on"].to_list()
    figure.add_scatter(
        x=[*days, *reversed(days)], y=[*_hours(grown["high"]), *reversed(_hours(grown["low"]))], fill="toself",
        fillcolor=BAND, line={"width": 0}, mode="lines", name="8 élèves sur 10", hoverinfo="skip",
    )  # fmt: skip


def _forecast(figure: go.Figure, ahead: pl.DataFrame, *, below: bool) -> None:
    figure.add_scatter(
        x=ahead["on"].to_list(), y=_hours(ahead["minutes"]), mode="lines", name="prévision",
        line={"color": ACCENT, "width": 2, "dash": "dot"}, customdata=[duration(v) for v in ahead["minutes"]],
        hovertemplate=f"%{{x|%d/%m/%Y}}{NBSP}: %{{customdata}} prévues<extra></extra>",
    )  # fmt: skip
    last = ahead.row(-1, named=True)
    figure.add_scatter(
        x=[last["on"]], y=[last["minutes"] / 60], mode="markers", hoverinfo="skip", name="fin du cycle",
        marker={"color": "#ffffff", "size": 9, "line": {"color": ACCENT, "width": 2}},
    )  # fmt: skip
    _note(figure, last["on"], last["minutes"], f"Prévision{NBSP}: {duration(last['minutes'])}", below=below)


def _grid_line(figure: go.Figure, due: float, *, first: date, end: date, below: bool) -> None:
    figure.add_scatter(
        x=[first, end], y=[due / 60] * 2, mode="lines", name="enveloppe", line={"color": INK, "width": 1.5},
        hoverinfo="skip",
    )  # fmt: skip
    _note(figure, end, due, f"Enveloppe{NBSP}: {duration(due)}", color=INK, below=below)


def _say_now(figure: go.Figure, grown: pl.DataFrame, *, low: bool) -> None:
    last = grown.row(-1, named=True)
    figure.add_annotation(
        x=last["on"], y=last["held"] / 60, text=f"<b>{duration(last['held'])} tenues</b>", showarrow=False,
        xanchor="right" if low else "left", yanchor="bottom" if low else "top", xshift=-4 if low else 6,
        yshift=6 if low else -2, font={"color": ACCENT, "size": 13},
    )  # fmt: skip


def _placements(figure: go.Figure, away: pl.DataFrame) -> None:
    spans = away.select("starts_on", "ends_on").unique().sort("starts_on")
    for first, last in spans.iter_rows():
        figure.add_shape(
            type="rect", x0=first, x1=last, y0=0, y1=0.03, yref="paper", fillcolor=GREY, line={"width": 0}
        )
    if spans.height:
        figure.add_annotation(
            x=spans["starts_on"][-1], y=0.03, yref="paper", text="PFMP", showarrow=False, xanchor="left",
            yanchor="bottom", font={"size": 11, "color": INK_2},
        )  # fmt: skip


def _note(
    figure: go.Figure, on: date, minutes: float, words: str, *, color: str = ACCENT, below: bool = False
) -> None:
    figure.add_annotation(
        x=on, y=minutes / 60, text=f"<b>{words}</b>", showarrow=False, xanchor="right",
        yanchor="top" if below else "bottom", yshift=-6 if below else 6, font={"color": color, "size": 13},
    )  # fmt: skip


def _hours(minutes: pl.Series) -> list[float]:
    return [value / 60 for value in minutes.to_list()]


def _layout() -> dict:
    return {
        "height": 320, "showlegend": False, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 52, "r": 12, "t": 8, "b": 32},
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK_2},
        "hoverlabel": {"bgcolor": "#ffffff", "font": {"color": INK}},
    }  # fmt: skip


def _nothing() -> go.Figure:
    figure = go.Figure()
    figure.update_layout(_layout())
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(text="Aucune donnée", showarrow=False, font={"size": 15, "color": INK_2})
    return figure
