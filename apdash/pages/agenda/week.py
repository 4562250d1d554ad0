"""The week: a column a day, an hour and a band at a time, a line a session."""

from collections.abc import Mapping
from datetime import date, timedelta

from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import link_button
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import DAYS, NBSP, count, day, short_day
from apdash.pages.agenda import ids
from apdash.pages.agenda.asked import Asked
from apdash.pages.agenda.picture import Picture, closed_on, days_of
from apdash.pages.agenda.words import change_words, place_words, span_words, state_of, what_words


def title(at: Asked, picture: Picture) -> str:
    """Return the finding of the week: how many sessions, and how many are not held."""
    friday = at.monday + timedelta(days=4)
    first = (
        str(at.monday.day) if at.monday.month == friday.month and at.monday.day > 1 else short_day(at.monday)
    )
    span = f"du {first} au {short_day(friday)}"
    if not picture.rows:
        return f"Aucune séance {span}"
    lost = sum(row["state"] == "not_held" for row in picture.rows)
    told = f", dont {count(lost, 'non tenue', 'non tenues')}" if lost else ""
    return f"{count(len(picture.rows), 'séance')} {span}{told}"


def lead(at: Asked, picture: Picture) -> str:
    """Return the letter of the week, its holidays, what is done and what is still to do in it."""
    rows = picture.rows
    done = sum(row["called"] > 0 or row["state"] == "held" for row in rows)
    due = sum(row["on_day"] < picture.today and _due(row) for row in rows)
    told = [
        f"Semaine {picture.letter}" if picture.letter else f"Semaine du {day(at.monday)}",
        *(row["label"] for row in picture.closures),
        count(done, "tenue", "tenues") if done else "",
        count(due, "appel à faire", "appels à faire") if due else "",
    ]
    return " · ".join(filter(None, told))


def week(at: Asked, picture: Picture) -> Component:
    """Return the columns of the week, with the tabs of its days for a phone; why it is empty when so."""
    if not picture.rows:
        return _nothing(at, picture)
    days = days_of(at, picture.rows)
    shown = at.day if at.day in days else days[0]
    return html.Div(
        [
            html.Nav(
                [_tab(at, picture, on, shown) for on in days], className="ag-tabs", **{"aria-label": "Jour"}
            ),
            html.Div([_column(picture, on, shown) for on in days], className=f"ag-week ag-{len(days)}"),
        ]
    )


def _tab(at: Asked, picture: Picture, on: date, shown: date) -> Component:
    number = sum(row["on_day"] == on for row in picture.rows)
    words = [html.B(DAYS[on.weekday()][:3]), f" {on.day}", html.Span(str(number or "–"), className="xs")]
    current = {"aria-current": "date"} if on == shown else {}
    label = f"{DAYS[on.weekday()]} {short_day(on)}, {count(number, 'séance')}"
    return (
        dcc.Link(words, href=at.href(date=on.isoformat()), title=label, className="on" if on == shown else "")
        if not current
        else html.Span(words, className="on", title=label, **current)
    )


def _column(picture: Picture, on: date, shown: date) -> Component:
    rows = [row for row in picture.rows if row["on_day"] == on]
    today = " today" if on == picture.today else ""
    head = [html.Span(DAYS[on.weekday()].capitalize(), className="b"), f" {short_day(on)}"]
    if today:
        head.append(html.Span("aujourd’hui", className="ag-now"))
    off = closed_on(picture, on)
    body = [html.P(off, className="ag-off")] if off else []
    if not rows and not off:
        body = [html.P("Pas de séance", className="ag-none")]
    hours: dict[tuple, list[dict]] = {}
    for row in rows:
        hours.setdefault((row["starts_at"], row["minutes"], row["band"]), []).append(row)
    codes = dict(picture.bands.select("band", "code").iter_rows())
    parts = [_hour(picture, key, codes, found) for key, found in hours.items()]
    name = f"ag-day{today}{' on' if on == shown else ''}"
    return html.Section([html.H2(head), *body, *parts], className=name)


def _hour(picture: Picture, key: tuple, codes: Mapping[int, str], rows: list[dict]) -> Component:
    starts, minutes, band = key
    words = [span_words(starts, minutes), html.Span(codes.get(band, "Action commune"), className="ag-band")]
    items = [html.Li(_session(picture, row), className=_tone(row)) for row in rows]
    return html.Div([html.H3(words), html.Ul(items)], className="ag-hour")


def _session(picture: Picture, row: dict) -> list[Component | None]:
    words, kind, icon = state_of(row, today=picture.today, hosts=picture.hosts, reasons=picture.reasons)
    changed = change_words(row)
    name = html.Span([html.B(row["code"]), f" {row['name']}"] if row["code"] else html.B(row["label"]))
    marks = [badge(words, kind=kind, icon=icon)]
    if changed:
        marks.append(badge(changed, icon="arrow-left-right" if row["planned_on"] else "plus-lg"))
    return [
        html.Div(
            [name, html.Span(count(row["expected"], "élève"), className="ag-size")], className="ag-name"
        ),
        html.Div(place_words(row, picture.places), className="ag-place"),
        html.Div([*marks, *_acts(picture, row)], className="ag-marks"),
    ]


def _acts(picture: Picture, row: dict) -> list[Component]:
    """Return the link to the roll, and for whoever plans sessions the button that opens the panel."""
    what = what_words(row)
    found: list[Component] = []
    if row["state"] != "not_held" and row["on_day"] <= picture.today:
        href = address("/appel", {}, seance=str(row["host"]))
        words = "Voir l’appel" if row["called"] else "Appel"
        found.append(dcc.Link(words, href=href, className="ag-call", title=f"{words}{NBSP}: {what}"))
    mark = html.I(className="bi bi-three-dots", **{"aria-hidden": "true"})
    if picture.may_plan:
        label = f"Modifier la séance {what} du {short_day(row['on_day'])}"
        more = {"aria-label": label, **ids.opens("session", row["session"])}
        found.append(
            html.Button(mark, type="button", className="ag-more", title="Modifier cette séance", **more)
        )
    return [html.Span(found, className="ag-acts")]


def _tone(row: dict) -> str:
    if row["state"] == "not_held":
        return "off"
    return "guest" if row["host"] != row["session"] else ""


def _due(row: dict) -> bool:
    return row["state"] == "planned" and not row["called"] and row["host"] == row["session"]


def _nothing(at: Asked, picture: Picture) -> Component:
    """Return why the week is empty, and the nearest weeks that are not."""
    if len(picture.every):
        keep = dict.fromkeys(("niveau", "division", "bande", "adulte"))
        every = link_button("Montrer toutes les séances", at.href(**keep, miennes="0"))
        return empty("Aucune séance avec ces filtres", "D’autres séances ont lieu cette semaine-là.", every)
    links = [
        link_button(f"Séances du {short_day(on)}", at.href(date=on.isoformat()), icon=icon)
        for on, icon in ((picture.before, "arrow-left"), (picture.after, "arrow-right"))
        if on is not None
    ]
    off = ", ".join(row["label"] for row in picture.closures)
    why = (
        f"{off}."
        if off
        else "Personne n’est attendu : aucun groupe en vigueur, ou toutes les divisions en PFMP."
    )
    return empty("Aucune séance cette semaine", why, html.Div(links, className="ag-links"))
