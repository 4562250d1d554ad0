"""Neutral profiles, computed when they are shown, never kept."""

import polars as pl

from apdash.diagnosis import Diagnosis, profiles
from apdash.diagnosis.levels import retained_levels
from apdash.services import Services
from apdash.store.queries import diagnosis as inputs

PROFILES = {"student": pl.Int64, "code": pl.String, "profile": pl.String}


def profiles_of(
    services: Services, *, review: int | None, students: pl.DataFrame, values: pl.DataFrame
) -> pl.DataFrame:
    """Return student, code, profile (words, null when too little is known); nobody when no bilan is given.

    students: those whose profile this person may read; values: student, need, value, coverage of the bilan, as they
    are shown beside the profiles.
    """
    mine = students.select("student")
    if review is None or mine.is_empty():
        return pl.DataFrame(schema=PROFILES)
    store, reference, who = services.store, services.reference, mine["student"].to_list()
    answers = inputs.review_answers(store, review=review, students=who, at=inputs.NOW)
    assessments = inputs.review_assessments(store, reference, review=review, students=who, at=inputs.NOW)
    shown = Diagnosis(
        intensities=mine.join(values, on="student"),
        parts=pl.DataFrame(),
        levels=retained_levels(reference, assessments, answers),
    )
    return (
        profiles(reference, shown, answers).select("student", code="profile", profile="label").cast(PROFILES)
    )
