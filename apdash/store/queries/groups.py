"""Groups in force: on any day, as they are known now or were known at any past moment."""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.store import Store, Transaction

ALWAYS = datetime(9999, 12, 31)

_MEMBERS = """
    select m.id as membership, m.ap_group as own_group, coalesce(st.merged_into, m.ap_group) as ap_group, g.slot,
        g.band, m.student, m.starts_on, m.ends_on, m.why_began, m.agreement
    from memberships_known($known_at) m
    join ap_group g on g.id = m.ap_group
    join states_known($known_at) st on st.ap_group = m.ap_group
    where m.starts_on <= $on and (m.ends_on is null or m.ends_on >= $on)
        and st.starts_on <= $on and (st.ends_on is null or st.ends_on >= $on)
"""
_PLACES = """
    select e.student, e.division, d.code as division_code, max(p.ends_on) as away_until
    from enrolment e
    join division d on d.id = e.division
    left join placement p on p.division = e.division and p.starts_on <= $on and p.ends_on >= $on
    where e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
    group by e.student, e.division, d.code, e.starts_on
    qualify row_number() over (partition by e.student order by e.starts_on desc) = 1
"""


def groups_in_force(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    on: date,
    known_at: datetime | None = None,
    band: int | None = None,
) -> pl.DataFrame:
    """Return the groups open on a day, in the order of the week; for a teacher, their own and those of their students.

    known_at: what was recorded by then (None: by now); band: only this one. Columns: ap_group, code, name, need, band,
    band_code, slot, slot_code, day, starts_at, minutes, room, room_code, capacity, staff (ids), staff_names, size
    (members, merged groups included), away (of them, on placement that day), suspended, merged_into,
    merged_into_code, starts_on, ends_on (of this state), objective, scheme.
    A group merged into another keeps its row, with size 0.
    """
    return store.read(
        f"""
        with members as ({_MEMBERS}),
        places as ({_PLACES}),
        sizes as (
            select m.ap_group, count(*) as size, count(p.away_until) as away
            from members m left join places p on p.student = m.student
            group by m.ap_group
        ),
        adults as (
            select gs.ap_group, list(gs.staff order by s.last_name collate fr, s.id) as staff,
                string_agg(
                    trim(s.title || ' ' || s.last_name), ', ' order by s.last_name collate fr, s.id
                ) as staff_names
            from group_staff_known($known_at) gs join staff s on s.id = gs.staff
            where gs.starts_on <= $on and (gs.ends_on is null or gs.ends_on >= $on)
            group by gs.ap_group
        )
        select g.id as ap_group, g.code, g.name, g.need, g.band, b.code as band_code, g.slot, sl.code as slot_code,
            sl.day::varchar as day, sl.starts_at, sl.minutes, st.room, r.code as room_code, r.capacity,
            coalesce(a.staff, []) as staff, coalesce(a.staff_names, '') as staff_names,
            coalesce(z.size, 0) as size, coalesce(z.away, 0) as away,
            st.suspended, st.merged_into, t.code as merged_into_code, st.starts_on, st.ends_on, g.objective, g.scheme
        from states_known($known_at) st
        join ap_group g on g.id = st.ap_group
        join band b on b.id = g.band
        join slot sl on sl.id = g.slot
        left join room r on r.id = st.room
        left join ap_group t on t.id = st.merged_into
        left join sizes z on z.ap_group = g.id
        left join adults a on a.ap_group = g.id
        where st.starts_on <= $on and (st.ends_on is null or st.ends_on >= $on)
            and ($band::bigint is null or g.band = $band::bigint)
            and ($role in ('direction', 'pilot') or list_contains(a.staff, $staff::bigint) or exists (
                select 1 from members m
                where m.ap_group = g.id and m.student in (select student from visible_students($role, $staff::bigint))
            ))
        order by sl.day, sl.starts_at, b.code, g.code
        """,
        on=on,
        known_at=known_at or ALWAYS,
        band=band,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def members(
    store: Store | Transaction,
    viewer: Viewer,
    *,
    on: date,
    known_at: datetime | None = None,
    band: int | None = None,
    group: int | None = None,
) -> pl.DataFrame:
    """Return who is in which open group on a day, among the students this person may see.

    Columns: ap_group (the one they sit in), own_group (theirs, when merged into another), code, name, need, band, slot,
    slot_code, student, last_name, first_name, division, division_code, membership, starts_on, ends_on, why_began,
    agreement, away_until (last day of a placement, or null); ordered by slot, group and name.
    """
    return store.read(
        f"""
        with members as ({_MEMBERS}), places as ({_PLACES})
        select m.ap_group, m.own_group, g.code, g.name, g.need, m.band, m.slot, sl.code as slot_code, m.student,
            s.last_name, s.first_name, p.division, p.division_code, m.membership, m.starts_on, m.ends_on, m.why_began,
            m.agreement, p.away_until
        from members m
        join ap_group g on g.id = m.ap_group
        join slot sl on sl.id = m.slot
        join student_named s on s.id = m.student
        left join places p on p.student = m.student
        where ($band::bigint is null or m.band = $band::bigint)
            and ($group::bigint is null or m.ap_group = $group::bigint)
            and m.student in (select student from visible_students($role, $staff::bigint))
        order by sl.day, sl.starts_at, g.code, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        on=on,
        known_at=known_at or ALWAYS,
        band=band,
        group=group,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def students_without_group(store: Store, viewer: Viewer, *, band: int, on: date) -> pl.DataFrame:
    """Return the students of a band with no open group at one of its slots on a day, among those this person may see.

    Columns: student, last_name, first_name, division_code, slot, slot_code, away_until; ordered by slot and name.
    """
    return store.read(
        f"""
        with members as ({_MEMBERS}), places as ({_PLACES})
        select p.student, s.last_name, s.first_name, p.division_code, sl.id as slot, sl.code as slot_code, p.away_until
        from places p
        join band_division bd on bd.division = p.division and bd.band = $band
        join slot sl on sl.band = bd.band
        join student_named s on s.id = p.student
        where not exists (select 1 from members m where m.student = p.student and m.slot = sl.id)
            and p.student in (select student from visible_students($role, $staff::bigint))
        order by sl.day, sl.starts_at, s.last_name collate fr, s.first_name collate fr, s.id
        """,
        band=band,
        on=on,
        known_at=ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def next_groups_day(store: Store, *, after: date) -> date | None:
    """Return the first day after one on which a decided composition comes into force, None when none is."""
    return store.read(
        """
        select min(m.starts_on) as day
        from membership m
        join act a on a.id = m.act and a.kind = 'adopt'
        where m.replaced_by is null and m.starts_on > $after
        """,
        after=after,
    ).item()


def group_history(
    store: Store, viewer: Viewer, *, student: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return every group a student has been in, oldest first; empty when this person may not see the student.

    Columns: membership, ap_group, code, name, need, band, slot_code, day, starts_on, ends_on, why_began, why_ended,
    agreement, staff_names (adults who led during the membership). ends_on is null for the present ones; those of past
    years end with their year.
    """
    return store.read(
        """
        select m.id as membership, m.ap_group, g.code, g.name, g.need, g.band, sl.code as slot_code,
            sl.day::varchar as day, m.starts_on,
            case when m.ends_on is null and y.year < (select max(year) from school_year) then y.ends_on
                else m.ends_on end as ends_on,
            m.why_began, m.why_ended, m.agreement,
            coalesce((
                select string_agg(distinct s.name, ', ' order by s.name)
                from group_staff_known($known_at) gs
                join (select id, trim(title || ' ' || last_name) as name from staff) s on s.id = gs.staff
                where gs.ap_group = m.ap_group and gs.starts_on <= coalesce(m.ends_on, date '9999-12-31')
                    and (gs.ends_on is null or gs.ends_on >= m.starts_on)
            ), '') as staff_names
        from memberships_known($known_at) m
        join ap_group g on g.id = m.ap_group
        join slot sl on sl.id = g.slot
        join band b on b.id = g.band
        left join school_year y on y.year = b.year
        where m.student = $student and m.student in (select student from visible_students($role, $staff::bigint))
        order by m.starts_on, sl.day, sl.starts_at, m.id
        """,
        student=student,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def acts(store: Store, viewer: Viewer, *, band: int | None = None, most: int = 50) -> pl.DataFrame:
    """Return the last acts, newest first; empty for whoever may not change groups.

    Columns: act, kind, band, effective_on, reason (code), words, proposal, undoes, undone (by another act),
    recorded_at, recorded_by, students (names moved by it, at most 3, then an ellipsis).
    """
    return store.read(
        """
        select a.id as act, a.kind, a.band, a.effective_on, a.reason, a.words, a.proposal, a.undoes,
            exists (select 1 from act u where u.undoes = a.id) as undone, a.recorded_at, a.recorded_by,
            coalesce((
                select string_agg(name, ', ' order by name collate fr) || case when max(total) > 3 then '…' else '' end
                from (
                    select distinct s.last_name || ' ' || s.first_name as name, count(*) over () as total
                    from (select distinct student from membership where act = a.id or replaced_by = a.id) m
                    join student_named s on s.id = m.student
                    order by name collate fr
                    limit 3
                )
            ), '') as students
        from act a
        where $allowed and ($band::bigint is null or a.band = $band::bigint)
        order by a.recorded_at desc, a.id desc
        limit $most
        """,
        band=band,
        most=most,
        allowed=viewer.role.value in ("direction", "pilot"),
    )
