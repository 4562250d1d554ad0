"""Workshop bilans beyond one group: sums that tell of nobody, and what the bulletins of a division are made of."""

from datetime import datetime

import polars as pl

from apdash.rights import Viewer
from apdash.store.queries.following import who
from apdash.store.queries.groups import ALWAYS
from apdash.store.store import Store

LEAST_GROUPS, LEAST_STUDENTS = 2, 10  # under these, sums would tell of one adult or one student


def outcomes_by_axis(
    store: Store, needs: pl.DataFrame, *, year: int, period: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return how objectives stand by axis over enough groups and students to tell of nobody.

    needs: need, axis. Columns: axis, groups, students, attained, in_progress, not_yet (results); in the order of needs.
    """
    rows = store.read(
        """
        select g.need, g.id as ap_group, r.student, r.outcome::varchar as outcome
        from workshop_results_known($known_at) r
        join ap_group g on g.id = r.ap_group
        join period p on p.id = r.period and p.year = $year
        where r.period = $period and r.outcome is not null
        order by g.id, r.student
        """,
        year=year,
        period=period,
        known_at=known_at or ALWAYS,
    )
    told = pl.col("outcome")
    return (
        needs.join(rows, on="need", maintain_order="left_right")
        .group_by("axis", maintain_order=True)
        .agg(
            groups=pl.col("ap_group").n_unique(),
            students=pl.col("student").n_unique(),
            **{name: (told == name).sum() for name in ("attained", "in_progress", "not_yet")},
        )
        .filter((pl.col("groups") >= LEAST_GROUPS) & (pl.col("students") >= LEAST_STUDENTS))
    )


def results_of_division(
    store: Store, viewer: Viewer, *, division: int, period: int, known_at: datetime | None = None
) -> pl.DataFrame:
    """Return the students of a division and their workshop bilans of a year up to a period, for its bulletin lines.

    A row per student and result, one without result when there is none: student, last_name, first_name, ine, period
    (nullable), rank (of the period in the year, nullable), need, outcome, involvement. For the direction, the pilot
    and the professeur principal: nobody else.
    """
    return store.read(
        """
        with ranked as (
            select p.id, p.starts_on, row_number() over (order by p.starts_on) as rank
            from period p join period this on this.id = $period and this.year = p.year
            where p.starts_on <= this.starts_on
        ),
        said as (
            select r.student, r.period, k.rank, g.need, r.outcome::varchar as outcome, r.involvement, g.code
            from workshop_results_known($known_at) r
            join ranked k on k.id = r.period
            join ap_group g on g.id = r.ap_group
        )
        select s.id as student, s.last_name, s.first_name, t.ine, r.period, r.rank, r.need, r.outcome, r.involvement
        from (
            select distinct e.student from enrolment e join period p on p.id = $period
            where e.division = $division and e.starts_on <= p.ends_on
                and (e.ends_on is null or e.ends_on >= p.ends_on)
        ) e
        join student_named s on s.id = e.student
        join student t on t.id = e.student
        left join said r on r.student = s.id
        where $role in ('direction', 'pilot') or exists (
            select 1 from principal_teacher p where p.division = $division and p.staff = $staff::bigint
        )
        order by s.last_name collate fr, s.first_name collate fr, s.id, r.rank, r.code
        """,
        division=division, period=period, known_at=known_at or ALWAYS, **who(viewer),
    )  # fmt: skip
