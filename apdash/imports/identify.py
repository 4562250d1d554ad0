"""Recognises the students of a SIECLE file among those already known, so that nobody is entered twice."""

import polars as pl

from apdash.imports.names import person_key


def identified(students: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the students of the file with `id`, null for those the store does not know.

    By ELEVE_ID first; then, for students the store holds under no ELEVE_ID or one that is no longer in the file,
    by INE with the same birth date or name; then by name, first name and birth date, then the same under the family
    name of whoever uses another. Each time only where exactly one fits on both sides: homonyms are never guessed.
    """
    by_number = students.join(
        known.drop_nulls("siecle_id").select("siecle_id", "id"),
        on="siecle_id",
        how="left",
        maintain_order="left",
    )
    missing = (
        by_number.filter(pl.col("id").is_null())
        .drop("id")
        .with_columns(name_key=person_key("last_name", "first_name"))
    )
    free = known.join(students, on="siecle_id", how="anti").with_columns(
        name_key=person_key("last_name", "first_name")
    )
    by_ine = _unique_pairs(missing, free, ["ine"]).filter(
        (pl.col("born_on") == pl.col("known_born_on")) | (pl.col("name_key") == pl.col("known_name_key"))
    )
    unnumbered = free.filter(pl.col("siecle_id").is_null()).join(by_ine.select("id"), on="id", how="anti")
    rest = missing.join(by_ine.select("siecle_id"), on="siecle_id", how="anti")
    by_name = _unique_pairs(rest, unnumbered, ["name_key", "born_on"])
    others = rest.join(by_name.select("siecle_id"), on="siecle_id", how="anti").drop_nulls("family_name")
    by_family = _unique_pairs(
        others.with_columns(name_key=person_key("family_name", "first_name")),
        unnumbered.join(by_name.select("id"), on="id", how="anti"),
        ["name_key", "born_on"],
    )
    found = pl.concat([pairs.select("siecle_id", found="id") for pairs in (by_ine, by_name, by_family)])
    joined = by_number.join(found, on="siecle_id", how="left", maintain_order="left")
    return joined.with_columns(id=pl.coalesce("id", "found")).drop("found")


def _unique_pairs(students: pl.DataFrame, known: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the students joined with the known one of the same keys, where there is one of each."""
    alone = pl.struct(keys).is_unique()
    left = students.drop_nulls(keys).filter(alone)
    right = (
        known.drop_nulls(keys)
        .filter(alone)
        .select(*keys, "id", known_born_on=pl.col("born_on"), known_name_key=pl.col("name_key"))
    )
    return left.join(right, on=keys)
