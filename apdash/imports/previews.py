"""A previewed import: what it holds, and the same for a spreadsheet."""

import io
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from apdash.imports.kinds import Kind
from apdash.imports.mapping import ColumnMapping
from apdash.store.commands.import_plan import Plan

CATEGORIES: dict[str, str] = {
    "new": "nouveau",
    "changed": "modifié",
    "leaving": "part",
    "refused": "refusé",
    "warnings": "à regarder",
    "unchanged": "inchangé",
}
TITLES = {
    "subject": "objet",
    "who": "qui",
    "field": "champ",
    "before": "avant",
    "after": "après",
    "file": "fichier",
    "line": "ligne",
    "why": "motif",
}
SHARE_TO_CONFIRM = 0.3


@dataclass(frozen=True, slots=True)
class Preview:
    """A previewed import. The six frames have the columns of `rows.ROWS`, a row per thing shown.

    on: day the changes take effect; share_leaving: part of the enrolled students (0 to 1) that the files no longer
    name; mapping: for a table, the one used; two_divisions: siecle_id, who, division, divisions of the
    students to choose a division for.
    """

    kinds: tuple[Kind, ...]
    year: int
    on: date
    new: pl.DataFrame
    changed: pl.DataFrame
    leaving: pl.DataFrame
    refused: pl.DataFrame
    warnings: pl.DataFrame
    unchanged: pl.DataFrame
    share_leaving: float
    plan: Plan
    mapping: ColumnMapping | None = None
    two_divisions: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows each category holds."""
        return {name: getattr(self, name).height for name in CATEGORIES}

    @property
    def summary(self) -> pl.DataFrame:
        """Return category, subject, count: how many students, divisions, values… each category holds."""
        frames = [
            getattr(self, name)
            .group_by("subject", maintain_order=True)
            .agg(count=pl.len().cast(pl.Int64))
            .select(pl.lit(name).alias("category"), "subject", "count")
            for name in CATEGORIES
        ]
        return pl.concat(frames)

    @property
    def needs_confirmation(self) -> bool:
        """True when so many students would leave that it must be said again."""
        return self.share_leaving > SHARE_TO_CONFIRM


def preview_csv(preview: Preview) -> bytes:
    """Return the preview as a CSV for a spreadsheet (`;`, UTF-8 with BOM), formula cells made harmless."""
    frames = [
        getattr(preview, name).select(pl.lit(words).alias("catégorie"), pl.all())
        for name, words in CATEGORIES.items()
    ]
    table = pl.concat(frames).rename(TITLES)
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    safe = table.with_columns(neutralised(pl.col(name)).alias(name) for name in texts)
    target = io.BytesIO()
    safe.write_csv(target, separator=";", include_bom=True, line_terminator="\r\n")
    return target.getvalue()


def neutralised(text: pl.Expr) -> pl.Expr:
    """Return a text a spreadsheet will not run: an apostrophe before what begins like a formula."""
    return pl.when(text.str.contains(r"^\s*[=+\-@\t\r]")).then(pl.lit("'") + text).otherwise(text)
