"""Hours against the envelope: the curve of a cohort, a bar a grade, who is short."""

from datetime import date

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, link_button
from apdash.components.states import empty, notice
from apdash.components.still import still
from apdash.hours.burn_up import ahead, burn_up
from apdash.hours.forecast import by_division
from apdash.hours.words import GRID, RULE, gap_words, rate_words, too_early
from apdash.labels import NBSP, count, duration
from apdash.pages.hours.asked import PATH
from apdash.pages.hours.figures import hours_burn_up
from apdash.pages.hours.picture import Picture
from apdash.pages.page import Params

_CONFIG = {"displayModeBar": False, "responsive": True}


def shown_grade(picture: Picture) -> str | None:
    """Return the grade whose cohort is drawn: the one asked for, else the last of the school."""
    if picture.asked.division is not None:
        return picture.codes.get(picture.asked.division)
    grades = picture.all_balance.drop_nulls("grade")["grade"].unique().to_list()
    return picture.asked.grade or ("Tle" if "Tle" in grades else max(grades, default=None))


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
    what = html.A("Et si… une heure de plus ?", href="#et-si", className="no-print")
    legend = html.P(
        "Trait plein : médiane des élèves, bande : 8 élèves sur 10, gris : heures prévues, tirets : prévision, "
        "pavés : PFMP.", className="xs muted")  # fmt: skip
    sides = [
        html.Div([graph, legend], className="hr-curve"),
        html.Div(_bars(picture, params), className="hr-bars"),
    ]
    sub = f"cohorte de {shown_grade(picture)}, médiane, en heures"
    return card("Heures par élève sur le cycle", [html.Div(sides, className="hr-cycle"), _rule(picture)],
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
    here = places.filter(pl.col("state") != "planned")
    first = min(here["on_day"].min(), hours.first) if here.height else hours.first
    first = hours.years.filter(pl.col("ends_on") >= first)["starts_on"].min()
    grown = burn_up(places.filter(pl.col("on_day") >= first), carried, first=first, day=hours.day)
    coming = _coming(hours.last, drawn)
    line = pl.DataFrame(schema={"on": pl.Date, "minutes": pl.Float64})
    if hours.ready and grown.height:
        start = float(grown["held"][-1])
        line = ahead(
            places.filter(pl.col("on_day") >= hours.first),
            hours.rate,
            start=start,
            day=hours.day,
            coming=coming,
        )
    due = drawn.drop_nulls("forecast")["due"].median()
    end = coming[-1][0] if coming else hours.last
    were = hours.stays.filter(pl.col("student").is_in(who))["division"].unique()
    away = hours.away.filter(pl.col("division").is_in(were.implode()) & (pl.col("ends_on") >= first))
    return hours_burn_up(grown, line, away, due=due, end=end)


def _coming(last: date, drawn: pl.DataFrame) -> list[tuple[date, float]]:
    """Return the end of the cycle with the minutes the years to come bring the median student, none in the last year."""
    more = (drawn["coming"] * drawn["rate"]).median() or 0.0
    left = 0 if not more else max(1, round(more / 4200))  # how far to draw: a year of a grid is some 70 h
    return [(last.replace(year=last.year + step), more / left) for step in range(1, left + 1)]


def _bars(picture: Picture, params: Params) -> list[Component]:
    grades = picture.all_balance.drop_nulls("grade").sort("grade")
    parts: list[Component] = [html.H3("Par niveau", className="s soft")]
    for (grade,), rows in sorted(grades.group_by("grade"), key=lambda pair: str(pair[0][0])):
        parts.append(_bar(picture, params, str(grade), rows))
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
    head = [dcc.Link(grade, href=address(PATH, params, niveau=grade, division=None), className="b"),
            html.Span([_icon("exclamation-triangle-fill") if short else None, words], className="b alert-ink" if short else "")]  # fmt: skip
    foot = [html.Span(f"{duration(held)} tenues"), html.Span(told)]
    return html.Div(
        [html.Div(head, className="kv"), track, html.Div(foot, className="kv xs soft")], className="hr-bar"
    )


def _rule(picture: Picture) -> Component:
    rate = picture.hours.rate.filter(pl.col("division").is_null())["rate"].item()
    lines = [
        RULE,
        f"Taux observé cette année dans l’établissement{NBSP}: {rate_words(rate)} ; celui de chaque division sert à ses élèves.",
        GRID,
    ]
    if not picture.hours.ready:
        lines.insert(0, too_early(picture.hours.weeks))
    return html.Details(
        [html.Summary("Comment c’est calculé"), *[html.P(line, className="s soft mb-1") for line in lines]]
    )


def shortfalls_card(picture: Picture, params: Params) -> Component:
    """Return who is forecast to leave the grid: the divisions, then the students."""
    title = "Sous l’enveloppe"
    if not picture.hours.ready:
        return card(
            title,
            empty("Trop tôt pour une prévision", too_early(picture.hours.weeks), icon="hourglass"),
            class_name="mb-3",
        )
    known = picture.balance.drop_nulls("forecast")
    if known.is_empty():
        action = (
            link_button("Choisir les enveloppes", "/reglages?partie=enveloppes")
            if picture.whole_school
            else None
        )
        return card(
            title,
            empty(
                "Aucune enveloppe choisie", "La direction ou le pilote la choisit par année d’entrée.", action
            ),
            class_name="mb-3",
        )
    short = known.filter(pl.col("gap") < -pl.col("due") * picture.share).sort("gap", "student")
    gone = int((known["unknown"] > 0).sum())
    note = notice("info", f"{count(gone, 'élève')} : années précédentes inconnues",
                  "Elles ne comptent ni dans l’enveloppe ni dans les heures ; reprenez-les dans Réglages.") if gone else None  # fmt: skip
    parts = [_divisions(picture, known, params), _students(picture, short), note]
    return card(
        title,
        parts,
        sub=f"plus de {round(100 * picture.share)}{NBSP}% sous la grille en fin de cycle",
        class_name="mb-3",
    )


def _divisions(picture: Picture, known: pl.DataFrame, params: Params) -> Component:
    lines = [
        html.Tr([
            html.Th(dcc.Link(picture.codes[row["division"]], href=address(PATH, params, division=str(row["division"]), par="eleves")), scope="row"),
            html.Td(duration(row["so_far"]), className="num"), html.Td(duration(row["forecast"]), className="num"),
            html.Td(duration(row["due"]), className="num"),
            html.Td(gap_words(row["gap"], row["due"], share=picture.share)),
            html.Td(f"{row['short']} / {row['students']}", className="num"),
        ])
        for row in by_division(known, share=picture.share).sort("gap").to_dicts() if row["division"] in picture.codes
    ]  # fmt: skip
    titles = ("Division", "Tenues", "Prévision", "Enveloppe", "Écart", "Élèves dessous")
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in titles]))
    return still(html.Table([head, html.Tbody(lines)], className="tbl hr-table"), className="scroll-x")


def _students(picture: Picture, short: pl.DataFrame) -> Component:
    if short.is_empty():
        return html.P("Aucun élève à plus de l’écart admis sous la grille.", className="s soft mt-2")
    lines = [
        html.Li([
            dcc.Link(picture.people.get(row["student"], "élève"), href=f"/eleve?id={row['student']}"),
            html.Span(f" {row['division_code']} ", className="muted"),
            html.Span(f"prévision {duration(row['forecast'])} sur {duration(row['due'])}", className="soft"),
        ])
        for row in short.to_dicts()
    ]  # fmt: skip
    return html.Details(
        [html.Summary(f"Les {count(short.height, 'élève')}"), still(html.Ul(lines, className="hr-short"))],
        className="mt-2",
    )


def _icon(name: str) -> Component:
    return html.I(className=f"bi bi-{name} me-1", **{"aria-hidden": "true"})
