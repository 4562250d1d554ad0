"""What is done with a student outside the groups: their tutor, the meetings, the stages."""

from collections.abc import Mapping

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card
from apdash.labels import NBSP, count, day, short_day
from apdash.pages.follow.words import KINDS, OUTCOMES, length
from apdash.pages.gestures import small_button
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.stages import stage_students
from apdash.store.queries.tutoring import meetings, tutorings

_SHOWN = 5


def follow_card(services: Services, viewer: Viewer, *, student: int) -> Component:
    """Return the tutor of today and those before, the last meetings, the stages."""
    every = tutorings(services.store, viewer, student=student)
    today = services.today()
    now = every.filter(
        (pl.col("starts_on") <= today) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= today))
    )
    held = meetings(services.store, viewer, student=student)
    stages = stage_students(services.store, viewer, student=student)
    may_log = now.height > 0 and (viewer.can(Action.MANAGE_TUTORS) or viewer.staff in now["staff"])
    body = [
        *([_tutor(row) for row in now.to_dicts()] or [html.P("Pas encore de tuteur.", className="soft")]),
        *[_earlier(row) for row in every.filter(pl.col("ends_on") < today).to_dicts()],
        *[_meeting(row, student, own=row["staff"] == viewer.staff) for row in held.head(_SHOWN).to_dicts()],
        *[_stage(row) for row in stages.to_dicts()],
        html.Div(_gestures(viewer, str(student), may_log=may_log), className="fw-acts no-print"),
    ]
    sub = f"{count(held.height, 'entretien')}, hors temps d’AP" if held.height else None
    return card("Tutorat et stages", body, sub=sub, class_name="mb-3 s")


def _gestures(viewer: Viewer, key: str, *, may_log: bool) -> list[Component]:
    found = []
    if may_log:
        found.append(small_button("Noter un entretien", "meeting-log", key, icon="chat-left-text"))
    found.append(small_button("Vœux", "tutor-wish", key, icon="star", label="Vœux de tuteur"))
    if viewer.can(Action.MANAGE_TUTORS):
        found.append(small_button("Tuteur", "tutor-change", key, icon="shuffle", label="Changer de tuteur"))
    return found


def _tutor(row: Mapping) -> Component:
    met = f"vu le {short_day(row['last_met'])}" if row["last_met"] else "pas encore vu"
    words = html.Span(f"depuis le {day(row['starts_on'])}, {met}", className="soft")
    return html.Div([html.Span(row["staff_name"], className="b"), words], className="kv")


def _earlier(row: Mapping) -> Component:
    words = (
        f"du {short_day(row['starts_on'])} au {day(row['ends_on'])}, {count(row['meetings'], 'entretien')}"
    )
    return html.Div(
        [html.Span(row["staff_name"]), html.Span(words, className="soft fw-normal")], className="kv"
    )


def _meeting(row: Mapping, student: int, *, own: bool) -> Component:
    """Return a meeting; its words are there only for those who may read them."""
    words = f"{NBSP}: {row['words']}" if row["words"] else ""
    fix = small_button(
        "", "meeting-log", f"{student}-{row['id']}", icon="pencil", label="Corriger cet entretien"
    )
    erase = small_button(
        "", "meeting-erase", f"{student}-{row['id']}", icon="trash", label="Retirer cet entretien"
    )
    text = html.Span(f"{short_day(row['on_day'])}, {length(row['minutes'])}{words}")
    return html.Div([text, html.Span([fix, erase], className="fw-acts") if own else None], className="fw-row")


def _stage(row: Mapping) -> Component:
    steps = (
        (row["ended_on"], OUTCOMES.get(row["outcome"] or "", "")),
        (row["enrolled_on"], "inscrit"),
        (row["consent"] == "refused", "pas d’accord"),
        (row["consent"] == "given", "d’accord"),
        (row["informed_on"], "informé"),
        (row["recommended_on"], "recommandé"),
    )
    state = next(words for done, words in steps if done)
    what = f"{KINDS[row['kind']]}, {row['label']}, {short_day(row['starts_on'])}"
    return html.Div([html.Span(what), html.Span(state)], className="kv")
