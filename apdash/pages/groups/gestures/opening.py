"""Gestures on one group: its adults, its room, a suspension, a merger, its name and objective."""

from datetime import date, timedelta

from dash import html
from dash.development.base_component import Component

from apdash.labels import NBSP, day, spaced
from apdash.pages.gestures.form import (
    Fields,
    Form,
    Maker,
    day_of,
    day_or_none,
    numbers,
    reason_of,
    whole_field,
)
from apdash.pages.groups.gestures.people import adults, group_on, neighbours
from apdash.pages.groups.words import group_words, place_words, slot_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.group_changes import (
    add_staff,
    change_room,
    merge_groups,
    remove_staff,
    replace_staff,
    suspend_group,
)
from apdash.store.commands.groups import describe_group
from apdash.store.queries.calendar import rooms, staff

_STAFF = (("replace", "Remplacer"), ("add", "Ajouter"), ("remove", "Retirer"))
_ABOUT_STAFF = "Le groupe, ses élèves et le temps passé dans l’atelier ne changent pas."


def staff_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that replaces, adds or takes off an adult, from a day on or for a while."""
    row, make = group_on(services, viewer, numbers(key)[0], on), Maker("staff", key)
    names = {
        one["id"]: f"{one['title']} {one['last_name']}".strip() for one in staff(services.store).to_dicts()
    }
    present = [(str(one), names.get(one, "Adulte parti")) for one in row["staff"]]
    return Form(
        title=f"Adultes de {group_words(row)}",
        parts=[
            html.P(f"{slot_words(row).capitalize()}, {place_words(row)}. {_ABOUT_STAFF}"),
            make.radio("what", "Que faire", _STAFF, "replace" if present else "add"),
            make.select("leaving", "Qui part", present, present[0][0] if present else ""),
            make.select("coming", "Qui vient", adults(services, viewer, row, on)),
            make.day("on", "À partir du", on),
            make.day("until", spaced("Jusqu’au (vide : sans date de fin)"), None),
            make.reason(services.reference, "INT"),
        ],
        verb="Enregistrer",
    )


def change_staff(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Replace, add or take off an adult; return what to say."""
    group, on, until = numbers(key)[0], day_of(fields, "on"), day_or_none(fields, "until")
    dated = {"group": group, "on": on, "until": until, "now": services.now()}
    what = fields.get("what")
    if what == "add":
        add_staff(services.store, viewer, staff=whole_field(fields, "coming", "qui vient"), **dated)
    elif what == "remove":
        leaving = whole_field(fields, "leaving", "qui part")
        remove_staff(services.store, viewer, staff=leaving, reason=reason_of(fields), **dated)
    else:
        replace_staff(
            services.store, viewer, leaving=whole_field(fields, "leaving", "qui part"),
            coming=whole_field(fields, "coming", "qui vient"), reason=reason_of(fields), **dated,
        )  # fmt: skip
    row = group_on(services, viewer, group, on)
    span = f"du {day(on)} au {day(until)}" if until else f"à partir du {day(on)}"
    return f"{group_words(row)} {span}{NBSP}: {row['staff_names'] or 'aucun adulte'}."


def room_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that moves a group to another room."""
    row, make = group_on(services, viewer, numbers(key)[0], on), Maker("room", key)
    options = [
        (
            str(one["id"]),
            f"{one['code']}, {one['capacity']} places" + (f", {one['kind']}" if one["kind"] else ""),
        )
        for one in rooms(services.store).to_dicts()
    ]
    return Form(
        title=f"Salle de {group_words(row)}",
        parts=[
            html.P(f"{slot_words(row).capitalize()}, {place_words(row)}, {row['size']} élèves."),
            make.select("room", "Salle", options, str(row["room"] or "")),
            make.day("on", "À partir du", on),
        ],
        verb="Changer de salle",
        verb_icon="door-open",
    )


def move_room(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Move the group to a room; return what to say."""
    group, on = numbers(key)[0], day_of(fields, "on")
    room = whole_field(fields, "room", "une salle")
    change_room(services.store, viewer, group=group, room=room, on=on, now=services.now())
    row = group_on(services, viewer, group, on)
    return f"{group_words(row)} est en {row['room_code']} à partir du {day(on)}."


def suspend_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that suspends a group between two days."""
    row, make = group_on(services, viewer, numbers(key)[0], on), Maker("suspend", key)
    return Form(
        title=f"Suspendre {group_words(row)}",
        parts=[
            html.P(f"Ses {row['size']} élèves n’ont plus séance{NBSP}; le groupe reprend seul."),
            *_span(make, on, row["ends_on"]),
            make.reason(services.reference, "INT"),
        ],
        verb="Suspendre",
        verb_icon="pause-circle",
    )


def suspend(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Suspend the group; return what to say."""
    group, first, last = (
        numbers(key)[0],
        day_of(fields, "first", "le début"),
        day_of(fields, "last", "la fin"),
    )
    dated = {"first": first, "last": last, "now": services.now()}
    suspend_group(services.store, viewer, group=group, reason=reason_of(fields), **dated)
    return f"{group_words(group_on(services, viewer, group, first))} est suspendu du {day(first)} au {day(last)}."


def merge_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that seats a group in another until a day."""
    row, make = group_on(services, viewer, numbers(key)[0], on), Maker("merge", key)
    about = f"Ses {row['size']} élèves rejoignent l’autre groupe, puis chacun reprend le sien tout seul."
    return Form(
        title=f"Fusionner {group_words(row)}",
        parts=[
            html.P(about),
            make.select("into", "Avec", neighbours(services, viewer, row, on)),
            *_span(make, on, row["ends_on"]),
            make.reason(services.reference, "PFMP"),
        ],
        verb="Fusionner",
        verb_icon="intersect",
    )


def merge(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Seat the group in another; return what to say."""
    group, into = numbers(key)[0], whole_field(fields, "into", "l’autre groupe")
    first, last = day_of(fields, "first", "le début"), day_of(fields, "last", "la fin")
    merge_groups(
        services.store, viewer, services.reference, group=group, into=into, first=first, last=last,
        now=services.now(), reason=reason_of(fields), acknowledged=agreed,
    )  # fmt: skip
    row = group_on(services, viewer, group, first)
    return f"{group_words(row)} est réuni à {row['merged_into_code']} du {day(first)} au {day(last)}."


def describe_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that names a group and writes its objective."""
    row, make = group_on(services, viewer, numbers(key)[0], on), Maker("describe", key)
    schemes = list(services.reference.schemes.select("code", "label").iter_rows())
    about = "L’élève et sa famille peuvent lire ces mots : un nom neutre, un objectif court et observable."
    return Form(
        title=f"Nom et objectif de {row['code']}",
        parts=[
            html.P(spaced(about)),
            make.text("name", "Nom public", row["name"], most=60),
            make.text("objective", "Objectif (200 caractères au plus)", row["objective"], most=200),
            make.select("scheme", "Dispositif", schemes, row["scheme"]),
        ],
        verb="Enregistrer",
    )


def describe(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the name, the objective and the kind of the group; return what to say."""
    describe_group(
        services.store, viewer, group=numbers(key)[0], name=str(fields.get("name") or ""),
        objective=str(fields.get("objective") or ""), scheme=str(fields.get("scheme") or ""),
    )  # fmt: skip
    return "Nom et objectif enregistrés."


def _span(make: Maker, on: date, closes: date | None) -> list[Component]:
    """Return the first and last day: a week is offered, less when the group ends before."""
    last = on + timedelta(weeks=1)
    return [make.day("first", "Du", on), make.day("last", "Au (inclus)", min(last, closes or last))]
