"""How much of a bilan is entered, against what is expected. An absent student is an entry: nothing more is awaited."""

from datetime import datetime

import polars as pl

from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.store.queries.diagnosis import NOW
from apdash.store.queries.reviews import IN_REVIEW
from apdash.store.store import Store

_IN_REVIEW = IN_REVIEW.replace("from enrolment e", "from enrolments_known($known_at) e")
_CELLS = f"""
    select x.division, x.staff, x.competency, s.student, a.student is not null as filled, a.recorded_at
    from expected x
    join ({_IN_REVIEW}) s on s.division = x.division
    join visible_divisions($role, $staff) v on v.division = x.division
    left join assessment a on a.review = $review and a.student = s.student
        and a.recorded_at <= $known_at and (a.replaced_at is null or a.replaced_at > $known_at)
        and a.competency = x.competency and a.assessor = 'staff:' || x.staff
    where x.review = $review
"""

_FILLED = "count(*) filter (where filled)"
_COUNTS = f"count(*) as expected, {_FILLED} as filled, {_FILLED} / count(*) as share"


def completeness_by_division(
    store: Store, viewer: Viewer, *, review: int, known_at: datetime = NOW
) -> pl.DataFrame:
    """Return division, code, expected, filled (cells), share (0 to 1), for the divisions this person sees.

    known_at: what was entered by then. A division of which nothing is expected has no row.
    """
    return store.read(
        f"select c.division, d.code, {_COUNTS} from ({_CELLS}) c join division d on d.id = c.division "
        "group by all order by d.code",
        **_who(viewer, review, known_at),
    )


def completeness_by_block(
    store: Store, viewer: Viewer, reference: Reference, *, review: int, division: int | None = None
) -> pl.DataFrame:
    """Return division, block, label, expected, filled, share: by block of competencies, without any adult's name."""
    rows = store.read(
        f"select division, competency, count(*) as expected, {_FILLED} as filled "
        f"from ({_CELLS}) c where $division is null or division = $division group by all order by all",
        division=division,
        **_who(viewer, review),
    )
    blocks = reference.competencies.select("block", competency="code").join(
        reference.blocks.select("block", "label"), on="block"
    )
    return (
        rows.join(blocks, on="competency")
        .group_by("division", "block", "label")
        .agg(pl.col("expected", "filled").sum())
        .with_columns(share=pl.col("filled") / pl.col("expected"))
        .sort("division", "block")
    )


def completeness_by_student(
    store: Store, viewer: Viewer, *, review: int, division: int | None = None, known_at: datetime = NOW
) -> pl.DataFrame:
    """Return student, expected, filled, share for a division, or all; known_at: what was entered by then."""
    return store.read(
        f"select student, {_COUNTS} from ({_CELLS}) c "
        "where $division is null or division = $division group by all order by student",
        division=division,
        **_who(viewer, review, known_at),
    )


def completeness_by_staff(
    store: Store, viewer: Viewer, *, review: int, division: int | None = None
) -> pl.DataFrame:
    """Return staff, name, division, code, expected, filled, share, last_recorded_at (nullable).

    Every adult for the direction and the pilot; only one's own row for anybody else.
    """
    return store.read(
        f"""
        select c.staff, trim(p.title || ' ' || p.last_name) as name, c.division, d.code, {_COUNTS},
            max(c.recorded_at) as last_recorded_at
        from ({_CELLS}) c join staff p on p.id = c.staff join division d on d.id = c.division
        where ($role in ('direction', 'pilot') or c.staff = $staff) and ($division is null or c.division = $division)
        group by c.staff, p.title, p.last_name, c.division, d.code
        order by p.last_name collate fr, c.staff, d.code
        """,
        division=division,
        **_who(viewer, review),
    )


def missing_entries(store: Store, viewer: Viewer, *, review: int, division: int) -> pl.DataFrame:
    """Return the cells still empty in a division: student, last_name, first_name, competency, staff.

    staff is named to the direction, the pilot and the adult concerned; null for anybody else.
    """
    return store.read(
        f"""
        select c.student, s.last_name, s.first_name, c.competency,
            case when $role in ('direction', 'pilot') or c.staff = $staff then c.staff end as staff
        from ({_CELLS}) c join student_named s on s.id = c.student
        where c.division = $division and not c.filled
        order by s.last_name collate fr, s.first_name collate fr, c.student, c.competency, c.staff
        """,
        division=division,
        **_who(viewer, review),
    )


def _who(viewer: Viewer, review: int, known_at: datetime = NOW) -> dict[str, str | int | datetime | None]:
    return {"role": str(viewer.role), "staff": viewer.staff, "review": review, "known_at": known_at}
