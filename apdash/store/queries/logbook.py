"""The cahier d'AP: session after session, what was done and who was there, for a group or for one student."""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store, Transaction


def group_title(store: Store | Transaction, *, group: int) -> dict | None:
    """Return what a group is called: ap_group, code, name, objective, year, band_code; nothing when there is none."""
    found = store.read(
        """
        select g.id as ap_group, g.code, g.name, coalesce(g.objective, '') as objective, b.year, b.code as band_code
        from ap_group g join band b on b.id = g.band where g.id = $group
        """,
        group=group,
    )
    return found.row(0, named=True) if found.height else None


def group_presences(
    store: Store | Transaction, viewer: Viewer, *, group: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return who was expected or called at each session of a group, among the students this person may see.

    Columns: host, student, last_name, first_name, division_code, presence (null: not called), minutes_late, expected;
    by session and name.
    """
    return store.read(
        """
        with places as (from session_places($known_at) where ap_group = $group),
        hosts as (select distinct coalesce(joins, id) as host from sessions_known($known_at) where ap_group = $group),
        own as (select id from sessions_known($known_at) where ap_group = $group and joins is null),
        called as (
            select c.* from attendance_known($known_at) c
            where c.session in (select host from hosts)
                and (c.session, c.student) in (select (host, student) from places)
            union all
            select c.* from attendance_known($known_at) c
            where c.session in (select id from own)
                and (c.session, c.student) not in (select (host, student) from session_places($known_at))
        )
        select coalesce(p.host, c.session) as host, s.id as student, s.last_name, s.first_name, d.code as division_code,
            c.presence::varchar as presence, c.minutes_late, p.student is not null as expected
        from places p
        full join called c on c.session = p.host and c.student = p.student
        join student_named s on s.id = coalesce(p.student, c.student)
        left join division d on d.id = p.division
        where s.id in (select student from visible_students($role, $staff::bigint))
        order by 1, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        group=group,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def student_logbook(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    student: int,
    first: date,
    last: date,
    known_at: datetime | None = None,
) -> pl.DataFrame:
    """Return the sessions a student was expected or called at between two days, both included, if one may see them.

    Columns: session (a host), on_day, starts_at, minutes, code, name (of their own group, or of the action),
    staff_names, state, why, done, presence (null: not called), minutes_late, expected; ordered by date and hour.
    """
    return store.read(
        """
        with places as (select host, ap_group from session_places($known_at) where student = $student),
        calls as (select session, presence, minutes_late from attendance_known($known_at) where student = $student)
        select h.id as session, h.on_day, h.starts_at, h.minutes, g.code, coalesce(g.name, x.label) as name,
            coalesce((
                select string_agg(trim(a.title || ' ' || a.last_name), ', ' order by a.last_name collate fr, a.id)
                from staff a where case when h.staff is not null then list_contains(h.staff, a.id) else exists (
                    select 1 from group_staff_known($known_at) gs
                    where gs.ap_group = h.ap_group and gs.staff = a.id and gs.starts_on <= h.on_day
                        and (gs.ends_on is null or gs.ends_on >= h.on_day)
                ) end
            ), '') as staff_names,
            h.state::varchar as state, h.why, h.done, c.presence::varchar as presence, c.minutes_late,
            p.host is not null as expected
        from places p
        full join calls c on c.session = p.host
        join sessions_known($known_at) h on h.id = coalesce(p.host, c.session)
        left join ap_group g on g.id = coalesce(p.ap_group, h.ap_group)
        left join common_action x on x.id = h.action
        where h.on_day between $first and $last
            and $student in (select student from visible_students($role, $staff::bigint))
        order by h.on_day, h.starts_at, h.id
        """,
        student=student,
        first=first,
        last=last,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )
