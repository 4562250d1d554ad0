"""The four indicators of success: what is acquired, repeating, access to the diploma, what leavers do.

Computed from the school's own file where it has the history; figures that come from elsewhere stand beside them, each
with its source, and are never mixed in.
"""

import itertools
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from apdash.diagnosis.levels import retained_levels
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store import Store
from apdash.store.queries import success as facts
from apdash.store.queries.diagnosis import review_answers, review_assessments
from apdash.store.queries.groups import ALWAYS

ACQUIRED = 3.0
"""Level from which a domain is acquired: 3 of 4."""
PLACED = ("studies", "apprenticeship", "employment")
"""Outcomes that are a solution for a leaver."""


@dataclass(frozen=True, slots=True)
class Success:
    """Frames by year, earliest first; shares are 0 to 1, with the numbers they come from.

    socle: year, grade, domain, label, students, acquired, share · repeating: year, grade, students, repeating, share
    passages: year, grade, to (null: no longer here), students, share · cohorts: entry_year, students, passed, failed,
    here, gone, share (null while some are still here) · leavers: year, students, known, placed, share
    access: year, share: from the first grade of the longest cycle to its diploma, on what that year's students did ·
    outside: figures imported, as `outside_figures`.
    """

    socle: pl.DataFrame
    repeating: pl.DataFrame
    passages: pl.DataFrame
    cohorts: pl.DataFrame
    leavers: pl.DataFrame
    access: pl.DataFrame
    outside: pl.DataFrame


def success(
    store: Store, viewer: Viewer, reference: Reference, *, known_at: datetime | None = None
) -> Success:
    """Return the indicators, as known at a moment (None: now).

    Raises `ApdashError` for whoever may not see the indicators of the school.
    """
    viewer.require(Action.SEE_INDICATORS)
    moment = known_at or ALWAYS
    first = reference.grades.filter(pl.col("cycle_year") == 1)["code"].to_list()
    passages = facts.passages(store, known_at=moment)
    every = [
        facts.cohorts(store, first_grade=grade, known_at=moment).with_columns(grade=pl.lit(grade))
        for grade in first
    ]
    return Success(
        socle=socle(store, reference, known_at=moment),
        repeating=_share(facts.repeating(store, known_at=moment), "repeating"),
        passages=passages.with_columns(
            share=pl.col("students") / pl.col("students").sum().over("year", "grade")
        ),
        cohorts=pl.concat(every).with_columns(
            share=pl.when(pl.col("here") == 0).then(pl.col("passed") / pl.col("students"))
        ),
        leavers=_leavers(facts.leavers(store, known_at=moment)),
        access=_access(store, reference, passages, known_at=moment),
        outside=facts.outside_figures(store, known_at=moment),
    )


def _access(
    store: Store, reference: Reference, passages: pl.DataFrame, *, known_at: datetime
) -> pl.DataFrame:
    """Return the chance of reaching the diploma from the first grade, by year, as the passages of that year make it.

    The product, grade by grade, of those who go on among those who do not repeat, then of those who pass among those
    with a result: what becomes of an entrant if every year were like this one. Columns: year, share.
    """
    cycle = reference.grades.filter(pl.col("code").is_in(passages["grade"].unique().to_list())).sort(
        "cycle_year", descending=True
    )["cycle"]
    schema = {"year": pl.Int64, "share": pl.Float64}
    if cycle.is_empty():
        return pl.DataFrame(schema=schema)
    chain = reference.grades.filter(cycle=cycle[0]).sort("cycle_year")["code"].to_list()
    passed = facts.exam_rates(store, last_grades=chain[-1:], known_at=known_at)
    rates = dict(passed.select("year", pl.col("passed") / pl.col("known")).iter_rows())
    rows = []
    for year in sorted(set(passages["year"]) & set(rates)):
        share = rates[year]
        for grade, following in itertools.pairwise(chain):
            here = passages.filter((pl.col("year") == year) & (pl.col("grade") == grade))
            on = here.filter(pl.col("to") == following)["students"].sum()
            going = here.filter(pl.col("to").ne_missing(grade))["students"].sum()
            share *= on / going if going else 0.0
        rows.append((year, share))
    return pl.DataFrame(rows, schema=schema, orient="row")


def socle(store: Store, reference: Reference, *, known_at: datetime) -> pl.DataFrame:
    """Return who has acquired each domain at the last bilan closed by their division, by year and grade.

    A domain's level is the mean of its competencies known within the year, each by its factor of socle.csv; a student
    counts when half of the factors at least are known. Columns as `Success.socle`.
    """
    closed = facts.bilans_of_years(store, known_at=known_at)
    people = facts.students_of_divisions(store, known_at=known_at)
    parts = [_levels(store, reference, review, closed.filter(review=review), people, known_at)
             for review in closed["review"].unique(maintain_order=True)]  # fmt: skip
    if not parts:
        return pl.DataFrame(schema={"year": pl.Int64, "grade": pl.String, "domain": pl.String, "label": pl.String,
                                    "students": pl.Int64, "acquired": pl.Int64, "share": pl.Float64})  # fmt: skip
    weight = pl.col("weight")
    full = reference.socle.group_by("domain").agg(full=weight.sum())
    domains = (
        pl.concat(parts)
        .join(reference.socle.select("domain", "label", "competency", "weight"), on="competency")
        .group_by("year", "grade", "domain", "label", "student")
        .agg(level=(pl.col("level") * weight).sum() / weight.sum(), known=weight.sum())
        .join(full, on="domain")
        .filter(2 * pl.col("known") >= pl.col("full"))
    )
    counted = domains.group_by("year", "grade", "domain", "label").agg(
        students=pl.len().cast(pl.Int64), acquired=(pl.col("level") >= ACQUIRED).sum().cast(pl.Int64)
    )
    return _share(counted, "acquired").sort("year", "grade", "domain")


def _levels(
    store: Store,
    reference: Reference,
    review: int,
    closed: pl.DataFrame,
    people: pl.DataFrame,
    known_at: datetime,
) -> pl.DataFrame:
    """Return year, grade, student, competency, level of the divisions whose last closed bilan this is."""
    here = people.join(closed.select("year", "grade", "division"), on="division")
    known = {"review": review, "students": here["student"].to_list(), "at": known_at}
    retained = retained_levels(
        reference, review_assessments(store, reference, **known), review_answers(store, **known)
    )
    return here.drop("division").join(retained.select("student", "competency", "level"), on="student")


def _share(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    return rows.with_columns(share=pl.col(part) / pl.col("students"))


def _leavers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return, by year, how many leavers have a solution among those of whom it is known."""
    students = pl.col("students")
    return (
        rows.group_by("year")
        .agg(
            students=students.sum(),
            known=students.filter(pl.col("outcome") != "unknown").sum(),
            placed=students.filter(pl.col("outcome").is_in(PLACED)).sum(),
        )
        .with_columns(share=pl.when(pl.col("known") > 0).then(pl.col("placed") / pl.col("known")))
        .sort("year")
    )
