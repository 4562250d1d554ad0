"""Lists to give back to other software or to post on a door: who is in which group, dated; which groups meet when."""

from datetime import date

import polars as pl

from apdash.rights import Action, Viewer
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


def group_meetings(store: Store, *, year: int, first: date, last: date) -> pl.DataFrame:
    """Return the stretches of days when groups meet, without any student: a group suspended or merged does not.

    Columns: ap_group, code, name, band, slot, day, starts_at, minutes, room_code, starts_on, ends_on (last at most);
    ordered by code and date.
    """
    return store.read(
        """
        select g.id as ap_group, g.code, g.name, g.band, g.slot, sl.day::varchar as day, sl.starts_at, sl.minutes,
            coalesce(r.code, '') as room_code, st.starts_on,
            least(coalesce(st.ends_on, $last::date), $last::date) as ends_on
        from group_state st
        join ap_group g on g.id = st.ap_group
        join band b on b.id = g.band
        join slot sl on sl.id = g.slot
        left join room r on r.id = st.room
        where st.replaced_by is null and not st.suspended and st.merged_into is null and b.year = $year
            and (st.ends_on is null or st.ends_on >= $first) and st.starts_on <= $last
        order by g.code, st.starts_on
        """,
        year=year,
        first=first,
        last=last,
    )


def group_absences(store: Store, *, year: int) -> pl.DataFrame:
    """Return when each division of each group is on placement.

    Columns: ap_group, divisions (how many the group crosses), starts_on, ends_on; ordered by group and date.
    """
    return store.read(
        """
        with crossed as (
            select distinct m.ap_group, e.division
            from membership m
            join ap_group g on g.id = m.ap_group
            join band b on b.id = g.band and b.year = $year
            join enrolment e on e.student = m.student and e.year = $year and e.division is not null
                and e.starts_on <= coalesce(m.ends_on, date '9999-12-31')
                and coalesce(e.ends_on, date '9999-12-31') >= m.starts_on
            where m.replaced_by is null
        ),
        sizes as (select ap_group, count(*) as divisions from crossed group by ap_group)
        select c.ap_group, s.divisions, p.starts_on, p.ends_on
        from crossed c join sizes s on s.ap_group = c.ap_group join placement p on p.division = c.division
        order by c.ap_group, p.starts_on, c.division
        """,
        year=year,
    )
