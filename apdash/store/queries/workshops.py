"""Workshop bilans: which are to be filled, what they say, as known now or at an earlier moment.

The results of one group are read by its adults, the pilot and the direction, and on a student's page by who follows
that student; elsewhere only sums over several groups (`workshop_sums`).
"""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.following import FOLLOWED, LED, who
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store, Transaction

# Who was in which group during which period; whoever came for less than a week has nothing to be judged on.
_SEATS = """
    select m.ap_group, m.student, p.id as period, max(coalesce(m.ends_on, p.ends_on)) as until
    from memberships_known($known_at) m
    join ap_group g on g.id = m.ap_group
    join band b on b.id = g.band
    join period p on p.year = b.year and m.starts_on <= p.ends_on
        and (m.ends_on is null or m.ends_on >= p.starts_on)
        and least(coalesce(m.ends_on, p.ends_on), p.ends_on) - greatest(m.starts_on, p.starts_on) >= 6
    group by m.ap_group, m.student, p.id
"""
_ADULTS = """
    select gs.ap_group, p.id as period,
        string_agg(distinct trim(s.title || ' ' || s.last_name), ', ' order by trim(s.title || ' ' || s.last_name))
            as staff_names
    from group_staff_known($known_at) gs
    join staff s on s.id = gs.staff
    join period p on gs.starts_on <= p.ends_on and (gs.ends_on is null or gs.ends_on >= p.starts_on)
    group by gs.ap_group, p.id
"""


def workshops(
    store: Store,
    viewer: Viewer,
    *,
    year: int,
    period: int | None = None,
    group: int | None = None,
    known_at: datetime | None = None,
) -> pl.DataFrame:
    """Return the groups of each period this person leads, or all of them for the pilot and the direction.

    Columns: ap_group, code, name, need, objective (of the group), band_code, slot_code, day, starts_at, staff_names,
    period, period_code, period_label, starts_on, ends_on (of the period), students, filled (with an outcome, or an
    involvement where the group has no need to serve), attained, in_progress, not_yet; latest period first.
    """
    return store.read(
        f"""
        with adults as ({_ADULTS}),
        sizes as (
            select s.ap_group, s.period, count(*) as students,
                count(coalesce(r.outcome::varchar, r.involvement::varchar)) as filled,
                count(*) filter (r.outcome = 'attained') as attained,
                count(*) filter (r.outcome = 'in_progress') as in_progress,
                count(*) filter (r.outcome = 'not_yet') as not_yet
            from ({_SEATS}) s
            left join workshop_results_known($known_at) r
                on r.ap_group = s.ap_group and r.student = s.student and r.period = s.period
            group by s.ap_group, s.period
        )
        select g.id as ap_group, g.code, g.name, g.need, g.objective, b.code as band_code, sl.code as slot_code,
            sl.day::varchar as day, sl.starts_at, coalesce(a.staff_names, '') as staff_names,
            p.id as period, p.code as period_code, p.label as period_label, p.starts_on, p.ends_on,
            z.students, z.filled, z.attained, z.in_progress, z.not_yet
        from sizes z
        join ap_group g on g.id = z.ap_group
        join band b on b.id = g.band and b.year = $year
        join slot sl on sl.id = g.slot
        join period p on p.id = z.period
        left join adults a on a.ap_group = z.ap_group and a.period = z.period
        where ($period::bigint is null or p.id = $period::bigint)
            and ($group::bigint is null or g.id = $group::bigint)
            and ($role in ('direction', 'pilot') or g.id in ({LED}))
        order by p.starts_on desc, sl.day, sl.starts_at, g.code
        """,
        year=year, period=period, group=group, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip


def workshop_students(
    reader: Store | Transaction, *, group: int, period: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return who was in a group during a period, by name: student, last_name, first_name, division_code.

    For the program: it restricts nothing.
    """
    return reader.read(
        f"""
        select s.student, n.last_name, n.first_name, coalesce((
                select max_by(d.code, e.starts_on) from enrolment e join division d on d.id = e.division
                where e.student = s.student and e.starts_on <= s.until
            ), '') as division_code
        from ({_SEATS}) s
        join student_named n on n.id = s.student
        where s.ap_group = $group and s.period = $period
        order by n.last_name collate fr, n.first_name collate fr, s.student
        """,
        group=group,
        period=period,
        known_at=known_at or ALWAYS,
    )


def workshop_results(
    store: Store, viewer: Viewer, *, group: int, period: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return what a workshop bilan says: student, outcome, involvement (nullable), words; none but for who leads it."""
    return store.read(
        f"""
        select student, outcome::varchar as outcome, involvement, words
        from workshop_results_known($known_at)
        where ap_group = $group and period = $period
            and ($role in ('direction', 'pilot') or ap_group in ({LED}))
        order by student
        """,
        group=group, period=period, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip


def results_of_student(
    store: Store, viewer: Viewer, *, student: int, on: date, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return the workshop bilans of a student who is followed by this person, latest first.

    Columns: year, period, period_code, period_label, ap_group, code, name, need, outcome, involvement (nullable),
    words, staff_names, recorded_at.
    """
    return store.read(
        f"""
        with adults as ({_ADULTS})
        select p.year, p.id as period, p.code as period_code, p.label as period_label, g.id as ap_group, g.code,
            g.name, g.need, r.outcome::varchar as outcome, r.involvement, r.words,
            coalesce(a.staff_names, '') as staff_names, r.recorded_at
        from workshop_results_known($known_at) r
        join ap_group g on g.id = r.ap_group
        join period p on p.id = r.period
        left join adults a on a.ap_group = r.ap_group and a.period = r.period
        where r.student = $student and r.student in ({FOLLOWED})
        order by p.starts_on desc, g.code
        """,
        student=student, on=on, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip
