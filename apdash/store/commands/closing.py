"""Closes the bilan of a division: its intensities are frozen, and what that costs is told."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from apdash.diagnosis import Diagnosis, diagnose_review
from apdash.errors import ApdashError
from apdash.labels import day
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.queries.diagnosis import Reader, review_day, review_students
from apdash.store.store import Store, Transaction

_KEY = ["student", "need"]


@dataclass(frozen=True, slots=True)
class ClosingCost:
    """What closing now leaves without a number. needs(need, short_name, students): most students first."""

    needs: pl.DataFrame
    students: int
    computed: int

    @property
    def words(self) -> str:
        """Return the cost in a sentence."""
        if self.needs.is_empty():
            return "Toutes les intensités sont calculées."
        names = ", ".join(name[:1].lower() + name[1:] for name in self.needs["short_name"])
        many, who = self.needs.height, self.students
        needs = f"{many} besoins non calculables" if many > 1 else "1 besoin non calculable"
        students = f"{who} élèves" if who > 1 else "1 élève"
        return f"{needs} ({names}) pour {students}."


def closing_cost(
    store: Store, viewer: Viewer, reference: Reference, *, review: int, division: int
) -> ClosingCost:
    """Return what closing a division now would leave « à confirmer »; nothing is written."""
    viewer.require(Action.CLOSE_REVIEW)
    _state(store, review=review, division=division)
    return _cost(reference, diagnose_review(store, reference, review=review, divisions=[division]))


def close_division(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    review: int,
    division: int,
    now: datetime,
    note: str = "",
) -> ClosingCost:
    """Close a division, complete or not: freeze its intensities and their parts, and return what it costs.

    Later entries are accepted and dated; they move nothing (see `late_changes`). Raises `ApdashError` when the
    division is not in the bilan or is closed already.
    """
    return close_divisions(store, viewer, reference, review=review, divisions=[division], now=now, note=note)


def close_divisions(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    review: int,
    divisions: list[int],
    now: datetime,
    note: str = "",
) -> ClosingCost:
    """Close several divisions at once, as `close_division` does each: all of them, or none."""
    viewer.require(Action.CLOSE_REVIEW)
    with store.write() as tx:
        for division in divisions:
            closed_at = _state(tx, review=review, division=division)
            if closed_at:
                raise ApdashError("Ce bilan est déjà clos.", f"Il l’a été le {day(closed_at.date())}.")
        diagnosis = diagnose_review(tx, reference, review=review, divisions=divisions)
        _freeze(tx, diagnosis, review=review, now=now)
        tx.run(
            "update review_division set closed_at = $now, closed_by = $login, note = $note "
            "where review = $review and division in (select unnest($divisions))",
            now=now,
            login=viewer.login,
            note=note,
            review=review,
            divisions=divisions,
        )
    return _cost(reference, diagnosis)


def reopen(store: Store, viewer: Viewer, *, review: int, division: int) -> None:
    """Take entries up again: the frozen intensities go, they can still be computed as of any moment.

    Raises `ApdashError` when the division is open, or when a regrouping decided on this bilan stands.
    """
    viewer.require(Action.CLOSE_REVIEW)
    with store.write() as tx:
        if not _state(tx, review=review, division=division):
            raise ApdashError("Ce bilan est déjà ouvert.", "La saisie y est possible.")
        standing = tx.read(
            """
            select 1 from proposal p join band_division b on b.band = p.band
            where p.review = $review and b.division = $division
                and p.state in ('validated', 'published', 'in_force')
            """,
            review=review,
            division=division,
        )
        if standing.height:
            raise ApdashError(
                "Ce bilan a servi.",
                "Un regroupement décidé sur ce bilan est en cours\u00a0: annulez-le d’abord.",
            )
        tx.run(
            "update review_division set closed_at = null, closed_by = null, note = '' "
            "where review = $review and division = $division",
            review=review,
            division=division,
        )
        students = review_students(tx, review=review, day=review_day(tx, review), divisions=[division])
        _erase(tx, review=review, students=students["student"].to_list())


def late_changes(
    store: Store, viewer: Viewer, reference: Reference, *, review: int, division: int | None = None
) -> pl.DataFrame:
    """Return what entries since the close would have changed, for the students this person may see.

    Columns: student, need, frozen, now (values, null: à confirmer), moved. moved: this student's strongest need of the
    band is another one, or a need gained or lost its number: « n élèves auraient changé » counts the students with a
    row moved.
    """
    closed = store.read(
        """
        select rd.division from review_division rd
        join visible_divisions($role, $staff) v on v.division = rd.division
        where rd.review = $review and rd.closed_at is not null and ($division is null or rd.division = $division)
        order by rd.division
        """,
        review=review,
        division=division,
        role=str(viewer.role),
        staff=viewer.staff,
    )["division"].to_list()
    live = diagnose_review(store, reference, review=review, divisions=closed).intensities
    frozen = store.read(
        "select student, need, value as frozen from intensity where review = $review order by student, need",
        review=review,
    ).with_columns(pl.col("frozen").cast(pl.Int64))
    both = frozen.join(live.select(*_KEY, now="value"), on=_KEY)
    banded = reference.needs.filter(pl.col("in_band") & ~pl.col("reception")).select(
        need="code", banded=pl.lit(True)
    )
    ranked = both.join(banded, on="need", how="left", maintain_order="left")
    other = _strongest(ranked, "frozen").join(
        _strongest(ranked, "now"), on="student", how="full", coalesce=True
    )
    turned = other.filter(pl.col("frozen").ne_missing(pl.col("now")))["student"].to_list()
    return (
        both.filter(pl.col("frozen").ne_missing(pl.col("now")))
        .with_columns(
            moved=pl.col("student").is_in(turned) | (pl.col("frozen").is_null() != pl.col("now").is_null())
        )
        .sort(_KEY)
    )


def _strongest(values: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return student and the need, under the name of `column`, whose value is the highest; ties by code."""
    known = values.filter("banded").drop_nulls(column).sort([column, "need"], descending=[True, False])
    return known.unique("student", keep="first", maintain_order=True).select(
        "student", pl.col("need").alias(column)
    )


def _cost(reference: Reference, diagnosis: Diagnosis) -> ClosingCost:
    unknown = diagnosis.intensities.filter(pl.col("value").is_null())
    names = reference.needs.select("position", "short_name", need="code")
    needs = (
        unknown.group_by("need")
        .agg(students=pl.len().cast(pl.Int64))
        .join(names, on="need")
        .sort(["students", "position"], descending=[True, False])
        .select("need", "short_name", "students")
    )
    computed = diagnosis.intensities.height - unknown.height
    return ClosingCost(needs=needs, students=unknown["student"].n_unique(), computed=computed)


def _state(reader: Reader, *, review: int, division: int) -> datetime | None:
    """Return when a division was closed, nothing while it is open."""
    row = reader.read(
        "select closed_at from review_division where review = $review and division = $division",
        review=review,
        division=division,
    )
    if row.is_empty():
        raise ApdashError("Division hors de ce bilan.", "Elle n’y participe pas\u00a0: rechargez la page.")
    return row.item()


def _erase(tx: Transaction, *, review: int, students: list[int]) -> None:
    for table in ("intensity", "intensity_part"):
        tx.run(
            f"delete from {table} where review = $review and student in (select unnest($students))",
            review=review,
            students=students,
        )


def _freeze(tx: Transaction, diagnosis: Diagnosis, *, review: int, now: datetime) -> None:
    about = pl.lit(review).alias("review")
    _erase(tx, review=review, students=diagnosis.intensities["student"].unique().to_list())
    tx.insert(
        "intensity",
        diagnosis.intensities.select(
            about, *_KEY, "value", "coverage", "priority", pl.lit(now).alias("computed_at")
        ),
    )
    tx.insert(
        "intensity_part",
        diagnosis.parts.select(
            about, *_KEY, "position", "kind", "code", "level", "weight", "age", "points", "detail"
        ),
    )
