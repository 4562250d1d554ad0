"""Records what a student answers to the ten questions."""

from datetime import datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.rights import Action, Viewer
from apdash.store.commands.review_checks import check_confidant, check_students
from apdash.store.store import Store, Transaction


def record_interview(
    store: Store,
    viewer: Viewer,
    reference: Reference,
    *,
    review: int,
    student: int,
    answers: dict[int, list[str]],
    now: datetime,
) -> int:
    """Record a student's answers by question and return how many changed; an empty list is "prefers not to answer".

    By the direction, the pilot, or a principal teacher of the student. Raises `ApdashError` for an answer that is not
    one of entretien.csv, too many of them, or a student out of the bilan.
    """
    viewer.require(Action.INTERVIEW)
    _check_answers(reference, answers)
    rows = pl.DataFrame(
        {"question": list(answers), "answers": list(answers.values())},
        schema={"question": pl.Int64, "answers": pl.List(pl.String)},
    )
    with store.write() as tx:
        check_students(tx, review=review, students=[student], now=now)
        check_confidant(tx, viewer, student=student)
        changed = _changes(tx, review=review, student=student, rows=rows)
        tx.run(
            "update interview_answer set replaced_at = $now where review = $review and student = $student "
            "and replaced_at is null and question in (select unnest($questions))",
            now=now,
            review=review,
            student=student,
            questions=changed["question"].to_list(),
        )
        versions = changed.with_columns(
            review=pl.lit(review),
            student=pl.lit(student),
            recorded_at=pl.lit(now),
            recorded_by=pl.lit(viewer.login),
        )
        tx.insert("interview_answer", versions)
    return changed.height


def _changes(tx: Transaction, *, review: int, student: int, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the answers that say something else than what is recorded: question, answers."""
    current = tx.read(
        "select question, answers as before from interview_answer "
        "where review = $review and student = $student and replaced_at is null",
        review=review,
        student=student,
    ).cast({"question": pl.Int64})
    both = rows.join(current, on="question", how="left", maintain_order="left")
    return both.filter(pl.col("answers").ne_missing(pl.col("before"))).drop("before")


def _check_answers(reference: Reference, answers: dict[int, list[str]]) -> None:
    for question, given in answers.items():
        rows = reference.interview.filter(question=question)
        strange = set(given) - set(rows["answer"])
        if rows.is_empty() or strange:
            words = ", ".join(sorted(strange)) or "aucune question ne porte ce numéro"
            raise ApdashError("Réponse inconnue.", f"Question {question}\u00a0: {words}.")
        if len(given) > rows["max_answers"][0] or len(given) != len(set(given)):
            raise ApdashError(
                "Trop de réponses.", f"Question {question}\u00a0: {rows['max_answers'][0]} au plus."
            )
