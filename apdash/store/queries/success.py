"""What became of students: repeating, going on, leaving, the diploma; whole school, for the program, no viewer."""

from datetime import datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.store import Store


def repeating(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return how many students of each grade repeat it, by year: year, grade, students, repeating; in that order.

    A student counts in the grade they ended the year in.
    """
    return store.read(
        """
        with placed as (
            select distinct on (e.student, e.year) e.student, e.year, d.grade, f.repeating
            from enrolments_known($known_at) e
            join division d on d.id = e.division
            join enrolment f on f.id = e.id
            where d.grade is not null and e.starts_on <= $known_at::date
            order by e.student, e.year, e.starts_on desc
        )
        select year, grade, count(*) as students, count(*) filter (where repeating) as repeating
        from placed group by year, grade order by year, grade
        """,
        known_at=known_at,
    )


def passages(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return where the students of a grade are a year later: year, grade, students, to (grade; null: not here).

    year: that in which they were in the grade; only years followed by another in the file. Whoever left during the year
    is counted among those no longer here.
    """
    return store.read(
        """
        with placed as (
            select distinct on (e.student, e.year) e.student, e.year, d.grade
            from enrolments_known($known_at) e
            join division d on d.id = e.division
            where d.grade is not null and e.starts_on <= $known_at::date
            order by e.student, e.year, e.starts_on desc
        )
        select p.year, p.grade, count(*) as students, n.grade as to
        from placed p
        left join placed n on n.student = p.student and n.year = p.year + 1
        where exists (select 1 from placed x where x.year = p.year + 1)
        group by p.year, p.grade, n.grade
        order by p.year, p.grade, n.grade nulls last
        """,
        known_at=known_at,
    )


def cohorts(store: Store, *, first_grade: str, known_at: datetime) -> pl.DataFrame:
    """Return how those who entered the first grade of a cycle in a year ended it: entry_year, students, passed, failed,
    here (still enrolled in the last year of the file), gone (left without a result); by year.

    Whoever entered another way, or repeats the first grade, belongs to no cohort but that of their first entry.
    """
    return store.read(
        """
        with placed as (
            select e.student, e.year, d.grade, e.ends_on
            from enrolments_known($known_at) e
            join division d on d.id = e.division
            where e.starts_on <= $known_at::date
        ),
        entered as (
            select student, min(year) as entry_year
            from placed where grade = $first_grade
            group by student
            having min(year) = (select min(p.year) from placed p where p.student = placed.student)
        ),
        results as (
            select student, bool_or(passed) as passed
            from exam_results_known($known_at)
            group by student
        ),
        last as (select max(year) as year from placed)
        select e.entry_year, count(*) as students,
            count(*) filter (where r.passed) as passed,
            count(*) filter (where not r.passed) as failed,
            count(*) filter (where r.passed is null and h.student is not null) as here,
            count(*) filter (where r.passed is null and h.student is null) as gone
        from entered e
        left join results r on r.student = e.student
        left join (
            select distinct student from placed, last where placed.year = last.year and placed.ends_on is null
        ) h on h.student = e.student
        group by e.entry_year
        order by e.entry_year
        """,
        first_grade=first_grade,
        known_at=known_at,
    )


def leavers(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return what leavers do, by the year they left: year, outcome, students; ordered by both."""
    return store.read(
        """
        select year, outcome, count(*) as students
        from leavers_known($known_at)
        group by year, outcome
        order by year, outcome
        """,
        known_at=known_at,
    )


def outside_figures(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return figures that come from elsewhere: indicator, year, place, scope, value, people, source, imported_at."""
    return store.read(
        """
        select indicator, year, place, scope, value, people, source, imported_at
        from outside_figures_known($known_at)
        order by indicator, place, scope, year
        """,
        known_at=known_at,
    )


def exam_rates(store: Store, *, last_grades: list[str], known_at: datetime) -> pl.DataFrame:
    """Return the results of those in a last grade, by year: year, grade, students, known, passed; in that order."""
    return store.read(
        """
        with placed as (
            select distinct on (e.student, e.year) e.student, e.year, d.grade
            from enrolments_known($known_at) e
            join division d on d.id = e.division
            where e.starts_on <= $known_at::date
            order by e.student, e.year, e.starts_on desc
        )
        select p.year, p.grade, count(*) as students, count(r.passed) as known,
            count(*) filter (where r.passed) as passed
        from placed p
        left join exam_results_known($known_at) r on r.student = p.student and r.year = p.year
        where p.grade in (select unnest($last_grades::varchar[]))
        group by p.year, p.grade
        having count(r.passed) > 0
        order by p.year, p.grade
        """,
        last_grades=last_grades,
        known_at=known_at,
    )


def outcomes_known(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return what is known of students' results and leaving: student, year, passed, outcome (both nullable)."""
    return store.read(
        """
        select coalesce(r.student, l.student) as student, coalesce(r.year, l.year) as year, r.passed, l.outcome
        from exam_results_known($known_at) r
        full join leavers_known($known_at) l on l.student = r.student and l.year = r.year
        order by 1, 2
        """,
        known_at=known_at,
    )


def outcomes_of_student(store: Store, viewer: Viewer, *, student: int) -> pl.DataFrame:
    """Return what is known of a student year by year: year, passed, outcome (both nullable); latest first.

    Nothing for whoever may not see the student.
    """
    return store.read(
        """
        select e.year, any_value(r.passed) as passed, any_value(l.outcome) as outcome
        from enrolment e
        left join exam_result r on r.student = e.student and r.year = e.year and r.replaced_at is null
        left join school_leaver l on l.student = e.student and l.year = e.year and l.replaced_at is null
        where e.student = $student and e.student in (select student from visible_students($role, $staff::bigint))
        group by e.year
        order by e.year desc
        """,
        student=student,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def bilans_of_years(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return the last bilan closed by each division of each year: year, review, label, closes_on, division, grade."""
    return store.read(
        """
        select r.year, r.id as review, r.label, r.closes_on, c.division, d.grade
        from review_division c
        join review r on r.id = c.review
        join division d on d.id = c.division
        where c.closed_at <= $known_at
        qualify row_number() over (partition by c.division order by r.closes_on desc, r.id desc) = 1
        order by r.year, d.grade, d.code
        """,
        known_at=known_at,
    )


def students_of_divisions(store: Store, *, known_at: datetime) -> pl.DataFrame:
    """Return who was ever in which division: student, division, sex; ordered by both."""
    return store.read(
        """
        select distinct e.student, e.division, s.sex::varchar as sex
        from enrolments_known($known_at) e join student s on s.id = e.student
        where e.division is not null and e.starts_on <= $known_at::date
        order by 1, 2
        """,
        known_at=known_at,
    )
