"""Entries in a bilan of the tiny school, for the tests about bilans."""

from datetime import datetime

import polars as pl

from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.store import Store
from apdash.store.commands.reviews import record_assessments
from apdash.store.queries import reviews
from tests.factories import AT, PILOT, School

LATER = datetime(2026, 11, 11, 9, 0)
CLOSED = datetime(2026, 11, 17, 18, 0)
AFTER = datetime(2026, 11, 25, 8, 0)


def cells(school: School, *rows: tuple[str, str, str | None, float | None]) -> pl.DataFrame:
    """Return entries from (first name, competency, state, level)."""
    named = [(school.students[name], competency, state, level) for name, competency, state, level in rows]
    schema = {"student": pl.Int64, "competency": pl.String, "state": pl.String, "level": pl.Float64}
    return pl.DataFrame(named, schema, orient="row")


def enter(
    store: Store,
    school: School,
    who: str,
    *rows: tuple[str, str, str | None, float | None],
    viewer: Viewer | None = None,
    now: datetime = AT,
    review: int | None = None,
    **more: object,
) -> int:
    """Record levels as an adult would."""
    return record_assessments(
        store,
        viewer or school.viewer(who),
        review=review or school.review,
        assessor=f"staff:{school.staff[who]}",
        entries=cells(school, *rows),
        now=now,
        **more,
    )


def levels(store: Store, school: School, division: str, viewer: Viewer = PILOT) -> list[tuple]:
    """Return (first name, competency, assessor, state, level) of what is recorded."""
    rows = reviews.assessments_of_division(
        store, viewer, review=school.review, division=school.divisions[division]
    )
    names = {number: name for name, number in school.students.items()}
    adults = {f"staff:{number}": name for name, number in school.staff.items()}
    return [
        (names[student], competency, adults.get(assessor, assessor), state, level)
        for student, competency, assessor, state, level in rows.select(
            "student", "competency", "assessor", "state", "level"
        ).iter_rows()
    ]


def assess_everything(
    store: Store, school: School, reference: Reference, *, but: tuple[str, ...] = ()
) -> None:
    """Fill every competency of 2TNE but some, level 2 for all."""
    codes = [code for code in reference.competencies["code"] if code not in but]
    rows = ((name, code, "level", 2) for name in ("Ana", "Bilal", "Chloé") for code in codes)
    enter(store, school, "lettres", *rows, viewer=PILOT)
