"""What was asked by hand since the proposal on screen was computed, and what the proposal becomes with it."""

from dataclasses import dataclass

import polars as pl

from apdash.pages.page import Services, Viewer
from apdash.pages.regrouping.reasons import waiting_words
from apdash.pages.regrouping.view import View
from apdash.rebalancing.by_hand import Choice, by_hand
from apdash.rebalancing.plan import Moves, Plan, moves, plan_of
from apdash.rebalancing.quality import Figures, figures_after
from apdash.store.queries.bands import statements

EDITABLE = ("draft", "proposed")


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The composition with the choices in it: places, figures, and the rules it breaks as it stands."""

    plan: Plan
    after: Figures
    moves: Moves
    broken: tuple[str, ...]


def fresh(services: Services, viewer: Viewer, view: View) -> pl.DataFrame:
    """Return the places fixed or forbidden since the proposal was computed; as `queries.bands.statements`."""
    rows = statements(services.store, viewer, band=view.row.band)
    asked = pl.col("kind").is_in(["pin", "ban"]) & (pl.col("made_at") > view.row.made_at)
    return rows.filter(asked & ~pl.col("by_direction"))


def waiting(services: Services, viewer: Viewer, view: View) -> dict[tuple[str, str], str]:
    """Return the demands made since the proposal was computed, by student and slot, in words."""
    known = {person.id: key for key, person in view.names.students.items()}
    return waiting_words(fresh(services, viewer, view), view.names, students=known)


def choices_of(services: Services, viewer: Viewer, view: View) -> list[Choice]:
    """Return the places fixed since the proposal was computed, oldest first."""
    rows = fresh(services, viewer, view).filter(pl.col("kind") == "pin")
    return [
        Choice(
            student=str(row["students"][0]),
            slot=row["slot_code"],
            need=row["need"],
            staff=None if row["staff"] is None else str(row["staff"]),
        )
        for row in rows.iter_rows(named=True)
    ]


def adjusted(services: Services, viewer: Viewer, view: View, plan: Plan) -> Adjusted:
    """Return the proposal with the choices in it; the proposal itself when there are none."""
    choices = choices_of(services, viewer, view) if view.row.state in EDITABLE else []
    broken: tuple[str, ...] = ()
    if choices:
        done = by_hand(services.store, viewer, proposal=view.row.id, choices=choices)
        plan, broken = plan_of(view.row.problem, done.solution), done.broken
    return Adjusted(plan, figures_after(plan), moves(plan), broken)
