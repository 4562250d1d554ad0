"""The diagnosis of a bilan, read from the store."""

from datetime import datetime

import polars as pl

from apdash.diagnosis.diagnose import Diagnosis, diagnose
from apdash.reference import Reference
from apdash.store.queries import diagnosis as inputs


def diagnose_review(
    reader: inputs.Reader,
    reference: Reference,
    *,
    review: int,
    divisions: list[int] | None = None,
    at: datetime | None = None,
) -> Diagnosis:
    """Return the intensities of the students of a bilan, in some divisions or all, as of a moment or now.

    The students and the facts are those of the day the bilan closes. Raises `ApdashError` when there is no such bilan.
    """
    day, moment = inputs.review_day(reader, review), at or inputs.NOW
    students = inputs.review_students(reader, review=review, day=day, divisions=divisions)
    who = students["student"].to_list()
    facts = inputs.review_facts(reader, reference, review=review, day=day)
    return diagnose(
        reference,
        students=students,
        assessments=inputs.review_assessments(reader, reference, review=review, students=who, at=moment),
        answers=inputs.review_answers(reader, review=review, students=who, at=moment),
        facts=facts.filter(pl.col("student").is_in(who)),
        history=inputs.review_history(reader, review=review, students=who, at=moment),
    )
