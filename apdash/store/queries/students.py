"""Students as one person may see them: lists, one student's path, and what was said in their interview.

A row never leaves this file for somebody who does not teach, lead or pilot: every query joins `visible_students`.
Interviews and profiles go further: the direction, the pilot, and the principal teacher of the division.
"""

from datetime import date

import polars as pl

from apdash.rights import Role, Viewer
from apdash.store import Store

_ENROLLED = """
    from enrolment e
    join visible_students($role, $staff) v on v.student = e.student
    join student_named s on s.id = e.student
    join division d on d.id = e.division
    where e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
"""


def roster(
    store: Store, viewer: Viewer, *, on: date, grade: str | None = None, division: int | None = None
) -> pl.DataFrame:
    """Return the students of a day that this person may see, a row a student, by division then name.

    Columns: student, last_name, first_name, division (id), division_code, grade, year.
    """
    return store.read(
        f"""
        select s.id as student, s.last_name, s.first_name, d.id as division, d.code as division_code, d.grade, d.year
        {_ENROLLED}
            and ($grade is null or d.grade = $grade)
            and ($division is null or d.id = $division)
        order by d.code, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        on=on,
        grade=grade,
        division=division,
        **_who(viewer),
    )


def student_on(store: Store, viewer: Viewer, *, student: int, on: date) -> pl.DataFrame:
    """Return where a student is on a day, or was last: one row, none when this person may not see them.

    Columns: student, last_name, first_name, division (id), division_code, division_label, grade, year,
    starts_on, ends_on, repeating.
    """
    return store.read(
        """
        select
            s.id as student, s.last_name, s.first_name,
            d.id as division, d.code as division_code, d.label as division_label, d.grade, d.year,
            e.starts_on, e.ends_on, e.repeating
        from enrolment e
        join visible_students($role, $staff) v on v.student = e.student
        join student_named s on s.id = e.student
        join division d on d.id = e.division
        where e.student = $student and e.starts_on <= $on
        order by e.starts_on desc, e.ends_on desc nulls first
        limit 1
        """,
        student=student,
        on=on,
        **_who(viewer),
    )


def groups_attended(store: Store, viewer: Viewer, *, on: date) -> pl.DataFrame:
    """Return the public names of the groups each student attends on a day, by student then time in the week.

    Suspended groups are left out; a merged one is named as the one it joined. Columns: student, name.
    """
    return store.read(
        """
        select m.student, g.name
        from membership m
        join visible_students($role, $staff) v on v.student = m.student
        join group_state st on st.ap_group = m.ap_group and st.replaced_by is null and not st.suspended
            and st.starts_on <= $on and (st.ends_on is null or st.ends_on >= $on)
        join ap_group g on g.id = coalesce(st.merged_into, m.ap_group)
        join slot sl on sl.id = g.slot
        where m.replaced_by is null and m.starts_on <= $on and (m.ends_on is null or m.ends_on >= $on)
        order by m.student, sl.day, sl.starts_at, g.code
        """,
        on=on,
        **_who(viewer),
    )


def divisions_known_well(store: Store, viewer: Viewer) -> pl.DataFrame:
    """Return the divisions whose profiles and interviews this person may read. Column: division."""
    return store.read(
        """
        select id as division from division where $role in ('direction', 'pilot')
        union
        select division from principal_teacher where staff = $staff
        order by division
        """,
        **_who(viewer),
    )


def sexes(store: Store, viewer: Viewer, *, students: list[int]) -> pl.DataFrame:
    """Return student, sex (F or M) of these students where it is known; for the direction and the pilot alone."""
    return store.read(
        """
        select id as student, sex::varchar as sex from student
        where id in (select unnest($students)) and sex is not null and $role in ('direction', 'pilot')
        order by id
        """,
        students=students,
        role=viewer.role,
    )


def interview_of_student(store: Store, viewer: Viewer, *, student: int, on: date) -> pl.DataFrame:
    """Return a student's last answers to each question up to a day; none without the right to read them.

    Columns: question, answers (codes; empty: prefers not to answer), recorded_at, review, review_label.
    """
    return store.read(
        """
        select a.question, a.answers, a.recorded_at, r.id as review, r.label as review_label
        from interview_answer a
        join review r on r.id = a.review
        where a.student = $student and a.replaced_at is null and r.opens_on <= $on
            and ($role in ('direction', 'pilot') or exists (
                select 1 from enrolment e join principal_teacher p on p.division = e.division
                where e.student = a.student and p.staff = $staff
                    and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
            ))
        qualify row_number() over (partition by a.question order by r.opens_on desc, a.recorded_at desc) = 1
        order by a.question
        """,
        student=student,
        on=on,
        **_who(viewer),
    )


def principal_teachers(store: Store, *, division: int) -> list[str]:
    """Return the names of a division's principal teachers, in order."""
    names = store.read(
        """
        select trim(p.title || ' ' || p.last_name) as name
        from principal_teacher t join staff p on p.id = t.staff
        where t.division = $division
        order by p.last_name collate fr, p.first_name collate fr
        """,
        division=division,
    )
    return names["name"].to_list()


def _who(viewer: Viewer) -> dict[str, str | int | None]:
    return {"role": str(Role(viewer.role)), "staff": viewer.staff}
