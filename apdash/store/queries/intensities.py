"""Need intensities from one closed bilan to the next, for the students one person may see."""

import polars as pl

from apdash.rights import Viewer
from apdash.store import Store


def intensities_of_student(store: Store, viewer: Viewer, *, student: int) -> pl.DataFrame:
    """Return a student's intensities as each bilan was closed, oldest bilan first.

    Columns: review, code, label, year, closes_on, need, value (0 to 100, null: à confirmer), coverage (0 to 1).
    """
    return store.read(
        """
        select r.id as review, r.code, r.label, r.year, r.closes_on, i.need, i.value, i.coverage
        from intensity i
        join visible_students($role, $staff) v on v.student = i.student
        join review r on r.id = i.review
        where i.student = $student
        order by r.closes_on, r.id, i.need
        """,
        student=student,
        role=str(viewer.role),
        staff=viewer.staff,
    )


def frozen_intensities(store: Store, viewer: Viewer, *, year: int) -> pl.DataFrame:
    """Return the intensities of every closed bilan of a year, for the students this person may see.

    Columns: review, student, division (of the student that day), grade, need, value (nullable).
    """
    return store.read(
        """
        select i.review, i.student, d.id as division, d.grade, i.need, i.value
        from intensity i
        join visible_students($role, $staff) v on v.student = i.student
        join review r on r.id = i.review
        join enrolment e on e.student = i.student
            and e.starts_on <= r.closes_on and (e.ends_on is null or e.ends_on >= r.closes_on)
        join division d on d.id = e.division
        where r.year = $year
        order by r.closes_on, i.review, i.student, i.need
        """,
        year=year,
        role=str(viewer.role),
        staff=viewer.staff,
    )
