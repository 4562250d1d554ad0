"""Gestures on one student: change group, be placed after an arrival, leave."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.filters import address
from apdash.components.frame import button
from apdash.labels import NBSP, day, spaced
from apdash.pages.gestures import opens
from apdash.pages.gestures.form import Fields, Form, Maker, day_of, numbers, reason_of, whole_field
from apdash.pages.groups.gestures.people import group_on, places, student_named
from apdash.pages.groups.words import group_words, slot_words
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.groups import end_memberships, move_student, welcome_student
from apdash.store.commands.move_checks import Checks, move_checks
from apdash.store.queries.bands import band_slots
from apdash.store.queries.groups import students_without_group


def move_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that changes a student's group at one hour."""
    student, group = numbers(key)
    name, row, make = (
        student_named(services, viewer, student, on),
        group_on(services, viewer, group, on),
        Maker("move", key),
    )
    options = [
        one
        for one in places(services, viewer, slot=row["slot"], on=on, student=student)
        if one[0] != str(group)
    ]
    leaving = opens("leave", str(student))
    leave = button("Départ…", "groups-leave", icon="box-arrow-right", kind="quiet", **leaving)
    return Form(
        title=f"Changer {name} de groupe",
        parts=[
            _now(student, [f"{slot_words(row).capitalize()}{NBSP}: ", html.B(group_words(row))]),
            make.select("group", "Nouveau groupe", options),
            make.day("on", "À partir du", on),
            make.reason(services.reference, ""),
        ],
        verb="Changer de groupe",
        verb_icon="arrow-left-right",
        beside=leave,
    )


def move_remarks(services: Services, viewer: Viewer, key: str, fields: Fields) -> Checks | None:
    """Return what stands in the way of the move chosen so far; None until a group is chosen."""
    if not fields.get("group"):
        return None
    group, on = whole_field(fields, "group", "un groupe"), day_of(fields, "on")
    return move_checks(
        services.store, viewer, services.reference, student=numbers(key)[0], group=group, on=on
    )


def move(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Move the student; return what to say."""
    student, group, on = numbers(key)[0], whole_field(fields, "group", "un groupe"), day_of(fields, "on")
    move_student(
        services.store, viewer, services.reference, student=student, group=group, on=on,
        reason=reason_of(fields), now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    target = group_on(services, viewer, group, on)
    return f"{student_named(services, viewer, student, on)} est dans {group_words(target)} à partir du {day(on)}."


def place_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that gives a student a group at each hour where they have none."""
    student, band = numbers(key)
    name, make = student_named(services, viewer, student, on), Maker("place", key)
    missing = students_without_group(services.store, viewer, band=band, on=on).filter(
        pl.col("student") == student
    )
    slots = band_slots(services.store, band=band).filter(pl.col("slot").is_in(missing["slot"].to_list()))
    chosen = [
        make.select(
            f"slot-{row['slot']}", slot_words(row).capitalize(),
            places(services, viewer, slot=row["slot"], on=on, student=student),
        )
        for row in slots.iter_rows(named=True)
    ]  # fmt: skip
    about = _now(student, "Sans groupe à cette date." if chosen else "Cet élève a un groupe à chaque heure.")
    return Form(
        title=f"Placer {name}",
        parts=[about, *chosen, make.day("on", "À partir du", on)],
        verb="Placer",
        verb_icon="box-arrow-in-right",
    )


def place_remarks(services: Services, viewer: Viewer, key: str, fields: Fields) -> Checks | None:
    """Return what stands in the way of the places chosen so far; None until one is."""
    groups = _chosen(fields)
    if not groups:
        return None
    student, on = numbers(key)[0], day_of(fields, "on")
    found = [
        move_checks(services.store, viewer, services.reference, student=student, group=group, on=on)
        for group in groups
    ]
    return Checks(
        tuple(dict.fromkeys(words for one in found for words in one.blocks)),
        tuple(dict.fromkeys(words for one in found for words in one.warnings)),
    )


def place(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Place the student; return what to say."""
    student, on = numbers(key)[0], day_of(fields, "on")
    welcome_student(
        services.store, viewer, services.reference, student=student, groups=_chosen(fields), on=on,
        now=services.now(), acknowledged=agreed,
    )  # fmt: skip
    return f"{student_named(services, viewer, student, on)} a un groupe à partir du {day(on)}."


def leave_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that ends all the groups of a student."""
    name, make = student_named(services, viewer, numbers(key)[0], on), Maker("leave", key)
    about = "Ses groupes prennent fin ; l’inscription, elle, vient de SIECLE à l’import suivant."
    return Form(
        title=f"Départ de {name}",
        parts=[
            html.P(spaced(about)),
            make.day("last", "Dernier jour dans les groupes", on),
            make.reason(services.reference, "DEP"),
        ],
        verb="Mettre fin à ses groupes",
        verb_icon="box-arrow-right",
    )


def leave(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """End the student's groups; return what to say."""
    student, last = numbers(key)[0], day_of(fields, "last", "le dernier jour")
    end_memberships(
        services.store, viewer, services.reference, student=student, last_day=last, now=services.now(),
        reason=reason_of(fields),
    )  # fmt: skip
    name = student_named(services, viewer, student, last)
    return f"{name} n’a plus de groupe à partir du {day(last + timedelta(days=1))}."


def _chosen(fields: Mapping[str, object]) -> list[int]:
    return [
        whole_field(fields, name, "un groupe") for name in fields if name.startswith("slot-") and fields[name]
    ]


def _now(student: int, words: object) -> Component:
    page = dcc.Link("Sa fiche", href=address("/eleve", {}, id=str(student)))
    return html.P([html.Span(words), page], className="gp-now")
