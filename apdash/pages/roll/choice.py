"""Which roll to call: the group of this hour at once, else the sessions of the day, the late rolls, the next ones."""

from datetime import datetime, timedelta

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import card, page_head
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import NBSP, count, short_day
from apdash.pages.roll.words import PATH, day_words, ends_at, hours_words, roll_address
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.queries.sessions import sessions

EARLY = timedelta(minutes=10)  # a roll may be opened that long before its hour
_BEFORE, _AHEAD = timedelta(days=28), timedelta(days=14)
_MOST = 12


def session_of_the_hour(services: Services, viewer: Viewer) -> int | None:
    """Return the session this adult leads at this hour, when there is one and only one."""
    now = services.now()
    if viewer.staff is None:
        return None
    today = _led(services, viewer, first=now.date(), last=now.date(), everybody=False)
    here = [row for row in today.to_dicts() if row["state"] != "not_held" and _is_on(row, now)]
    return here[0]["host"] if len(here) == 1 else None


def choice(services: Services, viewer: Viewer, *, everybody: bool) -> Component:
    """Return the list of sessions whose roll may be called. everybody: those of all adults, for who pilots."""
    now, pilots = services.now(), viewer.role != Role.TEACHER
    everybody = pilots and (everybody or viewer.staff is None)
    found = _led(services, viewer, first=now.date() - _BEFORE, last=now.date() + _AHEAD, everybody=everybody)
    today = found.filter(pl.col("on_day") == now.date())
    late = found.filter((pl.col("on_day") < now.date()) & (pl.col("state") == "planned")).reverse()
    called = found.filter((pl.col("on_day") < now.date()) & (pl.col("state") == "held")).reverse()
    ahead = found.filter(pl.col("on_day") > now.date())
    parts = [
        _part("Aujourd’hui", today, "Aucune séance aujourd’hui.", dated=False),
        _part("Appels à faire", late, "Tous les appels des quatre dernières semaines sont faits."),
        _part("Derniers appels", called.head(4), "Aucun appel encore."),
        _part("Prochaines séances", ahead.head(4), "Aucune séance dans les deux semaines.", pressed=False),
    ]
    if found.is_empty():
        parts = [card("Séances", empty("Aucune séance", "Vous n’animez aucun groupe en ce moment."))]
    due = late.height + sum(row["state"] == "planned" and _has_begun(row, now) for row in today.to_dicts())
    words = f"{count(due, 'appel')} à faire" if due else "Aucun appel à faire"
    return html.Div(
        [
            page_head(words, _switch(viewer, everybody) if pilots else None),
            html.Div(parts, className="stack"),
        ],
        className="page roll-choice",
    )


def _switch(viewer: Viewer, everybody: bool) -> Component | str:
    if viewer.staff is None:
        return "Séances de tous les adultes"
    words, value = (
        ("Voir mes séances", None) if everybody else ("Voir les séances de tous les adultes", "oui")
    )
    return dcc.Link(words, href=address(PATH, {}, tous=value))


def _led(services: Services, viewer: Viewer, *, first: object, last: object, everybody: bool) -> pl.DataFrame:
    """Return the sessions to call, one a host; those of this adult alone, unless everybody's are wanted."""
    led_by = None if everybody else viewer.staff if viewer.staff is not None else -1
    found = sessions(services.store, viewer, first=first, last=last, led_by=led_by)
    return found.unique("host", keep="first", maintain_order=True)


def _is_on(row: dict, now: datetime) -> bool:
    return datetime.combine(row["on_day"], row["starts_at"]) - EARLY <= now <= ends_at(row)


def _has_begun(row: dict, now: datetime) -> bool:
    return datetime.combine(row["on_day"], row["starts_at"]) <= now


def _part(
    title: str, rows: pl.DataFrame, nothing: str, *, dated: bool = True, pressed: bool = True
) -> Component:
    lines = [_line(row, dated=dated, pressed=pressed) for row in rows.head(_MOST).to_dicts()]
    rest = rows.height - len(lines)
    more = html.P(f"et {count(rest, 'autre', 'autres')}", className="s muted mt-2") if rest > 0 else None
    body = [html.Div(lines, className="roll-lines"), more] if lines else html.P(nothing, className="s soft")
    return card(title, body, sub=str(rows.height) if rows.height else None)


def _line(row: dict, *, dated: bool, pressed: bool) -> Component:
    when = f"{day_words(row)}, {hours_words(row)}" if dated else hours_words(row)
    name = row["name"] or row["label"]
    words = [
        html.Div([html.Span(row["code"] or "", className="muted"), f" {name}"], className="b"),
        html.Div(
            ", ".join(
                filter(None, [when, row["room_code"], row["staff_names"], count(row["expected"], "élève")])
            ),
            className="s soft",
        ),
    ]
    if not pressed or row["state"] == "not_held":
        note = badge("Non tenue", icon="slash-circle") if row["state"] == "not_held" else None
        return html.Div([html.Div(words), note], className="roll-line")
    note = (
        badge("Appel fait", kind="acc", icon="check2-all")
        if row["state"] == "held"
        else badge("Appel à faire", kind="watch", icon="exclamation-circle")
    )
    said = f"Appel de {name}, {short_day(row['on_day'])}{NBSP}: {when}"
    return dcc.Link(
        [html.Div(words), note], href=roll_address(row["host"]), className="roll-line", title=said
    )
