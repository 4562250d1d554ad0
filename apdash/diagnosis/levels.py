"""Assessments -> one level per student and competency, with how far it can be trusted."""

import polars as pl

from apdash.reference import Reference

EARLIER_YEAR = 100
"""Age of an assessment of an earlier school year; within the year, the number of bilans since."""

_CELL = ["student", "competency"]
_NEAR = 1e-9


def retained_levels(reference: Reference, assessments: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Return student, competency, level (1 to 4, may lie between), low, high, assessors, quality, age, source.

    A row per student and competency with something known, from the latest bilan where it is. With f the factor
    of a value's source (halved again when it is "unchanged") and a the factor of age of that bilan:
    level = weighted median of the values, weights f; quality = a x max(f), between 0 and 1.
    low, high: lowest and highest value; assessors: how many; age: 0 for this bilan, 1 for the one before...;
    source: code of facteurs.csv of the most trusted value.
    """
    values = pl.concat([_resolved(assessments), _project(reference, answers)])
    weighed = _weighed(reference, values)
    latest = weighed.filter(pl.col("age") == pl.col("age").min().over(_CELL))
    ranked = latest.sort([*_CELL, "level"]).with_columns(
        below=pl.col("factor").cum_sum().over(_CELL), half=pl.col("factor").sum().over(_CELL) / 2
    )
    lower = pl.col("level").filter(pl.col("below") >= pl.col("half") - _NEAR).first()
    upper = pl.col("level").filter(pl.col("below") > pl.col("half") + _NEAR).first()
    best = pl.col("factor").max()
    return ranked.group_by(_CELL, maintain_order=True).agg(
        level=(lower + upper) / 2,
        low=pl.col("level").min(),
        high=pl.col("level").max(),
        assessors=pl.len().cast(pl.Int64),
        quality=best * pl.col("age_factor").first(),
        age=pl.col("age").first(),
        source=pl.col("origin").sort_by("factor", descending=True, maintain_order=True).first(),
    )


def _resolved(assessments: pl.DataFrame) -> pl.DataFrame:
    """Return values with their level; "unchanged" takes the latest earlier value of the same assessor, else the
    median of the latest earlier bilan; absent and unresolved values are dropped."""
    rows = assessments.select(
        *_CELL,
        "assessor",
        "source",
        "age",
        level=pl.col("level").cast(pl.Float64),
        same=pl.col("state") == "unchanged",
    )
    if not rows["same"].any():
        return rows.drop_nulls("level")
    own = rows.sort("age", descending=True).with_columns(
        level=pl.when("same")
        .then(pl.col("level").forward_fill().over([*_CELL, "assessor"]))
        .otherwise("level")
    )
    known = own.drop_nulls("level").group_by([*_CELL, "age"]).agg(earlier=pl.col("level").median())
    pending = own.filter(pl.col("same") & pl.col("level").is_null()).drop("level")
    fallback = (
        pending.join(known.rename({"age": "earlier_age"}), on=_CELL)
        .filter(pl.col("earlier_age") > pl.col("age"))
        .sort("earlier_age")
        .unique([*_CELL, "assessor", "age"], keep="first", maintain_order=True)
        .select(*_CELL, "assessor", "source", "age", level="earlier", same="same")
    )
    return pl.concat([own.drop_nulls("level").select(rows.columns), fallback.select(rows.columns)])


def _project(reference: Reference, answers: pl.DataFrame) -> pl.DataFrame:
    """Return the level of project a student gives by the interview: the points of the questions, at least 1.

    Only where every question of that use is answered, and where it was not assessed by the student directly.
    """
    questions = reference.interview.filter(pl.col("serves").list.contains("projet"))
    target = reference.competencies.filter(pl.col("serves").list.contains("projet"))["code"].to_list()
    scored = answers.explode("answers", empty_as_null=True).join(
        questions.select("question", "points", answers="answer"), on=["question", "answers"]
    )
    complete = scored.group_by("student", "age").agg(pl.col("question").n_unique(), pl.col("points").sum())
    return (
        complete.filter(pl.col("question") == questions["question"].n_unique())
        .select(
            "student",
            competency=pl.lit(target[0] if target else None, dtype=pl.String),
            assessor=pl.lit("student"),
            source=pl.lit("student"),
            age="age",
            level=pl.col("points").clip(1, 4),
            same=pl.lit(False),
        )
        .drop_nulls("competency")
    )


def _weighed(reference: Reference, values: pl.DataFrame) -> pl.DataFrame:
    """Return the values that count, with the factor of their source and the factor of their age."""
    sources = dict(reference.factors.filter(family="SOURCE").select("code", "factor").iter_rows())
    ages = dict(reference.factors.filter(family="AGE").select("code", "factor").iter_rows())
    kinds = {"adult": "ADULTE", "test": "TEST", "mark": "NOTE", "student": "ELEVE"}
    tests = _test_factors(reference)
    age = pl.col("age")
    return (
        values.join(tests, on=["assessor", "competency"], how="left", maintain_order="left")
        .with_columns(
            kind=pl.col("source").replace_strict(kinds, return_dtype=pl.String),
            age_factor=pl.when(age == 0)
            .then(ages["COURANT"])
            .when(age == 1)
            .then(ages["PRECEDENT"])
            .when(age < EARLIER_YEAR)
            .then(ages["ANCIEN"])
            .otherwise(ages["ANNEE_PRECEDENTE"]),
        )
        .with_columns(
            factor=pl.col("kind").replace_strict(sources, return_dtype=pl.Float64)
            * pl.col("test_factor").fill_null(1.0)
            * pl.when("same").then(sources["INCHANGE"]).otherwise(1.0),
            origin=pl.when("same").then(pl.lit("INCHANGE")).otherwise("kind"),
        )
        .filter((pl.col("factor") > 0) & (pl.col("age_factor") > 0))
    )


def _test_factors(reference: Reference) -> pl.DataFrame:
    """Return assessor, competency, test_factor for the columns of tests and the domains of the socle."""
    columns = pl.concat(
        [
            reference.position_tests.select("competency", "weight", name="column"),
            reference.socle.select("competency", "weight", name="domain"),
        ]
    )
    return columns.select("competency", assessor="test:" + pl.col("name"), test_factor="weight")
