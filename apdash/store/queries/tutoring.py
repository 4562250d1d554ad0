"""Tutors and their students, wishes and meetings, as one person may see them, now or as known at a moment."""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store

STILL_HERE = (
    "exists (select 1 from enrolment e where e.student = t.student "
    "and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on))"
)
"""Said of a tutoring `t`: its student is in the school on the day; whoever left takes nobody's place."""


def tutorings(
    store: Store,
    viewer: Viewer,
    *,
    on: date | None = None,
    student: int | None = None,
    known_at: datetime | None = None,
) -> pl.DataFrame:
    """Return who tutors whom, on a day or (on None) ever, among the students this person may see.

    On a day, students who left the school before it are not tutored any more.

    Columns: id, student, last_name, first_name, division_code (of the day, else the last), grade, staff, staff_name,
    starts_on, ends_on, why_began, why_ended, meetings (held during it), minutes (of them), last_met; by tutor then
    student.
    """
    return store.read(
        """
        with placed as (
            select e.student, d.code, d.grade
            from enrolment e join division d on d.id = e.division
            qualify row_number() over (partition by e.student order by e.starts_on desc) = 1
        ),
        met as (
            select t.id, count(*) as meetings, sum(m.minutes) as minutes, max(m.on_day) as last_met
            from tutorings_known($known_at) t
            join tutor_meetings_known($known_at) m on m.student = t.student and m.staff = t.staff
                and m.on_day >= t.starts_on and (t.ends_on is null or m.on_day <= t.ends_on)
            group by t.id
        )
        select t.id, t.student, s.last_name, s.first_name, p.code as division_code, p.grade, t.staff,
            trim(a.title || ' ' || a.last_name) as staff_name, t.starts_on, t.ends_on, t.why_began, t.why_ended,
            coalesce(m.meetings, 0) as meetings, coalesce(m.minutes, 0)::bigint as minutes, m.last_met
        from tutorings_known($known_at) t
        join student_named s on s.id = t.student
        join staff a on a.id = t.staff
        left join placed p on p.student = t.student
        left join met m on m.id = t.id
        where ($on::date is null or (t.starts_on <= $on::date and (t.ends_on is null or t.ends_on >= $on::date)))
            and ($on::date is null or t.student in (
                select e.student from enrolments_known($known_at) e
                where e.starts_on <= $on::date and (e.ends_on is null or e.ends_on >= $on::date)
            ))
            and ($student::bigint is null or t.student = $student::bigint)
            and t.student in (select student from visible_students($role, $staff::bigint))
        order by a.last_name collate fr, t.staff, t.starts_on, s.last_name collate fr, s.first_name collate fr, t.id
        """,
        on=on,
        student=student,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def meetings(
    store: Store, viewer: Viewer, *, student: int | None = None, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return the meetings of tutors with their students, latest first, among the students this person may see.

    Columns: id, student, staff, staff_name, on_day, minutes, words. What was said is for the tutor, past ones
    included, the pilot and the direction: elsewhere words is empty.
    """
    return store.read(
        """
        select m.id, m.student, m.staff, trim(a.title || ' ' || a.last_name) as staff_name, m.on_day, m.minutes,
            case when $role in ('direction', 'pilot') or exists (
                select 1 from tutorings_known($known_at) t
                where t.student = m.student and t.staff = $staff::bigint
            ) then m.words else '' end as words
        from tutor_meetings_known($known_at) m
        join staff a on a.id = m.staff
        where ($student::bigint is null or m.student = $student::bigint)
            and m.student in (select student from visible_students($role, $staff::bigint))
        order by m.on_day desc, m.id desc
        """,
        student=student,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def caseloads(store: Store, *, year: int, on: date) -> pl.DataFrame:
    """Return the adults who agreed to tutor in a year or do on a day: staff, name, job, most, followed; by name."""
    return store.read(
        f"""
        select a.id as staff, trim(a.title || ' ' || a.last_name) as name, a.job, coalesce(c.most, 0) as most,
            count(t.student) as followed
        from staff a
        left join tutor_capacity c on c.staff = a.id and c.year = $year
        left join tutoring t on t.staff = a.id and t.replaced_at is null
            and t.starts_on <= $on and (t.ends_on is null or t.ends_on >= $on) and {STILL_HERE}
        where a.ends_on is null or t.student is not null
        group by a.id, a.title, a.last_name, a.first_name, a.job, c.most
        having coalesce(c.most, 0) > 0 or count(t.student) > 0
        order by a.last_name collate fr, a.first_name collate fr, a.id
        """,
        year=year,
        on=on,
    )


def wishes(store: Store, viewer: Viewer, *, year: int, student: int | None = None) -> pl.DataFrame:
    """Return whom students would like as tutor: student, rank (1 first), staff, staff_name; by student then rank."""
    return store.read(
        """
        select w.student, w.rank, w.staff, trim(a.title || ' ' || a.last_name) as staff_name
        from tutor_wish w join staff a on a.id = w.staff
        where w.replaced_at is null and w.year = $year
            and ($student::bigint is null or w.student = $student::bigint)
            and w.student in (select student from visible_students($role, $staff::bigint))
        order by w.student, w.rank
        """,
        year=year,
        student=student,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def students_to_tutor(store: Store, *, divisions: list[int], on: date) -> pl.DataFrame:
    """Return who is enrolled in divisions on a day, for computations: student, division, tutor (null: none), taught
    (ids of the adults who teach the division), principal (ids of its principal teachers); by student."""
    return store.read(
        """
        select e.student, e.division, any_value(t.staff) as tutor,
            coalesce(list(distinct v.staff) filter (where v.staff is not null), []) as taught,
            coalesce(list(distinct p.staff) filter (where p.staff is not null), []) as principal
        from enrolment e
        left join tutoring t on t.student = e.student and t.replaced_at is null
            and t.starts_on <= $on and (t.ends_on is null or t.ends_on >= $on)
        left join service v on v.division = e.division
        left join principal_teacher p on p.division = e.division
        where e.division in (select unnest($divisions::bigint[]))
            and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
        group by e.student, e.division
        order by e.student
        """,
        divisions=divisions,
        on=on,
    )
