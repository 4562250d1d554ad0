"""A search under way: best found, proven gap, time, and the way to stop it."""

from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card
from apdash.labels import number, percent
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.words import seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """A search under way. best: points of the best composition found; bound: what no other can exceed.

    gap: proven, 0.01 is 1 %; None: none yet.
    """

    seconds: float
    limit: float
    best: float | None
    bound: float | None
    gap: float | None
    stopping: bool


def progress_card(progress: Progress) -> Component:
    """Return the state of a search, with the button that stops it and keeps the best found."""
    share = min(1.0, progress.seconds / progress.limit) if progress.limit else 0.0
    real = progress.best is not None and progress.best > 0
    best = f"{number(progress.best or 0)} points" if real else "encore aucune"
    bound = "–" if progress.bound is None else f"{number(progress.bound)} points"
    gap = percent(progress.gap, 1) if real and progress.gap is not None else "–"
    return html.Div(
        [
            html.Div(html.I(style={"width": f"{100 * share:.0f}%"}), className="progress-line", role="progressbar",
                     **{"aria-valuenow": f"{100 * share:.0f}", "aria-valuemin": "0", "aria-valuemax": "100",
                        "aria-label": "Temps écoulé"}),
            html.Dl(
                [
                    html.Div([html.Dt("Meilleure trouvée"), html.Dd(best)]),
                    html.Div([html.Dt("Plafond prouvé"), html.Dd(bound)]),
                    html.Div([html.Dt("Écart prouvé"), html.Dd(gap)]),
                    html.Div([html.Dt("Durée"), html.Dd(f"{seconds(progress.seconds)} sur {number(progress.limit)}")]),
                ],
                className="rg-live",
            ),
            html.P("Vous pouvez quitter la page\u00a0: la recherche continue, et son résultat sera ici.",
                   className="s muted"),
        ],
        role="status",
    )  # fmt: skip


def search_card(progress: Progress, *, title: str, every: int = 500) -> Component:
    """Return the card of a search under way; it asks for news by itself and survives a reload."""
    stop = button("Arrêter et garder", ids.STOP, icon="stop-circle", disabled=progress.stopping)
    return card(
        title,
        [
            html.Div(progress_card(progress), id=ids.PROGRESS),
            html.Div(stop, className="mt-3"),
            dcc.Interval(id=ids.TICK, interval=every),
        ],
        class_name="rg-search",
    )
