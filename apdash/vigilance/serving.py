"""Whose strong needs were worked on while a bilan was the latest in force."""

import polars as pl

from apdash.vigilance.look import Look


def spans_of_bilans(look: Look) -> pl.DataFrame:
    """Return when each bilan in force was the latest: division, review, rank (0: it still is), from_day, until."""
    bilans = look.intensities.select("division", "review", "effective_on").unique()
    running = bilans.filter(pl.col("effective_on") <= look.on).sort(
        "division", "effective_on", "review", descending=[False, True, True]
    )
    following = pl.col("effective_on").shift(1).over("division") - pl.duration(days=1)
    return running.select(
        "division",
        "review",
        rank=pl.int_range(pl.len()).over("division"),
        from_day="effective_on",
        until=following.fill_null(look.on),
    )


def unmet(strong: pl.DataFrame, served: pl.DataFrame) -> pl.DataFrame:
    """Return the strong needs of students none of whose strong needs was worked on while their bilan was the latest."""
    met = (
        strong.join(served, on=["student", "need"])
        .filter((pl.col("starts_on") <= pl.col("until")) & (pl.col("ends_on") >= pl.col("from_day")))
        .select("student", "rank")
        .unique()
    )
    return strong.join(met, on=["student", "rank"], how="anti", maintain_order="left")
