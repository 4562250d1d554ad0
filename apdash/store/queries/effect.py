"""Who worked on what between two bilans, and for how long, as known at a moment: for the program, no viewer."""

from datetime import date, datetime

import polars as pl

from apdash.store.store import Store


def bilan_pairs(store: Store, *, year: int, known_at: datetime) -> pl.DataFrame:
    """Return the bilans of a year that some division has closed, in order: review, label, closes_on, at (last closing),
    divisions (ids that closed it)."""
    return store.read(
        """
        select r.id as review, r.label, r.closes_on, max(c.closed_at) as at,
            list(c.division order by c.division) as divisions
        from review r
        join review_division c on c.review = r.id
        where r.year = $year and c.closed_at <= $known_at
        group by r.id, r.label, r.closes_on
        order by r.closes_on, r.id
        """,
        year=year,
        known_at=known_at,
    )


def minutes_worked(store: Store, *, year: int, first: date, last: date, known_at: datetime) -> pl.DataFrame:
    """Return what students attended in groups between two days: student, need, ap_group, scheme, sessions, minutes.

    Present or late at a held session, counted under the student's own group even when it sat in another; ordered by
    student and group.
    """
    return store.read(
        """
        select p.student, g.need, g.id as ap_group, g.scheme, count(*) as sessions, sum(m.minutes)::bigint as minutes
        from session_places($known_at) p
        join meetings_known($known_at) m on m.session = p.session
        join ap_group g on g.id = p.ap_group
        join band b on b.id = g.band and b.year = $year
        join attendance_known($known_at) a on a.session = p.host and a.student = p.student
        where m.state = 'held' and a.presence in ('present', 'late') and m.on_day between $first and $last
        group by p.student, g.need, g.id, g.scheme
        order by p.student, g.id
        """,
        year=year,
        first=first,
        last=last,
        known_at=known_at,
    )


def minutes_led(store: Store, *, year: int, first: date, last: date, known_at: datetime) -> pl.DataFrame:
    """Return what held sessions cost: need, groups, sessions, minutes (of a group, whatever its size); by need.

    A merged group costs nothing of its own.
    """
    return store.read(
        """
        select g.need, count(distinct g.id) as groups, count(*) as sessions, sum(m.minutes)::bigint as minutes
        from meetings_known($known_at) m
        join ap_group g on g.id = m.ap_group
        join band b on b.id = g.band and b.year = $year
        where m.state = 'held' and m.host = m.session and m.on_day between $first and $last
        group by g.need
        order by g.need
        """,
        year=year,
        first=first,
        last=last,
        known_at=known_at,
    )
