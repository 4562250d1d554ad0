"""Reads the divisions and groups of SIECLE (BEE_STRUCTURES) and its labels and weekly hours (BEE_NOMENCLATURES)."""

import polars as pl

from apdash.imports.extract import Extract, Problems, raw_frame, shaped
from apdash.imports.head import HEAD, siecle_head
from apdash.imports.kinds import Kind
from apdash.imports.safe_xml import Record, read_records

_DIVISION = {"@CODE_STRUCTURE": "code", "LIBELLE_LONG": "label"}
_DIVISION_MEF = {"../../@CODE_STRUCTURE": "division", "CODE_MEF": "mef"}
_GROUP_DIVISION = {"../../@CODE_STRUCTURE": "group", "CODE_STRUCTURE": "division"}
_MEF = {"@CODE_MEF": "code", "LIBELLE_EDITION": "edition", "LIBELLE_LONG": "long", "FORMATION": "short"}
_SUBJECT = {
    "@CODE_MATIERE": "code",
    "LIBELLE_EDITION": "edition",
    "LIBELLE_LONG": "long",
    "LIBELLE_COURT": "short",
}
_HOURS = {"CODE_MEF": "mef", "CODE_MATIERE": "subject", "HORAIRE": "text"}

DIVISIONS = Record("DONNEES/DIVISIONS/DIVISION", tuple(_DIVISION), strict=True)
DIVISION_MEFS = Record("DONNEES/DIVISIONS/DIVISION/MEFS_APPARTENANCE/*", tuple(_DIVISION_MEF))
GROUPS = Record("DONNEES/GROUPES/GROUPE", tuple(_DIVISION), strict=True)
GROUP_DIVISIONS = Record("DONNEES/GROUPES/GROUPE/DIVISIONS_APPARTENANCE/*", tuple(_GROUP_DIVISION))
MEFS = Record("DONNEES/MEFS/MEF", tuple(_MEF), strict=True)
SUBJECTS = Record("DONNEES/MATIERES/MATIERE", tuple(_SUBJECT), strict=True)
HOURS = Record("DONNEES/PROGRAMMES/PROGRAMME", tuple(_HOURS), strict=True)


def read_structures(file: str, data: bytes) -> Extract:
    """Return the divisions with their formations, the groups with the divisions they cross."""
    problems = Problems(file)
    found = read_records(file, data, records=(HEAD, DIVISIONS, DIVISION_MEFS, GROUPS, GROUP_DIVISIONS))
    uai, year, exported_on = siecle_head(found, problems)
    _tell_unexpected(found.unexpected, problems)
    tables = {
        "divisions": coded(raw_frame(found, DIVISIONS.path, _DIVISION)),
        "division_mefs": raw_frame(found, DIVISION_MEFS.path, _DIVISION_MEF)
        .drop_nulls()
        .unique(maintain_order=True),
        "groups": coded(raw_frame(found, GROUPS.path, _DIVISION)),
        "group_divisions": raw_frame(found, GROUP_DIVISIONS.path, _GROUP_DIVISION).drop_nulls(),
    }
    return Extract(
        kind=Kind.STRUCTURES,
        file=file,
        uai=uai,
        year=year,
        exported_on=exported_on,
        problems=problems.frame(),
        tables={name: shaped(name, frame) for name, frame in tables.items()},
    )


def read_nomenclatures(file: str, data: bytes) -> Extract:
    """Return the labels of formations and subjects, and the weekly hours of each subject in each formation."""
    problems = Problems(file)
    found = read_records(file, data, records=(HEAD, MEFS, SUBJECTS, HOURS))
    uai, year, exported_on = siecle_head(found, problems)
    _tell_unexpected(found.unexpected, problems)
    hours = raw_frame(found, HOURS.path, _HOURS).with_columns(
        weekly_hours=pl.col("text").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    )
    sound = pl.col("weekly_hours").is_between(0, 60)
    hours = hours.drop_nulls(["mef", "subject", "weekly_hours"]).filter(sound)
    tables = {
        "mefs": coded(labelled(raw_frame(found, MEFS.path, _MEF))),
        "subjects": coded(labelled(raw_frame(found, SUBJECTS.path, _SUBJECT))),
        "hours": hours.group_by("mef", "subject", maintain_order=True).agg(pl.col("weekly_hours").sum()),
    }
    return Extract(
        kind=Kind.NOMENCLATURES,
        file=file,
        uai=uai,
        year=year,
        exported_on=exported_on,
        problems=problems.frame(),
        tables={name: shaped(name, frame) for name, frame in tables.items()},
    )


def labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with a `label`: the one meant for print, else the long, else the short one."""
    return rows.with_columns(label=pl.coalesce("edition", "long", "short"))


def coded(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that have a code, once each; the code stands for a missing label."""
    return (
        rows.filter(pl.col("code").is_not_null())
        .unique("code", keep="first", maintain_order=True)
        .with_columns(label=pl.coalesce("label", "code"))
    )


def _tell_unexpected(unexpected: list[tuple[int, str]], problems: Problems) -> None:
    for line, tag in unexpected:
        problems.add(line, tag, "Balise inattendue à cet endroit : ce qu’elle contient n’est pas lu.")
