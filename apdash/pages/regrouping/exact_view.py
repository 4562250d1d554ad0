"""Reads what is known exactly: of a student's other groups, of closing a group."""

import polars as pl
from dash.development.base_component import Component

from apdash.components.states import notice
from apdash.jobs import Job, JobState
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.choices import EDITABLE, choices_of
from apdash.pages.regrouping.exact import Exact, exact_list
from apdash.pages.regrouping.group_why import GroupFacts, closing_body, group_panel
from apdash.pages.regrouping.view import View
from apdash.rebalancing.exactly import exact_answer, exact_job, was_cut
from apdash.rebalancing.explaining import explain_key, explained
from apdash.rebalancing.plan import Plan, strong_from

Group = tuple[str, str, str]


NOTHING, EXACT = "", "exact"


def exact_now(
    services: Services, viewer: Viewer, view: View, *, student: str, slot: str, first: bool
) -> tuple[Component | None, str]:
    """Return what is known of a student's other groups and how well, its computation being started if need be.

    first: the panel has just opened, its answer comes before another's.
    """
    job = exact_answer(services, viewer, proposal=view.row.id, student=student, slot=slot, first=first)
    return _shown(services, viewer, view, job, student=student, slot=slot)


def exact_known(
    services: Services, viewer: Viewer, view: View, *, student: str, slot: str
) -> Component | None:
    """Return the same when it was worked out already; None otherwise."""
    job = exact_job(services, proposal=view.row.id, student=student, slot=slot)
    if job is None or job.state is not JobState.DONE:
        return None
    return _shown(services, viewer, view, job, student=student, slot=slot)[0]


def _shown(
    services: Services, viewer: Viewer, view: View, job: Job, *, student: str, slot: str
) -> tuple[Component | None, str]:
    if job.error is not None:
        return notice("watch", job.error.title, job.error.message), EXACT
    answer = job.result or next(reversed(job.progress.found), None)
    if answer is None or was_cut(job) or student not in view.names.students:
        return None, NOTHING
    exact = Exact(
        answer=answer,
        student=view.names.person(student).id,
        slot=slot,
        slot_name=view.names.slots.get(slot, slot),
        editable=view.row.state in EDITABLE,
        asked=bool(choices_of(services, viewer, view)),
        more=job.result is None,
    )
    settled = sum(one["cost"]["exact"] or one["cost"]["impossible"] for one in answer["others"])
    return exact_list(exact, view.names), f"settled-{settled}" if exact.more else EXACT


def closing_now(services: Services, view: View, *, group: Group) -> Component | None:
    """Return what closing a group of the proposal would cost; None while it is not known."""
    job = services.jobs.latest(explain_key(view.row.id))
    if job is not None and job.error is not None:
        return notice("watch", job.error.title, job.error.message)
    for told in explained(services, view.row).get("groups", ()):
        if (told["slot"], told["need"], told["staff"]) == group:
            return closing_body(told, view.names)
    return None


def group_panel_of(services: Services, view: View, *, slot: str, need: str, staff: str) -> Component | None:
    """Return the panel of a group of the proposal on screen; None when it opens no such group."""
    if view.plan is None:
        return None
    facts = group_facts(view.plan, view, group=(slot, need, staff))
    closing = closing_now(services, view, group=(slot, need, staff))
    return None if facts is None else group_panel(facts, closing)


def group_facts(plan: Plan, view: View, *, group: Group) -> GroupFacts | None:
    """Return what a group of a plan gives; None when it is not open."""
    slot, need, staff = group
    here = (pl.col("slot") == slot) & (pl.col("need") == need) & (pl.col("staff") == staff)
    inside = plan.after.filter(here)
    if inside.is_empty():
        return None
    urgent = plan.intensities.filter(pl.col("intensity") >= strong_from(plan.problem))
    strong = inside.join(urgent, on=["student", "need"], how="semi")
    elsewhere = plan.after.filter(~here).join(urgent, on=["student", "need"], how="semi")
    worth = inside.join(plan.places, on=["student", "slot"]).join(plan.intensities, on=["student", "need"])
    length = plan.problem["rules"]["period_sessions"]
    points = (pl.col("priority") * pl.col("intensity") * pl.col("sessions") / length).round(
        mode="half_to_even"
    )
    names = view.names
    return GroupFacts(
        slot=slot,
        need=need,
        staff=staff,
        title=names.need(need),
        axis=names.axis(need),
        who=names.staff.get(staff, staff),
        slot_name=names.slots.get(slot, slot),
        students=inside.height,
        points=int(worth.select(points.sum()).item() or 0),
        strong=strong.height,
        alone=strong.join(elsewhere, on="student", how="anti").height,
        kept=inside.join(plan.before, on=["student", "slot", "need", "staff"], how="semi").height,
    )
