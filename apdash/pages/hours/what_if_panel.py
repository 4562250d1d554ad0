"""« Et si… »: one more hour a week from a day, or some blocks; what it would bring, at once, nothing written."""

from dataclasses import dataclass
from datetime import date

import dash_bootstrap_components as dbc
import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.calendar import WEEKDAYS
from apdash.components.frame import card
from apdash.components.states import empty
from apdash.hours.forecast import by_division
from apdash.hours.what_if import blocks, weekly
from apdash.hours.words import gap_words, too_early
from apdash.labels import NBSP, count, day, duration
from apdash.pages.hours import ids
from apdash.pages.hours.cells import labelled
from apdash.pages.hours.picture import Picture


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished for: one more meeting a week from a day, or a number of sessions between two days."""

    kind: str
    day: str
    minutes: int
    since: date
    number: int
    length: int
    first: date
    last: date


def what_if_card(picture: Picture) -> Component:
    """Return the panel with its fields, and what the wish they begin with would bring."""
    wish = usual_wish(picture)
    return html.Div(
        card("Et si…", [_fields(picture, wish), html.Div(brought(picture, wish), id=ids.WHAT_IF, role="status")],
             sub="recalculé aussitôt avec les PFMP ; rien n’est enregistré", class_name="mb-3 no-print"),
        id="et-si",
    )  # fmt: skip


def usual_wish(picture: Picture) -> Wish:
    """Return the wish the panel begins with: an hour a week from January, or two blocks of three hours in June."""
    year, last = picture.hours.year, picture.hours.last
    since = max(picture.hours.day, min(date(year + 1, 1, 4), last))
    june = min(date(year + 1, 6, 1), last)
    return Wish("semaine", "jeudi", 60, since, 2, 180, june, min(date(year + 1, 6, 30), last))


def _fields(picture: Picture, wish: Wish) -> Component:
    kinds = [
        {"label": "Une heure de plus par semaine", "value": "semaine"},
        {"label": "Des blocs sur quelques jours", "value": "blocs"},
    ]
    first, last = picture.hours.first.isoformat(), picture.hours.last.isoformat()

    def dated(words: str, name: str, value: date) -> Component:
        return _labelled(words, dbc.Input(id=name, type="date", value=value.isoformat(), min=first, max=last))

    def counted(words: str, name: str, value: int, most: int) -> Component:
        return _labelled(words, dbc.Input(id=name, type="number", value=value, min=1, max=most, step=1))

    days = [{"label": name, "value": name} for name in WEEKDAYS[:5]]
    week = [_labelled("Jour", dbc.Select(id=ids.DAY, options=days, value=wish.day)),
            counted("Minutes", ids.MINUTES, wish.minutes, 240),
            dated("À partir du", ids.SINCE, wish.since)]  # fmt: skip
    some = [counted("Nombre de séances", ids.NUMBER, wish.number, 40),
            counted("Minutes chacune", ids.LENGTH, wish.length, 480),
            dated("Entre le", ids.FROM, wish.first), dated("et le", ids.UNTIL, wish.last)]  # fmt: skip
    choice = dbc.RadioItems(id=ids.KIND, options=kinds, value=wish.kind, className="mb-2", inline=True)
    return html.Div([
        choice,
        html.Div(week, className="fields hr-week", role="group", **{"aria-label": "Chaque semaine"}),
        html.Div(some, className="fields hr-blocks", role="group", **{"aria-label": "En blocs"}),
    ], className="hr-wish")  # fmt: skip


def _labelled(words: str, field: Component) -> Component:
    return html.Div([dbc.Label(words, html_for=field.id, className="form-label"), field])


def extra_of(picture: Picture, wish: Wish) -> pl.DataFrame:
    """Return what a wish brings each division shown: division, meetings, extra (minutes). Nothing before the day."""
    hours, divisions = picture.hours, picture.balance["division"].drop_nulls().unique().sort().to_list()
    if wish.kind == "blocs":
        first, last = max(wish.first, hours.day), min(wish.last, hours.last)
        return blocks(
            divisions,
            hours.closures,
            hours.away,
            number=wish.number,
            minutes=wish.length,
            first=first,
            last=last,
        )
    since = max(wish.since, hours.day)
    return weekly(
        divisions,
        hours.closures,
        hours.away,
        day=wish.day,
        minutes=wish.minutes,
        first=since,
        last=hours.last,
    )


def brought(picture: Picture, wish: Wish) -> Component:
    """Return what a wish would bring each division: sessions, hours, forecast before and after."""
    if not picture.hours.ready:
        return empty("Trop tôt pour une prévision", too_early(picture.hours.weeks), icon="hourglass")
    extra = extra_of(picture, wish)
    kept = picture.balance["student"].implode()
    then = picture.hours.balances(extra.select("division", "extra")).filter(pl.col("student").is_in(kept))
    before = by_division(picture.balance.drop_nulls("forecast"), share=picture.share)
    after = by_division(then.drop_nulls("forecast"), share=picture.share)
    rows = before.join(after, on="division", suffix="_then").join(extra, on="division").sort("gap_then")
    if rows.is_empty():
        return empty("Aucune prévision à comparer", "Choisissez d’abord les enveloppes, dans Réglages.")
    return html.Div([html.P(_said(wish, rows), className="b mt-2"), _table(picture, rows)])


def _said(wish: Wish, rows: pl.DataFrame) -> str:
    short, then = int(rows["short"].sum()), int(rows["short_then"].sum())
    what = (
        f"{count(wish.number, 'séance')} de {duration(wish.length)} entre le {day(wish.first)} et le {day(wish.last)}"
        if wish.kind == "blocs"
        else f"{duration(wish.minutes)} de plus chaque {wish.day} à partir du {day(wish.since)}"
    )
    return f"Avec {what}{NBSP}: {count(then, 'élève')} sous l’enveloppe au lieu de {short}."


def _table(picture: Picture, rows: pl.DataFrame) -> Component:
    titles = ("Division", "Séances", "En plus", "Prévision", "devient", "Écart")
    lines = [
        html.Tr([
            html.Th(picture.codes.get(row["division"], "–"), scope="row"),
            labelled("Séances", str(row["meetings"])), labelled("En plus", duration(row["extra"])),
            labelled("Prévision", duration(row["forecast"])), labelled("devient", duration(row["forecast_then"])),
            labelled("Écart", gap_words(row["gap_then"], row["due_then"], share=picture.share)),
        ])
        for row in rows.to_dicts()
    ]  # fmt: skip
    head = html.Thead(html.Tr([html.Th(words, scope="col") for words in titles]))
    return html.Div(
        html.Table([head, html.Tbody(lines)], className="tbl hr-table hr-cards"), className="scroll-x"
    )
