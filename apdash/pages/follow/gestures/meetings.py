"""Gestures of a student and their tutor: wishes, meetings noted, corrected or taken back."""

from datetime import date

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.errors import ApdashError
from apdash.labels import NBSP, count, day, moment
from apdash.pages.follow.gestures.people import adults_of, student_named, year_of
from apdash.pages.follow.words import READ
from apdash.pages.gestures.form import Fields, Form, Maker, day_of, numbers, whole_field
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands import tutoring as commands
from apdash.store.queries import tutoring as queries

_LENGTHS = [(str(minutes), f"{minutes}{NBSP}min") for minutes in (10, 15, 20, 30, 45, 60)]


def wish_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that records whom a student would like."""
    student, make = numbers(key)[0], Maker("tutor-wish", key)
    given = queries.wishes(services.store, viewer, year=year_of(services), student=student)
    known = {rank: str(one) for rank, one in given.select("rank", "staff").iter_rows()}
    options = [("", "Aucun"), *adults_of(services)]
    ranks = ((1, "Premier vœu"), (2, "Deuxième vœu"), (3, "Troisième vœu"))
    parts = [make.select(f"wish-{rank}", label, options, known.get(rank, "")) for rank, label in ranks]
    about = html.P("Ce que l’élève souhaite, sans promesse : la proposition en tient compte.")
    return Form(
        title=f"Vœux de {student_named(services, viewer, student, on)}",
        parts=[about, *parts],
        verb="Enregistrer",
    )


def wish(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the wishes; return what to say."""
    chosen = [
        int(str(fields[f"wish-{rank}"]))
        for rank in (1, 2, 3)
        if str(fields.get(f"wish-{rank}") or "").isdigit()
    ]
    commands.set_wishes(
        services.store,
        viewer,
        student=numbers(key)[0],
        year=year_of(services),
        staff=chosen,
        now=services.now(),
    )
    return count(len(chosen), "vœu") if chosen else "Aucun vœu."


def meeting_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that notes a meeting, or corrects one."""
    parts, make = numbers(key), Maker("meeting-log", key)
    row = _meeting(services, viewer, parts[0], parts[1]) if len(parts) > 1 else None
    minutes = str(row["minutes"]) if row else "10"
    lengths = _LENGTHS if minutes in dict(_LENGTHS) else [*_LENGTHS, (minutes, f"{minutes}{NBSP}min")]
    fields: list[Component] = [
        make.day("on", "Le", row["on_day"] if row else services.today()),
        make.select("minutes", "Durée", lengths, minutes),
        make.text("words", "En une phrase", row["words"] if row else "", most=commands.TEXT),
        html.P(READ, className="s soft"),
    ]
    return Form(
        title=f"Entretien avec {student_named(services, viewer, parts[0], on)}",
        parts=fields,
        verb="Enregistrer",
    )


def meeting(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Write the meeting; return what to say."""
    parts = numbers(key)
    on = day_of(fields, "on")
    known = queries.tutorings(services.store, viewer, on=on, student=parts[0])["staff"].to_list()
    for_other = viewer.can(Action.MANAGE_TUTORS) and known and viewer.staff not in known
    commands.log_meeting(
        services.store, viewer, student=parts[0], on=on, minutes=whole_field(fields, "minutes", "une durée"),
        words=str(fields.get("words") or ""), now=services.now(), meeting=parts[1] if len(parts) > 1 else None,
        staff=known[0] if for_other else None,
    )  # fmt: skip
    return f"Le {day(on)}."


def erase_form(services: Services, viewer: Viewer, key: str, on: date) -> Form:
    """Return the dialog that takes a meeting back."""
    student, meeting = numbers(key)
    row = _meeting(services, viewer, student, meeting)
    about = html.P(
        f"Entretien du {day(row['on_day'])}, {row['minutes']}{NBSP}min, noté par {row['staff_name']}."
    )
    return Form(title="Retirer cet entretien", parts=[about], verb="Retirer", verb_icon="trash")


def erase(services: Services, viewer: Viewer, key: str, fields: Fields, *, agreed: bool) -> str:
    """Take the meeting back; return what to say."""
    commands.erase_meeting(services.store, viewer, meeting=numbers(key)[1], now=services.now())
    return f"Retiré le {moment(services.now())}."


def _meeting(services: Services, viewer: Viewer, student: int, meeting: int) -> dict:
    rows = queries.meetings(services.store, viewer, student=student).filter(pl.col("id") == meeting)
    if rows.is_empty():
        raise ApdashError("Entretien introuvable.", "Il n’existe pas ou plus : rechargez la page.")
    return rows.row(0, named=True)
