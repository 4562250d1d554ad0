"""The year as a line: periods, holidays as gaps, bilans as diamonds, and today."""

from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.labels import NBSP, short_day
from apdash.pages.student.timeline import short_review


def year_line(
    periods: pl.DataFrame, reviews: pl.DataFrame, *, first: date, last: date, today: date
) -> Component:
    """Return the line of a year. periods: label, starts_on, ends_on; reviews: label, closes_on, closed, divisions."""

    def place(moment: date) -> float:
        return 100 * (moment - first).days / max(1, (last - first).days)

    bars = [_bar(row, place(row["starts_on"]), place(row["ends_on"]), today) for row in periods.to_dicts()]
    marks = [_mark(row, place(row["closes_on"])) for row in reviews.to_dicts()]
    here = html.Div(
        html.Span("aujourd’hui", className="xs"), className="today", style={"left": f"{place(today):.2f}%"}
    )
    return html.Div(
        [*bars, *marks, here],
        className="year-line",
        role="img",
        **{"aria-label": "Périodes et bilans de l’année"},
    )


def _bar(row: dict, left: float, right: float, today: date) -> Component:
    when = "now" if row["starts_on"] <= today <= row["ends_on"] else "past" if row["ends_on"] < today else ""
    start = html.Span(short_day(row["starts_on"]), className="xs muted start")
    return html.Div(
        [html.Span(row["code"], className="b"), start],
        className=f"bar {when}".strip(),
        style={"left": f"{left:.2f}%", "width": f"{right - left:.2f}%"},
        title=f"{row['label']}, du {short_day(row['starts_on'])} au {short_day(row['ends_on'])}",
    )


def _mark(row: dict, left: float) -> Component:
    fill = "full" if row["closed"] == row["divisions"] else "half" if row["closed"] else ""
    closed = f"{row['closed']} divisions closes sur {row['divisions']}"
    return html.Div(
        [
            html.Span(className=f"diamond {fill}".strip()),
            html.Span(short_review(row["label"]), className="xs"),
        ],
        className="bilan",
        style={"left": f"{left:.2f}%"},
        title=f"{row['label']}{NBSP}: clôture le {short_day(row['closes_on'])}, {closed}",
    )
