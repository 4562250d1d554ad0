"""Reads a mapping from a TOML file, for the command line: what the columns of a table mean.

    kind = "assessments"            # students, assessments, interview, absences or outcomes
    assessor = "staff:12"           # or "student", or "test:NAME"; for assessments
    [identity]                      # siecle_id, ine, full_name, last_name, first_name, born_on, division, sex, mef
    full_name = "Élèves"
    division = "Classe"
    [[values]]                      # one per column of values
    header = "Calcul /20"
    competency = "CAL"
    scale = "note_20"               # a scale of echelles.csv, "niveaux" (1 to 4) or "seuils"
    cuts = [6, 10, 15]              # optional: from what value levels 2, 3 and 4 begin
    out_of = 20                     # optional: what the mark is out of
    [questions]                     # for an interview: number = title
    1 = "Ton affectation ?"
    [outcomes]                      # result (at the diploma), after (what a leaver does), session: titles
    result = "Résultat"
    [absences]                      # for a list of absences: day, until, start, end, kind, excused, minutes
    day = "Date"
    start = "Début"
    end = "Fin"
    [import]                        # optional: what else has to be decided
    on = 2025-10-06                 # day the changes take effect
    review = 14                     # the bilan the values go to
    other_year = false              # true: an older school year is really wanted
    first = 2025-10-06              # first and last day whose sessions a list of absences speaks of
    last = 2025-10-17
    uai = "9990001X"                # for a school whose first file is a list of students
    year = 2025
    [divisions]                     # ELEVE_ID = code, for students SIECLE puts in two divisions
    900110 = "2MEL"

Every part is optional: a file that holds only [import] or [divisions] leaves the columns to be proposed.
"""

import tomllib
from datetime import date
from pathlib import Path

from apdash.errors import ApdashError
from apdash.imports.kinds import ImportOptions
from apdash.imports.mapping import ColumnMapping, mapping_from_dict

_COLUMNS = frozenset({"kind", "assessor", "identity", "values", "questions", "absences", "outcomes"})
_IMPORT: dict[str, type] = {"on": date, "review": int, "other_year": bool, "uai": str, "year": int,
                           "first": date, "last": date}  # fmt: skip


def read_mapping_file(path: Path) -> tuple[ColumnMapping | None, ImportOptions]:
    """Return the mapping (None when the file does not speak of columns) and what else it decides.

    Raises `ApdashError` when the file is absent, is not TOML, or holds something that is not understood.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ApdashError(
            "Correspondance introuvable.", f"{path.name} n’existe pas ou ne peut pas être lu."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ApdashError(
            "Correspondance illisible.", f"{path.name} n’est pas un fichier TOML : {error}."
        ) from error
    if unknown := set(data) - _COLUMNS - {"import", "divisions"}:
        raise ApdashError("Correspondance illisible.", f"{path.name} : « {min(unknown)} » n’est pas compris.")
    columns = {name: data[name] for name in _COLUMNS & set(data)}
    mapping = mapping_from_dict(columns) if columns else None
    return mapping, _options(path.name, data)


def _options(name: str, data: dict) -> ImportOptions:
    given, divisions = data.get("import", {}), data.get("divisions", {})
    if not (isinstance(given, dict) and isinstance(divisions, dict)):
        raise ApdashError("Correspondance illisible.", f"{name} : [import] et [divisions] sont des tables.")
    for key, value in given.items():
        if type(value) is not _IMPORT.get(key):
            raise ApdashError(
                "Correspondance illisible.", f"{name} : « {key} » n’est pas compris dans [import]."
            )
    return ImportOptions(**given, choices={str(number): str(code) for number, code in divisions.items()})
