"""Copies of the school file: made whole, checked before they replace anything, the former file kept aside."""

import shutil
from datetime import datetime
from pathlib import Path

from apdash.errors import ApdashError
from apdash.store import IN_USE, file_version


def back_up(db: Path, output: Path) -> None:
    """Copy the school file, complete, to another place.

    Raises `ApdashError` when the file is in use, is no APdash file, or when the copy would replace something.
    """
    if output.exists():
        raise ApdashError(
            "Ce fichier existe déjà.", f"{output} n’a pas été remplacé ; choisissez un autre nom."
        )
    file_version(db)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = _copied(db, output)
    partial.replace(output)


def restore(backup: Path, db: Path) -> Path | None:
    """Put a copy back as the school file; return where the former file was kept, if there was one.

    The copy is checked first: raises `ApdashError`, everything left as it was, when it is no APdash file, is newer
    than this program, or when the present file is in use. A present file that is damaged can be replaced.
    """
    if not backup.is_file():
        raise ApdashError("Sauvegarde introuvable.", f"{backup} n’existe pas.")
    db.parent.mkdir(parents=True, exist_ok=True)
    partial = _copied(backup, db)
    try:
        aside = _set_aside(db) if db.exists() else None
    except BaseException:
        partial.unlink()
        raise
    partial.replace(db)
    return aside


def _copied(source: Path, target: Path) -> Path:
    """Return a checked copy beside the target; none is left when it is refused."""
    partial = target.with_name(target.name + ".partiel")
    try:
        shutil.copyfile(source, partial)
        file_version(partial)
    except ApdashError as error:
        partial.unlink(missing_ok=True)
        raise ApdashError(error.title, error.message.replace(partial.name, source.name)) from error
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ApdashError("La copie a échoué.", f"{target} : {error.strerror or error}.") from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def _set_aside(db: Path) -> Path:
    try:
        file_version(db)
    except ApdashError as error:
        if error.title == IN_USE:
            raise
    aside = db.with_name(f"{db.stem}.avant-{datetime.now().strftime('%Y%m%d-%H%M%S')}{db.suffix}")
    db.replace(aside)
    journal = db.with_name(db.name + ".wal")
    if journal.exists():
        journal.replace(aside.with_name(aside.name + ".wal"))
    return aside
