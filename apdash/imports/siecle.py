"""Reads the students of SIECLE (root BEE_ELEVES), with or without addresses: the tags named below, and no other.

Addresses, guardians, nationality, place of birth, boarding, grants, telephone and mail are in the file and never kept.
"""

import polars as pl

from apdash.imports.extract import Extract, Problems, Severity, date_of, raw_frame, shaped
from apdash.imports.head import HEAD, siecle_head
from apdash.imports.kinds import Kind
from apdash.imports.names import is_formula
from apdash.imports.safe_xml import Found, Record, read_records

_STUDENT = {
    "@ELEVE_ID": "siecle_id",
    "ID_NATIONAL": "ine",
    "INE_RNIE": "ine_rnie",
    "INE_BEA": "ine_bea",
    "NOM_DE_FAMILLE": "family_name",
    "NOM_USAGE": "used_name",
    "NOM": "old_name",
    "PRENOM": "first_name",
    "DATE_NAISS": "born",
    "DOUBLEMENT": "repeats",
    "CODE_SEXE": "sex_code",
    "CODE_STATUT": "status",
    "CODE_MEF": "mef",
    "DATE_ENTREE": "entered",
    "DATE_SORTIE": "left",
    "SCOLARITE_AN_DERNIER/CODE_MEF": "previous_mef",
}
_STRUCTURE = {"../@ELEVE_ID": "siecle_id", "CODE_STRUCTURE": "code", "TYPE_STRUCTURE": "type"}
_LIST = {"@ELEVE_ID": "siecle_id"}
STUDENTS = Record("DONNEES/ELEVES/ELEVE", tuple(_STUDENT), strict=True)
LISTS = Record("DONNEES/STRUCTURES/STRUCTURES_ELEVE", tuple(_LIST), strict=True)
STRUCTURES = Record("DONNEES/STRUCTURES/STRUCTURES_ELEVE/STRUCTURE", tuple(_STRUCTURE))
_INE = r"^(?:\d{9}[A-Z]{2}|\d{10}[A-Z]|[0-9A-Z]{11})$"
_WHO = pl.concat_str(
    pl.col("last_name").fill_null("(sans nom)"), pl.col("first_name").fill_null(""), separator=" "
)


def read_students(file: str, data: bytes) -> Extract:
    """Return the students and their structures; raises `ApdashError` when the file cannot be read at all."""
    problems = Problems(file)
    found = read_records(file, data, records=(HEAD, STUDENTS, LISTS, STRUCTURES))
    uai, year, exported_on = siecle_head(found, problems)
    for line, tag in found.unexpected:
        problems.add(line, tag, "Balise inattendue à cet endroit : ce qu’elle contient n’est pas lu.")
    students = _students(found, problems)
    structures = raw_frame(found, STRUCTURES.path, _STRUCTURE).filter(pl.col("code").is_not_null())
    _tell_repeated_lists(found, students, problems)
    return Extract(
        kind=Kind.STUDENTS,
        file=file,
        uai=uai,
        year=year,
        exported_on=exported_on,
        problems=problems.frame(),
        tables={"students": shaped("students", students), "structures": shaped("structures", structures)},
    )


def _students(found: Found, problems: Problems) -> pl.DataFrame:
    raw = raw_frame(found, STUDENTS.path, _STUDENT)
    typed = raw.with_columns(
        last_name=pl.coalesce("used_name", "family_name", "old_name"),
        family_name=pl.when(pl.col("used_name") != pl.col("family_name")).then("family_name"),
        ine=pl.coalesce("ine", "ine_rnie", "ine_bea").str.to_uppercase(),
        born_on=date_of("born"),
        entered_on=date_of("entered"),
        left_on=date_of("left"),
        sex=pl.col("sex_code").replace_strict({"1": "M", "2": "F"}, default=None, return_dtype=pl.String),
        apprentice=(pl.col("status") == "AP").fill_null(False),
        repeating=(pl.col("repeats") == "1").fill_null(False),
    )
    kept = _refuse_unusable(typed, problems)
    _warn(kept, problems)
    valid_ine = pl.col("ine").str.contains(_INE)
    return kept.with_columns(ine=pl.when(valid_ine).then("ine"))


def _refuse_unusable(rows: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Return the rows that can come in; tell the others."""
    reasons = (
        (pl.col("siecle_id").is_null(), "Aucun identifiant ELEVE_ID."),
        (pl.col("last_name").is_null() | pl.col("first_name").is_null(), "Le nom ou le prénom est vide."),
        (
            is_formula("last_name") | is_formula("family_name") | is_formula("first_name"),
            "Le nom commence comme une formule de tableur.",
        ),
        (
            pl.col("siecle_id").is_duplicated() & ~pl.col("siecle_id").is_first_distinct(),
            "ELEVE_ID déjà lu plus haut.",
        ),
    )
    for bad, why in reasons:
        problems.add_rows(rows.filter(bad.fill_null(False)), _WHO, why, severity=Severity.REFUSED)
        rows = rows.filter(~bad.fill_null(False))
    return rows


def _warn(rows: pl.DataFrame, problems: Problems) -> None:
    twice = pl.col("ine").is_not_null() & pl.col("ine").is_duplicated()
    same = ["last_name", "first_name", "born_on"]
    reasons = (
        (pl.col("ine").is_null(), "Aucun INE : l’élève est reconnu par son numéro SIECLE."),
        (~pl.col("ine").str.contains(_INE), "INE mal formé : il n’est pas repris."),
        (twice, "Le même INE est porté par un autre élève : à corriger dans SIECLE."),
        (pl.struct(same).is_duplicated(), "Homonyme né le même jour : les deux restent distincts."),
        (
            pl.col("born").is_not_null() & pl.col("born_on").is_null(),
            "Date de naissance illisible : elle n’est pas reprise.",
        ),
        (
            pl.col("left").is_not_null() & pl.col("left_on").is_null(),
            "Date de sortie illisible : elle n’est pas reprise.",
        ),
        (
            (pl.col("mef") == pl.col("previous_mef")) & ~pl.col("repeating"),
            "Même formation que l’an dernier : redoublement non coché ?",
        ),
        (pl.col("mef").is_null(), "Aucune formation (MEF)."),
    )
    for odd, why in reasons:
        problems.add_rows(rows.filter(odd.fill_null(False)), _WHO, why, severity=Severity.WARNING)


def _tell_repeated_lists(found: Found, students: pl.DataFrame, problems: Problems) -> None:
    """Warn of students whose structures are listed twice, and of structures of nobody: a refused student is told."""
    named = raw_frame(found, STUDENTS.path, {"@ELEVE_ID": "siecle_id"})
    lists = raw_frame(found, LISTS.path, _LIST)
    again = lists.filter(pl.col("siecle_id").is_duplicated() & ~pl.col("siecle_id").is_first_distinct())
    names = students.select("siecle_id", who=_WHO)
    problems.add_rows(
        again.join(names, on="siecle_id"),
        pl.col("who"),
        "Plusieurs listes STRUCTURES_ELEVE : elles sont réunies.",
        severity=Severity.WARNING,
    )
    problems.add_rows(
        lists.join(named, on="siecle_id", how="anti"),
        pl.col("siecle_id").fill_null("(sans numéro)"),
        "Structures d’un élève absent du fichier : elles ne sont pas reprises.",
        severity=Severity.WARNING,
    )
