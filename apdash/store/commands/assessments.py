"""Records what one assessor observed: a version a change, nothing when nothing changes."""

from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.rights import Action, Viewer
from apdash.store.commands.review_checks import check_students
from apdash.store.store import Store, Transaction

_CELL = ["student", "competency"]
_SCHEMA = {"student": pl.Int64, "competency": pl.String, "state": pl.String, "level": pl.Float64}
_STATES = ("level", "absent", "unchanged")
_SOURCES = {"staff": ("adult", "mark"), "student": ("student",), "test": ("test",)}


def record_assessments(
    store: Store,
    viewer: Viewer,
    *,
    review: int,
    assessor: str,
    entries: pl.DataFrame,
    source: str = "adult",
    by_default: bool = False,
    now: datetime,
) -> int:
    """Record what one assessor says of students, all or nothing; return how many cells changed.

    assessor: `staff:ID`, `student` or `test:NAME`. entries: student, competency, state (level, absent, unchanged, or
    null to erase the cell), level (1 to 4 when the state is level, else null). by_default: a column filled in one go;
    a value typed afterwards, even the same, is no longer by default, and a default never hides a typed value.
    Teachers write under their own name, about students they see; the direction and the pilot also for others.
    Entries after the close are accepted and dated. Raises `ApdashError` for anything else, and for "unchanged"
    where nothing was said earlier in the year.
    """
    viewer.require(Action.ASSESS)
    rows = _checked(entries)
    with store.write() as tx:
        _check_assessor(tx, viewer, assessor=assessor, source=source)
        students = rows["student"].unique().to_list()
        check_students(tx, review=review, students=students, now=now)
        _check_visible(tx, viewer, assessor=assessor, students=students)
        _check_unchanged(tx, review=review, rows=rows)
        changed = _changes(tx, review=review, assessor=assessor, rows=rows, by_default=by_default)
        _replace(tx, review=review, assessor=assessor, rows=changed, now=now)
        kept = changed.drop_nulls("state")
        tx.insert(
            "assessment",
            kept.select(
                pl.lit(review).alias("review"),
                *_CELL,
                pl.lit(assessor).alias("assessor"),
                pl.lit(source).alias("source"),
                "state",
                "level",
                pl.lit(by_default).alias("by_default"),
                pl.lit(now).alias("recorded_at"),
                pl.lit(viewer.login).alias("recorded_by"),
            ),
        )
    return changed.height


def _checked(entries: pl.DataFrame) -> pl.DataFrame:
    """Return the entries with their types, one per cell; refuse values out of the scale."""
    rows = entries.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())
    level = pl.col("level")
    leveled = pl.col("state").eq_missing("level")
    wrong = rows.filter(
        ~pl.col("state").is_in(_STATES).fill_null(True)
        | (leveled & ~level.is_between(1, 4).fill_null(False))
        | (~leveled & level.is_not_null())
        | pl.col("student").is_null()
        | (pl.col("competency").fill_null("") == "")
    )
    if wrong.height:
        raise ApdashError(
            "Valeur refusée.",
            f"{_cells(wrong.height)}\u00a0: un niveau de 1 à 4, « a » ou « = » est attendu.",
        )
    twice = rows.height - rows.n_unique(_CELL)
    if twice:
        raise ApdashError("Saisie en double.", f"{_cells(twice)} données deux fois. Rien n’a été enregistré.")
    return rows


def _cells(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _check_assessor(tx: Transaction, viewer: Viewer, *, assessor: str, source: str) -> None:
    kind, _, name = assessor.partition(":")
    if source not in _SOURCES.get(kind, ()) or (kind == "student") != (not name):
        raise ApdashError("Évaluateur inconnu.", f"« {assessor} » ne peut pas donner une valeur de ce genre.")
    if kind == "staff":
        known = tx.read("select id from staff where 'staff:' || id = $assessor", assessor=assessor)
        if known.is_empty():
            raise ApdashError("Évaluateur inconnu.", "Cet adulte n’est pas dans la liste des personnels.")
    if viewer.can(Action.CLOSE_REVIEW) or kind == "student":
        return
    if assessor != f"staff:{viewer.staff}":
        raise ApdashError(
            "Geste réservé.", "Chacun saisit sous son propre nom. Le pilote peut saisir pour un autre."
        )


def _check_visible(tx: Transaction, viewer: Viewer, *, assessor: str, students: list[int]) -> None:
    """Refuse students this person does not see, and a student's own words to who does not lead the division."""
    if viewer.can(Action.CLOSE_REVIEW):
        return
    if assessor == "student":
        allowed = (
            "select e.student from enrolment e join principal_teacher p on p.division = e.division "
            "where p.staff = $staff"
        )
        params = {"staff": viewer.staff}
    else:
        allowed = "select student from visible_students($role, $staff)"
        params = {"staff": viewer.staff, "role": str(viewer.role)}
    strange = tx.read(f"select unnest($students) as student except {allowed}", students=students, **params)
    if strange.height:
        raise ApdashError("Geste réservé.", "Chacun évalue les élèves de ses divisions et de ses groupes.")


def _check_unchanged(tx: Transaction, *, review: int, rows: pl.DataFrame) -> None:
    """Refuse "unchanged" where no level was given at an earlier bilan of the year."""
    same = rows.filter(pl.col("state") == "unchanged")
    if same.is_empty():
        return
    known = tx.read(
        """
        select distinct a.student, a.competency
        from assessment a
        join review earlier on earlier.id = a.review
        join review this on this.id = $review and this.year = earlier.year
        where a.replaced_at is null and a.state = 'level' and a.student in (select unnest($students))
            and (earlier.closes_on, earlier.id) < (this.closes_on, this.id)
        """,
        review=review,
        students=same["student"].unique().to_list(),
    )
    nothing = same.join(known, on=_CELL, how="anti").height
    if nothing:
        raise ApdashError(
            "Rien à reconduire.",
            f"{_cells(nothing)} « inchangé » sans valeur plus tôt dans l’année\u00a0: un niveau de 1 à 4 est attendu.",
        )


def _changes(
    tx: Transaction, *, review: int, assessor: str, rows: pl.DataFrame, by_default: bool
) -> pl.DataFrame:
    """Return the entries that say something else than what is recorded."""
    current = tx.read(
        """
        select student, competency, state as old_state, level as old_level, by_default as old_default
        from assessment
        where review = $review and assessor = $assessor and replaced_at is null
            and student in (select unnest($students))
        """,
        review=review,
        assessor=assessor,
        students=rows["student"].unique().to_list(),
    )
    both = rows.join(current, on=_CELL, how="left", maintain_order="left")
    same = pl.col("state").eq_missing(pl.col("old_state")) & pl.col("level").eq_missing(pl.col("old_level"))
    confirmed = pl.col("old_default").fill_null(False) & ~pl.lit(by_default) & pl.col("state").is_not_null()
    hidden = pl.lit(by_default) & pl.col("old_default").eq_missing(False)
    return both.filter((~same | confirmed) & ~hidden).select(rows.columns)


def _replace(tx: Transaction, *, review: int, assessor: str, rows: pl.DataFrame, now: datetime) -> None:
    if rows.is_empty():
        return
    tx.run(
        """
        update assessment set replaced_at = $now
        where review = $review and assessor = $assessor and replaced_at is null
            and (student, competency) in (select (unnest($students), unnest($competencies)))
        """,
        now=now,
        review=review,
        assessor=assessor,
        students=rows["student"].to_list(),
        competencies=rows["competency"].to_list(),
    )
