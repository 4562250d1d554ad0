"""Intensities of a bilan: frozen where a division is closed, computed now where it is open."""

from datetime import date

import polars as pl

from apdash.diagnosis import Diagnosis, diagnose_review
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.store.queries.reviews import IN_REVIEW, closed_divisions
from apdash.store.store import Store

VALUES = {
    "student": pl.Int64,
    "need": pl.String,
    "value": pl.Int64,
    "coverage": pl.Float64,
    "priority": pl.Float64,
}
PARTS = {
    "student": pl.Int64,
    "need": pl.String,
    "position": pl.Int64,
    "kind": pl.String,
    "code": pl.String,
    "level": pl.Float64,
    "weight": pl.Float64,
    "age": pl.Float64,
    "points": pl.Float64,
    "detail": pl.String,
}


def needs_of_review(
    store: Store,
    viewer: Viewer,
    *,
    review: int,
    grade: str | None = None,
    division: int | None = None,
    on: date | None = None,
    reference: Reference | None = None,
) -> pl.DataFrame:
    """Return a row per student and need, by division, name and need, for the students this person may see.

    Columns: student, last_name, first_name, division, division_code, grade, need, value (0 to 100, null: à confirmer),
    coverage (0 to 1), priority, served. On the day `on` (by default, the day the bilan closes): served tells that a
    group of this need is attended; a priority decided by name and in force comes before the frozen one.
    Without `reference`, only closed divisions have rows; with it, open ones are computed now.
    """
    people = store.read(
        f"""
        select s.student, p.last_name, p.first_name, d.id as division, d.code as division_code, d.grade
        from ({IN_REVIEW}) s
        join visible_students($role, $staff) v on v.student = s.student
        join student_named p on p.id = s.student
        join division d on d.id = s.division
        where ($grade is null or d.grade = $grade) and ($division is null or d.id = $division)
        order by d.code, p.last_name collate fr, p.first_name collate fr, s.student
        """,
        review=review,
        grade=grade,
        division=division,
        role=str(viewer.role),
        staff=viewer.staff,
    )
    values = intensities(
        store, review=review, divisions=people["division"].unique().to_list(), reference=reference
    )
    worked = needs_worked(store, review=review, on=on)
    decided = _decided(store, review=review, on=on)
    return (
        people.join(values, on="student", maintain_order="left_right")
        .join(worked, on=["student", "need"], how="left", maintain_order="left")
        .join(decided, on="student", how="left", maintain_order="left")
        .with_columns(pl.col("served").fill_null(False), priority=pl.coalesce("decided", "priority"))
        .drop("decided")
    )


def need_parts(
    store: Store,
    viewer: Viewer,
    *,
    review: int,
    student: int,
    need: str | None = None,
    reference: Reference | None = None,
) -> pl.DataFrame:
    """Return what a student's intensities are the sum of, for who may see this student; see `Diagnosis.parts`."""
    seen = store.read(
        f"select s.division from ({IN_REVIEW}) s join visible_students($role, $staff) v on v.student = s.student "
        "where s.student = $student",
        review=review,
        student=student,
        role=str(viewer.role),
        staff=viewer.staff,
    )
    if seen.is_empty():
        return pl.DataFrame(schema=PARTS)
    if seen.item() in closed_divisions(store, review=review):
        parts = _stored_parts(store, review=review, student=student)
    else:
        live = _live(store, reference, review=review, divisions=seen["division"].to_list())
        parts = live.parts.filter(student=student).cast(PARTS) if live else pl.DataFrame(schema=PARTS)
    return parts if need is None else parts.filter(need=need)


def intensities(
    store: Store, *, review: int, divisions: list[int], reference: Reference | None = None
) -> pl.DataFrame:
    """Return student, need, value, coverage, priority: frozen for closed divisions, computed for open ones.

    In the order of the needs of the reference data where computed, of their codes where frozen. For the program:
    it restricts nothing, `needs_of_review` does.
    """
    closed = closed_divisions(store, review=review)
    frozen = store.read(
        f"""
        select i.student, i.need, i.value, i.coverage, i.priority
        from intensity i join ({IN_REVIEW}) s on s.student = i.student
        where i.review = $review and list_contains($divisions, s.division)
        order by i.student, i.need
        """,
        review=review,
        divisions=[division for division in divisions if division in closed],
    ).cast(VALUES)
    live = _live(store, reference, review=review, divisions=[d for d in divisions if d not in closed])
    return pl.concat([frozen, live.intensities.select(*VALUES).cast(VALUES)]) if live else frozen


def _live(
    store: Store, reference: Reference | None, *, review: int, divisions: list[int]
) -> Diagnosis | None:
    if reference is None or not divisions:
        return None
    return diagnose_review(store, reference, review=review, divisions=divisions)


def _stored_parts(store: Store, *, review: int, student: int) -> pl.DataFrame:
    return store.read(
        """
        select student, need, position, kind, code, level, weight, age, points, detail
        from intensity_part
        where review = $review and student = $student
        order by need, position
        """,
        review=review,
        student=student,
    ).cast(PARTS)


def needs_worked(store: Store, *, review: int, on: date | None) -> pl.DataFrame:
    """Return student, need, served for the groups attended on a day; a suspended group serves nothing.

    For the program: it restricts nothing.
    """
    return store.read(
        """
        with day as (select coalesce($on, (select closes_on from review where id = $review)) as day)
        select distinct m.student, g.need, true as served
        from membership m
        join day on m.starts_on <= day.day and coalesce(m.ends_on, date '9999-12-31') >= day.day
        join ap_group g on g.id = m.ap_group
        where m.replaced_by is null and exists (
            select 1 from group_state s where s.ap_group = g.id and s.replaced_by is null and not s.suspended
                and s.starts_on <= day.day and coalesce(s.ends_on, date '9999-12-31') >= day.day)
        order by m.student, g.need
        """,
        review=review,
        on=on,
    )


def _decided(store: Store, *, review: int, on: date | None) -> pl.DataFrame:
    """Return student, decided: the priorities decided by name that are in force on a day."""
    return store.read(
        """
        with day as (select coalesce($on, (select closes_on from review where id = $review)) as day)
        select f.student, arg_max(f.value, f.starts_on) as decided
        from student_fact f
        join day on f.starts_on <= day.day and coalesce(f.ends_on, date '9999-12-31') >= day.day
        where f.kind = 'priority'
        group by f.student
        order by f.student
        """,
        review=review,
        on=on,
    )
