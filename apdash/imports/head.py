"""The head of an official file: whose it is, of which year, of which day; refused when it cannot be told."""

from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.extract import Problems, date_of
from apdash.imports.safe_xml import Found, Record

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
HEAD = Record("PARAMETRES", ("UAJ", "ANNEE_SCOLAIRE", "DATE_EXPORT"))


def siecle_head(found: Found, problems: Problems) -> tuple[str, int, date | None]:
    """Return (UAI, year the school year starts in, day of the export) of a file with `HEAD`."""
    rows = found.rows[HEAD.path]
    if len(rows) != 1:
        raise ApdashError(
            "Fichier incomplet.", f"{problems.file} : l’en-tête PARAMETRES est absent. Refaites l’export."
        )
    row = rows[0]
    if found.re_encoded:
        problems.add(
            None, "encodage", "Le fichier a été enregistré de nouveau en UTF-8 : il est lu comme tel."
        )
    uai = checked_uai(str(row["UAJ"]), problems)
    year = checked_year(str(row["ANNEE_SCOLAIRE"]), problems.file)
    exported = pl.DataFrame({"day": [str(row["DATE_EXPORT"])]}).select(date_of("day")).item()
    return uai, year, exported


def checked_uai(text: str, problems: Problems) -> str:
    """Return the UAI in capitals; warns when its last letter does not match, raises when it is none at all."""
    uai = text.strip().upper()
    if not (len(uai) == 8 and uai[:7].isascii() and uai[:7].isdigit() and uai[7] in _LETTERS):
        raise ApdashError(
            "Établissement inconnu.",
            f"{problems.file} : « {text[:20]} » n’est pas un numéro UAI (7 chiffres et une lettre). Refaites l’export.",
        )
    if uai[7] != control_letter(uai[:7]):
        problems.add(
            None,
            uai,
            f"La lettre de contrôle attendue est {control_letter(uai[:7])} : vérifiez le numéro UAI.",
        )
    return uai


def control_letter(digits: str) -> str:
    """Return the last letter of a UAI: the remainder of its seven digits by 23."""
    return _LETTERS[int(digits) % 23]


def checked_year(text: str, file: str) -> int:
    """Return the start year of the school year; raises `ApdashError` when it is not one."""
    if not (text.strip().isascii() and text.strip().isdigit() and 2000 <= int(text) <= 2100):
        raise ApdashError(
            "Année scolaire inconnue.", f"{file} : « {text[:20]} » n’est pas une année. Refaites l’export."
        )
    return int(text)
