"""Beside a proposal: who is not served, how evenly it serves, what last time weighs: unfolded on demand."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from apdash.components.states import notice
from apdash.errors import ApdashError
from apdash.jobs import JobState
from apdash.pages.needs.profiles import profiles_of
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping import ids
from apdash.pages.regrouping.address import Asked
from apdash.pages.regrouping.dial_view import owner_of
from apdash.pages.regrouping.fairness import fairness_body, fairness_title
from apdash.pages.regrouping.history import history_words
from apdash.pages.regrouping.reasons import levels_of
from apdash.pages.regrouping.unserved import unserved_body, unserved_title
from apdash.pages.regrouping.view import View
from apdash.rebalancing.dial import dial_key
from apdash.rebalancing.explaining import explain_key, explained, is_explaining, is_whole, start_explaining
from apdash.rebalancing.fairness import Report, fares_of
from apdash.store.queries.needs import needs_of_review
from apdash.store.queries.students import divisions_known_well, sexes

SEXES = {"F": "Filles", "M": "Garçons"}


@dataclass(frozen=True, slots=True)
class Understood:
    """What is known of a proposal so far. seen: changes with what is known; live: more is to come."""

    unserved: tuple[object, Component]
    fair: tuple[object, Component]
    history: str
    seen: str
    live: bool


def understanding(now: Understood) -> Component:
    """Return the two things to unfold, each with its finding on its line."""
    return html.Div(
        [
            _fold("Qui n’est pas servi\u00a0?", ids.UNSERVED_TITLE, ids.UNSERVED_BODY, now.unserved),
            _fold("Équité", ids.FAIR_TITLE, ids.FAIR_BODY, now.fair),
            dcc.Store(id=ids.EXPLAIN_SEEN, data=now.seen),
            dcc.Interval(id=ids.EXPLAIN_TICK, interval=800, disabled=not now.live),
        ],
        className="rg-col rg-folds",
    )


def _fold(title: str, title_id: str, body_id: str, told: tuple[object, Component]) -> Component:
    found, body = told
    summary = html.Summary([html.H2(title), html.Span(found, id=title_id, className="s soft")])
    return html.Details([summary, html.Div(body, id=body_id, className="bd")], className="card rg-fold")


def seen_of(services: Services, viewer: Viewer, view: View) -> tuple[str, bool]:
    """Return what is known of a proposal, as a mark that changes with it, and whether more is to come."""
    answer, owner = explained(services, view.row), owner_of(services, viewer, view)
    job = services.jobs.latest(explain_key(view.row.id))
    failed = job is not None and job.state is JobState.FAILED
    dial = "cadran" if owner.parameters.get("dial") else ""
    mark = ",".join([*answer, dial, "échec" if failed else ""])
    return mark, not (failed or is_whole(answer)) or _dial_comes(services, owner.id, dial)


def _dial_comes(services: Services, owner: int, dial: str) -> bool:
    job = services.jobs.latest(dial_key(owner))
    return not dial and job is not None and job.state is JobState.RUNNING


def follow(services: Services, viewer: Viewer, view: View) -> None:
    """Start explaining a proposal when nobody has and its dial is not being computed: one at a time is faster."""
    number = view.row.id
    known = is_explaining(services, proposal=number) or is_whole(explained(services, view.row))
    if known or _dial_comes(services, owner_of(services, viewer, view).id, ""):
        return
    with suppress(ApdashError):  # somebody else has just started it
        start_explaining(services, viewer, proposal=number)


def understood(services: Services, viewer: Viewer, at: Asked, view: View) -> Understood:
    """Return what is known so far of the proposal on screen, ready to be shown."""
    assert view.plan is not None
    answer, (seen, live) = explained(services, view.row), seen_of(services, viewer, view)
    job = services.jobs.latest(explain_key(view.row.id))

    def link(student: str, slot: str) -> str:
        return at.href(etape="ajuster", proposition=view.row.id, eleve=int(student), creneau=slot)

    unserved: tuple[object, Component] = (
        unserved_title(answer),
        unserved_body(
            answer,
            view.names,
            levels_of(view.plan),
            link=link,
            max_moves=view.row.problem["rules"].get("max_moves"),
        ),
    )
    if job is not None and job.error is not None:
        unserved = ("calcul impossible", notice("watch", job.error.title, job.error.message))
    report = report_of(services, viewer, view)
    return Understood(
        unserved=unserved,
        fair=(fairness_title(report), fairness_body(report, waiting=live)),
        history=history_words(view.row.parameters, view.row.problem, answer.get("history")),
        seen=seen,
        live=live,
    )


def report_of(services: Services, viewer: Viewer, view: View) -> Report:
    """Return how evenly the proposal on screen serves, beside the calmest composition of its dial."""
    dial = owner_of(services, viewer, view).parameters.get("dial")
    return fares_of(view.row, dial=dial, labels=_labels(services, viewer, view))


def _labels(services: Services, viewer: Viewer, view: View) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return the students by sex and by profile, those this person may know so."""
    students = [who.id for who in view.names.students.values()]
    by_sex = sexes(services.store, viewer, students=students).rename({"sex": "label"})
    named = by_sex.with_columns(pl.col("label").replace(SEXES))
    return {"sex": _named(named), "profile": _named(_profiles(services, viewer, view, students))}


def _profiles(services: Services, viewer: Viewer, view: View, students: list[int]) -> pl.DataFrame:
    rows = needs_of_review(services.store, viewer, review=view.row.review)
    known = rows.filter(pl.col("student").is_in(students)).join(
        divisions_known_well(services.store, viewer), on="division", how="semi"
    )
    values = known.select("student", "need", "value", "coverage")
    people = known.select("student").unique(maintain_order=True)
    found = profiles_of(services, review=view.row.review, students=people, values=values)
    return found.select("student", label="profile").drop_nulls()


def _named(rows: pl.DataFrame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for student, label in rows.sort("label", "student").select("student", "label").iter_rows():
        found.setdefault(label, []).append(str(student))
    return found
