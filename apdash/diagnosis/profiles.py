"""Four neutral profiles, computed when they are shown: never stored, printed or exported."""

import polars as pl

from apdash.diagnosis.answers import answer_points
from apdash.diagnosis.diagnose import Diagnosis
from apdash.reference import Reference


def profiles(reference: Reference, diagnosis: Diagnosis, answers: pl.DataFrame) -> pl.DataFrame:
    """Return student, difficulty, engagement (0 to 100, null when unknown), profile (code or null), label.

    A row per student with an intensity. difficulty: mean of the highest intensities of the axes that measure it, as
    many as `profil_besoins`; engagement: mean of the answers (% of the points that could be had) and of the observed
    competencies, of the one that is known when only one is.
    """
    limit = reference.rules.profile_limit
    students = diagnosis.intensities.select("student").unique(maintain_order=True)
    named = reference.profiles.select("high_difficulty", "high_engagement", profile="code", label="label")
    return (
        students.join(
            _difficulty(reference, diagnosis.intensities), on="student", how="left", maintain_order="left"
        )
        .join(
            _engagement(reference, diagnosis.levels, answers), on="student", how="left", maintain_order="left"
        )
        .with_columns(
            high_difficulty=pl.col("difficulty") >= limit, high_engagement=pl.col("engagement") >= limit
        )
        .join(named, on=["high_difficulty", "high_engagement"], how="left", maintain_order="left")
        .select("student", "difficulty", "engagement", "profile", "label")
    )


def _difficulty(reference: Reference, intensities: pl.DataFrame) -> pl.DataFrame:
    axes = reference.axes.filter("difficulty")["code"].to_list()
    needs = reference.needs.filter(pl.col("axis").is_in(axes))["code"].to_list()
    many = int(reference.rules.profile_needs)
    known = intensities.filter(pl.col("need").is_in(needs)).drop_nulls("value")
    enough = known.filter(pl.len().over("student") >= many)
    return enough.group_by("student").agg(difficulty=pl.col("value").top_k(many).mean())


def _engagement(reference: Reference, levels: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    rules = reference.rules
    said = answer_points(reference, answers, "engagement").filter(
        pl.col("answered") >= rules.choice_answers_min
    )
    told = said.select("student", score=100 * pl.col("points") / pl.col("most"))
    seen_in = reference.competencies.filter(pl.col("serves").list.contains("engagement"))["code"].to_list()
    scale = reference.points.filter(sense="E").sort("level")
    steps = scale["points"].to_list()
    floor = pl.col("level").floor()
    at = floor.replace_strict([1.0, 2.0, 3.0, 4.0], steps)
    after = pl.col("level").ceil().replace_strict([1.0, 2.0, 3.0, 4.0], steps)
    seen = levels.filter(pl.col("competency").is_in(seen_in)).select(
        "student", score=at + (pl.col("level") - floor) * (after - at)
    )
    observed = seen.group_by("student").agg(pl.col("score").mean())
    return pl.concat([told, observed]).group_by("student").agg(engagement=pl.col("score").mean())
