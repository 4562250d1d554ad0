"""Small inputs for the rule: one student, what was said of them, what comes out."""

import polars as pl

from apdash.diagnosis import Diagnosis, diagnose
from apdash.reference import Reference

ASSESSMENTS = {
    "student": pl.Int64,
    "competency": pl.String,
    "assessor": pl.String,
    "source": pl.String,
    "state": pl.String,
    "level": pl.Float64,
    "age": pl.Int64,
}
ANSWERS = {"student": pl.Int64, "question": pl.Int64, "answers": pl.List(pl.String), "age": pl.Int64}
FACTS = {"student": pl.Int64, "kind": pl.String, "value": pl.Float64}
HISTORY = {
    "student": pl.Int64,
    "need": pl.String,
    "value": pl.Int64,
    "served": pl.Boolean,
    "objective": pl.String,
    "period": pl.String,
}
Said = tuple[str, str, float | str, int]


def assessed(*said: Said, student: int = 1) -> pl.DataFrame:
    """Return assessments from (competency, assessor, level or "absent" or "unchanged", age); marks are `mark:NAME`."""
    rows = []
    for competency, who, value, age in said:
        state, level = ("level", float(value)) if not isinstance(value, str) else (value, None)
        kind = who.partition(":")[0]
        source = {"test": "test", "mark": "mark", "student": "student"}.get(kind, "adult")
        rows.append((student, competency, who.replace("mark:", "staff:"), source, state, level, age))
    return pl.DataFrame(rows, ASSESSMENTS, orient="row")


def answered(given: dict[int, list[str]], *, student: int = 1, age: int = 0) -> pl.DataFrame:
    return pl.DataFrame([(student, q, a, age) for q, a in given.items()], ANSWERS, orient="row")


def run(
    reference: Reference,
    *said: Said,
    grade: str = "2de",
    answers: dict[int, list[str]] | None = None,
    facts: tuple[tuple[str, float | None], ...] = (),
    history: tuple[tuple, ...] = (),
) -> Diagnosis:
    """Return the diagnosis of student 1."""
    return diagnose(
        reference,
        students=pl.DataFrame({"student": [1], "grade": [grade]}),
        assessments=assessed(*said),
        answers=answered(answers or {}),
        facts=pl.DataFrame([(1, kind, value) for kind, value in facts], FACTS, orient="row"),
        history=pl.DataFrame([(1, *row, "Période 1") for row in history], HISTORY, orient="row"),
    )


def value(diagnosis: Diagnosis, need: str) -> int | None:
    return diagnosis.intensities.filter(need=need)["value"].item()


def corrections(diagnosis: Diagnosis, need: str) -> list[tuple[str, float]]:
    parts = diagnosis.parts.filter(need=need, kind="correction")
    return [(code, round(points, 6)) for code, points in parts.select("code", "points").iter_rows()]


READING = (("LIR", "staff:1", 1, 0), ("LIR", "staff:2", 2, 0), ("CON", "staff:1", 2, 1))
"""Two teachers on reading, one value of the bilan before, one competency unknown."""
