"""What the entry grid of a division needs beside the values: its head, its students, who typed, earlier levels."""

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.reviews import IN_REVIEW
from apdash.store.store import Store


def entry_head(store: Store, viewer: Viewer, *, review: int, division: int) -> pl.DataFrame:
    """Return one row about a division in a bilan, none when it has no part in it or is not this person's to see.

    Columns: review, label, opens_on, closes_on, division, code, grade (nullable), closed_at, closed_by (nullable),
    assesses (this person teaches there, leads it, or is expected to assess it), leads (principal teacher).
    """
    return store.read(
        """
        select
            r.id as review, r.label, r.opens_on, r.closes_on, d.id as division, d.code, d.grade,
            rd.closed_at, rd.closed_by,
            exists (select 1 from service s where s.division = d.id and s.staff = $staff)
                or exists (select 1 from principal_teacher p where p.division = d.id and p.staff = $staff)
                or exists (select 1 from expected e where e.review = r.id and e.division = d.id and e.staff = $staff)
                as assesses,
            exists (select 1 from principal_teacher p where p.division = d.id and p.staff = $staff) as leads
        from review_division rd
        join review r on r.id = rd.review
        join division d on d.id = rd.division
        where rd.review = $review and rd.division = $division
            and d.id in (select division from visible_divisions($role, $staff))
        order by d.id
        """,
        review=review, division=division, **_who(viewer),
    )  # fmt: skip


def entry_students(store: Store, viewer: Viewer, *, review: int, division: int) -> pl.DataFrame:
    """Return the students of a division in a bilan, by name: student, last_name, first_name."""
    return store.read(
        f"""
        select s.id as student, s.last_name, s.first_name
        from ({IN_REVIEW}) i
        join student_named s on s.id = i.student
        join visible_divisions($role, $staff) v on v.division = i.division
        where i.division = $division
        order by s.last_name collate fr, s.first_name collate fr, s.id
        """,
        review=review, division=division, **_who(viewer),
    )  # fmt: skip


def entry_adults(store: Store, viewer: Viewer, *, review: int, division: int) -> pl.DataFrame:
    """Return the adults who gave a value in a division: assessor (`staff:ID`), name, initials, by name."""
    return store.read(
        f"""
        select distinct a.assessor, trim(p.first_name || ' ' || p.last_name) as name, p.initials
        from assessment a
        join ({IN_REVIEW}) i on i.student = a.student and i.division = $division
        join visible_divisions($role, $staff) v on v.division = i.division
        join staff p on a.assessor = 'staff:' || p.id
        where a.review = $review and a.replaced_at is null
        order by name, a.assessor
        """,
        review=review, division=division, **_who(viewer),
    )  # fmt: skip


def entry_earlier(store: Store, viewer: Viewer, *, review: int, division: int) -> pl.DataFrame:
    """Return the last levels given earlier in the year, which « inchangé » would carry on: student, competency, level.

    level: the median of the adults, at the latest bilan where somebody gave one.
    """
    return store.read(
        f"""
        select a.student, a.competency, median(a.level) as level
        from assessment a
        join ({IN_REVIEW}) i on i.student = a.student and i.division = $division
        join visible_divisions($role, $staff) v on v.division = i.division
        join review r on r.id = a.review
        join review this on this.id = $review and this.year = r.year
        where a.replaced_at is null and a.state = 'level' and (r.closes_on, r.id) < (this.closes_on, this.id)
        group by a.student, a.competency, r.closes_on, r.id
        qualify row_number() over (partition by a.student, a.competency order by r.closes_on desc, r.id desc) = 1
        order by a.student, a.competency
        """,
        review=review, division=division, **_who(viewer),
    )  # fmt: skip


def _who(viewer: Viewer) -> dict[str, str | int | None]:
    return {"role": str(viewer.role), "staff": viewer.staff}
