"""Stages on the page: what is offered, who stands at which step, and whom a conseil de classe might think of."""

from collections.abc import Mapping

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.frame import button, card, page_head
from apdash.components.marks import badge
from apdash.components.states import empty
from apdash.labels import NBSP, count, day, short_day
from apdash.pages.follow.words import KINDS, OUTCOMES, length, student_words
from apdash.pages.gestures import opens, small_button
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import stages as queries
from apdash.store.queries.students import roster

_TITLES = ("Élève", "Recommandé", "Informé", "Accord", "Inscrit", "Fin", "")


def stages_part(services: Services, viewer: Viewer, *, year: int, division: int | None) -> list[Component]:
    """Return the head and the cards of the part."""
    offered = queries.stages(services.store, year=year)
    known = queries.stage_students(services.store, viewer, year=year)
    if division is not None:
        here = roster(services.store, viewer, on=services.today(), division=division)
        known = known.join(here.select("student"), on="student", how="semi", maintain_order="left")
    may = viewer.can(Action.MANAGE_STAGES)
    cards = [_stage(row, known.filter(pl.col("stage") == row["id"]), may=may) for row in offered.to_dicts()]
    if not cards:
        words = "Un stage se déroule hors des heures de cours, sur recommandation du conseil de classe."
        cards = [empty("Aucun stage cette année", words, icon="signpost-2")]
    return [_head(offered, may=may), *cards, *_suggested(services, viewer, offered, year=year)]


def _head(offered: pl.DataFrame, *, may: bool) -> Component:
    enrolled = offered["enrolled"].sum()
    title = f"{count(offered.height, 'stage')}, {count(enrolled, 'élève inscrit', 'élèves inscrits')}"
    lead = "Hors temps scolaire : leurs heures sont tenues à part de celles de l’accompagnement."
    new = button("Proposer un stage", "stage-new", icon="plus-lg", kind="primary", **opens("stage-new", "0"))
    return page_head(title if offered.height else "Aucun stage cette année", lead, new if may else None)


def _stage(row: Mapping, known: pl.DataFrame, *, may: bool) -> Component:
    goal = f" vers {row['to_label'] or row['to_mef']}" if row["to_mef"] else ""
    sub = (
        f"{KINDS[row['kind']]}{goal}, du {short_day(row['starts_on'])} au {day(row['ends_on'])}, "
        f"{length(row['minutes'])}"
    )
    about = [row["content"], row["place"], row["staff_name"] or ""]
    key = str(row["id"])
    untold = row["recommended"] > row["informed"]
    acts = [
        small_button("Recommander", "stage-recommend", key, icon="hand-thumbs-up"),
        small_button("Informer", "stage-inform", key, icon="envelope") if untold else None,
        small_button("Modifier", "stage-edit", key, icon="pencil"),
        small_button("Retirer", "stage-withdraw", key, icon="trash") if not row["enrolled"] else None,
    ]
    seats = badge(f"{row['enrolled']} sur {count(row['seats'], 'place')}", icon="people")
    nobody = html.P("Aucun élève recommandé pour l’instant.", className="s soft")
    body = [
        html.P(" · ".join(part for part in about if part), className="soft s"),
        _students(known, may=may) if known.height else nobody,
        html.Div([act for act in acts if act], className="fw-acts") if may else None,
    ]
    return card(row["label"], body, sub=sub, right=seats, class_name="mb-3")


def _students(known: pl.DataFrame, *, may: bool) -> Component:
    head = html.Tr([html.Th(title, scope="col") for title in _TITLES])
    lines = [_line(row, may=may) for row in known.to_dicts()]
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(lines)], className="tbl fw-steps"), className="scroll-x"
    )


def _line(row: Mapping, *, may: bool) -> Component:
    consent = "–"
    if row["consent"]:
        answer = "oui" if row["consent"] == "given" else "non"
        by = "élève" if row["consent_by"] == "student" else "famille"
        consent = f"{answer}, {by}, {short_day(row['consent_on'])}"
    ended = "–"
    if row["ended_on"]:
        ended = f"{OUTCOMES[row['outcome']]}, {length(row['minutes_done'] or 0)}"
    cells = [
        _dated(row["recommended_on"]), _dated(row["informed_on"]), consent, _dated(row["enrolled_on"]), ended,
    ]  # fmt: skip
    link = dcc.Link(student_words(row), href=f"/eleve?id={row['student']}")
    name = html.Th([link, html.Span(f" {row['division_code'] or ''}", className="muted")], scope="row")
    values = [
        html.Td(cell, **{"data-label": title}) for cell, title in zip(cells, _TITLES[1:-1], strict=True)
    ]
    return html.Tr([name, *values, html.Td(html.Div(_next(row) if may else None, className="fw-acts"))])


def _next(row: Mapping) -> list[Component]:
    """Return what comes next for a student, and the way off the list."""
    key, who = f"{row['stage']}-{row['student']}", student_words(row)
    if row["ended_on"]:
        return []
    step = None
    if row["informed_on"] and not row["consent"]:
        step = small_button("Accord", "stage-consent", key, icon="check2-square", label=f"Accord pour {who}")
    elif row["consent"] == "given" and not row["enrolled_on"]:
        step = small_button("Inscrire", "stage-enrol", key, icon="person-check", label=f"Inscrire {who}")
    elif row["enrolled_on"]:
        step = small_button("Fin", "stage-end", key, icon="flag", label=f"Noter la fin pour {who}")
    off = small_button("Retirer", "stage-off", key, icon="x-lg", label=f"Retirer {who} du stage")
    return [one for one in (step, off) if one]


def _suggested(services: Services, viewer: Viewer, offered: pl.DataFrame, *, year: int) -> list[Component]:
    """Return whom a conseil de classe might look at: a help, never a decision."""
    strong = services.reference.rules.strong_from
    found = queries.catching_up(services.store, viewer, year=year, on=services.today(), strong=strong)
    if found.is_empty():
        return []
    names = dict(services.reference.needs.select("code", "short_name").iter_rows())
    lines = [
        html.Div(
            [
                dcc.Link(student_words(row), href=f"/eleve?id={row['student']}", className="b"),
                html.Span(f" {row['division_code']}{NBSP}: ", className="soft"),
                ", ".join(names.get(need, need).lower() for need in row["needs"]),
            ],
            className="fw-row s",
        )
        for row in found.to_dicts()
    ]
    head = html.Summary(f"{count(found.height, 'élève')} à regarder en conseil de classe")
    words = (
        f"Au moins deux besoins de remédiation de {strong:.0f} et plus au dernier bilan clos. "
        f"Une aide pour regarder{NBSP}: le conseil de classe recommande, l’élève et sa famille acceptent."
    )
    return [html.Details([head, html.P(words, className="s soft"), *lines], className="fw-tutor no-print")]


def _dated(value: object) -> str:
    return short_day(value) if value else "–"  # type: ignore[arg-type]
