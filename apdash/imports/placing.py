"""Tells in which division each student of a SIECLE file is: one, none, "Inactifs", or two to choose from."""

import polars as pl

from apdash.imports.rows import WHO, rows

INACTIVE = "inactifs"
MAX_CODE = 20


def placed_students(
    students: pl.DataFrame, structures: pl.DataFrame, *, choices: dict[str, str]
) -> pl.DataFrame:
    """Return the students with `division` (null: none, or to be chosen), `inactive`, `divisions` (the codes found)."""
    codes = structures.filter(pl.col("type").str.to_uppercase() == "D").select("siecle_id", "code")
    is_inactive = pl.col("code").str.to_lowercase() == INACTIVE
    found = codes.group_by("siecle_id").agg(
        divisions=pl.col("code")
        .filter(~is_inactive & (pl.col("code").str.len_chars() <= MAX_CODE))
        .unique(maintain_order=True),
        inactive=is_inactive.all(),
    )
    chosen = pl.DataFrame(
        {"siecle_id": list(choices), "chosen": list(choices.values())},
        schema={"siecle_id": pl.String, "chosen": pl.String},
    )
    joined = (
        students.join(found, on="siecle_id", how="left", maintain_order="left")
        .join(chosen, on="siecle_id", how="left", maintain_order="left")
        .with_columns(
            divisions=pl.col("divisions").fill_null([]), inactive=pl.col("inactive").fill_null(False)
        )
    )
    valid_choice = pl.col("divisions").list.contains(pl.col("chosen"))
    only_one = pl.when(pl.col("divisions").list.len() == 1).then(pl.col("divisions").list.first())
    return joined.with_columns(division=pl.when(valid_choice).then("chosen").otherwise(only_one)).drop(
        "chosen"
    )


def students_of_two_divisions(placed: pl.DataFrame) -> pl.DataFrame:
    """Return siecle_id, who, division (the one chosen; null: none yet), divisions (to choose from)."""
    several = placed.filter(~pl.col("inactive") & (pl.col("divisions").list.len() > 1))
    return several.select("siecle_id", "division", "divisions", who=WHO)


def placing_warnings(placed: pl.DataFrame, file: str) -> list[pl.DataFrame]:
    """Return the rows that tell who has no division, and who has two."""
    active = placed.filter(~pl.col("inactive"))
    several = active.filter(pl.col("division").is_null() & (pl.col("divisions").list.len() > 1))
    none = active.filter(pl.col("divisions").list.len() == 0)
    inactive = placed.filter("inactive")
    return [
        rows(
            several,
            "élève",
            who=WHO,
            field="division",
            after=pl.col("divisions").list.join(" ou "),
            file=file,
            line=pl.col("line"),
            why="Deux divisions : choisissez celle de l’élève.",
        ),
        rows(
            none,
            "élève",
            who=WHO,
            field="division",
            file=file,
            line=pl.col("line"),
            why="Sans division : l’élève entre dans la base, mais dans aucun groupe.",
        ),
        rows(
            inactive,
            "élève",
            who=WHO,
            field="division",
            after="Inactifs",
            file=file,
            line=pl.col("line"),
            why="Élève « Inactifs » dans SIECLE : il n’est pas inscrit.",
        ),
    ]
