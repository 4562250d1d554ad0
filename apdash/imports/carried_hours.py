"""Hours of earlier years, from a table of another tool: which column is what, then minutes a student and year."""

import re
from dataclasses import dataclass

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.headers import identity_of
from apdash.imports.kinds import ImportFile
from apdash.imports.mapping import ColumnMapping, TableKind
from apdash.imports.matching import matched, people_of
from apdash.imports.names import plain
from apdash.imports.tables import Table, read_table
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries.calendar import current_year
from apdash.store.queries.imports import directory

FIELDS = {"year": "Année", "planned": "Heures prévues", "held": "Heures tenues", "attended": "Heures suivies"}
_WORDS = {
    "year": ("annee",),
    "planned": ("prevu",),
    "held": ("tenu", "realis", "fait"),
    "attended": ("suivi", "present"),
}
_YEAR = re.compile(r"(20\d\d)")
_HOURS = r"^(\d{1,4})\s*[hH:]\s*(\d{1,2})?$"


@dataclass(frozen=True, slots=True)
class CarriedHours:
    """A table of hours, read. columns: field of FIELDS -> title, as proposed or as corrected; headers: all the titles.

    rows: student, who, year, planned, held, attended (minutes); refused: line, who, why.
    """

    file: str
    headers: tuple[str, ...]
    columns: dict[str, str]
    rows: pl.DataFrame
    refused: pl.DataFrame


def read_carried_hours(
    services: Services, viewer: Viewer, file: ImportFile, *, columns: dict[str, str] | None = None
) -> CarriedHours:
    """Return what a table says of the hours of earlier years; nothing is written.

    columns: as the person corrected them. Hours are decimal numbers or `12 h 30`; a title that says « minutes » holds
    minutes. Attended missing is held, held missing is planned. Raises `ApdashError` when a column is missing.
    """
    viewer.require(Action.SET_UP)
    table = read_table(file)
    meant = proposed_columns(table.headers) | (columns or {})
    missing = [FIELDS[name] for name in ("year", "planned") if meant.get(name) not in table.headers]
    if missing:
        raise ApdashError("Colonne à désigner.", f"{missing[0]} : dites dans quelle colonne la lire.")
    people = _people(services, table)
    numbers = table.rows.select(
        "line",
        year=_year(pl.col(meant["year"])),
        **{name: _minutes(meant, name, table.headers) for name in ("planned", "held", "attended")},
    )
    rows = people.join(numbers, on="line").with_columns(held=pl.coalesce("held", "planned"))
    rows = rows.with_columns(attended=pl.coalesce("attended", "held"), why=_why(services))
    rows = rows.with_columns(
        why=pl.when(_twice()).then(pl.lit("Deux lignes pour la même année.")).otherwise("why")
    )
    return CarriedHours(
        file=file.name, headers=table.headers, columns={k: v for k, v in meant.items() if v},
        rows=rows.filter(pl.col("why").is_null()).select("student", "who", "year", "planned", "held", "attended"),
        refused=rows.filter(pl.col("why").is_not_null()).select("line", "who", "why"),
    )  # fmt: skip


def proposed_columns(headers: tuple[str, ...]) -> dict[str, str]:
    """Return, for each field of FIELDS found, the title that names it."""
    found: dict[str, str] = {}
    for name, words in _WORDS.items():
        titles = [title for title in headers if any(word in plain(title) for word in words)]
        if titles:
            found[name] = titles[0]
    return found


def _people(services: Services, table: Table) -> pl.DataFrame:
    """Return line, who, student (null: nobody) and what to say then, found as in every other import."""
    identity = {field: title for title in table.headers if (field := identity_of(title))}
    if not identity:
        raise ApdashError("Élèves non reconnus.", "Il faut une colonne INE, ou nom et prénom.")
    year = current_year(services.store, services.today()) or services.today().year
    people = people_of(table, ColumnMapping(kind=TableKind.STUDENTS, identity=identity))
    found = matched(people, directory(services.store, year=year))
    return found.select("line", "who", student="id", nobody="why")


def _year(column: pl.Expr) -> pl.Expr:
    return column.str.extract(_YEAR.pattern, 1).cast(pl.Int64, strict=False)


def _minutes(meant: dict[str, str], name: str, headers: tuple[str, ...]) -> pl.Expr:
    title = meant.get(name)
    if title not in headers:
        return pl.lit(None, pl.Int64)
    said = pl.col(title).str.strip_chars()
    whole = said.str.extract(_HOURS, 1).cast(pl.Int64) * 60
    minutes = said.str.extract(_HOURS, 2).cast(pl.Int64).fill_null(0)
    decimal = said.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    factor = 1 if "minute" in plain(title) else 60
    return pl.coalesce(whole + minutes, (decimal * factor).round().cast(pl.Int64, strict=False))


def _why(services: Services) -> pl.Expr:
    this_year = current_year(services.store, services.today()) or services.today().year
    return (
        pl.when(pl.col("student").is_null()).then("nobody")
        .when(pl.col("year").is_null()).then(pl.lit("Année illisible (attendu : 2024 ou 2024-2025)."))
        .when(pl.col("year") >= this_year).then(pl.lit("L’année en cours se compte par ses séances."))
        .when(pl.col("planned").is_null() | (pl.col("planned") < 0)).then(pl.lit("Heures prévues illisibles."))
        .when((pl.col("held") > pl.col("planned")) | (pl.col("attended") > pl.col("held")) | (pl.col("attended") < 0))
        .then(pl.lit("Plus d’heures suivies que tenues, ou tenues que prévues."))
    )  # fmt: skip


def _twice() -> pl.Expr:
    return pl.col("why").is_null() & (pl.len().over("student", "year", "why") > 1)
