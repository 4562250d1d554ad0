"""A share over the years, drawn small: every value written, the figure from elsewhere as a dashed line."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from apdash.labels import number, percent

WIDTH, HEIGHT = 300, 118
_LEFT, _RIGHT, _TOP, _BOTTOM = 26, 74, 26, 22
_INK, _SOFT, _ACCENT, _LINE = "#1c2126", "#5f6770", "#0b5a63", "#85878a"
_FONT = "font-family='Segoe UI,Roboto,Liberation Sans,Arial,sans-serif'"


def trend(
    points: Sequence[tuple[str, float]], *, beside: tuple[str, float] | None = None, label: str
) -> Component:
    """Return the drawing of shares (0 to 1) with the label of each year; beside: words and share of a figure from
    elsewhere; label: what the drawing says to whoever does not see it."""
    said = ", ".join(f"{when} : {percent(share, 1)}" for when, share in points)
    if beside:
        said += f" ; {beside[0]} : {percent(beside[1], 1)}"
    drawn = svg(points, beside=beside)
    return html.Img(
        src=f"data:image/svg+xml,{quote(drawn)}",
        alt=f"{label}. {said}",
        className="ind-trend",
        width=WIDTH,
        height=HEIGHT,
    )


def svg(points: Sequence[tuple[str, float]], *, beside: tuple[str, float] | None = None) -> str:
    """Return the drawing as SVG."""
    every = [share for _, share in points] + ([beside[1]] if beside else [])
    low, high = min(every), max(every)
    room = max(high - low, 0.02)

    def across(rank: int) -> float:
        return _LEFT + rank * (WIDTH - _LEFT - _RIGHT) / max(1, len(points) - 1)

    def down(share: float) -> float:
        return _TOP + (high - share) / room * (HEIGHT - _TOP - _BOTTOM - 14)

    spots = [(across(rank), down(share)) for rank, (_, share) in enumerate(points)]
    parts = [f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' {_FONT}>"]
    if beside:
        at = down(beside[1])
        parts.append(_dashes(at))
        parts.append(_text(WIDTH - _RIGHT + 14, at + 4, f"{beside[0]} {_short(beside[1])}", _SOFT))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    parts.append(f"<polyline points='{path}' fill='none' stroke='{_INK}' stroke-width='2'/>")
    for rank, ((x, y), (when, share)) in enumerate(zip(spots, points, strict=True)):
        last = rank == len(points) - 1
        fill, ring, size = (_ACCENT, _ACCENT, 5.5) if last else ("#fff", _INK, 4)
        parts.append(
            f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{size}' fill='{fill}' stroke='{ring}' stroke-width='2'/>"
        )
        parts.append(_text(x, y - 11, _short(share), _ACCENT if last else _SOFT, middle=True, bold=last))
        parts.append(_text(x, HEIGHT - 5, when, _SOFT, middle=True))
    return "".join([*parts, "</svg>"])


def _dashes(at: float) -> str:
    ends = f"x1='{_LEFT - 12}' y1='{at:.1f}' x2='{WIDTH - _RIGHT + 10}' y2='{at:.1f}'"
    return f"<line {ends} stroke='{_LINE}' stroke-width='1.5' stroke-dasharray='5 3'/>"


def _short(share: float) -> str:
    value = 100 * share
    return number(value, 1 if value < 10 else 0)


def _text(x: float, y: float, words: str, ink: str, *, middle: bool = False, bold: bool = False) -> str:
    anchor = "middle" if middle else "start"
    weight = " font-weight='600'" if bold else ""
    where = f"x='{x:.1f}' y='{y:.1f}' font-size='12' fill='{ink}' text-anchor='{anchor}'"
    return f"<text {where}{weight}>{escape(words)}</text>"
