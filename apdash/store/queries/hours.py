"""The raw rows every count of hours is made from, as one person may see them and as known at a moment.

A row of `hour_places` is one student expected at one session; nothing here is added up: apdash/hours does that.
"""

from datetime import date, datetime

import polars as pl

from apdash.rights import Action, Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store, Transaction

OUTSIDE_JOBS = "hours_jobs_outside"  # jobs (FONCTION) whose hours are not in the envelope, parted by commas


def hour_places(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    first: date,
    last: date,
    known_at: datetime | None = None,
    student: int | None = None,
) -> pl.DataFrame:
    """Return each student expected at each session between two days, both included; by day, hour, session, student.

    Columns: student, division (id, of that day), session (the one attended: the host of merged groups), ap_group
    (theirs; null at a common action), need (of their group), action, axis (of the action), on_day, starts_at, minutes,
    state (planned, held, not_held), why, added (put in beside the timetable), counts (in the envelope), presence (null:
    not called). A cancelled common action is not there: groups meet instead. student: only theirs.
    """
    return store.read(
        """
        with places as materialized (
            select * from session_places($known_at)
            where ($student::bigint is null or student = $student::bigint)
                and student in (select student from visible_students($role, $staff::bigint))
        ),
        apart as (select unnest(string_split(value, ',')) as job from setting where key = $outside),
        led as (
            select m.session, bool_and(a.job in (select job from apart)) as outside
            from meetings_known($known_at) m
            left join sessions_known($known_at) h on h.id = m.host
            join staff a on case when m.staff is not null then list_contains(m.staff, a.id) else exists (
                select 1 from group_staff_known($known_at) g
                where g.ap_group = h.ap_group and g.staff = a.id and g.starts_on <= m.on_day
                    and (g.ends_on is null or g.ends_on >= m.on_day)
            ) end
            where exists (select 1 from apart) and m.on_day between $first and $last
            group by m.session
        )
        select p.student, p.division, p.host as session, p.ap_group, g.need, m.action, x.axis, m.on_day, m.starts_at,
            m.minutes, m.state::varchar as state, m.why, m.planned_on is null and m.action is null as added,
            coalesce(x.counts, true) and not coalesce(l.outside, false) as counts, c.presence::varchar as presence
        from places p
        join meetings_known($known_at) m on m.session = p.session
        left join ap_group g on g.id = p.ap_group
        left join common_action x on x.id = m.action
        left join led l on l.session = p.host
        left join attendance_known($known_at) c on c.session = p.host and c.student = p.student
        where m.on_day between $first and $last and not (m.action is not null and m.state = 'not_held')
        order by m.on_day, m.starts_at, p.host, p.student
        """,
        first=first,
        last=last,
        known_at=known_at or ALWAYS,
        student=student,
        outside=OUTSIDE_JOBS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def led_hours(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    first: date,
    last: date,
    known_at: datetime | None = None,
) -> pl.DataFrame:
    """Return each adult of each session somebody is expected at; the direction and the pilot see all, others their own.

    A session led by two counts for each. Columns: staff, staff_name, job, session, ap_group (null at a common action),
    on_day, starts_at, minutes, state, overtime (paid beyond the service: their cost at the slot is not 0), counts
    (their job is in the envelope); by day, hour, session, adult.
    """
    return store.read(
        """
        with places as (select distinct host from session_places($known_at)),
        apart as (select unnest(string_split(value, ',')) as job from setting where key = $outside)
        select a.id as staff, trim(a.title || ' ' || a.last_name) as staff_name, a.job, m.session, m.ap_group, m.on_day,
            m.starts_at, m.minutes, m.state::varchar as state, coalesce(b.cost > 0, false) as overtime,
            a.job not in (select job from apart) as counts
        from meetings_known($known_at) m
        join places p on p.host = m.session
        join staff a on case when m.staff is not null then list_contains(m.staff, a.id) else exists (
            select 1 from group_staff_known($known_at) g
            where g.ap_group = m.ap_group and g.staff = a.id and g.starts_on <= m.on_day
                and (g.ends_on is null or g.ends_on >= m.on_day)
        ) end
        left join band_staff b on b.slot = m.slot and b.staff = a.id
        where m.on_day between $first and $last and not (m.action is not null and m.state = 'not_held')
            and ($everybody or a.id = $staff::bigint)
        order by m.on_day, m.starts_at, m.session, a.id
        """,
        first=first,
        last=last,
        known_at=known_at or ALWAYS,
        outside=OUTSIDE_JOBS,
        everybody=viewer.can(Action.SEE_INDICATORS),
        staff=viewer.staff,
    )


def outside_timetable(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    first: date,
    last: date,
    known_at: datetime | None = None,
    student: int | None = None,
) -> pl.DataFrame:
    """Return the hours outside the timetable of each student, never added to the others: tutoring and stages.

    Columns: student, kind (tutoring, stage), minutes; by student and kind. A stage counts what was done of it.
    """
    return store.read(
        """
        with every as (
            select student, 'tutoring' as kind, minutes from tutor_meetings_known($known_at)
            where on_day between $first and $last
            union all
            select e.student, 'stage', coalesce(e.minutes_done, 0)
            from stage_enrolments_known($known_at) e join stages_known($known_at) s on s.id = e.stage
            where e.enrolled_on is not null and s.starts_on <= $last and s.ends_on >= $first
        )
        select student, kind, sum(minutes)::bigint as minutes
        from every
        where student in (select student from visible_students($role, $staff::bigint))
            and ($student::bigint is null or student = $student::bigint)
        group by student, kind
        having sum(minutes) > 0
        order by student, kind
        """,
        first=first,
        last=last,
        known_at=known_at or ALWAYS,
        student=student,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def hour_names(store: Store) -> dict[str, dict[int, str]]:
    """Return what groups and common actions are called, by id: {"group": ..., "action": ...}; neutral names only."""
    groups = store.read("select id, code || ' · ' || name as words from ap_group order by id")
    actions = store.read("select id, label from common_action order by id")
    return {"group": dict(groups.iter_rows()), "action": dict(actions.iter_rows())}
