"""How students move between two bilans, and how those worked with compare with others who started at a like point.

Levels observed are compared, never intensities: these fall by rule when an objective is attained. A student counts
only on competencies observed at both bilans. Frames in, frames out.
"""

import polars as pl

from apdash.effect.intervals import Estimate, mean_of, weighted_gap

BINS = (1.5, 2.0, 2.5, 3.0)
LEAST_STUDENTS, LEAST_GROUPS = 10, 2
_SIDE = ("n", "mean", "variance")


def progress(before: pl.DataFrame, after: pl.DataFrame, weights: pl.DataFrame) -> pl.DataFrame:
    """Return how far each student moved in each need: student, need, start, change (both in levels, 1 to 4).

    before, after: student, competency, level (observed at that bilan); weights: need, competency, weight. Both figures
    are means over the competencies of the need observed twice; no row without any.
    """
    twice = before.select("student", "competency", start="level").join(
        after.select("student", "competency", end="level"), on=["student", "competency"]
    )
    weight = pl.col("weight")
    return (
        twice.join(weights.select("need", "competency", "weight"), on="competency")
        .group_by("student", "need")
        .agg(
            start=(pl.col("start") * weight).sum() / weight.sum(),
            change=((pl.col("end") - pl.col("start")) * weight).sum() / weight.sum(),
        )
        .sort("student", "need")
    )


def compared(moved: pl.DataFrame, worked: pl.DataFrame) -> pl.DataFrame:
    """Return, by need, those worked with beside the others of a like start: what they gained more, and how surely.

    moved: as `progress`; worked: student, need, minutes (attended). Like starts: the same half level. Columns: need,
    students, others (in the strata compared), gained, gained_by_others, gap, low, high (levels; null under two groups
    of two), settled, minutes (of those worked with); by need.
    """
    sides = moved.join(worked, on=["student", "need"], how="left").with_columns(
        inside=pl.col("minutes").is_not_null(),
        stratum=sum((pl.col("start") > edge).cast(pl.Int8) for edge in BINS),
    )
    change = pl.col("change")
    strata = (
        sides.group_by("need", "stratum", "inside")
        .agg(n=pl.len(), mean=change.mean(), variance=change.var().fill_null(0.0))
        .filter(pl.col("n") >= 2)
    )
    pairs = strata.filter("inside").join(
        strata.filter(~pl.col("inside")), on=["need", "stratum"], suffix="_others"
    )
    hours = worked.group_by("need").agg(minutes=pl.col("minutes").sum())
    rows = [_compared(need, pairs.filter(need=need)) for need in sorted(pairs["need"].unique())]
    schema = {
        "need": pl.String, "students": pl.Int64, "others": pl.Int64, "gained": pl.Float64,
        "gained_by_others": pl.Float64, "gap": pl.Float64, "low": pl.Float64, "high": pl.Float64, "settled": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema).join(hours, on="need", how="left", maintain_order="left")


def observed(moved: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return, by a column of the moves, what was observed, without comparison: an evolution, not an effect.

    moved: as `progress`, with the column. Columns: key, students, change, low, high (levels; the interval is null under
    four students), median; by key.
    """
    change = pl.col("change")
    stats = moved.group_by(key).agg(
        students=pl.len().cast(pl.Int64),
        change=change.mean(),
        variance=change.var().fill_null(0.0),
        median=change.median(),
    )
    rows = []
    for row in stats.sort(key).to_dicts():
        sure = mean_of(row["students"], row["change"], row["variance"])
        rows.append(row | {"low": sure.low if sure else None, "high": sure.high if sure else None})
    schema = {key: moved.schema[key], "students": pl.Int64, "change": pl.Float64, "low": pl.Float64,
              "high": pl.Float64, "median": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows that say nothing of one adult: of two groups and ten students at least.

    rows: with students and groups (how many these students worked in).
    """
    return rows.filter((pl.col("students") >= LEAST_STUDENTS) & (pl.col("groups") >= LEAST_GROUPS))


def _compared(need: str, pairs: pl.DataFrame) -> dict[str, object]:
    rows = pairs.to_dicts()
    ones = [tuple(row[name] for name in _SIDE) for row in rows]
    others = [tuple(row[f"{name}_others"] for name in _SIDE) for row in rows]
    total = sum(one[0] for one in ones)
    strata = [(float(one[0]), one, other) for one, other in zip(ones, others, strict=True)]
    sure: Estimate | None = weighted_gap(strata)  # type: ignore[arg-type]
    assert sure is not None
    return {
        "need": need,
        "students": total,
        "others": sum(other[0] for other in others),
        "gained": sum(one[0] * one[1] for one in ones) / total,
        "gained_by_others": sum(one[0] * other[1] for one, other in zip(ones, others, strict=True)) / total,
        "gap": sure.value,
        "low": sure.low,
        "high": sure.high,
        "settled": sure.settled,
    }
