"""What comes in: a file, what it turned out to be, what the person importing it decided."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from apdash.errors import ApdashError

MEGABYTE = 1024 * 1024
MAX_FILE = 30 * MEGABYTE  # as received; the largest real export met is under 10 MB


class Kind(StrEnum):
    """What a file is, told by its content."""

    STUDENTS = "siecle_eleves"
    STRUCTURES = "siecle_structures"
    NOMENCLATURES = "siecle_nomenclatures"
    STS = "sts_emp"
    IVAL = "ival"
    TABLE = "table"


KIND_WORDS: dict[Kind, str] = {
    Kind.STUDENTS: "Élèves (SIECLE)",
    Kind.STRUCTURES: "Structures (SIECLE)",
    Kind.NOMENCLATURES: "Nomenclatures (SIECLE)",
    Kind.STS: "Services et enseignants (STS-web)",
    Kind.IVAL: "Données publiques des lycées professionnels (IVAL)",
    Kind.TABLE: "Tableau (CSV ou Excel)",
}


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file as received. name is only ever shown, never believed."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person importing decides; everything has a usual answer.

    on: day the changes take effect (the day of the export, else today). other_year: an older school year is really
    wanted. choices: ELEVE_ID -> division code, for students found in two divisions. review, assessor: where the
    values of a table go ("staff:ID", "student" or "test:NAME"). uai, year: for a school whose first file is a table.
    first, last: the days whose sessions a list of absences speaks of (those of its lines).
    """

    on: date | None = None
    other_year: bool = False
    choices: dict[str, str] = field(default_factory=dict)
    review: int | None = None
    assessor: str | None = None
    uai: str | None = None
    year: int | None = None
    first: date | None = None
    last: date | None = None


def read_import_file(path: Path) -> ImportFile:
    """Return the file, its size checked before it is read; raises `ApdashError` when it is absent or too large."""
    try:
        size = path.stat().st_size
        check_size(path.name, size)
        return ImportFile(path.name, path.read_bytes())
    except OSError as error:
        raise ApdashError(
            "Fichier introuvable.", f"{path.name} n’existe pas ou ne peut pas être lu."
        ) from error


def check_size(name: str, size: int) -> None:
    """Raise `ApdashError` for a file no school export can be: empty, or far too large."""
    if size == 0:
        raise ApdashError("Fichier vide.", f"{name} ne contient rien. Refaites l’export.")
    if size > MAX_FILE:
        raise ApdashError(
            "Fichier trop gros.",
            f"{name} pèse {size // MEGABYTE} Mo ; un export d’établissement n’en dépasse pas {MAX_FILE // MEGABYTE}.",
        )
