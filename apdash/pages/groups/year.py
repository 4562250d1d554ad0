"""The groups through the periods of a year: which lived when, and how many students each had."""

from collections.abc import Mapping
from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.components.states import empty
from apdash.labels import short_day
from apdash.pages.groups.asked import Asked
from apdash.pages.groups.words import in_order, sentence, slot_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.calendar import periods
from apdash.store.queries.groups import groups_in_force

_SCHEMA = {"ap_group": pl.Int64, "period": pl.Int64, "code": pl.String, "name": pl.String, "slot": pl.Int64,
           "day": pl.String, "starts_at": pl.Time, "band_code": pl.String, "staff_names": pl.String,
           "size": pl.Int64}  # fmt: skip


def year_card(services: Services, viewer: Viewer, at: Asked, *, year: int, last: date) -> Component:
    """Return the groups of the year, a line each, a column a period; nothing is said of periods after `last`."""
    spans = periods(services.store, year=year)
    known = spans.filter(pl.col("starts_on") <= max(last, services.today()))
    lives = group_lives(services, viewer, at, known)
    if lives.is_empty():
        return card("Les groupes de l’année", empty("Aucun groupe n’a encore été en vigueur cette année"))
    rows = in_order(lives.to_dicts(), "ap_group")
    hours = in_order([found[0] for found in rows.values()], "slot")
    today = services.today()
    head = [html.Th("Groupe", scope="col"), *[_period_head(row, today) for row in spans.to_dicts()]]
    order = spans["id"].to_list()
    body = [
        part
        for groups in hours.values()
        for part in (
            _hour(groups[0], at, len(order)),
            *[_line(rows[row["ap_group"]], order) for row in groups],
        )
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="tbl gp-year")
    sub = "nombre d’élèves à la fin de chaque période, ou à ce jour"
    return card("Les groupes de l’année", html.Div(table, className="scroll-x"), sub=sub)


def group_lives(services: Services, viewer: Viewer, at: Asked, spans: pl.DataFrame) -> pl.DataFrame:
    """Return a row per group and period in which it meets. spans: as `calendar.periods`.

    Columns: ap_group, period, code, name, slot, day, starts_at, band_code, staff_names, size; in the order of the week,
    bands and codes.
    """
    frames = [
        groups_in_force(services.store, viewer, on=_seen_on(row, services.today()), band=at.band)
        .filter(pl.col("size") > 0)
        .with_columns(period=pl.lit(row["id"], pl.Int64))
        for row in spans.to_dicts()
    ]
    if at.mine:
        frames = [frame.filter(pl.col("staff").list.contains(viewer.staff)) for frame in frames]
    kept = pl.concat([pl.DataFrame(schema=_SCHEMA), *[frame.select(*_SCHEMA) for frame in frames]])
    return kept.sort("band_code", "slot", "code", "period", maintain_order=True)


def _seen_on(row: Mapping, today: date) -> date:
    """Return the day a period is looked at: its last, today when it is the present one, its first when it is ahead."""
    if row["starts_on"] > today:
        return row["starts_on"]
    return min(row["ends_on"], today)


def _period_head(row: Mapping, today: date) -> Component:
    now = row["starts_on"] <= today <= row["ends_on"]
    words = [
        row["code"],
        html.Span(f"{short_day(row['starts_on'])} – {short_day(row['ends_on'])}", className="xs"),
    ]
    return html.Th(words, scope="col", className="now" if now else "", title=row["label"])


def _hour(row: Mapping, at: Asked, periods_shown: int) -> Component:
    where = "" if at.band is not None else f"{row['band_code']} · "
    return html.Tr(
        html.Th(where + sentence(slot_words(row)), colSpan=periods_shown + 1, scope="colgroup"),
        className="gp-year-hour",
    )


def _line(rows: list[Mapping], order: list[int]) -> Component:
    last = rows[-1]
    sizes = {row["period"]: row["size"] for row in rows}
    cells = []
    for place, period in enumerate(order):
        alive = period in sizes
        before = place > 0 and order[place - 1] in sizes
        after = place + 1 < len(order) and order[place + 1] in sizes
        form = " ".join(["life", *["from"][: not before], *["to"][: not after]]) if alive else ""
        cells.append(html.Td(html.Span(str(sizes[period])) if alive else None, className=form))
    about = html.Span(f" {last['name']} · {last['staff_names'] or 'adulte à désigner'}", className="muted")
    return html.Tr([html.Th([last["code"], about], scope="row"), *cells])
