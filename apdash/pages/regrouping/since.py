"""What moved since the proposal that was on screen when this one was asked for."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from apdash.components.marks import badge
from apdash.components.still import still
from apdash.labels import NBSP, count, signed
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.why_view import group_words
from apdash.pages.regrouping.words import short_name
from apdash.rebalancing.again import Change

_OPEN_UP_TO = 12  # changes: beyond, the list is unfolded on demand


def since_card(changes: Sequence[Change], names: Names, *, earlier: str) -> Component:
    """Return each place that differs from an earlier proposal, those asked for first. earlier: its name."""
    title = f"Depuis {earlier.replace('Proposition', 'la proposition')}\u00a0: "
    if not changes:
        return still(html.Div([html.B(title), "personne ne change de groupe."], className="rg-since"))
    others = sum(1 for change in changes if not change.asked)
    told = f"{count(len(changes), 'place change', 'places changent')}, "
    unasked = count(others, "sans que vous l’ayez demandé", "sans que vous l’ayez demandé")
    summary = html.Summary([html.B(title), told, f"dont {unasked}" if others else "toutes à votre demande"])
    rows = [_line(change, names) for change in sorted(changes, key=lambda change: not change.asked)]
    return still(
        html.Details([summary, html.Ul(rows)], open=len(changes) <= _OPEN_UP_TO, className="rg-since")
    )


def _line(change: Change, names: Names) -> Component:
    who = names.person(change.student)
    gained = f"{signed(change.points)}{NBSP}point{'s' if abs(change.points) > 1 else ''} de besoin"
    return html.Li(
        [
            html.B(short_name(who.last_name, who.first_name)),
            html.Span(f" {names.slots.get(change.slot, change.slot)}{NBSP}: ", className="soft"),
            group_words(names, *(change.before or (None, None))) or "sans groupe",
            " → ",
            html.Span(group_words(names, *(change.after or (None, None))) or "sans groupe", className="b"),
            html.Span(f", {gained}", className="muted"),
            badge("votre choix", kind="acc", icon="pin-angle-fill") if change.asked else None,
        ]
    )
