"""The bar above the week: niveau, division, bande, adulte, the day; the week before, the next one, today."""

from collections.abc import Sequence
from datetime import date, timedelta

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import dropdown, segment
from apdash.components.frame import filter_bar, folded
from apdash.pages.agenda import ids
from apdash.pages.agenda.asked import PATH, Asked
from apdash.pages.agenda.picture import Picture
from apdash.rights import Role, Viewer

_CLOSES = ("seance",)


def filters(viewer: Viewer, at: Asked, picture: Picture) -> Component:
    """Return the bar of filters of the week."""
    parts = [
        folded(_grade(at, picture), used=bool(at.grade)),
        folded(_division(at, picture), used=at.division is not None),
        folded(_band(at, picture), used=at.band is not None),
        folded(_adult(at, picture), used=at.adult is not None),
    ]
    return filter_bar(
        [*parts, *_own(viewer, at), day_field("Semaine du", "date", at.day)], _moves(at, picture)
    )


def day_field(label: str, param: str, value: date) -> Component:
    """Return a labelled day to choose. param: what it changes in the address."""
    shown = value.isoformat()
    box = dbc.Input(
        type="date", id=ids.day(param, shown), value=shown, debounce=500, size="sm", className="gp-day"
    )
    return html.Label([html.Span(label, className="lab"), box], className="f")


def _grade(at: Asked, picture: Picture) -> Component:
    grades = picture.choices["grade"].unique(maintain_order=True).to_list()
    options = [("", f"Tous ({len(grades)})"), *((grade, grade) for grade in grades)]
    return dropdown(
        "Niveau", options, name="niveau", path=PATH, params=at.params, clears=("division", *_CLOSES)
    )


def _division(at: Asked, picture: Picture) -> Component:
    known = [
        (str(row["id"]), row["code"])
        for row in picture.choices.iter_rows(named=True)
        if at.grade in ("", row["grade"])
    ]
    options = [("", f"Toutes ({len(known)})"), *known]
    return dropdown("Division", options, name="division", path=PATH, params=at.params, clears=_CLOSES)


def _band(at: Asked, picture: Picture) -> Component:
    known = [(str(band), code) for band, code in picture.bands.select("band", "code").iter_rows()]
    options = [("", f"Toutes ({len(known)})"), *known]
    return dropdown("Bande", options, name="bande", path=PATH, params=at.params, clears=_CLOSES)


def _adult(at: Asked, picture: Picture) -> Component:
    """Return the adults who lead a session of the week, and the one chosen."""
    named = {str(key): name for row in picture.every.to_dicts() for key, name in _adults(row) if name}
    if at.adult is not None:
        named.setdefault(str(at.adult), "Aucune séance cette semaine")
    ordered = sorted(named.items(), key=lambda one: one[1].split(" ", 1)[-1])
    options = [("", f"Tous ({len(ordered)})"), *ordered]
    return dropdown("Adulte", options, name="adulte", path=PATH, params=at.params, clears=_CLOSES)


def _adults(row: dict) -> Sequence[tuple[int, str]]:
    names = row["staff_names"].split(", ")
    return list(zip(row["staff"], names, strict=True)) if len(names) == len(row["staff"]) else []


def _own(viewer: Viewer, at: Asked) -> list[Component]:
    if viewer.staff is None:
        return []
    others = "Celles de mes élèves" if viewer.role == Role.TEACHER else "Toutes"
    said = {**at.params, "miennes": "1" if at.mine else "0"}
    choices = [("1", "Mes séances"), ("0", others)]
    return [segment("Voir", choices, name="miennes", path=PATH, params=said, clears=_CLOSES)]


def _moves(at: Asked, picture: Picture) -> list[Component]:
    """Return the links to the week before, to today, to the next week."""
    return [
        week_link(at, at.day - timedelta(weeks=1), "Semaine précédente", "chevron-left"),
        dcc.Link("Aujourd’hui", href=at.href(date=None), className="btn btn-outline btn-sm"),
        week_link(at, at.day + timedelta(weeks=1), "Semaine suivante", "chevron-right"),
    ]


def week_link(at: Asked, day: date, words: str, icon: str) -> Component:
    """Return a link to a week that only shows an arrow."""
    mark = html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"})
    label = html.Span(words, className="visually-hidden")
    return dcc.Link(
        [mark, label],
        href=at.href(date=day.isoformat()),
        className="btn btn-outline btn-sm ag-arrow",
        title=words,
    )
