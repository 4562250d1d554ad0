"""The bars above the groups: which band, hour, division and day; which view."""

from collections.abc import Sequence
from datetime import date

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import Option, dropdown, segment
from apdash.components.frame import filter_bar, folded, print_button
from apdash.labels import NBSP, short_day
from apdash.pages.groups import ids
from apdash.pages.groups.asked import ALL, JOURNAL, MOVES, PATH, VIEWS, Asked
from apdash.pages.groups.picture import Picture
from apdash.pages.groups.words import slot_words
from apdash.rights import Role, Viewer

_RESETS = ("creneau", "division")


def filters(viewer: Viewer, at: Asked, picture: Picture) -> Component:
    """Return the bar of filters; each view has those that change something in it."""
    parts = [_band(at, picture)]
    if at.view not in (MOVES, JOURNAL):
        slot = _slot(at, picture)
        parts += [
            folded(_division(at, picture), used=at.division is not None),
            folded(slot, used=at.slot is not None) if slot else None,
            *_own(viewer, at),
        ]
    if at.view not in (MOVES, JOURNAL):
        parts.append(day_field("Date", "date", at.on, _jumps(at, picture)))
    return filter_bar([part for part in parts if part], print_button() if at.view != JOURNAL else None)


def views(viewer: Viewer, at: Asked) -> Component:
    """Return the choice between groups, lists, moves and, for those who change groups, the journal."""
    shown = {name: words for name, words in VIEWS.items() if name != JOURNAL or viewer.role != Role.TEACHER}
    links = [
        dcc.Link(words, href=at.href(vue=name or None), className="on" if name == at.view else "")
        for name, words in shown.items()
    ]
    return html.Div(links, className="seg", role="group", **{"aria-label": "Vue"})


def day_field(label: str, param: str, value: date, beside: Sequence[Component] = ()) -> Component:
    """Return a labelled day to choose, with links beside it. param: what it changes in the address."""
    shown = value.isoformat()
    box = dbc.Input(
        type="date", id=ids.day(param, shown), value=shown, debounce=500, size="sm", className="gp-day"
    )
    named = html.Label([html.Span(label, className="lab"), box], className="f")
    return html.Div([named, *beside], className="f flex-wrap")


def _band(at: Asked, picture: Picture) -> Component:
    options = [(str(band), code) for band, code in picture.bands.select("band", "code").iter_rows()]
    said = {**at.params, "bande": ALL if at.band is None else str(at.band)}
    every = [(ALL, f"Toutes ({len(options)})")]
    return dropdown("Bande", [*options, *every], name="bande", path=PATH, params=said, clears=_RESETS)


def _division(at: Asked, picture: Picture) -> Component:
    rows = picture.divisions.iter_rows()
    options = [("", f"Toutes ({picture.divisions.height})"), *((str(key), code) for key, code in rows)]
    return dropdown("Division", options, name="division", path=PATH, params=at.params)


def _slot(at: Asked, picture: Picture) -> Component | None:
    rows = picture.every.unique("slot", maintain_order=True).iter_rows(named=True)
    options: list[Option] = [(str(row["slot"]), _hour_words(row, at)) for row in rows]
    if len(options) < 2:
        return None
    shown = [("", f"Tous ({len(options)})"), *options]
    if len(options) > 3:
        return dropdown("Créneau", shown, name="creneau", path=PATH, params=at.params)
    said = {**at.params, "creneau": at.params.get("creneau", "")}
    return segment("Créneau", shown, name="creneau", path=PATH, params=said)


def _hour_words(row: dict, at: Asked) -> str:
    return slot_words(row) if at.band is not None else f"{row['band_code']} · {slot_words(row)}"


def _own(viewer: Viewer, at: Asked) -> list[Component]:
    """Return the choice between one's own groups and the others, for whoever leads groups."""
    if viewer.staff is None:
        return []
    others = "Ceux de mes élèves" if viewer.role == Role.TEACHER else "Tous"
    said = {**at.params, "miens": "1" if at.mine else "0"}
    return [
        segment("Voir", [("1", "Mes groupes"), ("0", others)], name="miens", path=PATH, params=said,
                clears=("creneau",))
    ]  # fmt: skip


def _jumps(at: Asked, picture: Picture) -> list[Component]:
    """Return links to today and to the next day a composition takes effect."""
    found = []
    if at.on != picture.today:
        found.append(_jump("Aujourd’hui", at, None))
    coming = next((day for day in picture.compositions if day > max(at.on, picture.today)), None)
    if coming is not None:
        found.append(_jump(f"Prochaine mise en vigueur{NBSP}: {short_day(coming)}", at, coming.isoformat()))
    return found


def _jump(words: str, at: Asked, day: str | None) -> Component:
    return dcc.Link(words, href=at.href(date=day), className="btn btn-quiet btn-sm")
