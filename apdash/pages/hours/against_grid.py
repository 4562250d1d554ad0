"""Hours against the envelope: the curve of a cohort, a bar a grade, who is short."""

from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.states import empty, notice
from apdash.hours.burn_up import ahead, burn_up
from apdash.hours.words import GRID, RULE, gap_words, rate_words, too_early
from apdash.labels import NBSP, duration, spaced
from apdash.pages.hours.asked import PATH
from apdash.pages.hours.figures import hours_burn_up
from apdash.pages.hours.picture import Picture
from apdash.pages.page import Params

_CONFIG = {"displayModeBar": False, "responsive": True}


def shown_grade(picture: Picture) -> str | None:
    """Return the grade whose cohort is drawn: the one asked for, else the last of the school."""
    if picture.asked.division is not None:
        return picture.codes.get(picture.asked.division)
    return picture.asked.grade or (picture.grades[-1] if picture.grades else None)


def grid_card(picture: Picture, params: Params) -> Component:
    """Return the card of hours over the cycle: the curve, and a bar for each grade."""
    drawn = _drawn(picture)
    if drawn.is_empty():
        return card(
            "Heures par élève sur le cycle",
            empty("Aucun élève à montrer", "Changez les filtres."),
            class_name="mb-3",
        )
    figure = _curve(picture, drawn)
    graph = dcc.Graph(figure=figure, config=_CONFIG, style={"height": f"{figure.layout.height}px"})
    what = html.A(f"Et si… une heure de plus{NBSP}?", href="#et-si", className="no-print")
    legend = html.P(
        spaced("Trait plein : médiane des élèves, bande : 8 élèves sur 10, gris : heures prévues, tirets : prévision, "
               "pavés : PFMP."), className="xs muted")  # fmt: skip
    sides = [
        html.Div([graph, legend], className="hr-curve"),
        html.Div(_bars(picture, params), className="hr-bars"),
    ]
    sub = f"cohorte de {shown_grade(picture)}, médiane, en heures"
    body = [html.Div(sides, className="hr-cycle"), _untold(picture), _rule(picture)]
    return card("Heures par élève sur le cycle", body,
                sub=sub, right=what, class_name="mb-3")  # fmt: skip


def _drawn(picture: Picture) -> pl.DataFrame:
    """Return the balances of the cohort that is drawn."""
    if picture.asked.division is not None:
        return picture.balance
    return picture.all_balance.filter(pl.col("grade") == (shown_grade(picture) or ""))


def _curve(picture: Picture, drawn: pl.DataFrame) -> object:
    hours, who = picture.hours, drawn["student"].implode()
    places = hours.places.filter(pl.col("student").is_in(who))
    carried = hours.carried.filter(pl.col("student").is_in(who) & (pl.col("year") < hours.year))
    first = _first_day(picture, places, drawn.height)
    grown = burn_up(places.filter(pl.col("on_day") >= first), carried, first=first, day=hours.day)
    coming = _coming(picture, drawn)
    line = pl.DataFrame(schema={"on": pl.Date, "minutes": pl.Float64})
    forecast = drawn["forecast"].median()
    if forecast is not None and grown.height:
        line = ahead(
            places.filter(pl.col("on_day") >= hours.first), hours.rate, start=float(grown["held"][-1]),
            forecast=float(forecast), day=hours.day, coming=coming,
        )  # fmt: skip
    due = drawn.drop_nulls("forecast")["due"].median()
    end = coming[-1][0] if coming else hours.last
    were = hours.stays.filter(pl.col("student").is_in(who))["division"].unique()
    away = hours.away.filter(pl.col("division").is_in(were.implode()) & (pl.col("ends_on") >= first))
    return hours_burn_up(grown, line, away, due=due, end=end)


def _first_day(picture: Picture, places: pl.DataFrame, students: int) -> date:
    """Return the first day of the earliest year in which sessions of at least half of the students are told of."""
    told = places.filter(pl.col("state") != "planned")
    for row in picture.hours.years.sort("year").to_dicts():
        inside = told.filter(pl.col("on_day").is_between(row["starts_on"], row["ends_on"]))
        if 2 * inside["student"].n_unique() >= students:
            return row["starts_on"]
    return picture.hours.first


def _coming(picture: Picture, drawn: pl.DataFrame) -> list[tuple[date, float]]:
    """Return the ends of the years to come with the minutes of their grid; none in the last year of the cycle."""
    who, last = drawn["student"].implode(), picture.hours.last
    ahead_of = picture.hours.dues.filter(pl.col("student").is_in(who) & (pl.col("phase") == "coming"))
    years = ahead_of.drop_nulls("due").group_by("year").agg(pl.col("due").median()).sort("year")
    return [(last.replace(year=year + 1), float(due)) for year, due in years.iter_rows()]


def _bars(picture: Picture, params: Params) -> list[Component]:
    parts: list[Component] = [html.H3("Par niveau", className="s soft")]
    for grade in picture.grades:
        parts.append(_bar(picture, params, grade, picture.all_balance.filter(grade=grade)))
    return parts


def _bar(picture: Picture, params: Params, grade: str, rows: pl.DataFrame) -> Component:
    due, gap, forecast = (rows[name].median() for name in ("due", "gap", "forecast"))
    held = (rows["before"] + rows["held"]).median() or 0
    words = gap_words(None if gap is None else round(gap), due, share=picture.share)
    short = gap is not None and due and gap < -picture.share * due
    whole = max(due or 0, forecast or 0, held, 1)
    track = html.Div(
        [
            html.I(className="fc", style={"width": f"{100 * (forecast or held) / whole:.1f}%"}),
            html.I(className="held", style={"width": f"{100 * held / whole:.1f}%"}),
            html.I(className="due", style={"left": f"{100 * (due or 0) / whole:.1f}%"}) if due else None,
        ],
        className="hr-track",
    )
    told = (
        f"prévision {duration(forecast)} sur {duration(due)}"
        if forecast is not None and due
        else "sans enveloppe ou trop tôt"
    )
    mark = _icon("exclamation-triangle-fill") if short else None
    head = [dcc.Link(grade, href=address(PATH, params, niveau=grade, division=None), className="b"),
            html.Span([mark, words], className="b alert-ink" if short else "")]  # fmt: skip
    foot = [html.Span(f"{duration(held)} tenues"), html.Span(told)]
    return html.Div(
        [html.Div(head, className="kv"), track, html.Div(foot, className="kv xs soft")], className="hr-bar"
    )


def _untold(picture: Picture) -> Component | None:
    """Return a notice when nothing of what is over has been said to be held or not."""
    over = picture.hours.now.filter(pl.col("counts") & (pl.col("on_day") < picture.hours.day))
    if over.is_empty() or over.filter(pl.col("state") != "planned").height:
        return None
    words = (
        "Dites lesquelles sont tenues ou importez l’appel ; d’ici là, la prévision les suppose toutes tenues."
    )
    return notice("watch", "Rien n’est dit des séances passées", words)


def _rule(picture: Picture) -> Component:
    rate = picture.hours.rate.filter(pl.col("division").is_null())["rate"].item()
    lines = [
        RULE,
        f"Taux observé cette année{NBSP}: {rate_words(rate)} au lycée{NBSP}; celui de sa division pour un élève.",
        GRID,
    ]
    if not picture.hours.ready:
        lines.insert(0, too_early(picture.hours.weeks))
    return html.Details(
        [html.Summary("Comment c’est calculé"), *[html.P(line, className="s soft mb-1") for line in lines]]
    )


def _icon(name: str) -> Component:
    return html.I(className=f"bi bi-{name} me-1", **{"aria-hidden": "true"})
