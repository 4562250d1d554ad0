"""The rules of a search, as fields one may change before it starts."""

from dataclasses import dataclass
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.pages.regrouping import ids


@dataclass(frozen=True, slots=True)
class Limits:
    """The rules as they are to be shown: numbers as people read them; share in percent."""

    max_needs_open: int
    division_share: int
    periods: str
    floor: int
    urgent_from: int
    effective_from: date


def rules_card(limits: Limits) -> Component:
    """Return the rules of the search, each a field with what it means."""
    fields = [
        _field("max_needs_open", "Besoins ouverts, au plus", limits.max_needs_open, "sans compter l’étude", (1, 20)),
        _field("division_share", "Part d’une division dans un groupe", limits.division_share,
               "%, au plus, dès trois divisions", (20, 100)),
        _field("floor", "Intensité minimale", limits.floor, "en dessous, on n’y est placé que par un choix", (0, 100)),
        _field("urgent_from", "Besoin prioritaire à partir de", limits.urgent_from, "sur 100", (1, 100)),
    ]  # fmt: skip
    keep = button("Garder pour cette bande", ids.KEEP_RULES, kind="quiet", icon="bookmark")
    return card(
        "Les règles",
        [
            html.Div(fields, className="rg-rules"),
            html.P(
                f"Périodes de suite dans un besoin, au plus\u00a0: {limits.periods}.",
                className="s muted mt-2",
            ),
            html.Div(id=ids.RULE_CAUTIONS, role="status"),
            html.Div(keep, className="mt-2"),
        ],
        sub="aucune proposition ne les enfreint",
    )


def _field(name: str, label: str, value: int, unit: str, bounds: tuple[int, int]) -> Component:
    key = {"type": ids.RULE, "name": name}
    entry = dcc.Input(
        id=key,
        type="number",
        value=value,
        min=bounds[0],
        max=bounds[1],
        step=1,
        className="form-control rg-number",
    )
    return html.Label([html.Span(label), entry, html.Span(unit, className="s muted")], className="rg-rule")
