"""Lists to give back to other software or to post on a door: who is in which group, dated; which groups meet when."""

from datetime import date

import polars as pl

from apdash.rights import Action, Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store

_SEGMENTS = """
    select m.student, g.slot, coalesce(st.merged_into, m.ap_group) as ap_group,
        greatest(m.starts_on, st.starts_on) as starts_on,
        least(coalesce(m.ends_on, date '9999-12-31'), coalesce(st.ends_on, date '9999-12-31')) as ends_on
    from membership m
    join ap_group g on g.id = m.ap_group
    join band b on b.id = g.band
    join group_state st on st.ap_group = m.ap_group and st.replaced_by is null
    where m.replaced_by is null and b.year = $year
        and greatest(m.starts_on, st.starts_on)
            <= least(coalesce(m.ends_on, date '9999-12-31'), coalesce(st.ends_on, date '9999-12-31'))
"""


def dated_memberships(
    store: Store, viewer: Viewer, *, year: int, first: date, last: date | None = None, band: int | None = None
) -> pl.DataFrame:
    """Return a row per student, group they sit in and stretch of days, among those that touch first to last.

    While a group is merged into another, its students are in the other. Columns: student, siecle_id, ine, last_name,
    first_name, born_on, division, code, name, starts_on, ends_on (null: still so); ordered by division, name and date.
    Raises `ApdashError` for whoever may not export.
    """
    viewer.require(Action.EXPORT)
    return store.read(
        f"""
        with segments as ({_SEGMENTS}),
        breaks as (
            select student, slot, ap_group, starts_on, ends_on,
                case when ap_group = lag(ap_group) over before and lag(ends_on) over before = starts_on - 1
                    then 0 else 1 end as begins
            from segments
            window before as (partition by student, slot order by starts_on)
        ),
        islands as (
            select student, slot, ap_group, starts_on, ends_on,
                sum(begins) over (partition by student, slot order by starts_on) as island
            from breaks
        ),
        stretches as (
            select student, ap_group, min(starts_on) as starts_on, max(ends_on) as ends_on
            from islands group by student, slot, ap_group, island
        )
        select s.id as student, s.siecle_id, s.ine, s.last_name, s.first_name, s.born_on, coalesce((
                select d.code from enrolment e join division d on d.id = e.division
                where e.student = s.id and e.year = $year
                    and e.starts_on <= greatest(t.starts_on, $first)
                order by e.starts_on desc limit 1
            ), '') as division,
            g.code, g.name, t.starts_on, nullif(t.ends_on, date '9999-12-31') as ends_on
        from stretches t
        join student s on s.id = t.student
        join ap_group g on g.id = t.ap_group
        where t.ends_on >= $first and ($last::date is null or t.starts_on <= $last::date)
            and ($band::bigint is null or g.band = $band::bigint)
        order by division, s.last_name collate fr, s.first_name collate fr, s.id, t.starts_on, g.code
        """,
        year=year,
        first=first,
        last=last,
        band=band,
    )


def session_events(
    store: Store, *, year: int, first: date, last: date, band: int | None = None
) -> pl.DataFrame:
    """Return the sessions of a year's groups and actions that somebody is expected at, without any student.

    Columns: session, what (code and name, or label), with_code (of the group whose session it joins, or null),
    room_code, place, on_day, starts_at, minutes, held (false: cancelled), versions (how often it was said); in order.
    """
    return store.read(
        """
        with places as (select distinct session from session_places($known_at)),
        versions as (
            select id, count(*) as versions from session
            where replaced_at is null or replaced_at > recorded_at
            group by id
        )
        select m.session, coalesce(g.code || ' ' || g.name, x.label) as what,
            case when m.host <> m.session then coalesce(hg.code, hx.label) end as with_code,
            coalesce(r.code, '') as room_code, coalesce(x.place, '') as place, m.on_day, m.starts_at, m.minutes,
            m.state <> 'not_held' as held, v.versions + coalesce(hv.versions, 0) as versions
        from meetings_known($known_at) m
        join places p on p.session = m.session
        join versions v on v.id = m.session
        left join versions hv on hv.id = m.host and m.host <> m.session
        left join ap_group g on g.id = m.ap_group
        left join band b on b.id = g.band
        left join common_action x on x.id = m.action
        left join room r on r.id = m.room
        left join session h on h.id = m.host and h.replaced_at is null
        left join ap_group hg on hg.id = h.ap_group
        left join common_action hx on hx.id = h.action
        where m.on_day between $first and $last and coalesce(b.year, x.year) = $year
            and ($band::bigint is null or b.id = $band::bigint)
        order by m.on_day, m.starts_at, what, m.session
        """,
        known_at=ALWAYS,
        year=year,
        first=first,
        last=last,
        band=band,
    )
