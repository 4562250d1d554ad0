"""Compares the values of a table with those of a bilan: one per student, competency and assessor."""

import re

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.extract import Problems, Severity
from apdash.imports.findings import Findings
from apdash.imports.kinds import ImportOptions
from apdash.imports.mapping import MARKS, ColumnMapping, ValueColumn
from apdash.imports.rows import rows
from apdash.imports.scales import levels_of
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.queries.imports import assessments_of_review

DEFAULT_ASSESSOR = "test:tableau"
_ASSESSOR = re.compile(r"^(?:staff:\d+|student|test:.{1,60})$")
_KEYS = ["student", "competency", "assessor"]


def compare_values(
    found: Findings,
    cells: pl.DataFrame,
    problems: Problems,
    *,
    services: Services,
    viewer: Viewer,
    mapping: ColumnMapping,
    options: ImportOptions,
    review: int,
) -> None:
    """Fill `found` and the assessments to write; cells: line, id, who, then the columns of the table."""
    usual = _assessor(services, viewer, mapping=mapping, options=options)
    frames = [
        _entries(cells, problems, services=services, column=column, usual=usual) for column in mapping.values
    ]
    entries = pl.concat(frames)
    several = entries.filter(pl.struct(_KEYS).is_duplicated())
    for competency in several["competency"].unique(maintain_order=True):
        problems.add(None, competency, "Plusieurs colonnes pour cette compétence : la médiane est retenue.")
    merged = (
        entries.group_by(_KEYS, maintain_order=True)
        .agg(
            pl.col("line", "who", "source", "header").first(),
            level=pl.col("level").median(),
        )
        .with_columns(
            state=pl.when(pl.col("level").is_not_null()).then(pl.lit("level")).otherwise(pl.lit("absent"))
        )
    )
    standing = assessments_of_review(services.store, review=review).rename(
        {"state": "old_state", "level": "old_level", "source": "old_source"}
    )
    joined = merged.join(standing, on=_KEYS, how="left", maintain_order="left").with_columns(
        after=_words("state", "level"), before=_words("old_state", "old_level")
    )
    fresh = pl.col("old_state").is_null()
    moved = ~fresh & (
        pl.col("after").ne_missing(pl.col("before")) | (pl.col("source") != pl.col("old_source"))
    )
    columns = {
        "who": pl.col("who"),
        "field": pl.col("competency"),
        "line": pl.col("line"),
        "file": problems.file,
        "after": pl.col("after"),
    }
    found.new.append(rows(joined.filter(fresh), "évaluation", **columns))
    found.changed.append(rows(joined.filter(moved), "évaluation", before=pl.col("before"), **columns))
    found.unchanged.append(rows(joined.filter(~fresh & ~moved), "évaluation", **columns))
    found.writes["assessments"] = joined.filter(fresh | moved)


def _entries(
    cells: pl.DataFrame, problems: Problems, *, services: Services, column: ValueColumn, usual: str
) -> pl.DataFrame:
    """Return line, who, student, competency, assessor, source, header, level (null: absent) for one column."""
    levels = levels_of(services.reference, cells[column.header], column)
    joined = cells.select("line", "who", student="id", text=column.header).join(
        levels, on="text", how="left", maintain_order="left"
    )
    where = pl.format("{}, colonne « {} »", "who", pl.lit(column.header))
    why = pl.format("« {} » : {}.", pl.col("text").str.slice(0, 40), "problem")
    problems.add_rows(joined.filter(pl.col("problem").is_not_null()), where, why, severity=Severity.REFUSED)
    assessor = f"test:{column.test}" if column.test else usual
    return joined.filter(pl.col("state").is_not_null()).select(
        "line",
        "who",
        "student",
        competency=pl.lit(column.competency),
        assessor=pl.lit(assessor),
        source=pl.lit(_source(column, assessor)),
        header=pl.lit(column.header),
        level=pl.col("level"),
    )


def _source(column: ValueColumn, assessor: str) -> str:
    """Return what the value is worth: a test, a mark (half), the student's own opinion, or an adult's."""
    if column.test:
        return "test"
    if column.scale in MARKS:
        return "mark"
    return {"student": "student"}.get(assessor, "test" if assessor.startswith("test:") else "adult")


def _assessor(services: Services, viewer: Viewer, *, mapping: ColumnMapping, options: ImportOptions) -> str:
    own = f"staff:{viewer.staff}" if viewer.staff is not None else DEFAULT_ASSESSOR
    assessor = options.assessor or mapping.assessor or own
    if not _ASSESSOR.match(assessor):
        raise ApdashError("Évaluateur inconnu.", "Choisissez un adulte, l’élève, ou le nom d’un test.")
    if assessor.startswith("staff:"):
        known = services.store.read(
            "select id from staff where id = $staff", staff=int(assessor.removeprefix("staff:"))
        )
        if known.is_empty():
            raise ApdashError(
                "Évaluateur inconnu.",
                "Cet adulte n’est pas dans la base. Importez d’abord le fichier de STS-web.",
            )
    return assessor


def _words(state: str, level: str) -> pl.Expr:
    number = pl.col(level).cast(pl.String).str.replace(r"\.0$", "").str.replace(".", ",", literal=True)
    return (
        pl.when(pl.col(state) == "level")
        .then(number)
        .when(pl.col(state).is_not_null())
        .then(pl.col(state).replace({"absent": "absent", "unchanged": "inchangé"}))
    )
