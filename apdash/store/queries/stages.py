"""Stages and where each student stands on the way to one, as one person may see them, now or as known at a moment."""

from datetime import date, datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store


def stages(store: Store, *, year: int, known_at: datetime | None = None) -> pl.DataFrame:
    """Return the stages of a year, in the order they begin; no student is named.

    Columns: id, kind, label, content, place, starts_on, ends_on, minutes, seats, to_mef, to_label, staff, staff_name,
    recommended, informed, agreed, enrolled, ended (students at each step).
    """
    return store.read(
        """
        select s.id, s.kind, s.label, s.content, s.place, s.starts_on, s.ends_on, s.minutes, s.seats, s.to_mef,
            f.label as to_label, s.staff, trim(a.title || ' ' || a.last_name) as staff_name,
            count(e.recommended_on) as recommended, count(e.informed_on) as informed,
            count(*) filter (where e.consent = 'given') as agreed, count(e.enrolled_on) as enrolled,
            count(e.ended_on) as ended
        from stages_known($known_at) s
        left join mef f on f.code = s.to_mef
        left join staff a on a.id = s.staff
        left join stage_enrolments_known($known_at) e on e.stage = s.id
        where s.year = $year
        group by all
        order by s.starts_on, s.id
        """,
        year=year,
        known_at=known_at or ALWAYS,
    )


def stage_students(
    store: Store,
    viewer: Viewer,
    *,
    year: int | None = None,
    stage: int | None = None,
    student: int | None = None,
    known_at: datetime | None = None,
) -> pl.DataFrame:
    """Return where students stand: one row a stage and student this person may see, by stage then name.

    Columns: stage, label, kind, starts_on, ends_on, minutes, student, last_name, first_name, division_code, born_on,
    recommended_on, informed_on, consent, consent_by, consent_on, enrolled_on, ended_on, outcome, minutes_done, words.
    """
    return store.read(
        """
        with placed as (
            select e.student, d.code
            from enrolment e join division d on d.id = e.division
            qualify row_number() over (partition by e.student order by e.starts_on desc) = 1
        )
        select e.stage, s.label, s.kind, s.starts_on, s.ends_on, s.minutes, e.student, n.last_name, n.first_name,
            p.code as division_code, b.born_on, e.recommended_on, e.informed_on, e.consent, e.consent_by, e.consent_on,
            e.enrolled_on, e.ended_on, e.outcome, e.minutes_done, e.words
        from stage_enrolments_known($known_at) e
        join stages_known($known_at) s on s.id = e.stage
        join student_named n on n.id = e.student
        join student b on b.id = e.student
        left join placed p on p.student = e.student
        where ($year::integer is null or s.year = $year::integer)
            and ($stage::bigint is null or e.stage = $stage::bigint)
            and ($student::bigint is null or e.student = $student::bigint)
            and e.student in (select student from visible_students($role, $staff::bigint))
        order by s.starts_on, e.stage, n.last_name collate fr, n.first_name collate fr, e.student
        """,
        year=year,
        stage=stage,
        student=student,
        known_at=known_at or ALWAYS,
        role=viewer.role.value,
        staff=viewer.staff,
    )


def catching_up(
    store: Store, viewer: Viewer, *, year: int, on: date, strong: float, most: int = 60
) -> pl.DataFrame:
    """Return who a conseil de classe might think of for a remise à niveau: several strong needs of remediation at their
    latest bilan closed by a day, strongest first; for the direction and the pilot, a help to look, not a decision.

    strong: intensity from which a need is strong. Columns: student, last_name, first_name, division_code, grade, needs
    (codes), highest.
    """
    return store.read(
        """
        with latest as (
            select i.student, i.need, i.value
            from intensity i
            join review r on r.id = i.review and r.year = $year
            join review_division c on c.review = i.review and c.closed_at is not null and c.closed_at::date <= $on
            join enrolment e on e.student = i.student and e.division = c.division
                and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
            qualify r.closes_on = max(r.closes_on) over (partition by i.student)
        )
        select l.student, s.last_name, s.first_name, d.code as division_code, d.grade,
            list(l.need order by l.value desc, l.need) as needs, max(l.value) as highest
        from latest l
        join student_named s on s.id = l.student
        join enrolment e on e.student = l.student and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
        join division d on d.id = e.division
        where $role in ('direction', 'pilot') and l.value >= $strong and l.need like 'REM-%'
        group by l.student, s.last_name, s.first_name, d.code, d.grade
        having count(*) >= 2
        order by highest desc, d.code, s.last_name collate fr, s.first_name collate fr, l.student
        limit $most
        """,
        year=year,
        on=on,
        strong=strong,
        most=most,
        role=viewer.role.value,
    )
