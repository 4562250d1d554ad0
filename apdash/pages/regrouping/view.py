"""Reads one proposal with everything needed to show it: places before and after, names, figures."""

from dataclasses import dataclass

import polars as pl

from apdash.labels import PROPOSAL_STATES
from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.names import Names, Person
from apdash.pages.regrouping.propose import Found
from apdash.pages.regrouping.settings import dial_of
from apdash.pages.regrouping.words import proper, slot_names
from apdash.rebalancing.plan import Plan, moves, plan_of
from apdash.rebalancing.quality import figures_after, figures_before
from apdash.store.queries.bands import band_slots, band_students
from apdash.store.queries.calendar import staff
from apdash.store.queries.proposals import Proposal, proposal


@dataclass(frozen=True, slots=True)
class View:
    """A proposal ready to be shown; plan and found are None when the search ended without any composition."""

    row: Proposal
    names: Names
    plan: Plan | None
    found: Found | None


def view_of(services: Services, viewer: Viewer, *, number: int) -> View:
    """Return a proposal as the page shows it; raises `ApdashError` when there is none."""
    row = proposal(services.store, viewer, proposal=number)
    has_plan = row.solution["status"] in ("optimal", "feasible")
    plan = plan_of(row.problem, row.solution) if has_plan else None
    found = found_of(row, plan) if plan else None
    return View(row=row, names=names_of(services, viewer, row), plan=plan, found=found)


def found_of(row: Proposal, plan: Plan) -> Found:
    """Return the figures of a proposal."""
    solution = row.solution
    return Found(
        number=row.id,
        label=row.label,
        state=PROPOSAL_STATES[row.state],
        dial=dial_of(row),
        gap=solution["gap"],
        seconds=solution["seconds"],
        proven=solution["status"] == "optimal",
        before=figures_before(plan),
        after=figures_after(plan),
        moves=moves(plan),
        near=bool(row.parameters.get("near")),
    )


def names_of(services: Services, viewer: Viewer, row: Proposal) -> Names:
    """Return what the ids of a proposal's problem are called, for the students this person may see."""
    store = services.store
    days = (row.made_at.date(), row.effective_from)
    people = pl.concat([band_students(store, viewer, band=row.band, on=day) for day in days])
    adults = {
        str(key): f"{title} {proper(last)}".strip()
        for key, title, last in staff(store).select("id", "title", "last_name").iter_rows()
    }
    divisions = {student["division"] for student in row.problem["students"]}
    return Names(
        students={
            str(key): Person(key, last, first, division)
            for key, last, first, division in people.select(
                "student", "last_name", "first_name", "division_code"
            ).iter_rows()
        },
        staff={
            entry["id"]: " et ".join(adults.get(str(member), "adulte parti") for member in _members(entry))
            for entry in row.problem["staff"]
        },
        slots=slot_names(band_slots(store, band=row.band)),
        rooms={room["id"]: room["id"] for room in row.problem.get("rooms", [])},
        needs={
            code: (public, short, axis or "none")
            for code, public, short, axis in services.reference.needs.select(
                "code", "public_name", "short_name", "axis"
            ).iter_rows()
        },
        divisions={division: division for division in sorted(divisions)},
    )


def _members(entry: dict) -> list[str]:
    return entry.get("members") or [entry["id"]]
