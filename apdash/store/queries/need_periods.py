"""For how long a student has worked on a need: a group is frozen by its need, not by its adult or hour."""

from datetime import date

import polars as pl

from apdash.store.store import Store, Transaction


def need_periods(store: Store | Transaction, *, year: int, on: date) -> pl.DataFrame:
    """Return how many periods in a row, up to the day before `on`, each student has spent in each need.

    A period counts when at least half of its days so far were spent in a group of the need, whoever led it and at
    whichever hour. Columns: student, need, need_periods (1 and more); ordered by both.
    """
    rows = store.read(
        """
        with spent as (
            select m.student, g.need, p.starts_on as period, g.slot,
                sum(least(coalesce(m.ends_on, p.ends_on), p.ends_on, $on::date - 1)
                    - greatest(m.starts_on, p.starts_on) + 1) as days,
                any_value(least(p.ends_on, $on::date - 1) - p.starts_on + 1) as possible
            from membership m
            join ap_group g on g.id = m.ap_group
            join band b on b.id = g.band
            join period p on p.year = b.year
            where m.replaced_by is null and b.year = $year and p.starts_on < $on
                and m.starts_on <= least(p.ends_on, $on::date - 1)
                and coalesce(m.ends_on, p.ends_on) >= p.starts_on
            group by m.student, g.need, p.starts_on, g.slot
        ),
        ages as (
            select starts_on as period, row_number() over (order by starts_on desc) - 1 as age
            from period where year = $year and starts_on < $on
        )
        select s.student, s.need, a.age
        from spent s join ages a on a.period = s.period
        where 2 * s.days >= s.possible
        group by s.student, s.need, a.age
        order by s.student, s.need, a.age
        """,
        year=year,
        on=on,
    )
    place = pl.int_range(pl.len()).over("student", "need")
    return (
        rows.filter(pl.col("age") == place)
        .group_by("student", "need")
        .agg(need_periods=pl.len().cast(pl.Int64))
        .sort("student", "need")
    )
