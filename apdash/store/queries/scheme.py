"""What was held and attended, set and attained, as known at a moment: whole school, for the program, no viewer."""

from datetime import date, datetime

import polars as pl

from apdash.store.store import Store


def minutes_by_need(
    store: Store, *, first: date, last: date, divisions: list[int], known_at: datetime
) -> pl.DataFrame:
    """Return the minutes of groups with students of some divisions between two days: need, planned, held; by need.

    Of a group, whatever its size; a merged group has none of its own. planned: all of them, held or not.
    """
    return store.read(
        """
        with theirs as (
            select distinct host from session_places($known_at) where division in (select unnest($divisions::bigint[]))
        )
        select g.need, sum(m.minutes)::bigint as planned,
            coalesce(sum(m.minutes) filter (where m.state = 'held'), 0)::bigint as held
        from meetings_known($known_at) m
        join theirs t on t.host = m.host
        join ap_group g on g.id = m.ap_group
        where m.host = m.session and m.on_day between $first and $last
        group by g.need
        order by g.need
        """,
        first=first,
        last=last,
        divisions=divisions,
        known_at=known_at,
    )


def rolls(store: Store, *, first: date, last: date, divisions: list[int], known_at: datetime) -> pl.DataFrame:
    """Return what the rolls of sessions say by need: need, called, came (students), minutes (attended); by need."""
    return store.read(
        """
        select g.need, count(*) as called, count(*) filter (where a.presence in ('present', 'late')) as came,
            coalesce(sum(m.minutes) filter (where a.presence in ('present', 'late')), 0)::bigint as minutes
        from session_places($known_at) p
        join meetings_known($known_at) m on m.session = p.session
        join attendance_known($known_at) a on a.session = p.host and a.student = p.student
        join ap_group g on g.id = p.ap_group
        where m.state = 'held' and m.on_day between $first and $last
            and p.division in (select unnest($divisions::bigint[]))
        group by g.need
        order by g.need
        """,
        first=first,
        last=last,
        divisions=divisions,
        known_at=known_at,
    )


def objectives_followed(
    store: Store, *, year: int, students: list[int], known_at: datetime
) -> tuple[int, int, int]:
    """Return how many objectives of a year were set for some students, attained, and attained and seen again."""
    found = store.read(
        """
        with said as (
            select o.id, exists (
                    select 1 from workshop_results_known($known_at) w
                    where w.student = o.student and w.ap_group = o.ap_group and w.period = o.period
                        and w.outcome = 'attained'
                ) as attained,
                exists (select 1 from objectives_seen_known($known_at) s where s.objective = o.id and s.seen) as seen
            from objectives_known($known_at) o
            where o.year = $year and not o.dropped and o.student in (select unnest($students::bigint[]))
        )
        select count(*) as n, count(*) filter (where attained) as attained,
            count(*) filter (where attained and seen) as seen
        from said
        """,
        year=year,
        students=students,
        known_at=known_at,
    )
    return found.row(0)


def tutored_students(store: Store, *, on: date, students: list[int], known_at: datetime) -> int:
    """Return how many of some students have a tutor on a day."""
    return store.read(
        """
        select count(distinct student) as n from tutorings_known($known_at)
        where starts_on <= $on and (ends_on is null or ends_on >= $on)
            and student in (select unnest($students::bigint[]))
        """,
        on=on,
        students=students,
        known_at=known_at,
    ).item()


def families(store: Store, *, year: int) -> pl.DataFrame:
    """Return the divisions of a year with their family of trades: division, code, grade, family; by code."""
    return store.read(
        "select id as division, code, grade, coalesce(nullif(family, ''), code) as family from division "
        "where year = $year order by code",
        year=year,
    )
