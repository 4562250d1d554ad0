"""Commands that bring rows in and give rows out: import, export."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from apdash import labels
from apdash.cli.opening import opened, review_named
from apdash.errors import ApdashError
from apdash.exports import export_notes, write_export
from apdash.imports import (
    KIND_WORDS,
    ColumnMapping,
    ImportFile,
    ImportOptions,
    Preview,
    commit,
    import_batches,
    preview,
    read_import_file,
    read_mapping_file,
)
from apdash.imports.merge import PAST_YEAR
from apdash.progress import progress_bar
from apdash.rights import CONSOLE
from apdash.services import Services

_SHOWN = 30
_COUNTS = (
    ("new", "nouveau", "nouveaux"), ("changed", "modifié", "modifiés"), ("unchanged", "inchangé", "inchangés"),
    ("leaving", "départ", "départs"), ("refused", "refusé", "refusés"), ("warnings", "à regarder", "à regarder"),
)  # fmt: skip


def import_files(args: argparse.Namespace) -> None:
    """Import files, the official ones first and together, then each table; nothing of a refused batch is written."""
    files = [read_import_file(path) for path in args.files]
    mapping, options = read_mapping_file(args.mapping) if args.mapping else (None, ImportOptions())
    batches = import_batches(files)
    with TemporaryDirectory() as folder, progress_bar() as report:
        # A trial on a school that has no file yet must not leave one.
        trial = args.dry_run and not args.db.exists()
        with opened(Path(folder) / args.db.name if trial else args.db, new=True) as services:
            for rank, batch in enumerate(batches):
                report(rank / len(batches), ", ".join(file.name for file in batch))
                decided = _options(services, args, options)
                _import_batch(services, batch, args, mapping, decided)


def _import_batch(
    services: Services,
    batch: list[ImportFile],
    args: argparse.Namespace,
    mapping: ColumnMapping | None,
    options: ImportOptions,
) -> None:
    shown = _previewed(services, batch, mapping, options)
    _tell(shown.warnings, "à regarder")
    _tell(shown.refused, "refusé")
    print(f"{', '.join(KIND_WORDS[kind] for kind in shown.kinds)} : {_summary(shown)}")
    if shown.refused.height and not args.skip_refused:
        raise ApdashError(
            "Rien n’a été écrit.",
            f"{labels.count(shown.refused.height, 'ligne refusée', 'lignes refusées')} : corrigez le fichier, "
            "ou ajoutez --skip-refused pour écrire le reste.",
        )
    if args.dry_run:
        print("Essai : rien n’a été écrit.")
    else:
        commit(services, CONSOLE, shown, now=services.now(), confirm_departures=args.confirm_departures)
        changes = shown.new.height or shown.changed.height or shown.leaving.height
        print("Importé." if changes else "Rien à écrire : la base le disait déjà.")


def _previewed(
    services: Services, batch: list[ImportFile], mapping: ColumnMapping | None, options: ImportOptions
) -> Preview:
    try:
        return preview(services, CONSOLE, files=batch, mapping=mapping, options=options)
    except ApdashError as error:
        if error.title != PAST_YEAR:
            raise
        raise ApdashError(error.title, f"{error.message} Pour cela, ajoutez --other-year.") from error


def _summary(shown: Preview) -> str:
    counts = shown.counts
    words = [labels.count(counts[name], one, many) for name, one, many in _COUNTS if counts[name]]
    students = shown.new.filter(subject="élève").height
    if 0 < students < shown.new.height:
        words[0] += f" (dont {labels.count(students, 'élève')})"
    return labels.listed(words) if words else "rien à importer"


def _tell(rows: pl.DataFrame, what: str) -> None:
    """Print what is refused or odd, with the file, the line and the reason, on the error stream."""
    for row in rows.head(_SHOWN).iter_rows(named=True):
        place = f"{row['file']}, ligne {row['line']}" if row["line"] is not None else row["file"]
        print(f"{what} - {place} : {row['who']} - {row['why']}", file=sys.stderr)
    if rows.height > _SHOWN:
        print(f"{what} - et {rows.height - _SHOWN} autres", file=sys.stderr)


def _options(services: Services, args: argparse.Namespace, options: ImportOptions) -> ImportOptions:
    """Return what the mapping file decides, the arguments of the command going first."""
    return replace(
        options,
        on=args.on or options.on,
        other_year=args.other_year or options.other_year,
        review=review_named(services, args.review) if args.review else options.review,
        assessor=args.assessor or options.assessor,
        first=args.first or options.first,
        last=args.last or options.last,
    )


def export(args: argparse.Namespace) -> None:
    """Write one export to a file that does not exist yet, unless told to replace it."""
    if args.output.exists() and not args.force:
        raise ApdashError(
            "Ce fichier existe déjà.", f"{args.output} est intact ; ajoutez --force pour le remplacer."
        )
    with opened(args.db) as services:
        on = args.on or services.today()
        data = write_export(services, CONSOLE, kind=args.kind, on=on)
        notes = export_notes(services, CONSOLE, kind=args.kind, on=on)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_bytes(data)
    if notes:
        print(f"à regarder - {notes}", file=sys.stderr)
    print(f"Fichier écrit : {args.output}")
