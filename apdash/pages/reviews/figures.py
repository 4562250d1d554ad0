"""Bars and shares of a bilan; pure."""

import polars as pl
from dash import html
from dash.development.base_component import Component


def division_shares(divisions: pl.DataFrame, filled: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Return a row per division of a bilan, in the order given.

    divisions: review_divisions; filled: completeness_by_division; own: completeness_by_staff of this person.
    Columns: division, code, grade, students, closed_at, expected, filled (cells), share (0 to 1), mine (cells expected
    of this person), left (of these, still empty).
    """
    counted = filled.select("division", "expected", "filled", "share")
    asked = own.group_by("division").agg(
        mine=pl.col("expected").sum(), left=(pl.col("expected") - pl.col("filled")).sum()
    )
    return (
        divisions.select("division", "code", "grade", "students", "closed_at")
        .join(counted, on="division", how="left", maintain_order="left")
        .join(asked, on="division", how="left", maintain_order="left")
        .with_columns(pl.col("expected", "filled", "share", "mine", "left").fill_null(0))
    )


def my_shares(shares: pl.DataFrame) -> pl.DataFrame:
    """Return the same rows, counted over the cells expected of this person where there are some."""
    asked = pl.col("mine") > 0
    done = pl.col("mine") - pl.col("left")
    return shares.with_columns(
        expected=pl.when(asked).then("mine").otherwise("expected"),
        filled=pl.when(asked).then(done).otherwise("filled"),
        share=pl.when(asked).then(done / pl.col("mine")).otherwise("share"),
    )


def late_adults(staff: pl.DataFrame) -> pl.DataFrame:
    """Return who still has empty cells, from completeness_by_staff: name, division, code, left; most first."""
    left = pl.col("expected") - pl.col("filled")
    return (
        staff.select("name", "division", "code", left=left)
        .filter(pl.col("left") > 0)
        .sort("left", "name", "code", descending=[True, False, False])
    )


def share_bar(share: float) -> Component:
    """Return a bar of a share between 0 and 1; its number is written beside it."""
    return html.Span(
        html.I(style={"width": f"{100 * share:.1f}%"}), className="meter", **{"aria-hidden": "true"}
    )
