"""Compares a list of students (CSV, workbook) with the store; it adds and corrects, and never makes anybody leave."""

from datetime import date

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.catalogue import compare_catalogue, compare_divisions
from apdash.imports.enrolments import RollDay
from apdash.imports.extract import SCHEMAS, Problems, Severity, shaped
from apdash.imports.findings import Findings
from apdash.imports.head import checked_uai
from apdash.imports.kinds import ImportOptions
from apdash.imports.matching import is_nobody
from apdash.imports.merge import year_dates
from apdash.imports.names import is_formula
from apdash.imports.roll import compare_students
from apdash.imports.rows import rows
from apdash.services import Services
from apdash.store.queries.imports import SchoolState, directory, school_state


def compare_student_list(
    found: Findings,
    lines: pl.DataFrame,
    problems: Problems,
    *,
    services: Services,
    options: ImportOptions,
    uai: str | None,
    year: int,
) -> None:
    """Compare; lines: `matching.matched`. Fills `found` and the frames to write."""
    state = school_state(services.store, year=year)
    starts_on, ends_on = _school(found, state, problems, options=options, uai=uai, year=year)
    on = min(max(options.on or services.today(), starts_on), ends_on)
    kept = _usable(lines, state, problems, known=directory(services.store, year=year))
    students = _students(kept, state)
    empty = {name: pl.DataFrame(schema=schema) for name, schema in SCHEMAS.items()}
    files = empty | {"students": shaped("students", students)}
    mefs = compare_catalogue(found, files, state.tables, grades=services.reference.grades, sure_labels=False)
    pairs = pl.concat(
        [students.select("division", "mef"), state.tables["division_mefs"].select("division", "mef")]
    )
    compare_divisions(
        found,
        files,
        state.tables,
        mefs=mefs,
        pairs=pairs.drop_nulls().unique(maintain_order=True),
        codes=students["division"].drop_nulls(),
        file=problems.file,
    )
    roll = RollDay(
        file=problems.file,
        on=on,
        starts_on=starts_on,
        last_day=ends_on,
        ends_on=None,
        first=state.tables["enrolments"].is_empty(),
        complete=False,
    )
    compare_students(found, students, state.tables, roll=roll)


def _school(
    found: Findings,
    state: SchoolState,
    problems: Problems,
    *,
    options: ImportOptions,
    uai: str | None,
    year: int,
) -> tuple[date, date]:
    """Return the first and last day of the year; a list that comes first needs to be told which school it is."""
    known = state.tables["years"].filter(year=year)
    dates = known.select("starts_on", "ends_on").row(0) if known.height else year_dates(year)
    if uai is None:
        if options.uai is None:
            raise ApdashError(
                "Établissement inconnu.",
                "La base est vide : importez d’abord un fichier de SIECLE ou de STS-web, ou donnez le numéro UAI.",
            )
        code = checked_uai(options.uai, problems)
        found.writes["school"] = pl.DataFrame({"uai": [code], "name": [f"Établissement {code}"]})
        found.new.append(
            rows(found.writes["school"], "établissement", who=pl.col("uai"), after=pl.col("name"))
        )
    if known.is_empty():
        found.writes["years"] = pl.DataFrame({"year": [year], "starts_on": [dates[0]], "ends_on": [dates[1]]})
    return dates


def _usable(
    lines: pl.DataFrame, state: SchoolState, problems: Problems, *, known: pl.DataFrame
) -> pl.DataFrame:
    """Return the lines that can come in, with `id` null for new students; tell the others."""
    codes = state.tables["divisions"]["code"].to_list()
    new = pl.col("id").is_null()
    unread = pl.col("last_name").is_null() | pl.col("first_name").is_null()
    capitals = pl.col("full_name").is_not_null() & (
        pl.col("first_name") == pl.col("first_name").str.to_uppercase()
    )
    strange_class = pl.col("division").is_not_null() & ~pl.col("division").is_in(codes) & pl.lit(bool(codes))
    reasons = (
        (pl.col("why").is_not_null() & ~is_nobody(), pl.col("why")),
        (new & unread, pl.lit("Nom et prénom ne peuvent pas être séparés : donnez-les dans deux colonnes.")),
        (
            new & capitals & (pl.col("full_name").str.count_matches(r"\s+") > 1),
            pl.lit("Tout est en capitales : donnez le nom et le prénom dans deux colonnes."),
        ),
        (
            is_formula("last_name") | is_formula("first_name"),
            pl.lit("Le nom commence comme une formule de tableur."),
        ),
        (pl.col("division").str.len_chars() > 20, pl.lit("Le code de la classe est trop long.")),
        (
            strange_class,
            pl.format("La classe « {} » n’existe pas dans la base.", pl.col("division").str.slice(0, 20)),
        ),
        (
            new & _looks_like_someone(lines, known),
            pl.lit("Ressemble à un élève connu, né le même jour : précisez l’INE, ou corrigez le nom."),
        ),
        (
            new & pl.struct("name_key", "born_on").is_duplicated() & pl.col("born_on").is_null(),
            pl.lit("Deux lignes portent ce nom : précisez l’INE ou la date de naissance."),
        ),
    )
    for bad, why in reasons:
        problems.add_rows(
            lines.filter(bad.fill_null(False)),
            pl.col("who").fill_null("(sans nom)"),
            why,
            severity=Severity.REFUSED,
        )
        lines = lines.filter(~bad.fill_null(False))
    return lines


def _looks_like_someone(lines: pl.DataFrame, known: pl.DataFrame) -> pl.Expr:
    """True for a new student born the same day as one the list does not name, with the same name or first name."""
    unnamed = known.filter("here").join(lines.drop_nulls("id"), on="id", how="anti")
    close = lines.join(
        unnamed.select("born_on", known_last="last_name", known_first="first_name"), on="born_on"
    ).filter(
        (pl.col("last_name").str.to_uppercase() == pl.col("known_last").str.to_uppercase())
        | (pl.col("first_name").str.to_lowercase() == pl.col("known_first").str.to_lowercase())
    )
    return pl.col("line").is_in(close["line"].to_list())


def _students(lines: pl.DataFrame, state: SchoolState) -> pl.DataFrame:
    """Return the lines as students placed in divisions; names that SIECLE gave are left as they are."""
    official = state.tables["students"].select(
        "id", official=pl.col("siecle_id").is_not_null(), known_last="last_name", known_first="first_name"
    )
    joined = lines.join(official, on="id", how="left", maintain_order="left")
    keep = pl.col("official").fill_null(False)
    return joined.select(
        "siecle_id",
        "ine",
        "born_on",
        "sex",
        "mef",
        "line",
        "id",
        "division",
        last_name=pl.when(keep).then("known_last").otherwise("last_name"),
        family_name=pl.lit(None, pl.String),
        first_name=pl.when(keep).then("known_first").otherwise("first_name"),
        apprentice=pl.lit(None, pl.Boolean),
        repeating=pl.lit(None, pl.Boolean),
        previous_mef=pl.lit(None, pl.String),
        entered_on=pl.lit(None, pl.Date),
        left_on=pl.lit(None, pl.Date),
        inactive=pl.lit(False),
        divisions=pl.lit([], pl.List(pl.String)),
        who="who",
    )
