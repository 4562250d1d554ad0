"""Bilans: which there are, who is in them, what was entered."""

from datetime import datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.diagnosis import NOW, Reader
from apdash.store.store import Store

IN_REVIEW = """
    select e.student, e.division
    from enrolment e
    join review r on r.id = $review
    join review_division rd on rd.review = r.id and rd.division = e.division
    where e.starts_on <= r.closes_on and coalesce(e.ends_on, date '9999-12-31') >= r.closes_on
    qualify row_number() over (partition by e.student order by e.starts_on desc, e.id desc) = 1
"""
"""Students of a bilan, one division each: those enrolled on the day it closes."""


def reviews(store: Store, *, year: int | None = None) -> pl.DataFrame:
    """Return the bilans of a school year, or of all, latest first.

    Columns: review, year, code, label, kind, period, opens_on, closes_on, effective_from (nullable), divisions,
    closed (how many of them are).
    """
    return store.read(
        """
        select r.id as review, r.year, r.code, r.label, r.kind, r.period, r.opens_on, r.closes_on, r.effective_from,
            count(d.division) as divisions, count(d.closed_at) as closed
        from review r left join review_division d on d.review = r.id
        where $year is null or r.year = $year
        group by all
        order by r.closes_on desc, r.id desc
        """,
        year=year,
    )


def review_divisions(store: Store, viewer: Viewer, *, review: int) -> pl.DataFrame:
    """Return the divisions of a bilan this person may see, by grade then code.

    Columns: division, code, label, grade, students, closed_at (nullable), closed_by (nullable), note.
    """
    return store.read(
        f"""
        select d.id as division, d.code, d.label, d.grade, count(s.student) as students,
            rd.closed_at, rd.closed_by, rd.note
        from review_division rd
        join division d on d.id = rd.division
        join visible_divisions($role, $staff) v on v.division = d.id
        left join ({IN_REVIEW}) s on s.division = d.id
        where rd.review = $review
        group by all
        order by d.grade, d.code
        """,
        review=review,
        role=str(viewer.role),
        staff=viewer.staff,
    )


def closed_divisions(reader: Reader, *, review: int) -> list[int]:
    """Return the divisions of a bilan that are closed."""
    rows = reader.read(
        "select division from review_division where review = $review and closed_at is not null order by division",
        review=review,
    )
    return rows["division"].to_list()


def expected_of(store: Store, viewer: Viewer, *, review: int, staff: int | None = None) -> pl.DataFrame:
    """Return what is expected of whom in the divisions this person may see: division, staff, competency."""
    return store.read(
        """
        select x.division, x.staff, x.competency
        from expected x join visible_divisions($role, $viewer) v on v.division = x.division
        where x.review = $review and ($staff is null or x.staff = $staff)
        order by x.division, x.staff, x.competency
        """,
        review=review,
        staff=staff,
        role=str(viewer.role),
        viewer=viewer.staff,
    )


def assessments_of_division(
    store: Store, viewer: Viewer, *, review: int, division: int, at: datetime | None = None
) -> pl.DataFrame:
    """Return what was entered about a division, now or as known at a moment, by student and competency.

    Columns: student, competency, assessor, source, state (level, absent, unchanged), level (nullable), by_default,
    recorded_at, recorded_by. Nothing for who does not see the division.
    """
    return store.read(
        f"""
        select a.student, a.competency, a.assessor, a.source, a.state, a.level, a.by_default,
            a.recorded_at, a.recorded_by
        from assessment a
        join ({IN_REVIEW}) s on s.student = a.student and s.division = $division
        join visible_divisions($role, $staff) v on v.division = s.division
        where a.review = $review and a.recorded_at <= $at and (a.replaced_at is null or a.replaced_at > $at)
        order by a.student, a.competency, a.assessor
        """,
        review=review,
        division=division,
        at=at or NOW,
        role=str(viewer.role),
        staff=viewer.staff,
    )


def interviews_of_division(store: Store, viewer: Viewer, *, review: int, division: int) -> pl.DataFrame:
    """Return the answers given in a bilan by the students of a division: student, question, answers, recorded_at.

    Only for the direction, the pilot and the division's principal teachers.
    """
    return store.read(
        f"""
        select i.student, i.question, i.answers, i.recorded_at
        from interview_answer i
        join ({IN_REVIEW}) s on s.student = i.student and s.division = $division
        where i.review = $review and i.replaced_at is null
            and ($role in ('direction', 'pilot') or exists (
                select 1 from principal_teacher p where p.division = s.division and p.staff = $staff))
        order by i.student, i.question
        """,
        review=review,
        division=division,
        role=str(viewer.role),
        staff=viewer.staff,
    )


def interviews_done(store: Store, viewer: Viewer, *, review: int) -> pl.DataFrame:
    """Return division, students, done (those with an interview in this bilan), for the divisions this person sees."""
    return store.read(
        f"""
        select s.division, count(*) as students, count(i.student) as done
        from ({IN_REVIEW}) s
        join visible_divisions($role, $staff) v on v.division = s.division
        left join (select distinct student from interview_answer where review = $review and replaced_at is null) i
            on i.student = s.student
        group by s.division
        order by s.division
        """,
        review=review,
        role=str(viewer.role),
        staff=viewer.staff,
    )
