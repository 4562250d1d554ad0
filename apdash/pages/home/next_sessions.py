"""The sessions of the next day that has any: one's own for a teacher, all of them for who pilots."""

from datetime import date, timedelta

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card
from apdash.components.marks import axis_mark
from apdash.components.states import empty
from apdash.labels import DAYS, count, hour, short_day
from apdash.pages.roll.words import roll_address
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.queries.sessions import sessions

_AHEAD = timedelta(days=21)
_MOST = 8


def day_card(services: Services, viewer: Viewer) -> Component:
    """Return the sessions of today, or else of the next day with sessions; a merged one is told by its host."""
    today = services.today()
    found = _ahead(services, viewer, today)
    if found.is_empty():
        words = "Rien dans les trois semaines qui viennent."
        return card("Prochaine séance", empty("Aucune séance", words), class_name="day-card")
    day = found["on_day"].min()
    rows = found.filter(pl.col("on_day") == day)
    later = "Prochaine séance" if rows.height == 1 else "Prochaines séances"
    return card(
        "Aujourd’hui" if day == today else later,
        _sessions(services, viewer, rows, today=today),
        sub=f"{DAYS[day.weekday()]} {short_day(day)}",
        right=dcc.Link("Voir la semaine", href=address("/seances", {}, date=day.isoformat())),
        class_name="day-card",
    )


def _ahead(services: Services, viewer: Viewer, today: date) -> pl.DataFrame:
    """Return the sessions to come, one a host, with all who are expected there."""
    led_by = viewer.staff if viewer.role == Role.TEACHER else None
    found = sessions(services.store, viewer, first=today, last=today + _AHEAD, led_by=led_by)
    sizes = found.group_by("host").agg(places=pl.col("expected").sum())
    hosts = found.filter((pl.col("host") == pl.col("session")) & (pl.col("state") != "not_held"))
    return hosts.join(sizes, on="host", how="left", maintain_order="left")


def _sessions(services: Services, viewer: Viewer, rows: pl.DataFrame, *, today: date) -> Component:
    axis_of = dict(services.reference.needs.select("code", "axis").iter_rows())
    lines = [
        _session(row, axis_of.get(row["need"]), viewer, today=today) for row in rows.head(_MOST).to_dicts()
    ]
    rest = rows.height - len(lines)
    words = f"et {count(rest, 'autre séance', 'autres séances')}"
    href = address("/seances", {}, date=rows["on_day"][0].isoformat())
    more = html.Div(dcc.Link(words, href=href), className="s mt-2") if rest > 0 else None
    return html.Div([html.Table(html.Tbody(lines), className="tbl day-groups"), more])


def _session(row: dict, axis: str | None, viewer: Viewer, *, today: date) -> Component:
    """Return a line; its name opens the roll once its day has come, for who may call it."""
    name = row["name"] or row["label"]
    may_call = row["on_day"] == today and (viewer.role != Role.TEACHER or viewer.staff in row["staff"])
    named = dcc.Link(name, href=roll_address(row["session"])) if may_call else name
    place = ", ".join(filter(None, [row["staff_names"], row["room_code"], count(row["places"], "élève")]))
    what = [html.Div([axis_mark(axis), named], className="nm"), html.Div(place, className="xs muted")]
    return html.Tr([html.Td(hour(row["starts_at"]), className="nw b"), html.Td(what)])
