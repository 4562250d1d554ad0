"""The roll of one session, what became of it version after version, and the logbook of groups and students.

A roll is read by who calls it: the adults of the session, the direction and the pilot.
"""

from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Role, Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store, Transaction


def session_head(
    store: Store | Transaction, viewer: Viewer, *, session: int, known_at: datetime | None = None
) -> dict:
    """Return the session whose roll is called for this one: itself, or the one it joins.

    Keys: session, ap_group, code, name, need, objective, band, action, label, on_day, starts_at, minutes, room_code,
    staff (ids), staff_names, state, why, done, joined (codes of the groups that sit in it). Raises `ApdashError` for
    whoever neither leads it nor pilots, as for a session that does not exist.
    """
    found = store.read(
        """
        with known as (from sessions_known($known_at) where id = $session),
        host as (from sessions_known($known_at) where id = (select coalesce(joins, id) from known)),
        led as (
            select list(a.id order by a.last_name collate fr, a.id) as staff,
                string_agg(trim(a.title || ' ' || a.last_name), ', ' order by a.last_name collate fr, a.id) as names
            from host h join staff a on case when h.staff is not null then list_contains(h.staff, a.id) else exists (
                select 1 from group_staff_known($known_at) g
                where g.ap_group = h.ap_group and g.staff = a.id and g.starts_on <= h.on_day
                    and (g.ends_on is null or g.ends_on >= h.on_day)
            ) end
        )
        select h.id as session, h.ap_group, g.code, g.name, g.need, coalesce(g.objective, '') as objective, g.band,
            h.action, x.label, h.on_day, h.starts_at, h.minutes, r.code as room_code,
            coalesce(l.staff, []) as staff, coalesce(l.names, '') as staff_names, h.state::varchar as state, h.why,
            h.done,
            (
                select list(o.code order by o.code)
                from sessions_known($known_at) j join ap_group o on o.id = j.ap_group
                where j.joins = h.id
            ) as joined
        from host h
        cross join led l
        left join ap_group g on g.id = h.ap_group
        left join common_action x on x.id = h.action
        left join room r on r.id = h.room
        """,
        session=session,
        known_at=known_at or ALWAYS,
    )
    head = found.row(0, named=True) if found.height else None
    if head is None or not (viewer.role != Role.TEACHER or viewer.staff in head["staff"]):
        raise ApdashError(
            "Cet appel n’est pas accessible.",
            "L’adresse ne mène à aucune de vos séances ; seul qui l’anime en fait l’appel.",
        )
    return head


def roll_call(
    store: Store | Transaction, viewer: Viewer, *, session: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return who is expected at a session, and who was called without being expected; by name.

    Columns: student, last_name, first_name, division_code, group_code (theirs, of a session that groups share), arrives
    (since the meeting before), presence (null: not called), minutes_late, source, entry (key of what is said;
    empty: nothing), recorded_at, by_name, expected. Raises `ApdashError` as `session_head`.
    """
    head = session_head(store, viewer, session=session, known_at=known_at)
    return store.read(
        """
        with places as (select student, ap_group, division from session_places($known_at) where host = $host),
        calls as (select * from attendance_known($known_at) where session = $host)
        select s.id as student, s.last_name, s.first_name, d.code as division_code, g.code as group_code,
            exists (
                select 1 from memberships_known($known_at) m
                where m.student = s.id and m.ap_group = p.ap_group and m.starts_on <= $on and m.starts_on > (
                    select max(b.on_day) from sessions_known($known_at) b
                    where b.ap_group = p.ap_group and b.on_day < $on
                )
            ) as arrives,
            c.presence::varchar as presence, c.minutes_late, c.source, coalesce(c.entry, '') as entry, c.recorded_at,
            coalesce(u.name, c.recorded_by) as by_name, p.student is not null as expected
        from places p
        full join calls c on c.student = p.student
        join student_named s on s.id = coalesce(p.student, c.student)
        left join enrolments_known($known_at) e on e.student = s.id and e.starts_on <= $on
            and (e.ends_on is null or e.ends_on >= $on)
        left join division d on d.id = coalesce(p.division, e.division)
        left join ap_group g on g.id = p.ap_group
        left join user_account u on u.login = c.recorded_by
        qualify row_number() over (partition by s.id order by e.starts_on desc) = 1
        order by s.last_name collate fr, s.first_name collate fr, s.id
        """,
        host=head["session"],
        on=head["on_day"],
        known_at=known_at or ALWAYS,
    )


def roll_corrections(store: Store, viewer: Viewer, *, session: int) -> pl.DataFrame:
    """Return what replaced what was said, latest first: by somebody else, or once the session was told as held.

    Before that, who calls the roll changes their mind as they go. Raises `ApdashError` as `session_head`.

    Columns: student, last_name, first_name, presence, minutes_late (null: taken away), was, was_late, said_at, by_name,
    source.
    """
    head = session_head(store, viewer, session=session)
    return store.read(
        """
        with said as (
            select *, lead(presence) over later as next, lead(minutes_late) over later as next_late,
                lead(recorded_at) over later as next_at, lead(recorded_by) over later as next_by,
                lead(source) over later as next_source
            from attendance where session = $host
            window later as (partition by student order by recorded_at, replaced_at nulls last)
        )
        select s.id as student, s.last_name, s.first_name, c.next::varchar as presence, c.next_late as minutes_late,
            c.presence::varchar as was, c.minutes_late as was_late, coalesce(c.next_at, c.replaced_at) as said_at,
            coalesce(u.name, c.next_by, '') as by_name, c.next_source as source
        from said c
        join student_named s on s.id = c.student
        left join user_account u on u.login = c.next_by
        where c.replaced_at is not null and (
            c.next_by is distinct from c.recorded_by
            or coalesce(c.next_at, c.replaced_at) > (
                select min(recorded_at) from session where id = $host and state = 'held'
            )
        )
        order by said_at desc, s.last_name collate fr, s.id
        """,
        host=head["session"],
    )


def others_of_band(store: Store | Transaction, viewer: Viewer, *, session: int) -> pl.DataFrame:
    """Return the students of the band who are enrolled that day and not expected: who may turn up all the same.

    Columns: student, last_name, first_name, division_code; by division and name. None for a common action.
    Raises `ApdashError` as `session_head`.
    """
    head = session_head(store, viewer, session=session)
    return store.read(
        """
        select s.id as student, s.last_name, s.first_name, d.code as division_code
        from band_division b
        join division d on d.id = b.division
        join enrolment e on e.division = d.id and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
        join student_named s on s.id = e.student
        where b.band = $band and s.id not in (select student from session_places($known_at) where host = $host)
        order by d.code, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        band=head["band"],
        host=head["session"],
        on=head["on_day"],
        known_at=ALWAYS,
    )


def rolls_not_called(store: Store, viewer: Viewer, *, first: date, last: date) -> pl.DataFrame:
    """Return the sessions of these days that are neither held nor cancelled: this adult's, or all for who pilots.

    Columns: session, on_day, starts_at, minutes, code, name, staff_names; ordered by date and hour. Sessions that
    nobody is expected at are left out, as are those that join another.
    """
    return store.read(
        """
        with due as materialized (
            from sessions_known($known_at) where joins is null and state = 'planned' and on_day between $first and $last
        ),
        adults as (
            select h.id as session, list(a.id) as staff, string_agg(trim(a.title || ' ' || a.last_name), ', '
                order by a.last_name collate fr, a.id) as names
            from due h join staff a on case when h.staff is not null then list_contains(h.staff, a.id) else exists (
                select 1 from group_staff_known($known_at) g
                where g.ap_group = h.ap_group and g.staff = a.id and g.starts_on <= h.on_day
                    and (g.ends_on is null or g.ends_on >= h.on_day)
            ) end
            group by h.id
        )
        select h.id as session, h.on_day, h.starts_at, h.minutes, g.code, coalesce(g.name, x.label) as name,
            coalesce(l.names, '') as staff_names
        from due h
        left join ap_group g on g.id = h.ap_group
        left join common_action x on x.id = h.action
        left join adults l on l.session = h.id
        where ($role in ('direction', 'pilot') or list_contains(l.staff, $staff::bigint))
            and h.id in (select host from session_places($known_at))
        order by h.on_day, h.starts_at, g.code, h.id
        """,
        first=first,
        last=last,
        known_at=ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )
