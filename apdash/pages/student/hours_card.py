"""A student's hours: planned, held, attended this year; what is outside the timetable, apart."""

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.components.states import empty
from apdash.hours.ledger import ledger
from apdash.hours.picture import Hours, read_hours
from apdash.labels import NBSP, duration, short_day
from apdash.pages.student.record import Record
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.hours import outside_timetable


def hours_card(services: Services, viewer: Viewer, record: Record) -> Component:
    """Return the card of hours of the student of the page."""
    student = record.who["student"]
    hours = read_hours(services, viewer, day=record.today, student=student)
    rows = ledger(hours.now, "student", day=hours.day) if hours else pl.DataFrame()
    if hours is None or rows.is_empty():
        body = empty("Aucune heure encore", "Elles se comptent dès que l’élève a un groupe.")
        return card("Ses heures d’accompagnement", body, class_name="mb-3")
    row = rows.row(0, named=True)
    lines = [
        _line("Prévues cette année", row["planned"]),
        _line("dont tenues à ce jour", row["held"]),
        _line("Suivies", row["attended"]),
        _line("Tenues, appel non fait", row["uncalled"], hidden=not row["uncalled"]),
        _line("Non tenues, non rattrapées", row["lost"], hidden=not row["lost"]),
        _line("Encore prévues", row["left"]),
        *_outside(services, viewer, hours, student),
    ]
    more = dcc.Link(
        "Les séances", href=f"/heures?par=eleves&division={record.who['division']}&liste=eleve:{student}"
    )
    return card(
        "Ses heures d’accompagnement",
        lines,
        sub=f"au {short_day(hours.day)}",
        right=more,
        class_name="mb-3 s",
    )


def _outside(services: Services, viewer: Viewer, hours: Hours, student: int) -> list[Component]:
    found = outside_timetable(services.store, viewer, first=hours.first, last=hours.day, student=student)
    words = {"tutoring": "Tutorat", "stage": "Stage"}
    return [
        _line(f"{words[kind]}{NBSP}: hors emploi du temps", minutes)
        for kind, minutes in found.select("kind", "minutes").iter_rows()
    ]


def _line(label: str, minutes: int, *, hidden: bool = False) -> Component | None:
    if hidden:
        return None
    return html.Div([html.Span(label, className="soft"), html.Span(duration(minutes))], className="kv")
