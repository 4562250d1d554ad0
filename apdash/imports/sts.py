"""Reads the adults, divisions and services of STS-web (root STS_EDT); there is no student in it."""

from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.extract import Extract, Problems, Severity, date_of, raw_frame, shaped
from apdash.imports.head import checked_uai, checked_year
from apdash.imports.kinds import Kind
from apdash.imports.names import is_formula, plain_text
from apdash.imports.safe_xml import Found, Record, read_records
from apdash.imports.structures import coded, labelled

_SCHOOL = {"@CODE": "uai", "SIGLE": "acronym", "DENOM_PRINC": "name", "DENOM_COMPL": "more"}
_YEAR = {"@ANNEE": "year", "DATE_DEBUT": "starts", "DATE_FIN": "ends"}
_LABELS = {"@CODE": "code", "LIBELLE_EDITION": "edition", "LIBELLE_LONG": "long", "LIBELLE_COURT": "short"}
_ADULT = {
    "@ID": "id",
    "@TYPE": "type",
    "CIVILITE": "civility",
    "NOM_USAGE": "used_name",
    "NOM_PATRONYMIQUE": "family_name",
    "PRENOM": "first_name",
    "FONCTION": "job",
}
_DISCIPLINE = {"../../@ID": "id", "../../@TYPE": "type", "LIBELLE_COURT": "discipline"}
_PRINCIPAL = {"../../@ID": "id", "../../@TYPE": "type", "CODE_STRUCTURE": "division"}
_STRUCTURE = {"@CODE": "code", "LIBELLE_LONG": "label"}
_MEF_OF = {"../../@CODE": "division", "@CODE": "mef"}
_DIVISION_OF = {"../../@CODE": "group", "@CODE": "division"}
_SERVICE = {"../../../../@CODE": "structure", "../../@CODE_MATIERE": "subject", "@ID": "id", "@TYPE": "type"}

SCHOOL = Record("PARAMETRES/UAJ", tuple(_SCHOOL))
YEAR = Record("PARAMETRES/ANNEE_SCOLAIRE", tuple(_YEAR))
SUBJECTS = Record("NOMENCLATURES/MATIERES/MATIERE", tuple(_LABELS))
MEFS = Record("NOMENCLATURES/MEFS/MEF", tuple(_LABELS))
ADULTS = Record("DONNEES/INDIVIDUS/INDIVIDU", tuple(_ADULT), strict=True)
DISCIPLINES = Record("DONNEES/INDIVIDUS/INDIVIDU/DISCIPLINES/DISCIPLINE", tuple(_DISCIPLINE))
PRINCIPALS = Record("DONNEES/INDIVIDUS/INDIVIDU/PROFS_PRINC/PROF_PRINC", tuple(_PRINCIPAL))
_DIVISION_PATH = "DONNEES/STRUCTURE/DIVISIONS/DIVISION"
_GROUP_PATH = "DONNEES/STRUCTURE/GROUPES/GROUPE"
DIVISIONS = Record(_DIVISION_PATH, tuple(_STRUCTURE))
DIVISION_MEFS = Record(f"{_DIVISION_PATH}/MEFS_APPARTENANCE/*", tuple(_MEF_OF))
DIVISION_SERVICES = Record(f"{_DIVISION_PATH}/SERVICES/SERVICE/ENSEIGNANTS/ENSEIGNANT", tuple(_SERVICE))
GROUPS = Record(_GROUP_PATH, tuple(_STRUCTURE))
GROUP_DIVISIONS = Record(f"{_GROUP_PATH}/DIVISIONS_APPARTENANCE/*", tuple(_DIVISION_OF))
GROUP_SERVICES = Record(f"{_GROUP_PATH}/SERVICES/SERVICE/ENSEIGNANTS/ENSEIGNANT", tuple(_SERVICE))
_RECORDS = (
    SCHOOL,
    YEAR,
    SUBJECTS,
    MEFS,
    ADULTS,
    DISCIPLINES,
    PRINCIPALS,
    DIVISIONS,
    DIVISION_MEFS,
    DIVISION_SERVICES,
    GROUPS,
    GROUP_DIVISIONS,
    GROUP_SERVICES,
)
_KEY = pl.concat_str("type", "id", separator=":").alias("sts_key")
_AP_SUBJECT = "006600"
_AP_WORDS = r"accomp\w* ?perso|soutien au parcours|^ap |^ap$"


def is_support() -> pl.Expr:
    """True where `code` and `label` are those of a subject of personalised support."""
    return (pl.col("code") == _AP_SUBJECT) | plain_text(pl.col("label")).str.contains(_AP_WORDS)


def read_sts(file: str, data: bytes) -> Extract:
    """Return adults, divisions, groups, services and principal teachers, with the school and the dates of its year."""
    problems = Problems(file)
    found = read_records(file, data, records=_RECORDS)
    school, year = raw_frame(found, SCHOOL.path, _SCHOOL), raw_frame(found, YEAR.path, _YEAR)
    if school.height != 1 or year.height != 1:
        raise ApdashError(
            "Fichier incomplet.", f"{file} : l’en-tête PARAMETRES est absent. Refaites l’export."
        )
    starts_on, ends_on = _dates(year)
    return Extract(
        kind=Kind.STS,
        file=file,
        uai=checked_uai(school["uai"].item() or "", problems),
        year=checked_year(year["year"].item() or "", file),
        school_name=_school_name(school),
        starts_on=starts_on,
        ends_on=ends_on,
        tables=_tables(found, problems),
        problems=problems.frame(),
    )


def _tables(found: Found, problems: Problems) -> dict[str, pl.DataFrame]:
    group_divisions = raw_frame(found, GROUP_DIVISIONS.path, _DIVISION_OF).drop_nulls()
    subjects = coded(labelled(raw_frame(found, SUBJECTS.path, _LABELS)))
    frames = {
        "staff": _adults(found, problems),
        "subjects": subjects,
        "mefs": coded(labelled(raw_frame(found, MEFS.path, _LABELS))),
        "divisions": coded(raw_frame(found, DIVISIONS.path, _STRUCTURE)),
        "division_mefs": raw_frame(found, DIVISION_MEFS.path, _MEF_OF)
        .drop_nulls()
        .unique(maintain_order=True),
        "groups": coded(raw_frame(found, GROUPS.path, _STRUCTURE)),
        "group_divisions": group_divisions,
        "services": _services(found, group_divisions, subjects),
        "principals": raw_frame(found, PRINCIPALS.path, _PRINCIPAL).drop_nulls().with_columns(_KEY),
    }
    return {name: shaped(name, frame.unique(maintain_order=True)) for name, frame in frames.items()}


def _adults(found: Found, problems: Problems) -> pl.DataFrame:
    first = raw_frame(found, DISCIPLINES.path, _DISCIPLINE).drop_nulls().unique(["id", "type"], keep="first")
    rows = (
        raw_frame(found, ADULTS.path, _ADULT)
        .join(first.drop("line"), on=["id", "type"], how="left")
        .with_columns(
            _KEY,
            last_name=pl.coalesce("used_name", "family_name"),
            first_name=pl.col("first_name").fill_null(""),
            title=pl.col("civility").replace_strict(
                {"1": "M.", "2": "Mme", "3": "Mme"}, default="", return_dtype=pl.String
            ),
            job=pl.col("job").fill_null("ENS"),
            discipline=pl.col("discipline").fill_null(""),
        )
    )
    twice = pl.col("sts_key").is_duplicated() & ~pl.col("sts_key").is_first_distinct()
    reasons = (
        (pl.col("sts_key").is_null(), "Identifiant ou type absent."),
        (pl.col("last_name").is_null(), "Le nom est vide."),
        (is_formula("last_name") | is_formula("first_name"), "Le nom commence comme une formule de tableur."),
        (twice, "Cet adulte est déjà lu plus haut."),
    )
    for bad, why in reasons:
        problems.add_rows(
            rows.filter(bad.fill_null(False)), pl.col("last_name"), why, severity=Severity.REFUSED
        )
        rows = rows.filter(~bad.fill_null(False))
    return rows


def _services(found: Found, group_divisions: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Return who teaches what to which division.

    Whoever teaches a group teaches the divisions it crosses, except in groups of personalised support: those are
    made here, and would show whole divisions to everybody.
    """
    own = raw_frame(found, DIVISION_SERVICES.path, _SERVICE).rename({"structure": "division"})
    support = subjects.filter(is_support()).select(subject="code")
    groups = raw_frame(found, GROUP_SERVICES.path, _SERVICE).rename({"structure": "group"})
    crossed = groups.join(support, on="subject", how="anti").join(group_divisions.drop("line"), on="group")
    columns = ["division", "subject", "id", "type"]
    return pl.concat([own.select(columns), crossed.select(columns)]).drop_nulls().with_columns(_KEY)


def _school_name(school: pl.DataFrame) -> str:
    words = [school[column].item() for column in ("name", "more")]
    return " ".join(word for word in words if word)[:100].strip()


def _dates(year: pl.DataFrame) -> tuple[date | None, date | None]:
    """Return the first and last day of the year, or nothing when they make no sense."""
    dates = year.select(starts=date_of("starts"), ends=date_of("ends")).row(0)
    starts_on, ends_on = dates
    return dates if starts_on and ends_on and starts_on < ends_on else (None, None)
