"""What the diagnosis of a bilan is computed from, as it was known at a moment."""

from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.store.store import Store, Transaction

Reader = Store | Transaction
NOW = datetime(9999, 12, 31)
"""The moment that stands for "as known today"."""

_ROSTER = """
    select e.student, e.division, coalesce(m.grade, d.grade) as grade
    from enrolment e
    join review_division rd on rd.division = e.division and rd.review = $review
    join division d on d.id = e.division
    left join mef m on m.code = e.mef
    where e.starts_on <= $day and coalesce(e.ends_on, date '9999-12-31') >= $day
    qualify row_number() over (partition by e.student order by e.starts_on desc, e.id desc) = 1
"""

_AGES = """
    select r.id as review, r.closes_on, r.effective_from,
        case when r.year < this.year then 100
        else row_number() over (partition by r.year order by r.closes_on desc, r.id desc) - 1 end as age
    from review this join review r on (r.year = this.year or ($earlier and r.year = this.year - 1))
    where this.id = $review and (r.closes_on, r.id) <= (this.closes_on, this.id)
        and (r.id = this.id or r.year < this.year or exists (
            select 1 from review_division a join review_division b on b.division = a.division
            where a.review = r.id and b.review = this.id))
"""


def review_day(reader: Reader, review: int) -> date:
    """Return the day a bilan closes; raises `ApdashError` when there is no such bilan."""
    found = reader.read("select closes_on from review where id = $review", review=review)
    if found.is_empty():
        raise ApdashError("Ce bilan n’existe pas.", "Il a peut-être été supprimé\u00a0: rechargez la page.")
    return found.item()


def review_students(
    reader: Reader, *, review: int, day: date, divisions: list[int] | None = None
) -> pl.DataFrame:
    """Return student, division, grade: who is in the divisions of a bilan on a day, by student."""
    return reader.read(
        f"select student, division, grade from ({_ROSTER}) "
        "where $divisions is null or list_contains($divisions, division) order by student",
        review=review,
        day=day,
        divisions=divisions,
    )


def review_assessments(
    reader: Reader, reference: Reference, *, review: int, students: list[int], at: datetime
) -> pl.DataFrame:
    """Return student, competency, assessor, source, state, level, age (bilans since) of these students."""
    earlier = reference.factors.filter(family="AGE", code="ANNEE_PRECEDENTE")["factor"].item() > 0
    return reader.read(
        f"""
        select a.student, a.competency, a.assessor, a.source, a.state, a.level, v.age
        from assessment a join ({_AGES}) v on v.review = a.review
        where a.student in (select unnest($students)) and a.recorded_at <= $at
            and (a.replaced_at is null or a.replaced_at > $at)
        order by a.student, a.competency, a.assessor, v.age
        """,
        review=review,
        students=students,
        at=at,
        earlier=earlier,
    )


def review_answers(reader: Reader, *, review: int, students: list[int], at: datetime) -> pl.DataFrame:
    """Return student, question, answers, age (bilans since) of these students, within the year."""
    return reader.read(
        f"""
        select i.student, i.question, i.answers, v.age
        from interview_answer i join ({_AGES}) v on v.review = i.review
        where i.student in (select unnest($students)) and i.recorded_at <= $at
            and (i.replaced_at is null or i.replaced_at > $at)
        order by i.student, i.question, v.age
        """,
        review=review,
        students=students,
        at=at,
        earlier=False,
    )


def review_facts(reader: Reader, reference: Reference, *, review: int, day: date) -> pl.DataFrame:
    """Return student, kind, value in force on a day: priority, no_placement_found (when the next placement is near,
    or the division has none planned at all) and arrival (during the first weeks after a late entry)."""
    rules = reference.rules
    return reader.read(
        f"""
        with roster as ({_ROSTER})
        select f.student, f.kind, f.value from student_fact f join roster s on s.student = f.student
        where f.starts_on <= $day and coalesce(f.ends_on, date '9999-12-31') >= $day
            and (f.kind <> 'no_placement_found'
                or not exists (select 1 from placement p where p.division = s.division)
                or exists (select 1 from placement p where p.division = s.division
                    and p.starts_on between $day and $day + to_days($near)))
        union all
        select e.student, 'arrival', null
        from (select student, min(starts_on) as entered from enrolment
            where year = (select year from review where id = $review) group by student) e
        join roster s on s.student = e.student
        join school_year y on y.year = (select year from review where id = $review)
        where e.entered > y.starts_on + to_days($late) and e.entered + to_days($fresh) > $day
        order by 1, 2
        """,
        review=review,
        day=day,
        near=round(7 * rules.placement_weeks),
        late=round(7 * rules.arrival_after_weeks),
        fresh=round(7 * rules.arrival_weeks),
    )


def review_history(reader: Reader, *, review: int, students: list[int], at: datetime) -> pl.DataFrame:
    """Return student, need, value, served, objective, period: what came before the bilan.

    value: what the previous bilan said when it was closed, null for what it did not say; served: a group of that need
    was attended between its groups' first day and the close of this bilan. objective: what the workshop bilans of the
    need say, of the last period that this bilan closes and the previous one did not: attained, missed, missed_again
    (the second time since it was last attained) or null; period: its label. With several workshops of a need in a
    period, the least favourable counts.
    """
    before = reader.read(
        f"""
        with previous as (select review, coalesce(effective_from, closes_on) as since from ({_AGES}) where age = 1),
        worked as (
            select distinct m.student, g.need
            from memberships_known($at) m join ap_group g on g.id = m.ap_group
            join band b on b.id = g.band and b.year = (select year from review where id = $review), previous p
            where coalesce(m.ends_on, date '9999-12-31') >= p.since
                and m.starts_on <= (select closes_on from review where id = $review))
        select i.student, i.need, i.value, w.student is not null as served
        from intensity i join previous p on p.review = i.review
        left join worked w on w.student = i.student and w.need = i.need
        where i.student in (select unnest($students))
        order by i.student, i.need
        """,
        review=review,
        students=students,
        at=at,
        earlier=False,
    )
    goals = _objectives(reader, review=review, students=students, at=at)
    return (
        before.join(goals, on=["student", "need"], how="full", coalesce=True)
        .with_columns(pl.col("served").fill_null(value=True))
        .sort("student", "need")
    )


def _objectives(reader: Reader, *, review: int, students: list[int], at: datetime) -> pl.DataFrame:
    """Return student, need, objective, period of the workshop bilans a bilan takes into account."""
    return reader.read(
        f"""
        with this as (
            select r.year, p.ends_on as until from review r join period p on p.id = r.period where r.id = $review
        ),
        previous as (
            select max(p.ends_on) as ends_on
            from ({_AGES}) a join review r on r.id = a.review join period p on p.id = r.period
            where a.age = 1
        ),
        said as (
            select w.student, g.need, p.ends_on, p.label,
                case when bool_or(w.outcome = 'not_yet') then 'not_yet'
                    when bool_or(w.outcome = 'in_progress') then 'in_progress' else 'attained' end as outcome
            from workshop_results_known($at) w
            join ap_group g on g.id = w.ap_group
            join period p on p.id = w.period
            join this on p.year = this.year and p.ends_on <= this.until
            where w.outcome is not null and w.student in (select unnest($students))
            group by w.student, g.need, p.ends_on, p.label
        ),
        missed as (
            select s.student, s.need, count(*) as times
            from said s
            left join (select student, need, max(ends_on) as day from said where outcome = 'attained' group by all) a
                on a.student = s.student and a.need = s.need
            where s.outcome = 'not_yet' and s.ends_on > coalesce(a.day, date '0001-01-01')
            group by s.student, s.need
        )
        select s.student, s.need,
            case when s.outcome = 'attained' then 'attained'
                when s.outcome = 'not_yet' and m.times = 1 then 'missed'
                when s.outcome = 'not_yet' then 'missed_again' end as objective,
            s.label as period
        from said s
        left join missed m on m.student = s.student and m.need = s.need
        where s.ends_on > coalesce((select ends_on from previous), date '0001-01-01')
        qualify row_number() over (partition by s.student, s.need order by s.ends_on desc) = 1
        order by s.student, s.need
        """,
        review=review,
        students=students,
        at=at,
        earlier=False,
    )
