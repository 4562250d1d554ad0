"""Small marks with a meaning: axis shapes, levels, intensities, badges."""

from dash import html
from dash.development.base_component import Component

THRESHOLDS = (20, 40, 60, 75)
URGENT = 75


def axis_mark(axis: str | None, label: str = "") -> Component:
    """Return the shape and colour of an axis; always beside its name, or with `label` as its text."""
    described = {"title": label, "role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return html.Span(className=f"ax ax-{axis or 'none'}", **described)


def intensity_class(value: int | None) -> str:
    """Return the class of ink of an intensity, `ni-0` (under 20) to `ni-4` (75 and more)."""
    return "ni-0" if value is None else f"ni-{sum(value >= threshold for threshold in THRESHOLDS)}"


def level(value: int | str) -> Component:
    """Return a mastery level 1 to 4, or `A` for absent."""
    return html.Span(str(value), className=f"lv lv-{str(value).lower()}")


def badge(words: str, *, kind: str = "", icon: str | None = None) -> Component:
    """Return a badge; kind is empty, acc, alert or watch."""
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"}) if icon else None
    return html.Span([mark, words], className=f"badge2 {kind}".strip())


def need_meter(value: int) -> Component:
    """Return a bar of a need intensity, 0 to 100, dark from 75 on."""
    high = " hi" if value >= URGENT else ""
    return html.Span(html.I(style={"width": f"{value}%"}), className=f"meter need{high}")


def whole_name(name: str) -> Component | str:
    """Return a name for a narrow place: what tells homonyms apart, ` (né le 14/03)`, is never cut off."""
    bare, opened, mark = name.partition(" (")
    if not opened:
        return name
    return html.Span(
        [html.Span(bare, className="cut"), " ", html.Span(f"({mark}", className="nw")], className="marked"
    )
