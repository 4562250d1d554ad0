"""In what order students stand in the map: by name, or by one need. Frames in, frames out."""

import polars as pl

from apdash.alphabet import by

BY_NAME = "nom"


def ordered(students: pl.DataFrame, cells: pl.DataFrame, *, sort: str, turned: bool) -> pl.DataFrame:
    """Return the students by name, or by their intensity of a need, highest first and unknown last; or turned."""
    names = [*by("last_name", "first_name"), "student"]
    if sort == BY_NAME:
        return students.sort(names, descending=[turned, turned, False])
    values = cells.filter(need=sort).select("student", sorted_by="value")
    return (
        students.join(values, on="student", how="left")
        .sort(["sorted_by", *names], descending=[not turned, False, False, False], nulls_last=True)
        .drop("sorted_by")
    )


def first_opened(divisions: pl.DataFrame, opened: frozenset[int] | None) -> frozenset[int]:
    """Return the divisions to unfold: those asked for, the first one when the address is silent."""
    known = divisions["division"].to_list()
    return frozenset(known[:1]) if opened is None else frozenset(known) & opened
