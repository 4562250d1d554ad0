"""Puts official files together and checks that they belong to this school and to the year that is wanted."""

from datetime import date, timedelta

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.extract import PROBLEMS, SCHEMAS, Extract, Severity
from apdash.imports.kinds import KIND_WORDS, ImportOptions, Kind

PAST_YEAR = "Fichier d’une année passée."  # title of the refusal that the user may lift
# Whose labels win when two files name the same thing.
_TRUST = (Kind.NOMENCLATURES, Kind.STRUCTURES, Kind.STS, Kind.STUDENTS)


def check_together(extracts: list[Extract]) -> None:
    """Raise `ApdashError` unless the files are of one school, one year, one of each kind."""
    first = extracts[0]
    for extract in extracts[1:]:
        if extract.uai != first.uai:
            raise ApdashError(
                "Deux établissements.", f"{first.file} vient de {first.uai}, {extract.file} de {extract.uai}."
            )
        if extract.year != first.year:
            raise ApdashError(
                "Deux années scolaires.",
                f"{first.file} est de {span(first.year)}, {extract.file} de {span(extract.year)}.",
            )
    kinds = [extract.kind for extract in extracts]
    for kind in set(kinds):
        if kinds.count(kind) > 1:
            raise ApdashError(
                "Deux fois le même fichier.", f"« {KIND_WORDS[kind]} » est donné {kinds.count(kind)} fois."
            )


def year_problems(
    extract: Extract, *, uai: str | None, latest: int | None, today: date, options: ImportOptions
) -> pl.DataFrame:
    """Return what is to be said of the school and year of the files, as a frame of `PROBLEMS`.

    Raises `ApdashError` for another school, for a year that is over unless it is wanted, for one too far ahead.
    """
    if uai is not None and extract.uai != uai:
        raise ApdashError(
            "Autre établissement.",
            f"{extract.file} vient de {extract.uai} ; cette base est celle de {uai}. Rien n’est importé.",
        )
    current = latest if latest is not None else school_year_of(today)
    if latest is not None and extract.year < latest and not options.other_year:
        raise ApdashError(
            PAST_YEAR,
            f"{extract.file} est de {span(extract.year)} ; l’année en cours est {span(latest)}. "
            "Refaites l’export, ou demandez expressément l’année passée.",
        )
    if extract.year > max(current, school_year_of(today)) + 1:
        raise ApdashError(
            "Fichier d’une année à venir.", f"{extract.file} est de {span(extract.year)}. Vérifiez l’export."
        )
    words = ""
    if latest is None and extract.year != current:
        words = f"Le fichier est de {span(extract.year)} alors que nous sommes en {span(current)}."
    if latest is not None and extract.year > latest:
        words = f"Nouvelle année scolaire : les inscriptions de {span(latest)} seront closes."
    found = [(extract.file, None, span(extract.year), words, Severity.WARNING.value)] if words else []
    return pl.DataFrame(found, schema=PROBLEMS, orient="row")


def merged_tables(extracts: list[Extract]) -> dict[str, pl.DataFrame]:
    """Return every frame of `SCHEMAS`, from all files; where two name the same code the more trusted wins."""
    ordered = sorted(extracts, key=lambda extract: _TRUST.index(extract.kind))
    tables = {}
    for name, schema in SCHEMAS.items():
        frames = [extract.tables[name] for extract in ordered if name in extract.tables]
        joined = pl.concat([pl.DataFrame(schema=schema), *frames])
        tables[name] = (
            joined.unique("code", keep="first", maintain_order=True)
            if "label" in schema
            else joined.unique(maintain_order=True)
        )
    return tables


def year_dates(year: int) -> tuple[date, date]:
    """Return the usual first and last day of a school year: 1 September, first Saturday of July."""
    july = date(year + 1, 7, 1)
    return date(year, 9, 1), july + timedelta(days=(5 - july.weekday()) % 7)


def school_year_of(day: date) -> int:
    """Return the year in which the school year of a day starts; it turns in August."""
    return day.year if day.month >= 8 else day.year - 1


def span(year: int) -> str:
    """Return a school year in words, like 2025-2026."""
    return f"{year}-{year + 1}"
