"""Step 2, « Proposer »: the search as it goes, then what the proposal found changes."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card, link_button
from apdash.components.marks import axis_mark, badge
from apdash.components.still import still
from apdash.labels import NBSP, count, number, percent, signed
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.figures import needs_dumbbell
from apdash.pages.regrouping.tables import figures_table
from apdash.pages.regrouping.words import seconds
from apdash.rebalancing.plan import Moves
from apdash.rebalancing.quality import Figures

DIAL: tuple[tuple[str, str], ...] = (
    ("10", "10\u00a0%"),
    ("15", "15\u00a0%"),
    ("20", "20\u00a0%"),
    ("30", "30\u00a0%"),
    ("", "libre"),
)
NEAR = (
    "Au plus près de la proposition précédente",
    "Le recalcul autour de vos choix change le moins de places possible, sans chercher le meilleur total.",
)
_GRAPH = {"displayModeBar": False, "responsive": True}


@dataclass(frozen=True, slots=True)
class Found:
    """A proposal as the cards of this step read it.

    dial: permitted share of changes as in DIAL; near: computed to change little of another, not for the best total.
    """

    number: int
    label: str
    state: str
    dial: str
    gap: float | None
    seconds: float
    proven: bool
    before: Figures
    after: Figures
    moves: Moves
    near: bool = False


def summary_card(found: Found, *, adjust: str, recommended: bool, history: str) -> Component:
    """Return the key figures of a proposal, its proof in words, and the way on.

    recommended: it is the point of the dial that the rule recommends; history: what last time weighs in it.
    """
    pairs = [
        ("Changent de besoin", number(found.moves.need)),
        ("Changent seulement d’adulte", number(found.moves.staff)),
        ("Élèves prioritaires servis", f"{found.after.served_urgent} sur {found.after.urgent}"),
        ("Restent au-delà des périodes permises", _none(found.after.worn)),
        ("Places sans groupe (élève × créneau)", _none(found.after.unplaced, "aucune")),
        ("Groupes ouverts", f"{found.after.groups} pour {count(found.after.needs, 'besoin')}"),
    ]
    gain = 100 * (found.after.covered - found.before.covered)
    same = found.moves.places - found.moves.total
    unmoved = count(same, "place inchangée", "places inchangées")
    kept = f"{unmoved} ({percent(same / found.moves.places)})" if found.moves.places else "aucun groupe avant"
    body = [
        html.Div(
            [
                _kpi("Besoin couvert", number(100 * found.after.covered, 1), f"{NBSP}%",
                     f"{signed(gain, 1)} point{'s' if abs(gain) >= 2 else ''} sur aujourd’hui"),
                _kpi("Déplacements", number(found.moves.total), "", kept),
            ],
            className="rg-kpis",
        ),
        html.Div([html.Div([html.Span(name), html.Span(value)], className="kv") for name, value in pairs]),
        html.P(history, id=ids.HISTORY_WORDS, className="s soft mt-2"),
        proof(found),
        html.Div(link_button("Ajuster cette proposition", adjust, kind="primary"), className="mt-3 d-grid"),
    ]  # fmt: skip
    star = badge("recommandée", kind="acc", icon="star-fill") if recommended else None
    return card(found.label, body, right=[star, badge(found.state)])


def proof(found: Found) -> Component:
    """Return what is known of the best possible: the gap, and what it means."""
    title, words = NEAR if found.near else gap_words(found.gap, proven=found.proven)
    return html.Div(
        [
            html.I(className="bi bi-patch-check-fill", **{"aria-hidden": "true"}),
            html.Div(
                [
                    html.Div(title, className="b"),
                    html.Div(
                        f"{words} Calculé en {seconds(found.seconds)}, vérifié par l’arbitre.", className="s"
                    ),
                ]
            ),
        ],
        className="proof mt-3",
    )


def gap_words(gap: float | None, *, proven: bool) -> tuple[str, str]:
    """Return a title and a sentence for a proven gap (share of the total)."""
    if proven:
        return "La meilleure possible", "Aucune autre répartition respectant vos règles ne fait mieux."
    if gap is None:
        return "Écart inconnu", "Rien ne dit qu’une autre répartition ne ferait pas mieux."
    shown = percent(max(gap, 0.0001), 2 if gap < 0.0005 else 1)
    return (
        f"Écart prouvé {shown}",
        f"Aucune autre répartition respectant vos règles ne fait mieux de plus de {shown}.",
    )


def _none(value: int, words: str = "aucun") -> str:
    return number(value) if value else words


def _kpi(label: str, value: str, unit: str, under: str) -> Component:
    return html.Div(
        [
            html.Div(label, className="s soft"),
            html.Div([value, html.Small(unit) if unit else None], className="v"),
            html.Div(under, className="s muted"),
        ],
        className="kpi",
    )


def needs_card(rows: pl.DataFrame, *, strong: int) -> Component:
    """Return who is served before and after, need by need, as a chart with its table.

    rows: as `plan.need_changes`, with label and axis.
    """
    table = figures_table(
        ["Besoin", "Élèves", "Servis avant", "Servis après", "Places avant", "Places après"],
        [
            [
                html.Span([axis_mark(row["axis"]), " ", row["label"]]),
                *[number(row[key]) for key in ("strong", "served_before", "served_after", "places_before",
                                               "places_after")],
            ]
            for row in rows.iter_rows(named=True)
        ],
    )  # fmt: skip
    wide, narrow = (
        dcc.Graph(figure=needs_dumbbell(rows, narrow=narrow), config=_GRAPH, responsive=True, className=name)
        for narrow, name in ((False, "rg-wide"), (True, "rg-narrow"))
    )
    legend = html.Span(["○ aujourd’hui ", html.Span("● avec la proposition", className="rg-acc")])
    return card(
        _finding(rows),
        [
            html.Div(
                [legend, f", parmi les élèves dont ce besoin atteint {strong}"], className="s muted mb-1"
            ),
            html.Div([wide, narrow], **{"aria-hidden": "true"}),
            html.Details([html.Summary("Voir en tableau"), still(table)], className="rg-more"),
        ],
    )


def _finding(rows: pl.DataFrame) -> str:
    """Return the title: the need that gains most, or that none does."""
    gains = rows.filter(pl.col("strong") > 0).with_columns(
        gain=pl.col("served_after") - pl.col("served_before")
    )
    best = gains.sort("gain", descending=True).head(1)
    if best.is_empty() or best["gain"].item() <= 0:
        return "Aucun besoin n’est mieux servi"
    gained = int(best["gain"].item())
    more = count(gained, "élève prioritaire de plus", "élèves prioritaires de plus")
    return f"{best['label'].item()} gagne le plus\u00a0: {more}"


def presets(*, chosen: str, links: Mapping[str, str | None]) -> Component:
    """Return the choice « au plus … % de changements », each a search of its own.

    links: for each preset of DIAL, the address of the proposal already found for it, None when it is still to ask.
    """
    parts = [_preset(value, label, chosen=chosen, href=links.get(value)) for value, label in DIAL]
    return html.Div(
        [html.Span("Au plus", className="s soft"), html.Div(parts, className="seg rg-dial", role="group"),
         html.Span("de changements", className="s soft")],
        className="d-flex flex-wrap align-items-center gap-2",
    )  # fmt: skip


def _preset(value: str, label: str, *, chosen: str, href: str | None) -> Component:
    if value == chosen:
        return html.Span(label, className="on", **{"aria-current": "true"})
    if href:
        return dcc.Link([label, html.I(className="bi bi-check2 ms-1", title="déjà calculée")], href=href)
    return html.Button(
        label,
        id={"type": ids.DIAL, "share": value},
        type="button",
        n_clicks=0,
        title="Chercher cette proposition",
    )
