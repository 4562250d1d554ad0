"""The smaller cards of the home page: entry of the bilan, next dates."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.states import empty
from apdash.labels import NBSP, done, short_day
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries import calendar, completeness
from apdash.store.queries import reviews as review_queries


def progress_card(services: Services, viewer: Viewer, year: int) -> Component | None:
    """Return how far the entry of the latest begun bilan is, by division; nothing without one."""
    begun = review_queries.reviews(services.store, year=year).filter(pl.col("opens_on") <= services.today())
    if begun.is_empty():
        return None
    review = begun.row(0, named=True)
    shares = completeness.completeness_by_division(services.store, viewer, review=review["review"])
    divisions = review_queries.review_divisions(services.store, viewer, review=review["review"])
    grades = services.reference.grades.select("position", grade="code")
    rows = (
        divisions.join(shares.select("division", "share"), on="division", how="left")
        .join(grades, on="grade", how="left")
        .sort("position", "code", nulls_last=True)
    )
    if rows.is_empty():
        return None
    columns = [
        html.Div(
            [
                html.H3(grade[0] or "–", className="mb-1"),
                *(_bar(row, review["review"]) for row in part.to_dicts()),
            ]
        )
        for grade, part in rows.group_by("grade", maintain_order=True)
    ]
    link = dcc.Link("Voir la saisie", href=address("/bilans", {"bilan": str(review["review"])}))
    sub = "part des cases remplies, par division"
    return card(
        f"{review['label']}, où en est la saisie", html.Div(columns, className="grades"), sub=sub, right=link
    )


def _bar(row: dict, review: int) -> Component:
    share = row["share"] or 0.0
    tick = html.I(className="bi bi-check-lg", title="close") if row["closed_at"] else None
    href = address("/bilans", {"bilan": str(review), "division": str(row["division"])})
    meter = html.Span(html.I(style={"width": f"{100 * share:.0f}%"}), className="meter")
    return html.Div(
        [dcc.Link(row["code"], href=href), meter, html.Span([tick, " ", done(share)], className="num")],
        className="bar-line",
    )


def next_dates(services: Services, viewer: Viewer, year: int) -> Component:
    """Return the next dates of the year: bilans, groups in force, holidays, departures on placement."""
    store, today = services.store, services.today()
    dates = []
    for row in review_queries.reviews(store, year=year).to_dicts():
        dates += [
            (row["closes_on"], f"{row['label']}{NBSP}: clôture"),
            (row["effective_from"], f"Groupes après le {row['label'].lower()}"),
        ]
    dates += [(row["starts_on"], row["label"]) for row in calendar.closures(store, year=year).to_dicts()]
    away = calendar.placements(store, year=year)
    for starts, part in away.group_by("starts_on", maintain_order=True):
        dates.append((starts[0], f"Départ en PFMP{NBSP}: {', '.join(part['code'])}"))
    coming = sorted((moment, words) for moment, words in dates if moment is not None and moment >= today)[:6]
    lines = [
        html.Div([html.Span(words), html.Span(short_day(moment), className="nw")], className="kv")
        for moment, words in coming
    ]
    return card("Prochaines dates", html.Div(lines or empty("Aucune date à venir"), className="s"))
