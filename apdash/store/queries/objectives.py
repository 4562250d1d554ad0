"""Objectives of students, the programme they belong to, and whether they were seen again in class.

Whoever sees a student reads their programme and objectives; how the workshop went is read by who follows them.
"""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.following import FOLLOWED, who
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store

# The state of an objective: what the workshop bilan of its period says, in its own group, else in those of its need.
_STATES = """
    select o.id as objective,
        case when bool_or(r.outcome = 'not_yet') then 'not_yet'
            when bool_or(r.outcome = 'in_progress') then 'in_progress' else 'attained' end as outcome
    from objectives_known($known_at) o
    join workshop_results_known($known_at) r on r.student = o.student and r.period = o.period and r.outcome is not null
    join ap_group g on g.id = r.ap_group
    where (o.ap_group = r.ap_group or (o.ap_group is null and o.need = g.need))
        and ($student::bigint is null or o.student = $student::bigint)
    group by o.id
"""
_OBJECTIVES = f"""
    select o.id as objective, o.student, n.last_name, n.first_name, o.year, o.period, p.code as period_code,
        p.label as period_label, o.need, o.programme, o.ap_group, g.code, g.name, o.text, o.evidence, o.set_on,
        o.due_on, o.agreed_on, o.agreed_with, (
            select arg_min(coalesce(u.name, v.recorded_by), v.recorded_at)
            from objective v left join user_account u on u.login = v.recorded_by
            where v.id = o.id and v.agreed_on = o.agreed_on and v.agreed_with = o.agreed_with
                and v.recorded_at <= $known_at
        ) as agreed_by, o.dropped, case when o.student in ({FOLLOWED}) then t.outcome end as outcome, o.recorded_at
    from objectives_known($known_at) o
    join student_named n on n.id = o.student
    left join period p on p.id = o.period
    left join ap_group g on g.id = o.ap_group
    left join ({_STATES}) t on t.objective = o.id
    where o.student in (select student from visible_students($role, $staff::bigint))
"""


def objectives_of_student(
    store: Store, viewer: Viewer, *, student: int, on: date, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return the objectives of a student this person sees, latest period first, dropped ones included.

    Columns: objective, student, last_name, first_name, year, period, period_code, period_label, need, programme,
    ap_group, code, name (of the group, nullable), text, evidence, set_on, due_on, agreed_on, agreed_with (student,
    family, both), agreed_by (who recorded it), dropped, outcome (attained, in_progress, not_yet; null
    before the workshop bilan or for who does not follow the student), recorded_at.
    """
    return store.read(
        f"{_OBJECTIVES} and o.student = $student::bigint order by p.starts_on desc nulls last, o.set_on, o.id",
        student=student, on=on, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip


def objectives_of_group(
    store: Store, viewer: Viewer, *, group: int, period: int, on: date, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return the objectives of a period that concern a group: its own, and its students' on the same need.

    Columns as `objectives_of_student`, by name; only students this person sees, dropped objectives left out.
    """
    return store.read(
        f"""
        {_OBJECTIVES} and o.period = $period and not o.dropped and (o.ap_group = $group or (
            o.ap_group is null and o.need = (select need from ap_group where id = $group)
            and o.student in (select student from memberships_known($known_at) where ap_group = $group)))
        order by n.last_name collate fr, n.first_name collate fr, o.student, o.set_on, o.id
        """,
        group=group, period=period, student=None, on=on, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip


def programmes_of_student(
    store: Store, viewer: Viewer, *, student: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return the dispositifs of a student this person sees, latest first.

    Columns: programme, year, scheme (code of dispositifs.csv), need, ap_group, code, name (of the group), staff,
    staff_name, starts_on, ends_on (nullable), words.
    """
    return store.read(
        """
        select p.id as programme, p.year, p.scheme, p.need, p.ap_group, g.code, g.name, p.staff,
            trim(s.title || ' ' || s.last_name) as staff_name, p.starts_on, p.ends_on, p.words
        from programmes_known($known_at) p
        left join ap_group g on g.id = p.ap_group
        left join staff s on s.id = p.staff
        where p.student = $student and p.student in (select student from visible_students($role, $staff::bigint))
        order by p.starts_on desc, p.id desc
        """,
        student=student, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip


def seen_in_class(
    store: Store, viewer: Viewer, *, student: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return what teachers were asked about a student's objectives: objective, staff, staff_name, asked_on, seen,
    answered_on (both null while it waits); for who sees the student."""
    return store.read(
        """
        select q.objective, q.staff, trim(s.title || ' ' || s.last_name) as staff_name, q.asked_on, q.seen,
            q.answered_on
        from objectives_seen_known($known_at) q
        join objectives_known($known_at) o on o.id = q.objective
        join staff s on s.id = q.staff
        where o.student = $student and o.student in (select student from visible_students($role, $staff::bigint))
        order by q.objective, q.asked_on, q.staff
        """,
        student=student, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip


def questions_to(store: Store, viewer: Viewer, *, on: date, known_at: datetime | None = None) -> pl.DataFrame:
    """Return what this adult is asked in the school year of a day and has not answered, the oldest first.

    Columns: objective, student, last_name, first_name, division_code, text, evidence, asked_on.
    """
    return store.read(
        """
        select o.id as objective, o.student, n.last_name, n.first_name, coalesce((
                select max(d.code) from enrolment e join division d on d.id = e.division
                where e.student = o.student and e.year = o.year and e.ends_on is null
            ), '') as division_code, o.text, o.evidence, q.asked_on
        from objectives_seen_known($known_at) q
        join objectives_known($known_at) o on o.id = q.objective and not o.dropped
        join student_named n on n.id = o.student
        where q.staff = $staff::bigint and q.seen is null
            and o.year = (select max(year) from school_year where starts_on - 31 <= $on)
        order by q.asked_on, n.last_name collate fr, n.first_name collate fr, o.id
        """,
        staff=viewer.staff,
        on=on,
        known_at=known_at or ALWAYS,
    )


def teachers_to_ask(store: Store, viewer: Viewer, *, student: int, on: date) -> pl.DataFrame:
    """Return the teachers of a student's division, who may say whether an objective was seen again in class.

    Columns: staff, name, job, discipline, leads (a group of this student on that day), waiting (questions they have
    not answered). Those who lead none of the student's groups come first: it is elsewhere that it is to be seen.
    """
    return store.read(
        """
        with mine as (
            select a.staff from membership m join group_staff a on a.ap_group = m.ap_group
            where m.student = $student and m.replaced_by is null and a.replaced_by is null
                and m.starts_on <= $on and (m.ends_on is null or m.ends_on >= $on)
                and a.starts_on <= $on and (a.ends_on is null or a.ends_on >= $on)
        )
        select s.id as staff, trim(s.title || ' ' || s.last_name) as name, s.job, s.discipline,
            s.id in (select staff from mine) as leads,
            (select count(*) from objective_seen q where q.staff = s.id and q.seen is null and q.replaced_at is null)
                as waiting
        from enrolment e
        join (select distinct division, staff from service) v on v.division = e.division
        join staff s on s.id = v.staff
        where e.student = $student and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
            and e.student in (select student from visible_students($role, $viewer::bigint))
        order by leads, waiting, s.last_name collate fr, s.id
        """,
        student=student, on=on, role=viewer.role.value, viewer=viewer.staff,
    )  # fmt: skip
