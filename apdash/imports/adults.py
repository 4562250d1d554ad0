"""Compares the adults of STS-web and what they teach with the store."""

import polars as pl

from apdash.imports.findings import Findings, show
from apdash.imports.rows import WHO, differing, rows


def compare_adults(
    found: Findings, files: dict[str, pl.DataFrame], state: dict[str, pl.DataFrame], *, last_day: pl.Expr
) -> None:
    """Compare adults and what they teach; an adult absent from the file is closed, one who returns is opened again."""
    fields = {
        "title": "civilité",
        "last_name": "nom",
        "first_name": "prénom",
        "job": "fonction",
        "discipline": "discipline",
    }
    old = state["staff"].rename({name: f"old_{name}" for name in [*fields, "ends_on"]})
    joined = files["staff"].join(old, on="sts_key", how="left").with_columns(ends_on=pl.lit(None, pl.Date))
    fresh = joined.filter(pl.col("id").is_null())
    moved = joined.filter(pl.col("id").is_not_null() & differing(joined, [*fields, "ends_on"]))
    same = joined.join(fresh, on="sts_key", how="anti").join(moved, on="sts_key", how="anti")
    show(found, fresh, moved, same, "adulte", fields | {"ends_on": "fin"}, who=WHO)
    gone = state["staff"].filter(pl.col("ends_on").is_null()).join(files["staff"], on="sts_key", how="anti")
    gone = gone.with_columns(ends_on=last_day)
    found.leaving.append(rows(gone, "adulte", who=WHO, why="Absent du fichier."))
    found.writes |= {"staff_new": fresh, "staff_changed": pl.concat([moved.select(gone.columns), gone])}
    _compare_links(
        found, files["services"], state["services"], "services", ["division", "sts_key", "subject"], "service"
    )
    _compare_links(
        found,
        files["principals"],
        state["principals"],
        "principals",
        ["division", "sts_key"],
        "professeur principal",
    )


def _compare_links(
    found: Findings, wanted: pl.DataFrame, old: pl.DataFrame, name: str, keys: list[str], subject: str
) -> None:
    fresh = wanted.join(old, on=keys, how="anti")
    gone = old.join(wanted, on=keys, how="anti")
    words = pl.concat_str(keys, separator=" · ")
    found.new.append(rows(fresh, subject, who=words))
    found.changed.append(rows(gone, subject, who=words, before="oui", after="non"))
    found.unchanged.append(rows(wanted.join(old, on=keys, how="semi"), subject, who=words))
    ids = {"division": "division_id", "staff": "staff_id"} | (
        {"subject": "subject"} if "subject" in keys else {}
    )
    found.writes |= {f"{name}_new": fresh, f"{name}_gone": gone.select(**ids)}
