"""The small buttons that open gestures."""

from dash import html
from dash.development.base_component import Component

from apdash.pages.gestures.ids import opens


def small_button(words: str, gesture: str, key: str, *, icon: str, label: str | None = None) -> Component:
    """Return a quiet button that opens a gesture; label: what it does and on whom, when the words do not say it."""
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    return html.Button(
        [mark, html.Span(words)],
        type="button",
        className="btn btn-quiet btn-sm no-print",
        **{"aria-label": label or words, **opens(gesture, key)},
    )
