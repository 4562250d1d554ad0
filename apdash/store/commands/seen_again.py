"""« Revu en classe »: asked of one named teacher, answered in one touch."""

from datetime import date, datetime, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.labels import day
from apdash.rights import Action, Viewer
from apdash.store.commands.follow_checks import check_followed, current_row
from apdash.store.commands.records import retire, revise
from apdash.store.store import Store, Transaction

KEY = ("objective", "staff")
PATIENCE = timedelta(weeks=3)  # « pas vu » is not asked again of the same adult before


def ask_seen(store: Store, viewer: Viewer, *, objective: int, staff: int, on: date, now: datetime) -> None:
    """Ask a teacher of the student's division whether the objective was seen again in ordinary lessons.

    One question at a time: one that waits elsewhere is taken back. Nothing is asked twice needlessly: not of who has
    said yes, nor of who was asked and has not answered, nor of who said no less than three weeks ago.
    """
    with store.write() as tx:
        row = current_row(tx, "objective", objective)
        check_followed(tx, viewer, students=[row["student"]], on=now.date())
        if row["dropped"]:
            raise ApdashError("Objectif abandonné.", "Il n’y a plus rien à observer en classe.")
        _check_teaches(tx, student=row["student"], staff=staff, on=on)
        known = _questions(tx, objective=objective)
        _check_useful(known, staff=staff, on=on)
        elsewhere = known.filter(pl.col("seen").is_null() & (pl.col("staff") != staff))
        retire(tx, "objective_seen", KEY, elsewhere.select(KEY), now=now)
        _write(tx, viewer, objective=objective, staff=staff, asked_on=on, seen=None, on=on, now=now)


def answer_seen(
    store: Store,
    viewer: Viewer,
    *,
    objective: int,
    seen: bool,
    staff: int | None = None,
    on: date,
    now: datetime,
) -> None:
    """Say whether the objective was seen again in class: the teacher who was asked, or the pilot in their name."""
    viewer.require(Action.FOLLOW)
    asked = staff if staff is not None and viewer.can(Action.CHANGE_GROUPS) else viewer.staff
    with store.write() as tx:
        known = _questions(tx, objective=objective).filter(staff=-1 if asked is None else asked)
        if known.is_empty():
            raise ApdashError("Question absente.", "Elle ne vous a pas été posée, ou a été retirée.")
        _write(
            tx, viewer, objective=objective, staff=int(known["staff"][0]), asked_on=known["asked_on"][0], seen=seen,
            on=on, now=now,
        )  # fmt: skip


def _questions(tx: Transaction, *, objective: int) -> pl.DataFrame:
    return tx.read(
        """
        select q.objective, q.staff, q.asked_on, q.seen, q.answered_on, trim(s.title || ' ' || s.last_name) as name
        from objective_seen q join staff s on s.id = q.staff
        where q.objective = $objective and q.replaced_at is null
        order by q.asked_on, q.staff
        """,
        objective=objective,
    )


def _check_teaches(tx: Transaction, *, student: int, staff: int, on: date) -> None:
    found = tx.read(
        """
        select 1 from enrolment e join service s on s.division = e.division
        where e.student = $student and s.staff = $staff
            and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on)
        """,
        student=student,
        staff=staff,
        on=on,
    )
    if found.is_empty():
        raise ApdashError("Adulte d’une autre division.", "La question va à un professeur de sa division.")


def _check_useful(known: pl.DataFrame, *, staff: int, on: date) -> None:
    for row in known.iter_rows(named=True):
        if row["seen"]:
            raise ApdashError(
                "Déjà revu en classe.", f"{row['name']} l’a vu\u00a0: inutile de le demander encore."
            )
        if row["staff"] != staff:
            continue
        if row["seen"] is None:
            raise ApdashError(
                "Déjà demandé.", f"{row['name']} a la question depuis le {day(row['asked_on'])}."
            )
        if on - row["answered_on"] < PATIENCE:
            raise ApdashError(
                "Demandé il y a peu.", f"{row['name']} a répondu « pas vu » le {day(row['answered_on'])}."
            )


def _write(
    tx: Transaction,
    viewer: Viewer,
    *,
    objective: int,
    staff: int,
    asked_on: date,
    seen: bool | None,
    on: date,
    now: datetime,
) -> None:
    row = pl.DataFrame(
        {
            "objective": [objective],
            "staff": [staff],
            "asked_on": [asked_on],
            "seen": pl.Series([seen], dtype=pl.Boolean),
            "answered_on": pl.Series([None if seen is None else on], dtype=pl.Date),
        }
    )
    revise(tx, "objective_seen", KEY, row, viewer=viewer, now=now)
