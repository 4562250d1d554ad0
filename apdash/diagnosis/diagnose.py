"""The published rule from end to end: assessments, answers and facts -> intensities and their parts."""

from dataclasses import dataclass

import polars as pl

from apdash.diagnosis.intensity import bounded, competency_parts, events, open_needs
from apdash.diagnosis.levels import EARLIER_YEAR, retained_levels
from apdash.reference import Reference

_KEY = ["student", "need"]
_PART = ["kind", "code", "level", "weight", "age", "points", "detail"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a bilan says, a frame a question.

    intensities(student, need, value: 0 to 100 or null when « à confirmer », coverage: 0 to 1, priority): a row per
    student and need of their grade, the reception need included
    parts(student, need, position, kind: competency or correction, code, level, weight, age: factor of age and source,
    points, detail): in order; the points of a need sum to its value before rounding
    levels(student, competency, level, low, high, assessors, quality, age, source): what was retained
    """

    intensities: pl.DataFrame
    parts: pl.DataFrame
    levels: pl.DataFrame


def diagnose(
    reference: Reference,
    *,
    students: pl.DataFrame,
    assessments: pl.DataFrame,
    answers: pl.DataFrame,
    facts: pl.DataFrame,
    history: pl.DataFrame,
) -> Diagnosis:
    """Return the intensities of these students, by the published rule (see `intensity`, `levels`).

    students(student, grade) · assessments(student, competency, assessor, source, state, level, age: bilans since)
    answers(student, question, answers, age) · facts(student, kind, value): no_placement_found, arrival, priority
    history(student, need, value, served, objective, period): the previous bilan, and what was worked since.
    """
    levels = retained_levels(reference, assessments, answers)
    needs = open_needs(reference, students, answers)
    known = competency_parts(reference, needs, levels)
    base = known.group_by([*_KEY, "rank", "opening", "counted", "coverage"]).agg(base=pl.col("points").sum())
    happened = events(reference, answers=answers, facts=facts, history=history)
    corrections = bounded(reference, base, happened)
    corrections = pl.concat([corrections, _floors(reference, base, corrections, facts)])
    parts = _in_order(needs, _competencies(reference, known), _corrections(corrections))
    intensities = _intensities(base, parts)
    ready, ready_parts = _reception(reference, students)
    priority = priorities(reference, facts, history)
    return Diagnosis(
        intensities=pl.concat([intensities, ready])
        .join(priority, on="student", how="left", maintain_order="left")
        .with_columns(pl.col("priority").fill_null(1.0)),
        parts=pl.concat([parts, ready_parts]),
        levels=levels,
    )


def _intensities(base: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Return student, need, value, coverage; the value is null where too little is known and no floor holds."""
    # Rounded twice: a half stays a half whatever the order of the sums.
    value = pl.col("points").sum().round(6).round().cast(pl.Int64)
    sums = parts.group_by(_KEY).agg(value=value, floored=(pl.col("code") == "ARRIVEE").any())
    known = pl.col("counted") | pl.col("floored")
    both = base.join(sums, on=_KEY).sort("student", "rank")
    return both.select(*_KEY, value=pl.when(known).then("value"), coverage="coverage")


def priorities(reference: Reference, facts: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """Return student, priority for those whose priority is not 1.

    A named decision comes first. Else `priority_unserved` for who worked in a group none of the needs that were
    strong at the previous bilan (or, when none was, not the strongest one). Needs met outside bands and those under
    the floor, where nobody is placed, do not count.
    """
    banded = reference.needs.filter(pl.col("in_band") & ~pl.col("reception")).select(need="code")
    known = history.drop_nulls("value").join(banded, on="need", how="semi")
    top = pl.col("value").max().over("student").clip(upper_bound=reference.rules.strong_from)
    waiting = (
        known.filter((pl.col("value") >= top) & (pl.col("value") >= reference.rules.floor))
        .group_by("student")
        .agg(pl.col("served").any())
        .filter(~pl.col("served"))
        .select("student", unserved=pl.lit(reference.rules.priority_unserved))
    )
    named = facts.filter(kind="priority").unique("student", keep="last", maintain_order=True)
    decided = named.select("student", decided="value")
    both = decided.join(waiting, on="student", how="full", coalesce=True)
    return both.select("student", priority=pl.coalesce("decided", "unserved"))


def _floors(
    reference: Reference, base: pl.DataFrame, corrections: pl.DataFrame, facts: pl.DataFrame
) -> pl.DataFrame:
    """Return the parts that raise a need to its floor for those who have just arrived, known or not."""
    floors = reference.corrections.filter(effect="PLANCHER").select(
        "code", "need", floor="points", detail="label"
    )
    arrivals = facts.filter(kind="arrival").select("student").unique()
    sums = corrections.group_by(_KEY).agg(more=pl.col("points").sum())
    reached = pl.col("base") + pl.col("more").fill_null(0.0)
    raised = (
        base.join(arrivals, on="student", how="semi")
        .join(floors, on="need")
        .join(sums, on=_KEY, how="left")
        .with_columns(points=(pl.col("floor") - reached).clip(lower_bound=0))
    )
    return raised.filter(pl.col("points") > 0).select(*_KEY, "code", "points", "detail")


def _competencies(reference: Reference, known: pl.DataFrame) -> pl.DataFrame:
    ages = dict(reference.factors.filter(family="AGE").select("code", "label").iter_rows())
    sources = reference.factors.filter(family="SOURCE").select(
        source="code", source_label="label", trust="factor"
    )
    age = pl.when(pl.col("age") == 0).then(None).when(pl.col("age") == 1).then(pl.lit(ages["PRECEDENT"]))
    spread = pl.format("{} avis, de {} à {}", "assessors", _digits("low"), _digits("high"))
    pieces = [
        age.when(pl.col("age") < EARLIER_YEAR)
        .then(pl.lit(ages["ANCIEN"]))
        .otherwise(pl.lit(ages["ANNEE_PRECEDENTE"])),
        pl.when(pl.col("trust") < 1).then("source_label"),
        pl.when(pl.col("high") > pl.col("low"))
        .then(spread)
        .when(pl.col("assessors") > 1)
        .then(pl.format("{} avis concordants", "assessors")),
    ]
    told = pl.concat_str(pieces, separator=", ", ignore_nulls=True)
    return known.join(sources, on="source", how="left").select(
        *_KEY,
        kind=pl.lit("competency"),
        code="competency",
        level="level",
        weight="weight",
        age="quality",
        points="points",
        detail=pl.when(pl.col("level").is_null()).then(pl.lit("non renseignée")).otherwise(told),
        order="order",
    )


def _digits(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return text.str.strip_suffix(".0").str.replace(".", ",", literal=True)


def _corrections(corrections: pl.DataFrame) -> pl.DataFrame:
    return corrections.with_row_index("order").select(
        *_KEY,
        kind=pl.lit("correction"),
        code="code",
        level=pl.lit(None, pl.Float64),
        weight=pl.lit(0.0),
        age=pl.lit(0.0),
        points="points",
        detail="detail",
        order=pl.col("order").cast(pl.Int64) + 1000,
    )


def _in_order(needs: pl.DataFrame, competencies: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Return the parts of every need, competencies first, numbered from 0 in each need."""
    both = pl.concat([competencies, corrections]).join(needs.select(*_KEY, "rank"), on=_KEY)
    ordered = both.sort("student", "rank", "order")
    return ordered.select(*_KEY, pl.int_range(pl.len()).over(_KEY).alias("position"), *_PART)


def _reception(reference: Reference, students: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the intensities and the parts of the reception need: the same for everybody."""
    need = reference.needs.filter("reception")
    who = (
        students.select("student").sort("student").join(need.select(need="code", detail="label"), how="cross")
    )
    points = reference.rules.reception
    intensities = who.select(*_KEY, value=pl.lit(round(points), pl.Int64), coverage=pl.lit(1.0))
    parts = who.select(
        *_KEY,
        position=pl.lit(0, pl.Int64),
        kind=pl.lit("correction"),
        code=pl.lit("ACCUEIL"),
        level=pl.lit(None, pl.Float64),
        weight=pl.lit(0.0),
        age=pl.lit(0.0),
        points=pl.lit(float(points)),
        detail="detail",
    )
    return intensities, parts
