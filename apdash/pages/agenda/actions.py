"""The panels of common actions: made with their dates, said again, cancelled; and what they do."""

from collections.abc import Mapping, Sequence
from datetime import date, time

from dash import html
from dash.development.base_component import Component

from apdash.errors import ApdashError
from apdash.labels import count, spaced
from apdash.pages.agenda.around import plain_adults, plain_rooms
from apdash.pages.agenda.fields import (
    NOTHING,
    Fields,
    day_of,
    entry,
    fold,
    gesture_form,
    number_of,
    number_or_none,
    select,
    several,
    time_of,
)
from apdash.pages.page import readable_day
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.common_actions import (
    Described,
    Meeting,
    cancel_action,
    change_action,
    create_action,
)
from apdash.store.queries.agenda import action_described, action_sessions
from apdash.store.queries.calendar import current_year, divisions

DATES = 4
_ABOUT_ACTION = (
    "Un forum, une visite, un projet : des divisions entières, sans petit groupe. "
    "Leurs élèves n’ont pas leur séance de groupe à cette heure-là."
)
_COUNTED = (("1", "comptent dans l’enveloppe de l’accompagnement"),)


def action_panel(services: Services, viewer: Viewer, key: str) -> tuple[str, list[Component]]:
    """Return the panel that makes a common action; key: the day offered."""
    on = readable_day(key) or services.today()
    blank = {
        "label": "",
        "axis": "ORI",
        "place": "",
        "counts": True,
        "divisions": [],
        "year": _year(services, on),
    }
    dates = [{"session": None, "on_day": on, "starts_at": time(9, 0), "minutes": 120}]
    parts = [
        html.P(spaced(_ABOUT_ACTION), className="s muted"),
        *_fields(services, "action", blank, dates),
    ]
    return "Action commune", gesture_form(
        "action", "0", parts, verb="Créer l’action", icon="people", kind="primary"
    )


def change_action_panel(services: Services, viewer: Viewer, key: str) -> tuple[str, list[Component]]:
    """Return the panel that says a common action again, or cancels what is left of it."""
    said = action_described(services.store, viewer, action=int(key)) if key.isdigit() else None
    dates = action_sessions(services.store, viewer, action=int(key)).to_dicts() if said else []
    if said is None or not dates:
        raise ApdashError("Action inconnue.", "Elle n’existe pas ou plus : rechargez la page.")
    shared = {"room": dates[0]["room"], "staff": dates[0]["staff"]}
    again = gesture_form(
        "remake",
        key,
        _fields(services, "remake", said | shared, dates),
        verb="Enregistrer",
        icon="check2",
        kind="primary",
    )
    reasons = list(services.reference.session_reasons.select("code", "label").iter_rows())
    stop = gesture_form(
        "stop",
        key,
        [select("stop", "why", "Motif", reasons)],
        verb="Annuler ce qui reste",
        icon="slash-circle",
    )
    return said["label"], [html.Div(again), fold("Annuler l’action", "slash-circle", stop)]


def make_action(services: Services, viewer: Viewer, number: int, fields: Fields, *, agreed: bool) -> str:
    """Make the action; return what to say."""
    meetings = _meetings(fields)
    if not meetings:
        raise ApdashError("Il manque une date.", "Une action commune a lieu au moins une fois.")
    create_action(
        services.store, viewer, services.reference, year=_year(services, meetings[0].on_day),
        described=_described(fields), meetings=meetings, now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    return f"{count(len(meetings), 'date')} dans l’agenda."


def remake_action(services: Services, viewer: Viewer, number: int, fields: Fields, *, agreed: bool) -> str:
    """Say the action again; return what to say."""
    meetings = _meetings(fields)
    change_action(
        services.store, viewer, services.reference, action=number, described=_described(fields), meetings=meetings,
        now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    return f"{count(len(meetings), 'date')} dans l’agenda."


def stop_action(services: Services, viewer: Viewer, number: int, fields: Fields, *, agreed: bool) -> str:
    """Cancel what is left of the action; return what to say."""
    why = str(fields.get("why") or "")
    left = cancel_action(
        services.store, viewer, services.reference, action=number, why=why, now=services.now()
    )
    return f"{count(left, 'date annulée', 'dates annulées')}."


def _fields(services: Services, gesture: str, said: Mapping, dates: Sequence[Mapping]) -> list[Component]:
    known = [(str(row["id"]), row["code"]) for row in divisions(services.store, year=said["year"]).to_dicts()]
    axes = [(NOTHING, "aucun en particulier"), *services.reference.axes.select("code", "label").iter_rows()]
    staff = [*map(str, said.get("staff") or []), "", ""][:2]
    adults, places = (
        [(NOTHING, "personne"), *plain_adults(services)],
        [(NOTHING, "aucune"), *plain_rooms(services)],
    )
    blanks = [{"session": None, "on_day": None, "starts_at": None, "minutes": None}] * DATES
    shown = [*dates, *blanks][: max(DATES, len(dates) + 1)]
    return [
        entry(gesture, "label", "Nom, lisible par tous", said["label"]),
        several(gesture, "divisions", "Divisions", known, [str(one) for one in said["divisions"]]),
        select(gesture, "axis", "Axe", axes, said["axis"]),
        entry(gesture, "place", "Lieu", said["place"]),
        select(gesture, "room", "Salle du lycée", places, str(said.get("room") or "")),
        select(gesture, "first", "Accompagnateur", adults, staff[0]),
        select(gesture, "second", "Avec (facultatif)", adults, staff[1]),
        several(gesture, "counts", "Heures", _COUNTED, ["1"] if said["counts"] else []),
        html.Fieldset([html.Legend("Dates (videz le jour pour retirer une date)", className="form-label"),
                       *[_date(gesture, place, one) for place, one in enumerate(shown)]], className="ag-dates"),
    ]  # fmt: skip


def _date(gesture: str, place: int, one: Mapping) -> Component:
    on = one["on_day"].isoformat() if one["on_day"] else ""
    number = one["session"] or 0
    return html.Div(
        [
            entry(gesture, f"day-{place}-{number}", f"Jour {place + 1}", on, kind="date"),
            entry(gesture, f"hour-{place}-{number}", "Début", one["starts_at"], kind="time"),
            entry(gesture, f"minutes-{place}-{number}", "Minutes", one["minutes"], kind="number"),
        ],
        className="ag-date",
    )


def _described(fields: Fields) -> Described:
    staff = [number_or_none(fields, name) for name in ("first", "second")]
    chosen = fields.get("divisions") or []
    return Described(
        label=str(fields.get("label") or "").strip(),
        divisions=[int(one) for one in chosen if str(one).isdigit()],
        axis="" if fields.get("axis") in (None, NOTHING) else str(fields["axis"]),
        place=str(fields.get("place") or "").strip(),
        counts=bool(fields.get("counts")),
        room=number_or_none(fields, "room"),
        staff=[one for one in staff if one is not None],
    )


def _meetings(fields: Fields) -> list[Meeting]:
    """Return the dates filled in, with the session each already has."""
    found = []
    for name in fields:
        kind, _, rest = name.partition("-")
        if kind != "day" or not fields[name]:
            continue
        number = int(rest.rpartition("-")[2])
        length = number_of(fields, f"minutes-{rest}", "la durée de chaque date")
        found.append(Meeting(day_of(fields, name), time_of(fields, f"hour-{rest}"), length, number or None))
    return found


def _year(services: Services, on: date) -> int:
    year = current_year(services.store, on)
    if year is None:
        raise ApdashError("Aucune année scolaire.", "Importez d’abord les fichiers de SIECLE et de STS-web.")
    return year
