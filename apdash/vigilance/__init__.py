"""Points of vigilance: each rule of vigilance.csv, computed, with the list behind it, on any day."""

from collections.abc import Callable
from datetime import date, datetime

import polars as pl

from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store import Store
from apdash.store.queries.calendar import current_year
from apdash.store.queries.groups import ALWAYS
from apdash.vigilance import of_groups, of_sessions, of_students
from apdash.vigilance.look import Look
from apdash.vigilance.point import Point

RULES: dict[str, Callable[[Look], pl.DataFrame]] = {
    "TROP-ACTIONS": of_groups.too_many_actions,
    "SANS-OBJECTIF": of_groups.without_objective,
    "GROUPE-FIGE": of_groups.frozen,
    "MOUVANT": of_groups.unsettled,
    "NON-SERVI": of_students.unserved,
    "OBJECTIF-CLASSE": of_students.never_seen_again,
    "INCOMPLET": of_students.incomplete,
    "SOUS-MINIMUM": of_groups.under_minimum,
    "SEANCES-PERDUES": of_sessions.lost_sessions,
    "ASSIDUITE": of_students.often_absent,
    "DESEQUILIBRE": of_groups.unbalanced,
    "SANS-OUVERTURE": of_students.without_opening,
    "PEU-RENSEIGNE": of_students.little_known,
}


def points_of_vigilance(
    store: Store, viewer: Viewer, reference: Reference, *, on: date, known_at: datetime | None = None
) -> tuple[Point, ...]:
    """Return every rule looked at on a day, as known at a moment (None: now), in the order of vigilance.csv.

    Raises `ApdashError` for whoever may not see the indicators of the school.
    """
    viewer.require(Action.SEE_INDICATORS)
    year = current_year(store, on)
    if year is None:
        return ()
    look = Look(store, reference, year, on, known_at or ALWAYS)
    kept = reference.vigilance.filter(pl.col("code").is_in(list(RULES)))
    return tuple(_point(look, row) for row in kept.iter_rows(named=True))


def _point(look: Look, row: dict) -> Point:
    rows = RULES[row["code"]](look)
    level = "alert" if (rows["level"] == "alert").any() else "watch" if rows.height else "ok"
    return Point(
        code=row["code"],
        label=row["label"],
        threshold=row["threshold"],
        why=row["why"],
        level=level,
        words="",
        rows=rows,
    )


__all__ = ["RULES", "Look", "Point", "points_of_vigilance"]
