"""Levels and events -> the intensity of each need, with the parts it is the sum of.

For a student and a need, over its competencies c of weight w, retained level of points p and quality q:

    coverage = sum(w q) / sum(w)                      0 to 1; under the minimum there is no number
    base     = sum(w q p) / sum(w q)                  each competency's part is w q p / sum(w q)
    value    = round(clip(base + clip(corrections, -25, 25), 0, 100))

Each bound that acts is a part of its own, so the parts always sum to the value before rounding.
"""

import polars as pl

from apdash.diagnosis.answers import choices, latest_answers, wishes
from apdash.reference import Reference

_KEY = ["student", "need"]
_EVENT = ["student", "need", "code", "points", "detail"]


def open_needs(reference: Reference, students: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Return student, need, opening for the needs of each student's grade, in the order of the file.

    opening: open, closed (the answer excludes this need) or unknown (the question it depends on has no answer).
    """
    needs = reference.needs.filter(~pl.col("reception")).select(
        "grades", "opens_question", "opens_answers", need="code", rank="position"
    )
    pairs = students.select("student", "grade").join(needs, how="cross")
    mine = (pl.col("grades").list.len() == 0) | pl.col("grades").list.contains(pl.col("grade"))
    given = latest_answers(answers).filter(pl.col("answers").list.len() > 0)
    asked = pairs.filter(mine.fill_null(False)).join(
        given.rename({"question": "opens_question"}),
        on=["student", "opens_question"],
        how="left",
        maintain_order="left",
    )
    wanted = pl.col("opens_answers").list.set_intersection("answers").list.len() > 0
    return asked.select(
        *_KEY,
        "rank",
        opening=pl.when(pl.col("opens_question").is_null())
        .then(pl.lit("open"))
        .when(pl.col("answers").is_null())
        .then(pl.lit("unknown"))
        .when(wanted)
        .then(pl.lit("open"))
        .otherwise(pl.lit("closed")),
    )


def competency_parts(reference: Reference, needs: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Return a row per student, need and competency: level, weight, quality, points (its part), coverage."""
    slope = [
        reference.points.rename({"points": name})
        .with_columns(pl.col("level").cast(pl.Float64))
        .select("sense", name, **{name + "_level": "level"})
        for name in ("at", "next")
    ]
    rows = (
        needs.join(
            reference.weights.select("need", "competency", "weight", "sense", order="position"), on="need"
        )
        .join(levels, on=["student", "competency"], how="left")
        .with_columns(at_level=pl.col("level").floor(), next_level=pl.col("level").ceil())
        .join(slope[0], on=["sense", "at_level"], how="left")
        .join(slope[1], on=["sense", "next_level"], how="left")
        .with_columns(quality=pl.col("quality").fill_null(0.0))
    )
    between = pl.col("at") + (pl.col("level") - pl.col("at_level")) * (pl.col("next") - pl.col("at"))
    informed = pl.col("weight") * pl.col("quality")
    known = informed.sum().over(_KEY)
    coverage = known / pl.col("weight").sum().over(_KEY)
    counted = (coverage >= reference.rules.coverage_min - 1e-9) & (pl.col("opening") != "unknown")
    return rows.with_columns(
        points=pl.when(counted & (known > 0)).then(informed * between.fill_null(0.0) / known).otherwise(0.0),
        coverage=coverage,
        counted=counted,
    )


def events(
    reference: Reference, *, answers: pl.DataFrame, facts: pl.DataFrame, history: pl.DataFrame
) -> pl.DataFrame:
    """Return student, need, code, points, detail: what corrects intensities, before any bound."""
    effects = reference.corrections.filter(effect="BONUS").select(
        "position", "code", "points", target="need", detail="label"
    )
    chosen = choices(reference, answers).select(
        "student",
        need=pl.lit(None, pl.String),
        code=pl.col("choice").replace_strict(
            {"to_build": "CHOIX-CONSTRUIRE", "ongoing": "CHOIX-COURS", "confirmed": None},
            return_dtype=pl.String,
        ),
    )
    goals = history.select(
        "student",
        "need",
        code=pl.col("objective").replace_strict(
            {"attained": "OBJ-ATTEINT", "missed": "OBJ-MANQUE", "missed_again": "OBJ-ENCORE"},
            default=None,
            return_dtype=pl.String,
        ),
        when="period",
    )
    stages = facts.filter(kind="no_placement_found").select(
        "student", need=pl.lit(None, pl.String), code=pl.lit("SANS-STAGE")
    )
    wished = wishes(reference, answers).with_columns(code=pl.lit("VOEU"))
    told = (
        pl.concat([chosen, stages, wished, goals], how="diagonal").drop_nulls("code").join(effects, on="code")
    )
    known = told.with_columns(
        need=pl.coalesce("target", "need"),
        detail=pl.concat_str("detail", "when", separator=", ", ignore_nulls=True),
    ).drop_nulls("need")
    return known.sort("student", "need", "position").select(_EVENT)


def bounded(reference: Reference, base: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """Return every correction as a part, bounds included: student, need, code, points, detail, in order.

    base: student, need, base, opening, counted. Needs without a number get no correction.
    """
    limit = reference.rules.corrections_bound
    open_base = base.filter("counted").select(*_KEY, "base", "opening")
    closed = open_base.filter(pl.col("opening") == "closed").select(
        *_KEY,
        code=pl.lit("FERME"),
        points=-pl.col("base"),
        detail=pl.lit("La suite souhaitée n’appelle pas ce besoin"),
    )
    live = open_base.filter(pl.col("opening") == "open")
    applied = happened.join(live.select(_KEY), on=_KEY, how="semi")
    sums = live.join(
        applied.group_by(_KEY).agg(total=pl.col("points").sum()), on=_KEY, how="left"
    ).with_columns(pl.col("total").fill_null(0.0))
    held = pl.col("total").clip(-limit, limit)
    stopped = sums.select(
        *_KEY,
        code=pl.lit("BORNE"),
        points=held - pl.col("total"),
        detail=pl.lit(f"Corrections limitées à ±{limit:g}"),
    )
    ends = sums.select(
        *_KEY,
        code=pl.lit("LIMITE"),
        points=(pl.col("base") + held).clip(0, 100) - (pl.col("base") + held),
        detail=pl.lit("Une intensité reste entre 0 et 100"),
    )
    acting = pl.concat([stopped, ends]).filter(pl.col("points").abs() > 1e-9)
    return pl.concat([closed, applied, acting])
