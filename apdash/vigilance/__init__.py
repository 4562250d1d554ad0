"""Points of vigilance: each rule of vigilance.csv, computed, with the list behind it, on any day."""

from collections.abc import Callable, Collection
from datetime import date, datetime

import polars as pl

from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store import Store
from apdash.store.queries import vigilance as facts
from apdash.store.queries.calendar import current_year
from apdash.store.queries.groups import ALWAYS
from apdash.vigilance import of_change, of_groups, of_hours, of_sessions, of_students
from apdash.vigilance.look import Look
from apdash.vigilance.point import Point
from apdash.vigilance.silences import SILENCES

RULES: dict[str, Callable[[Look], pl.DataFrame]] = {
    "TROP-ACTIONS": of_groups.too_many_actions,
    "SANS-OBJECTIF": of_groups.without_objective,
    "GROUPE-FIGE": of_change.frozen,
    "MOUVANT": of_change.unsettled,
    "NON-SERVI": of_students.unserved,
    "OBJECTIF-CLASSE": of_students.never_seen_again,
    "INCOMPLET": of_students.incomplete,
    "SOUS-MINIMUM": of_groups.under_minimum,
    "SEANCES-PERDUES": of_sessions.lost_sessions,
    "ASSIDUITE": of_students.often_absent,
    "ENVELOPPE": of_hours.drifting,
    "DESEQUILIBRE": of_groups.unbalanced,
    "SANS-OUVERTURE": of_students.without_opening,
    "PEU-RENSEIGNE": of_students.little_known,
}


def points_of_vigilance(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    on: date,
    known_at: datetime | None = None,
    divisions: Collection[int] | None = None,
) -> tuple[Point, ...]:
    """Return every rule looked at on a day, as known at a moment (None: now), in the order of vigilance.csv.

    divisions: only the rows about these divisions, their students, their groups and bands (None: all).
    Raises `ApdashError` for whoever may not see the indicators of the school.
    """
    look = look_at(store, viewer, reference, on=on, known_at=known_at)
    return () if look is None else points_of(look, divisions=divisions)


def look_at(
    store: Store, viewer: Viewer, reference: Reference, *, on: date, known_at: datetime | None = None
) -> Look | None:
    """Return the school on a day, for several computations; None without a school year.

    Raises `ApdashError` for whoever may not see the indicators of the school.
    """
    viewer.require(Action.SEE_INDICATORS)
    year = current_year(store, on)
    return None if year is None else Look(store, reference, year, on, known_at or ALWAYS)


def points_of(look: Look, *, divisions: Collection[int] | None = None) -> tuple[Point, ...]:
    """Return every rule looked at; divisions: as `points_of_vigilance`."""
    reference = look.reference
    kept = reference.vigilance.filter(pl.col("code").is_in(list(RULES)))
    return tuple(_point(look, row, divisions) for row in kept.iter_rows(named=True))


def _point(look: Look, row: dict, divisions: Collection[int] | None) -> Point:
    rows = RULES[row["code"]](look)
    if divisions is not None and rows.height:
        rows = _about(look, rows, divisions)
    words = "" if rows.height else SILENCES[row["code"]](look)
    level = "alert" if (rows["level"] == "alert").any() else "watch" if rows.height else "ok"
    return Point(
        code=row["code"],
        label=row["label"],
        threshold=row["threshold"],
        why=row["why"],
        level="unknown" if words else level,
        words=words,
        rows=rows,
    )


def _about(look: Look, rows: pl.DataFrame, divisions: Collection[int]) -> pl.DataFrame:
    """Keep the rows about some divisions: theirs, their students', the groups and bands they have students in."""
    wanted = list(divisions)
    groups = look.seated.filter(pl.col("division").is_in(wanted))["ap_group"].unique().to_list()
    crossed = facts.divisions_of_bands(look.store, year=look.year)
    bands = crossed.filter(pl.col("division").is_in(wanted))["band"].unique().to_list()
    return rows.filter(
        pl.col("division").is_in(wanted) | pl.col("ap_group").is_in(groups) | pl.col("band").is_in(bands)
    )


__all__ = ["RULES", "SILENCES", "Look", "Point", "look_at", "points_of", "points_of_vigilance"]
