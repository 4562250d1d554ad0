"""A student's year as a timeline in plain boxes: it prints as it is seen."""

from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.marks import axis_mark
from apdash.labels import NBSP, SHORT_MONTHS, hour, listed, short_day
from apdash.pages.needs.heat import short_group
from apdash.pages.student.record import Record

Span = tuple[float, float]


def place(starts_on: date, ends_on: date, *, first: date, last: date) -> Span | None:
    """Return where a dated span stands between two days, in per cent (left, width); None when it is outside."""
    start, end = max(starts_on, first), min(ends_on, last)
    if end < start:
        return None
    days = (last - first).days + 1
    return 100 * (start - first).days / days, 100 * ((end - start).days + 1) / days


def timeline(record: Record, spans: dict[str, pl.DataFrame], axes: dict[str, str]) -> Component:
    """Return the timeline of the year: periods, a line a slot, placements, bilans, and the day it is.

    axes: axis of each need.
    """
    first, last = spans["year"].select("starts_on", "ends_on").row(0)
    edge = {"first": first, "last": last}
    periods = [_box(row["code"], _at(row, edge), "tl-head") for row in _rows(spans["periods"])]
    away = [_box(row["label"], _at(row, edge), "tl-away") for row in _rows(spans["placements"])]
    until = _end_of_period(spans["periods"], record.today)
    slots = [
        _line(label, _lane(_rows(rows), record.today, axes, {**edge, "until": until}), "tl-slot")
        for label, rows in _slots(record, first, last)
    ]
    return html.Div(
        [
            html.Div(_backdrop(record, spans, edge), className="tl-back", **{"aria-hidden": "true"}),
            _line("", periods, "tl-top"),
            *slots,
            _line("En entreprise", away, "tl-slot"),
            _line("", _marks(record, edge), "tl-marks"),
        ],
        className="timeline",
        role="img",
        **{"aria-label": _told(record, first, last)},
    )


def _rows(frame: pl.DataFrame) -> list[dict]:
    return frame.to_dicts()


def _at(row: dict, edge: dict[str, date]) -> Span | None:
    return place(row["starts_on"], row["ends_on"], **edge)


def _line(label: str, boxes: list[Component | None], look: str) -> Component:
    return html.Div(
        [html.Div(label, className="tl-label"), html.Div(boxes, className="tl-lane")],
        className=f"tl-line {look}",
    )


def _box(words: str, at: Span | None, look: str) -> Component | None:
    return html.Div(words, className=look, style=_style(at), title=words) if at else None


def _style(at: Span) -> dict[str, str]:
    return {"left": f"{at[0]:.3f}%", "width": f"{at[1]:.3f}%"}


def _slots(record: Record, first: date, last: date) -> list[tuple[str, pl.DataFrame]]:
    """Return the slots of the year in the order of the week, with the groups attended there."""
    mine = record.history.filter(
        (pl.col("starts_on") <= last) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= first))
    ).join(record.hours, on=["band", "slot_code"], how="left", maintain_order="left")
    week = pl.Enum(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"])
    parts = (
        mine.with_columns(pl.col("day").cast(week))
        .sort("day", "starts_at", "starts_on")
        .partition_by("day", "starts_at", maintain_order=True)
    )
    return [(_slot_label(str(part["day"][0]), part["starts_at"][0]), part) for part in parts]


def _slot_label(day: str, starts_at: object) -> str:
    return day.capitalize() if starts_at is None else f"{day.capitalize()} {hour(starts_at)}"


def _end_of_period(periods: pl.DataFrame, today: date) -> date:
    """Return the last day of the period it is: a group that has no end yet is drawn up to there."""
    current = periods.filter((pl.col("starts_on") <= today) & (pl.col("ends_on") >= today))
    return current["ends_on"][0] if current.height else today


def _lane(
    rows: list[dict], today: date, axes: dict[str, str], edge: dict[str, date]
) -> list[Component | None]:
    """Return the groups of a slot; the words of the last one may run out of its box."""
    return [_group(row, today, axes, edge, free=row is rows[-1]) for row in rows]


def _group(
    row: dict, today: date, axes: dict[str, str], edge: dict[str, date], *, free: bool
) -> Component | None:
    """Return a group as a box: whole lines for what was attended, dashes for what is to come."""
    to_come = row["starts_on"] > today
    ends_on = row["ends_on"] or (edge["last"] if to_come else edge["until"])
    at = place(row["starts_on"], ends_on, first=edge["first"], last=edge["last"])
    if at is None:
        return None
    now = row["ends_on"] is None or row["ends_on"] >= today
    look = ["tl-group", "next" if to_come else "now" if now else "", "free" if free else ""]
    end = f"au {short_day(row['ends_on'])}" if row["ends_on"] else "en cours"
    told = f"{row['name']}, {row['staff_names'] or 'sans adulte'}, du {short_day(row['starts_on'])} {end}"
    words = ", ".join(filter(None, [short_group(row["name"]), row["staff_names"]]))
    return html.Div(
        [axis_mark(axes.get(row["need"])), html.Span(words)],
        className=" ".join(filter(None, look)),
        style=_style(at),
        title=told,
    )


def _marks(record: Record, edge: dict[str, date]) -> list[Component]:
    """Return the bilans under the timeline, then the months."""
    days = (edge["last"] - edge["first"]).days + 1
    bilans = [
        html.Div(
            html.Span(short_review(row["label"])),
            className="tl-bilan",
            style={"left": f"{100 * (row['closes_on'] - edge['first']).days / days:.3f}%"},
            title=f"{row['label']}, {short_day(row['closes_on'])}",
        )
        for row in record.reviews.to_dicts()
        if edge["first"] <= row["closes_on"] <= edge["last"]
    ]
    return [*bilans, *_months(edge, days)]


def short_review(label: str) -> str:
    """Return `initial` for `Bilan initial`, and `bilan 1` for `Bilan 1`: a number alone would say nothing."""
    bare = label.lower().removeprefix("bilan ").removeprefix("de ").removeprefix("d’").strip()
    return f"bilan {bare}" if bare.isdigit() else bare


def _months(edge: dict[str, date], days: int) -> list[Component]:
    year, month = edge["first"].year, edge["first"].month
    marks = []
    while (edge["last"] - date(year, month, 1)).days > 10:
        start = max(date(year, month, 1), edge["first"])
        left = 100 * (start - edge["first"]).days / days
        marks.append(html.Div(SHORT_MONTHS[month - 1], className="tl-month", style={"left": f"{left:.3f}%"}))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return marks


def _backdrop(record: Record, spans: dict[str, pl.DataFrame], edge: dict[str, date]) -> list[Component]:
    """Return what stands behind every line: periods, weeks away, bilans, today."""
    bands = [
        html.Div(className="tl-period", style=_style(at))
        for row in _rows(spans["periods"])
        if (at := _at(row, edge))
    ]
    away = [
        html.Div(className="tl-weeks", style=_style(at))
        for row in _rows(spans["placements"])
        if (at := _at(row, edge))
    ]
    days = (edge["last"] - edge["first"]).days + 1
    lines = [
        html.Div(
            className="tl-rule",
            style={"left": f"{100 * (row['closes_on'] - edge['first']).days / days:.3f}%"},
        )
        for row in record.reviews.to_dicts()
        if edge["first"] <= row["closes_on"] <= edge["last"]
    ]
    today = place(record.today, record.today, **edge)
    return [
        *bands,
        *away,
        *lines,
        *([html.Div(className="tl-today", style={"left": f"{today[0]:.3f}%"})] if today else []),
    ]


def _told(record: Record, first: date, last: date) -> str:
    """Return the timeline in words, for who cannot see it; the table under it says the same with dates."""
    names = [row["name"] for _, rows in _slots(record, first, last) for row in _rows(rows)]
    groups = listed(list(dict.fromkeys(names))) or "aucun groupe"
    return f"Parcours de {record.who['first_name']} {record.who['last_name']}{NBSP}: {groups}"
