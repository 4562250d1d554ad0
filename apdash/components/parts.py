"""What a number is made of: one line a part, its level, its bar, its points, and the sum."""

import math
from collections.abc import Sequence

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.labels import MINUS, NBSP, number, percent


def whole_points(points: Sequence[float], total: int) -> list[int]:
    """Return points rounded so that they sum to `total` exactly: the largest remainders are rounded up."""
    floors = [math.floor(value) for value in points]
    missing = total - sum(floors)
    by_remainder = sorted(range(len(floors)), key=lambda i: (floors[i] - points[i], i))
    raised = set(by_remainder[: max(0, missing)])
    return [floor + (position in raised) for position, floor in enumerate(floors)]


def breakdown(parts: pl.DataFrame, *, value: int | None, coverage: float) -> Component:
    """Return the parts of an intensity, in order, and their sum.

    parts: label, kind, level (nullable), weight, points, detail; value null: à confirmer, no points are shown.
    """
    points = whole_points(parts["points"].to_list(), value) if value is not None else [None] * parts.height
    longest = max((abs(p) for p in points if p), default=1)
    rows = [_part(row, p, longest) for row, p in zip(parts.to_dicts(), points, strict=True)]
    return html.Div([*rows, _sum(value, coverage)], className="parts")


def _part(row: dict, points: int | None, longest: int) -> Component:
    exact = None if points is None else f"{number(row['points'], 2)} points avant arrondi"
    bar = (
        html.I(
            className="neg" if points < 0 else "", style={"width": f"{round(100 * abs(points) / longest)}%"}
        )
        if points
        else None
    )
    return html.Div(
        [
            html.Span(_mark(row)),
            html.Span([row["label"], html.Span(_about(row), className="muted xs")]),
            html.Span(bar, className="bar"),
            html.Span("" if points is None else _signed(points, row["kind"]), className="num b", title=exact),
        ],
        className="part",
    )


def _mark(row: dict) -> Component:
    if row["kind"] == "correction":
        return html.I(className="bi bi-flag", title="correction", **{"aria-hidden": "true"})
    level = row["level"]
    if level is None:
        return html.Span("?", className="lv lv-a", title="non renseignée")
    words = number(level, 0 if level == int(level) else 1)
    return html.Span(words, className=f"lv lv-{math.floor(level + 0.5)}", title=f"niveau {words} sur 4")


def _about(row: dict) -> str:
    weight = f"poids{NBSP}{number(row['weight'])}" if row["kind"] == "competency" else ""
    words = ", ".join(filter(None, [weight, row["detail"] if row["detail"] != row["label"] else ""]))
    return f" {words}" if words else ""


def _signed(points: int, kind: str) -> str:
    if points < 0:
        return f"{MINUS}{NBSP}{-points}"
    return f"+{NBSP}{points}" if kind == "correction" else str(points)


def _sum(value: int | None, coverage: float) -> Component:
    informed = f"renseigné à {percent(coverage)} du poids"
    if value is None:
        return html.Div(
            [
                html.Span("À confirmer", className="b"),
                html.Span(f"{informed}{NBSP}: trop peu pour donner un nombre"),
            ],
            className="part-sum",
        )
    return html.Div(
        [
            html.Span("Somme", className="b"),
            html.Span(informed, className="muted"),
            html.Span(str(value), className="b num"),
        ],
        className="part-sum",
    )
