"""Dated sessions and who is expected at them, as one person may see them, now or as known at an earlier moment.

A session is seen by who leads it and by who sees one of its students; the direction and the pilot see all.
"""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store, Transaction


def sessions(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    first: date,
    last: date,
    known_at: datetime | None = None,
    band: int | None = None,
    group: int | None = None,
    student: int | None = None,
    led_by: int | None = None,
) -> pl.DataFrame:
    """Return the sessions between two days, both included, that somebody is expected at; ordered by date and hour.

    Columns: session, host (the session whose roll is called: another one when merged for the day or longer), ap_group,
    code, name, need (null for a common action), action, label (of the action), band, on_day, starts_at, minutes,
    planned_on, room, room_code, staff (ids), staff_names, state (planned, held, not_held), why, done, by_hand,
    expected (students of this group or action), called (of them, with a presence). band, group, student, led_by (an
    adult): only theirs.
    """
    return store.read(
        """
        with places as materialized (
            select * from session_places($known_at) where $student::bigint is null or student = $student::bigint
        ),
        calls as (select session, student from attendance_known($known_at)),
        sizes as (
            select p.session, count(*) as expected, count(c.student) as called,
                bool_or(p.student in (select student from visible_students($role, $staff::bigint))) as seen
            from places p left join calls c on c.session = p.host and c.student = p.student
            group by p.session
        ),
        led as (
            select m.session, list(a.id order by a.last_name collate fr, a.id) as staff,
                string_agg(trim(a.title || ' ' || a.last_name), ', ' order by a.last_name collate fr, a.id) as names
            from meetings_known($known_at) m
            left join sessions_known($known_at) h on h.id = m.host
            join staff a on case when m.staff is not null then list_contains(m.staff, a.id) else exists (
                select 1 from group_staff_known($known_at) g
                where g.ap_group = h.ap_group and g.staff = a.id and g.starts_on <= m.on_day
                    and (g.ends_on is null or g.ends_on >= m.on_day)
            ) end
            where m.on_day between $first and $last
            group by m.session
        )
        select m.session, m.host, m.ap_group, g.code, g.name, g.need, m.action, x.label, g.band, m.on_day, m.starts_at,
            m.minutes, m.planned_on, m.room, r.code as room_code, coalesce(l.staff, []) as staff,
            coalesce(l.names, '') as staff_names, m.state::varchar as state, m.why, m.done, m.by_hand,
            z.expected, z.called
        from meetings_known($known_at) m
        join sizes z on z.session = m.session
        left join ap_group g on g.id = m.ap_group
        left join common_action x on x.id = m.action
        left join room r on r.id = m.room
        left join led l on l.session = m.session
        where m.on_day between $first and $last
            and ($band::bigint is null or g.band = $band::bigint)
            and ($group::bigint is null or m.ap_group = $group::bigint)
            and ($led_by::bigint is null or list_contains(coalesce(l.staff, []), $led_by::bigint))
            and ($role in ('direction', 'pilot') or z.seen
                or list_contains(coalesce(l.staff, []), $staff::bigint))
        order by m.on_day, m.starts_at, g.code, m.session
        """,
        first=first,
        last=last,
        known_at=known_at or ALWAYS,
        band=band,
        group=group,
        student=student,
        led_by=led_by,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def coming_meetings(store: Store | Transaction, *, band: int, first: date, last: date) -> pl.DataFrame:
    """Return the meetings of the groups of a band between two days, those nobody would come to included.

    Columns: ap_group (the host, when others join it), code, name, need, on_day, expected; ordered by group and date.
    Counts alone: no student's data.
    """
    return store.read(
        """
        with met as materialized (from meetings_known($known_at)),
        sizes as (select host, count(*) as expected from session_places($known_at) group by host)
        select g.id as ap_group, g.code, g.name, g.need, m.on_day, coalesce(z.expected, 0) as expected
        from met m
        join ap_group g on g.id = m.ap_group
        left join sizes z on z.host = m.session
        where m.session = m.host and g.band = $band and m.state <> 'not_held' and m.on_day between $first and $last
        order by g.code, m.on_day, m.session
        """,
        band=band,
        first=first,
        last=last,
        known_at=ALWAYS,
    )


def session_day(store: Store | Transaction, *, session: int) -> date | None:
    """Return the day of a session, that of its host when it joins one; None when there is no such session."""
    rows = store.read(
        "select on_day from meetings_known($known_at) where session = $session",
        session=session,
        known_at=ALWAYS,
    )
    return rows["on_day"].item() if rows.height else None


def roll(
    store: Store | Transaction, viewer: Viewer, *, session: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return who is expected at a session (a host), with what its roll says, among the students this person may see.

    Columns: student, last_name, first_name, division_code, ap_group (theirs), presence (null: not called),
    minutes_late, source, recorded_at, recorded_by, expected (false: called without being expected); by name.
    """
    return store.read(
        """
        with places as (select student, ap_group, division from session_places($known_at) where host = $session),
        calls as (select * from attendance_known($known_at) where session = $session)
        select s.id as student, s.last_name, s.first_name, d.code as division_code, p.ap_group,
            c.presence::varchar as presence, c.minutes_late, c.source, c.recorded_at, c.recorded_by,
            p.student is not null as expected
        from places p
        full join calls c on c.student = p.student
        join student_named s on s.id = coalesce(p.student, c.student)
        left join division d on d.id = p.division
        where s.id in (select student from visible_students($role, $staff::bigint))
        order by s.last_name collate fr, s.first_name collate fr, s.id
        """,
        session=session,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )
