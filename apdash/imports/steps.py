"""The two steps of an import: what it would change, then the same, written."""

import hashlib
import json
from datetime import date, datetime

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.extract import Problems, Severity
from apdash.imports.findings import Findings
from apdash.imports.ival import compare_ival
from apdash.imports.kinds import ImportFile, ImportOptions, Kind
from apdash.imports.mapping import ColumnMapping
from apdash.imports.merge import school_year_of
from apdash.imports.official import READERS, official_findings
from apdash.imports.previews import Preview
from apdash.imports.recognition import opened
from apdash.imports.rows import ROWS, stacked
from apdash.imports.table_findings import table_findings
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.commands.import_plan import Plan
from apdash.store.commands.imports import import_rows
from apdash.store.queries.imports import ROLLS, fingerprint, known_school


def import_batches(files: list[ImportFile]) -> list[list[ImportFile]]:
    """Return the files in the order to import them: the official ones together, then each table alone."""
    kinds = [opened(file)[0] for file in files]
    alone = (Kind.TABLE, Kind.IVAL)
    official = [file for file, kind in zip(files, kinds, strict=True) if kind not in alone]
    tables = [[file] for file, kind in zip(files, kinds, strict=True) if kind in alone]
    return ([official] if official else []) + tables


def preview(
    services: Services,
    viewer: Viewer,
    *,
    files: list[ImportFile],
    mapping: ColumnMapping | None = None,
    options: ImportOptions | None = None,
) -> Preview:
    """Return what importing the files would change; nothing is written.

    mapping: for a table, the columns as corrected by the person; else the remembered or the proposed one.
    Raises `ApdashError` in words for any file that cannot or must not be imported.
    """
    viewer.require(Action.IMPORT)
    if not files:
        raise ApdashError("Aucun fichier.", "Choisissez au moins un fichier à importer.")
    options = options or ImportOptions()
    before, rolls = fingerprint(services.store), fingerprint(services.store, tables=ROLLS)
    contents = [(file, *opened(file)) for file in files]
    kinds = tuple(kind for _file, kind, _data in contents)
    if {Kind.TABLE, Kind.IVAL} & set(kinds) and len(files) > 1:
        raise ApdashError(
            "Un tableau à la fois.", "Importez d’abord les fichiers officiels, puis chaque tableau."
        )
    if Kind.TABLE in kinds:
        table = table_findings(services, viewer, files[0], mapping=mapping, options=options)
        found, problems, share = table.found, table.problems, 0.0
        year, on, used, review, span = table.year, table.on, table.mapping, table.review, table.span
        exports: dict[str, date | None] = {}
        two_divisions = pl.DataFrame()
    elif kinds == (Kind.IVAL,):
        found, problems, share = compare_ival(services, files[0]), Problems(files[0].name).frame(), 0.0
        on, used, review, exports, two_divisions = services.today(), None, None, {}, pl.DataFrame()
        year, span = known_school(services.store)[1] or school_year_of(on), None
    else:
        official = official_findings(
            services, [READERS[kind](file.name, data) for file, kind, data in contents], options=options
        )
        found, problems, share = official.found, official.problems, official.share_leaving
        year, on, used, review, exports = official.year, official.on, None, None, official.exports
        span = None
        two_divisions = official.two_divisions
    frames = _frames(found, problems)
    counts = {name: frame.height for name, frame in frames.items()}
    batches = _batches(contents, counts=counts, year=year, exports=exports)
    plan = Plan(
        year=year,
        review=review,
        fingerprint=before,
        tables=found.writes | {"batches": batches},
        rolls=rolls if span else "",
        span=span,
    )
    return Preview(
        kinds=kinds,
        year=year,
        on=on,
        share_leaving=share,
        plan=plan,
        mapping=used,
        two_divisions=two_divisions,
        **frames,
    )


def commit(
    services: Services, viewer: Viewer, preview: Preview, *, now: datetime, confirm_departures: bool = False
) -> dict[str, int]:
    """Write a preview in one transaction; return the counts per category.

    Raises `ApdashError` when the data have changed since the preview, or when more than 30 % of the students would
    leave and `confirm_departures` is not given.
    """
    viewer.require(Action.IMPORT)
    if preview.needs_confirmation and not confirm_departures:
        raise ApdashError(
            "Trop de départs.",
            f"{preview.share_leaving:.0%} des élèves inscrits sont absents du fichier : est-il complet ? "
            "Si oui, confirmez les départs.",
        )
    import_rows(services.store, viewer, plan=preview.plan, now=now)
    return preview.counts


def _frames(found: Findings, problems: pl.DataFrame) -> dict[str, pl.DataFrame]:
    told = problems.select(
        subject=pl.lit("fichier"),
        who=pl.col("what"),
        field=pl.lit(None, pl.String),
        before=pl.lit(None, pl.String),
        after=pl.lit(None, pl.String),
        file=pl.col("file"),
        line=pl.col("line"),
        why=pl.col("why"),
        severity=pl.col("severity"),
    )
    shown = list(ROWS)
    first = pl.col("subject").ne_missing("élève")
    frames = {
        "new": stacked(found.new),
        "changed": stacked(found.changed),
        "leaving": stacked(found.leaving),
        "refused": told.filter(severity=Severity.REFUSED.value).select(shown),
        "warnings": stacked([told.filter(severity=Severity.WARNING.value).select(shown), *found.warnings]),
        "unchanged": stacked(found.unchanged),
    }
    # What is told follows the file, from top to bottom; changes stay by subject.
    order = {name: ["file", "line"] if name in ("refused", "warnings") else [first] for name in frames}
    return {name: frame.sort(order[name], maintain_order=True) for name, frame in frames.items()}


def _batches(
    contents: list[tuple[ImportFile, Kind, bytes]],
    *,
    counts: dict[str, int],
    year: int,
    exports: dict[str, date | None],
) -> pl.DataFrame:
    rows = [
        {
            "kind": kind.value,
            "file_name": file.name[:200],
            "sha256": hashlib.sha256(file.data).hexdigest(),
            "counts": json.dumps(
                counts
                | {"year": year}
                | ({"exported_on": day.isoformat()} if (day := exports.get(file.name)) else {})
            ),
        }
        for file, kind, _data in contents
    ]
    return pl.DataFrame(rows)
