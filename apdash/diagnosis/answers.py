"""What the ten questions tell: wishes, the choice of formation, engagement."""

import polars as pl

from apdash.reference import Reference

CHOICES = {"confirmed": "choix confirmé", "ongoing": "choix en cours", "to_build": "choix à construire"}


def latest_answers(answers: pl.DataFrame) -> pl.DataFrame:
    """Return student, question, answers: the last time the question was put; an empty list is a refusal."""
    return answers.sort("age").unique(["student", "question"], keep="first", maintain_order=True).drop("age")


def answer_points(reference: Reference, answers: pl.DataFrame, use: str) -> pl.DataFrame:
    """Return student, answered (questions), points, most (points that could be had) for the questions of a use."""
    questions = reference.interview.filter(pl.col("serves").list.contains(use))
    most = questions.group_by("question").agg(most=pl.col("points").max())
    scored = (
        latest_answers(answers)
        .explode("answers", empty_as_null=True)
        .join(questions.select("question", "points", answers="answer"), on=["question", "answers"])
    )
    return (
        scored.join(most, on="question")
        .group_by("student")
        .agg(answered=pl.col("question").n_unique(), points=pl.col("points").sum(), most=pl.col("most").sum())
    )


def choices(reference: Reference, answers: pl.DataFrame) -> pl.DataFrame:
    """Return student, score (% of the points that could be had), choice (code), label; never stored.

    A row per student with enough answers. Confirmed, ongoing or to build, by the thresholds of reglages.csv.
    """
    rules = reference.rules
    score = 100 * pl.col("points") / pl.col("most")
    enough = answer_points(reference, answers, "choix").filter(pl.col("answered") >= rules.choice_answers_min)
    return (
        enough.select("student", score=score)
        .with_columns(
            choice=pl.when(pl.col("score") >= rules.choice_confirmed)
            .then(pl.lit("confirmed"))
            .when(pl.col("score") >= rules.choice_ongoing)
            .then(pl.lit("ongoing"))
            .otherwise(pl.lit("to_build"))
        )
        .with_columns(label=pl.col("choice").replace_strict(CHOICES, return_dtype=pl.String))
        .sort("student")
    )


def wishes(reference: Reference, answers: pl.DataFrame) -> pl.DataFrame:
    """Return student, need: the workshops a student asked for, as many as the rule takes into account."""
    questions = reference.interview.filter(pl.col("serves").list.contains("voeux"))["question"].unique()
    asked = latest_answers(answers).filter(pl.col("question").is_in(questions.to_list()))
    many = int(reference.rules.wishes_max)
    kept = asked.with_columns(pl.col("answers").list.unique(maintain_order=True).list.head(many))
    return kept.explode("answers", empty_as_null=True).drop_nulls("answers").select("student", need="answers")
