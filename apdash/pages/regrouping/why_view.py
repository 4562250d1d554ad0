"""Works out what the panel « Pourquoi ici ? » says of one student at one slot of a proposal."""

from collections.abc import Sequence

import polars as pl

from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.reasons import facts, levels_of, pinned_places
from apdash.pages.regrouping.why import Elsewhere, Place, Why
from apdash.rebalancing.plan import Plan, place_changes

_SHOWN = 6


def why_of(
    plan: Plan,
    names: Names,
    *,
    student: str,
    slot: str,
    elsewhere: Sequence[Elsewhere],
    editable: bool,
    asked: str,
) -> Why | None:
    """Return what the panel says, or nothing when this student has no session at this slot."""
    rows = place_changes(plan)
    mine = rows.filter(pl.col("student") == student)
    here = mine.filter(pl.col("slot") == slot)
    if here.is_empty():
        return None
    row, levels = here.row(0, named=True), levels_of(plan)
    who = names.person(student)
    return Why(
        student=who.id,
        name=who.full,
        division=who.division,
        slot=slot,
        slot_name=names.slots.get(slot, slot),
        need=row["need_after"] or "",
        staff=row["staff_after"] or "",
        places=[
            Place(
                slot=names.slots.get(other["slot"], other["slot"]),
                before=group_words(names, other["need_before"], other["staff_before"]),
                after=group_words(names, other["need_after"], other["staff_after"]),
                here=other["slot"] == slot,
            )
            for other in mine.iter_rows(named=True)
        ],
        facts=facts(student, slot, rows=rows, plan=plan, names=names, levels=levels),
        needs=_needs(plan, names, student=student),
        elsewhere=elsewhere,
        pinned=(student, slot) in pinned_places(plan),
        asked=asked,
        editable=editable,
    )


def group_words(names: Names, need: str | None, staff: str | None) -> str:
    """Return `Lecture, Mme Roussel`, or nothing when there is no group."""
    if need is None:
        return ""
    adult = names.staff.get(staff or "", "")
    return f"{names.short(need)}, {adult}" if adult else names.short(need)


def _needs(plan: Plan, names: Names, *, student: str) -> list[tuple[str, str, int | None]]:
    """Return the needs of a student, strongest first, the reception group left out."""
    mine = plan.intensities.filter(pl.col("student") == student).sort("intensity", descending=True)
    real = [
        (need, value)
        for need, value in mine.select("need", "intensity").iter_rows()
        if names.axis(need) != "none"
    ]
    return [(names.short(need), names.axis(need), value) for need, value in real[:_SHOWN]]
