"""One student on one page: their year, their needs, what makes them, their groups, what they said."""

import polars as pl
from dash import html
from dash.development.base_component import Component

from apdash.components.frame import card, page_head
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import NBSP, day, school_year
from apdash.pages.aims import aims_card
from apdash.pages.logbook.student_book import logbook_card
from apdash.pages.page import Params
from apdash.pages.student.filters import filters
from apdash.pages.student.follow_card import follow_card
from apdash.pages.student.groups_card import groups_card, history_table
from apdash.pages.student.hours_card import hours_card
from apdash.pages.student.interview_card import interview_card
from apdash.pages.student.needs_card import needs_card
from apdash.pages.student.outcomes import outcomes_card
from apdash.pages.student.progress import finding
from apdash.pages.student.record import Record, read_record, year_spans
from apdash.pages.student.timeline import timeline
from apdash.rights import Viewer
from apdash.services import Services


def layout(services: Services, viewer: Viewer, params: Params) -> Component:
    """Return the page of the student of the address; raises `ApdashError` when this person may not see them."""
    record = read_record(services, viewer, params)
    reference = services.reference
    axes = dict(reference.needs.select("code", "axis").iter_rows())
    reasons = dict(reference.change_reasons.select("code", "label").iter_rows())
    who = record.who
    title = [
        f"{who['first_name']} {who['last_name']} ",
        html.Span(who["division_code"], className="fw-normal soft"),
    ]
    main = [
        _path(services, record, axes, reasons),
        needs_card(reference, record, params),
        aims_card(services, viewer, who=who),
    ]
    side = [
        groups_card(record, axes, reasons),
        _adults(record),
        logbook_card(services, viewer, student=who["student"]),
        hours_card(services, viewer, record),
        follow_card(services, viewer, student=who["student"]),
        interview_card(reference, record),
        outcomes_card(services, viewer, who["student"]),
    ]
    return html.Div(
        [
            filters(record, params),
            html.Div(
                [
                    page_head(title, finding(record), _badges(record)),
                    html.Div(
                        [html.Div(main, className="st-main"), html.Div(side, className="st-side")],
                        className="st-cols",
                    ),
                ],
                className="page student",
            ),
        ]
    )


def _badges(record: Record) -> list[Component]:
    left = record.who["ends_on"]
    return [
        mark
        for mark in (
            _unprinted(record.profile, "compass") if record.profile else None,
            _unprinted(record.choice, "signpost-2") if record.choice else None,
            badge("redouble", icon="arrow-repeat") if record.who["repeating"] and record.known_well else None,
            badge("provisoire, bilan ouvert", kind="watch", icon="hourglass-split")
            if record.provisional
            else None,
            badge(f"parti le {day(left)}", kind="watch", icon="box-arrow-right")
            if left and left < record.today
            else None,
        )
        if mark
    ]


def _unprinted(words: str, icon: str) -> Component:
    """Return a badge that stays on the screen: what is computed about a student is not put on paper."""
    return html.Span(badge(words, icon=icon), className="no-print")


def _path(services: Services, record: Record, axes: dict[str, str], reasons: dict[str, str]) -> Component:
    spans = year_spans(services, record)
    if spans["year"].is_empty():
        return card(
            "Son parcours cette année",
            empty("Le calendrier de l’année n’est pas encore saisi"),
            class_name="mb-3",
        )
    starts_on = spans["year"]["starts_on"][0]
    this_year = record.history.filter(pl.col("ends_on").is_null() | (pl.col("ends_on") >= starts_on))
    before = record.history.filter(pl.col("ends_on") < starts_on)
    body = [
        html.Div(timeline(record, spans, axes), className="scroll-x"),
        history_table(this_year, reasons, what="Voir en tableau") if this_year.height else None,
        history_table(before, reasons, what="Années précédentes") if before.height else None,
    ]
    return card(
        "Son parcours cette année",
        body,
        sub=f"{school_year(record.who['year'])}{NBSP}; rayures{NBSP}: division en entreprise",
        class_name="mb-3",
    )


def _adults(record: Record) -> Component:
    rows = [("Professeur principal", ", ".join(record.teachers) or "à désigner")]
    adults = (
        ", ".join(dict.fromkeys(filter(None, record.groups["staff_names"].to_list())))
        if record.groups.height
        else ""
    )
    rows.append(("En groupe", adults or "personne aujourd’hui"))
    lines = [
        html.Div([html.Span(label, className="soft"), html.Span(value)], className="kv")
        for label, value in rows
    ]
    return card("Qui le suit", lines, class_name="mb-3 s")
