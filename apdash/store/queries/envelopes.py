"""What the envelope of a cycle is read from: where students have been, cohorts, hours carried from elsewhere."""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store


def stays(store: Store, viewer: Viewer, *, until: date, known_at: datetime | None = None) -> pl.DataFrame:
    """Return where each student was each year begun by a day: a row a student and year, ordered by both.

    Columns: student, year, division (id), division_code, grade, mef, apprentice: of the last place of the year;
    starts_on: first day of the first one; ends_on: null while there.
    """
    return store.read(
        """
        select k.student, k.year, arg_max(d.id, k.starts_on) as division, arg_max(d.code, k.starts_on) as division_code,
            arg_max(d.grade, k.starts_on) as grade, arg_max(coalesce(e.mef, ''), k.starts_on) as mef,
            arg_max(coalesce(e.apprentice, false), k.starts_on) as apprentice, min(k.starts_on) as starts_on,
            case when bool_or(k.ends_on is null) then null else max(k.ends_on) end as ends_on
        from enrolments_known($known_at) k
        join enrolment e on e.id = k.id
        join division d on d.id = k.division
        where k.starts_on <= $until and (k.ends_on is null or k.ends_on >= k.starts_on)
            and k.student in (select student from visible_students($role, $staff::bigint))
        group by k.student, k.year
        order by k.student, k.year
        """,
        until=until,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def cohort_envelopes(store: Store) -> pl.DataFrame:
    """Return the envelope chosen for each cohort: entry_year, cycle, mef ('' for all), envelope; in this order."""
    return store.read(
        "select entry_year, cycle, mef, envelope from cohort_envelope order by entry_year desc, cycle, mef"
    )


def carried_minutes(store: Store, viewer: Viewer, *, known_at: datetime | None = None) -> pl.DataFrame:
    """Return the minutes of years whose sessions are not here: student, year, planned, held, attended, source."""
    return store.read(
        """
        select student, year, planned, held, attended, source from carried_minutes
        where recorded_at <= $known_at and (replaced_at is null or replaced_at > $known_at)
            and student in (select student from visible_students($role, $staff::bigint))
        order by student, year
        """,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def curriculum_support(store: Store) -> pl.DataFrame:
    """Return the weekly hours of personalised support of each formation in the official files: mef, weekly_hours."""
    return store.read(
        """
        select c.mef, sum(c.weekly_hours) as weekly_hours
        from curriculum_hours c join subject s on s.code = c.subject
        where s.weekly_ap
        group by c.mef
        order by c.mef
        """
    )


def students_by_number(store: Store, viewer: Viewer) -> pl.DataFrame:
    """Return how files name the students: student, siecle_id, ine, last_name, first_name; by id."""
    return store.read(
        """
        select s.id as student, n.siecle_id, n.ine, s.last_name, s.first_name
        from student_named s join student n on n.id = s.id
        where s.id in (select student from visible_students($role, $staff::bigint))
        order by s.id
        """,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def closings(store: Store, *, year: int) -> pl.DataFrame:
    """Return when the bilans of a year were closed, latest first: review, label, closed_at (of the last division)."""
    return store.read(
        """
        select r.id as review, r.label, max(d.closed_at) as closed_at
        from review r join review_division d on d.review = r.id
        where r.year = $year
        group by r.id, r.label
        having max(d.closed_at) is not null
        order by closed_at desc, r.id
        """,
        year=year,
    )


def jobs_outside(store: Store) -> list[str]:
    """Return the jobs whose hours are not in the envelope."""
    rows = store.read("select value from setting where key = 'hours_jobs_outside'")
    return [job for job in rows.item().split(",") if job] if rows.height else []


def jobs(store: Store) -> pl.DataFrame:
    """Return the jobs of the adults present and how many have each: job, adults."""
    return store.read(
        "select job, count(*) as adults from staff where ends_on is null group by job order by adults desc, job"
    )
