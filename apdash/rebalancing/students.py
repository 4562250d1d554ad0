"""The students of a problem: how often they can come, what they need, where they are."""

from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.rebalancing.people import Adults
from apdash.reference import Reference
from apdash.store.queries import bands as queries
from apdash.store.queries.need_periods import need_periods
from apdash.store.store import Store

SESSIONS_MIN = (
    2  # who meets less often in the period is left where they are: a group is not built for one hour
)


def sessions(store: Store, meetings: pl.DataFrame, *, band: int, on: date, longest: int) -> pl.DataFrame:
    """Return each student and slot: student, division_code, slot_code, sessions (0: left where they are), why."""
    people = queries.students_in_band(store, band=band, on=on)
    counts = meetings.select("division", "slot_code", met="sessions")
    too_few = pl.col("met") < min(SESSIONS_MIN, longest)
    why = pl.when("apprentice").then(pl.lit("apprentice")).when(too_few).then(pl.lit("placement"))
    return (
        people.select("student", "division", "division_code", "grade", "apprentice")
        .join(counts, on="division", maintain_order="left")
        .with_columns(why=why)
        .with_columns(sessions=pl.when(pl.col("why").is_null()).then("met").otherwise(0))
    )


def intensities(store: Store, needs: pl.DataFrame, *, band: int, review: int, on: date) -> pl.DataFrame:
    """Return what the bilan says of the band's needs: student, need, value (null: unknown), priority.

    Whose division has not closed it keeps what the year's bilan before said of them. Raises `ApdashError` when it says
    nothing of anybody in the band.
    """
    rows = store.read(
        """
        select i.student, i.need, i.value, i.priority, i.review = $review as fresh
        from intensity i
        join review r on r.id = i.review
        join review this on this.id = $review and r.year = this.year and r.closes_on <= this.closes_on
        qualify dense_rank() over (
            partition by i.student order by i.review = $review desc, r.closes_on desc, r.id desc
        ) = 1
        order by i.student, i.need
        """,
        review=review,
    )
    people = queries.students_in_band(store, band=band, on=on).select("student", "grade")
    meant = needs.select("code", "grades")
    found = rows.join(people, on="student").join(meant, left_on="need", right_on="code")
    if not found["fresh"].any():
        raise ApdashError(
            "Bilan sans besoins.", "Aucune division de la bande n’a clos ce bilan : clôturez-le d’abord."
        )
    fits = (pl.col("grades").list.len() == 0) | pl.col("grades").list.contains(pl.col("grade"))
    return found.filter(fits).select("student", "need", "value", "priority")


def waited(store: Store, reference: Reference, levels: pl.DataFrame, *, review: int) -> list[int]:
    """Return who weighs more for having waited since last time, not by a named decision. levels: as `intensities`."""
    named = store.read(
        """
        select f.student from student_fact f join review r on r.id = $review
        where f.kind = 'priority' and f.starts_on <= r.closes_on
            and coalesce(f.ends_on, date '9999-12-31') >= r.closes_on
        """,
        review=review,
    )
    more = levels.filter(pl.col("priority") == reference.rules.priority_unserved, pl.col("priority") > 1)
    return sorted(set(more["student"]) - set(named["student"]))


def student_rows(
    present: pl.DataFrame, levels: pl.DataFrame, *, slots: list[str], reception: dict[str, int]
) -> list[dict[str, object]]:
    """Return the students of the problem file, the reception need being open to all at the same intensity.

    present: as `sessions`; levels: as `intensities`; reception: need -> intensity.
    """
    known: dict[int, dict[str, int]] = {}
    priority: dict[int, float] = {}
    for student, need, value, weight in levels.iter_rows():
        priority[student] = max(weight, priority.get(student, 0.0))
        if value is not None:
            known.setdefault(student, {})[need] = value
    columns = ("student", "slot_code", "sessions")
    met = {(student, slot): count for student, slot, count in present.select(columns).iter_rows()}
    return [
        {
            "id": str(student),
            "division": division,
            "priority": priority.get(student, 1.0),
            "intensity": known.get(student, {}) | reception,
            "sessions": {slot: met[student, slot] for slot in slots if (student, slot) in met},
        }
        for student, division in present.select("student", "division_code")
        .unique(maintain_order=True)
        .iter_rows()
    ]


def current_rows(
    store: Store, groups: pl.DataFrame, present: pl.DataFrame, adults: Adults, *, year: int, on: date
) -> list[dict[str, object]]:
    """Return who is where today and for how long, among those present. groups: as `current_groups`."""
    ages = need_periods(store, year=year, on=on)
    seated = (
        groups.explode("students")
        .rename({"students": "student"})
        .join(
            present.select("student", "slot_code"),
            on=["student", "slot_code"],
            how="semi",
            maintain_order="left",
        )
        .join(ages, on=["student", "need"], how="left", maintain_order="left")
    )
    columns = ("student", "slot_code", "need", "ap_group", "need_periods")
    return [
        {
            "student": str(student),
            "slot": slot,
            "need": need,
            "staff": adults.of_group[group],
            "need_periods": periods or 0,
        }
        for student, slot, need, group, periods in seated.select(columns).iter_rows()
    ]
