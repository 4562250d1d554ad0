"""What a comparison finds: rows to show, frames to write."""

from dataclasses import dataclass, field

import polars as pl

from apdash.imports.rows import differing, field_changes, rows


@dataclass(slots=True)
class Findings:
    """What a comparison finds: rows to show, per category, and frames to write."""

    new: list[pl.DataFrame] = field(default_factory=list)
    changed: list[pl.DataFrame] = field(default_factory=list)
    unchanged: list[pl.DataFrame] = field(default_factory=list)
    leaving: list[pl.DataFrame] = field(default_factory=list)
    warnings: list[pl.DataFrame] = field(default_factory=list)
    writes: dict[str, pl.DataFrame] = field(default_factory=dict)


def sort(
    found: Findings, joined: pl.DataFrame, subject: str, name: str, fields: dict[str, str], *, key: str
) -> None:
    """Sort rows joined with their old values into new, changed and unchanged; `key` is null for a new one."""
    fresh = joined.filter(pl.col(key).is_null())
    moved = joined.filter(pl.col(key).is_not_null() & differing(joined, list(fields)))
    same = joined.filter(pl.col(key).is_not_null() & ~differing(joined, list(fields)))
    show(found, fresh, moved, same, subject, fields)
    found.writes[name] = pl.concat([fresh, moved])


def show(
    found: Findings,
    fresh: pl.DataFrame,
    moved: pl.DataFrame,
    same: pl.DataFrame,
    subject: str,
    fields: dict[str, str],
    *,
    who: pl.Expr | None = None,
) -> None:
    who = pl.col("code") if who is None else who
    label = pl.col("label") if "label" in fresh.columns else pl.lit(None)
    found.new.append(rows(fresh, subject, who=who, after=label))
    found.changed.append(field_changes(moved, subject, fields, who=who))
    found.unchanged.append(rows(same, subject, who=who))
