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
    """Return what held sessions cost: ap_group, need, scheme, sessions, minutes (whatever its size); by group.

    A merged group costs nothing of its own.
    """
    return store.read(
        """
        select g.id as ap_group, g.need, g.scheme, count(*) as sessions, sum(m.minutes)::bigint as minutes
        from meetings_known($known_at) m
        join ap_group g on g.id = m.ap_group
        join band b on b.id = g.band and b.year = $year
        where m.state = 'held' and m.host = m.session and m.on_day between $first and $last
        group by g.id, g.need, g.scheme
        order by g.id
        """,
        year=year,
        first=first,
        last=last,
        known_at=known_at,
    )


def students_on(store: Store, *, divisions: list[int], on: date, known_at: datetime) -> pl.DataFrame:
    """Return who was enrolled in some divisions on a day: student, division, grade, sex; by student."""
    return store.read(
        """
        select distinct on (e.student) e.student, e.division, d.code as division_code, d.grade, s.sex::varchar as sex
        from enrolments_known($known_at) e
        join division d on d.id = e.division
        join student s on s.id = e.student
        where e.division in (select unnest($divisions::bigint[]))
            and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
        order by e.student, e.starts_on desc
        """,
        divisions=divisions,
        on=on,
        known_at=known_at,
    )


def groups_led_by(store: Store, *, staff: int, known_at: datetime) -> list[int]:
    """Return the groups an adult has led."""
    found = store.read(
        "select distinct ap_group from group_staff_known($known_at) where staff = $staff order by ap_group",
        staff=staff,
        known_at=known_at,
    )
    return found["ap_group"].to_list()


def group_names(store: Store, *, year: int) -> pl.DataFrame:
    """Return what the groups of a year are called: ap_group, code, name, need; by code."""
    return store.read(
        """
        select g.id as ap_group, g.code, g.name, g.need
        from ap_group g join band b on b.id = g.band
        where b.year = $year
        order by g.code, g.id
        """,
        year=year,
    )


def closings(store: Store) -> pl.DataFrame:
    """Return the bilans some division has closed, of all years, latest first: review, year, label, closes_on, at (the
    last closing)."""
    return store.read(
        """
        select r.id as review, r.year, r.label, r.closes_on, max(c.closed_at) as at
        from review r
        join review_division c on c.review = r.id
        where c.closed_at is not null
        group by r.id, r.year, r.label, r.closes_on
        order by r.closes_on desc, r.id desc
        """
    )
