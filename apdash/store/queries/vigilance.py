"""The facts behind the points of vigilance, whole school, as known at a moment: for the program, no viewer."""

from datetime import date, datetime

import polars as pl

from apdash.store.store import Store


def held_sessions(store: Store, *, first: date, last: date, known_at: datetime) -> pl.DataFrame:
    """Return the sessions of groups somebody was expected at: session, ap_group, on_day, state, expected, present.

    Both count everybody in the room, students of merged groups included. present: present or late in the roll; null
    when it was not called. By group and date.
    """
    return store.read(
        """
        select m.session, m.ap_group, m.on_day, m.state::varchar as state, count(*) as expected,
            case when count(a.presence) > 0 then count(*) filter (where a.presence in ('present', 'late')) end
                as present
        from meetings_known($known_at) m
        join session_places($known_at) p on p.host = m.host
        left join attendance_known($known_at) a on a.session = m.host and a.student = p.student
        where m.ap_group is not null and m.on_day between $first and $last
        group by m.session, m.ap_group, m.on_day, m.state, m.starts_at
        order by m.ap_group, m.on_day, m.starts_at, m.session
        """,
        first=first,
        last=last,
        known_at=known_at,
    )


def presences(store: Store, *, first: date, last: date, known_at: datetime) -> pl.DataFrame:
    """Return what rolls say of expected students: student, ap_group, on_day, came (present or late); in that order."""
    return store.read(
        """
        select p.student, p.ap_group, m.on_day, a.presence in ('present', 'late') as came
        from meetings_known($known_at) m
        join session_places($known_at) p on p.session = m.session
        join attendance_known($known_at) a on a.session = m.host and a.student = p.student
        where m.on_day between $first and $last and m.state = 'held'
        order by p.student, m.on_day, m.starts_at, m.session
        """,
        first=first,
        last=last,
        known_at=known_at,
    )


def last_bilan(store: Store, *, year: int, on: date) -> dict | None:
    """Return the bilan open on a day, else the last before it: review, label, closes_on; None before the first."""
    found = store.read(
        "select id as review, label, closes_on from review where year = $year and opens_on <= $on "
        "order by closes_on desc, id desc limit 1",
        year=year,
        on=on,
    )
    return found.row(0, named=True) if found.height else None


def intensities_at_close(store: Store, *, year: int, on: date, known_at: datetime) -> pl.DataFrame:
    """Return the intensities of present students at each closed bilan: student, division, need, value (null: à
    confirmer), review, closes_on, effective_on (first day of the groups it decides, else its closing), age (0: the
    latest bilan of their division)."""
    return store.read(
        """
        with closed as (
            select c.division, r.id as review, r.closes_on, coalesce(r.effective_from, r.closes_on) as effective_on,
                row_number() over (partition by c.division order by r.closes_on desc, r.id desc) - 1 as age
            from review_division c
            join review r on r.id = c.review
            where r.year = $year and c.closed_at <= $known_at
        ),
        here as (
            select distinct on (student) student, division from enrolments_known($known_at)
            where division is not null and starts_on <= $on and (ends_on is null or ends_on >= $on)
            order by student, starts_on desc
        )
        select i.student, h.division, i.need, i.value, c.review, c.closes_on, c.effective_on, c.age
        from here h
        join closed c on c.division = h.division
        join intensity i on i.review = c.review and i.student = h.student
        order by i.student, c.age, i.value desc nulls last, i.need
        """,
        year=year,
        on=on,
        known_at=known_at,
    )


def needs_of_groups(store: Store, *, year: int, first: date, last: date, known_at: datetime) -> pl.DataFrame:
    """Return in which needs students were in a group of a year between two days: student, need, ap_group, starts_on,
    ends_on (both within the two days); by student and date. Memberships of past years have no end of their own."""
    return store.read(
        """
        select m.student, g.need, m.ap_group, greatest(m.starts_on, $first) as starts_on,
            least(coalesce(m.ends_on, $last), $last) as ends_on
        from memberships_known($known_at) m
        join ap_group g on g.id = m.ap_group
        join band b on b.id = g.band and b.year = $year
        where m.starts_on <= $last and (m.ends_on is null or m.ends_on >= $first)
        order by m.student, m.starts_on, m.ap_group
        """,
        year=year,
        first=first,
        last=last,
        known_at=known_at,
    )


def people(store: Store, *, on: date, known_at: datetime) -> pl.DataFrame:
    """Return who is in the school on a day: student, name, division (id), division_code, grade, sex; by division."""
    return store.read(
        """
        with here as (
            select distinct on (student) student, division from enrolments_known($known_at)
            where division is not null and starts_on <= $on and (ends_on is null or ends_on >= $on)
            order by student, starts_on desc
        )
        select s.id as student, n.last_name || ' ' || n.first_name as name, d.id as division,
            d.code as division_code, d.grade, s.sex::varchar as sex
        from here e
        join division d on d.id = e.division
        join student s on s.id = e.student
        join student_named n on n.id = s.id
        order by d.code, n.last_name collate fr, n.first_name collate fr, s.id
        """,
        on=on,
        known_at=known_at,
    )


def divisions_of_bands(store: Store, *, year: int) -> pl.DataFrame:
    """Return which divisions share which bands in a year: band, division; ordered by both."""
    return store.read(
        "select bd.band, bd.division from band_division bd join band b on b.id = bd.band "
        "where b.year = $year order by bd.band, bd.division",
        year=year,
    )


def unseen_objectives(store: Store, *, on: date, weeks: int, known_at: datetime) -> pl.DataFrame:
    """Return the objectives attained at a workshop bilan of some weeks ago or more that no teacher has seen again:
    student, objective, text, need, since (day of the workshop bilan), asked (of a teacher); by student."""
    return store.read(
        """
        with attained as (
            select w.student, w.ap_group, w.period, min(v.recorded_at)::date as since
            from workshop_results_known($known_at) w
            join workshop_result v on v.student = w.student and v.ap_group = w.ap_group and v.period = w.period
                and v.outcome = 'attained' and v.recorded_at <= $known_at
            where w.outcome = 'attained'
            group by w.student, w.ap_group, w.period
        )
        select o.student, o.id as objective, o.text, o.need, a.since,
            exists (select 1 from objectives_seen_known($known_at) s where s.objective = o.id) as asked
        from objectives_known($known_at) o
        join attained a on a.student = o.student and a.ap_group = o.ap_group and a.period = o.period
        where not o.dropped and a.since <= $on::date - 7 * $weeks
            and not exists (
                select 1 from objectives_seen_known($known_at) s where s.objective = o.id and s.seen
            )
            and o.year = (select max(year) from school_year where starts_on <= $on)
        order by o.student, o.id
        """,
        on=on,
        weeks=weeks,
        known_at=known_at,
    )


def groups_with_objectives(store: Store, *, known_at: datetime) -> set[int]:
    """Return the groups some member of which has an objective set in them."""
    found = store.read(
        "select distinct ap_group from objectives_known($known_at) where ap_group is not null and not dropped",
        known_at=known_at,
    )
    return set(found["ap_group"])


def programmes_on(store: Store, *, on: date, known_at: datetime) -> pl.DataFrame:
    """Return how many actions of their programme, outside groups, students follow on a day: student, actions."""
    return store.read(
        """
        select student, count(*) as actions from programmes_known($known_at)
        where ap_group is null and starts_on <= $on and (ends_on is null or ends_on >= $on)
        group by student
        order by student
        """,
        on=on,
        known_at=known_at,
    )


def last_adoptions(store: Store, *, on: date, known_at: datetime) -> pl.DataFrame:
    """Return the last adoption in force of each band of the year: band, act, effective_on; by band."""
    return store.read(
        """
        select a.band, arg_max(a.id, a.effective_on) as act, max(a.effective_on) as effective_on
        from act a
        join band b on b.id = a.band
        where a.kind = 'adopt' and a.effective_on <= $on and a.recorded_at <= $known_at
            and b.year = (select max(year) from school_year where starts_on <= $on)
            and not exists (select 1 from act u where u.undoes = a.id and u.recorded_at <= $known_at)
        group by a.band
        order by a.band
        """,
        on=on,
        known_at=known_at,
    )


def tutored(store: Store, *, first: date, last: date, known_at: datetime) -> pl.DataFrame:
    """Return who was followed by a tutor they met, between two days: student, starts_on, ends_on (within the two days).

    starts_on: the day of the first meeting with that tutor, before or within these days; by student and day.
    """
    return store.read(
        """
        select t.student, greatest(min(m.on_day), $first) as starts_on,
            least(coalesce(t.ends_on, $last), $last) as ends_on
        from tutorings_known($known_at) t
        join tutor_meetings_known($known_at) m on m.student = t.student and m.staff = t.staff
            and m.on_day between t.starts_on and least(coalesce(t.ends_on, $last), $last)
        where t.starts_on <= $last and (t.ends_on is null or t.ends_on >= $first)
        group by t.id, t.student, t.starts_on, t.ends_on
        order by t.student, starts_on
        """,
        first=first,
        last=last,
        known_at=known_at,
    )


def workshop_results(store: Store, *, year: int, known_at: datetime) -> int:
    """Return how many results of workshop bilans are known of a year."""
    return store.read(
        "select count(*) as n from workshop_results_known($known_at) w join period p on p.id = w.period "
        "where p.year = $year and w.outcome is not null",
        year=year,
        known_at=known_at,
    ).item()
