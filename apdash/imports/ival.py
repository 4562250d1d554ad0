"""Reads the open data on lycées professionnels (IVAL): the school's figures, and means of its académie and the nation.

Both styles of headers are read: names of fields, or their labels. Means are computed from the file where it holds
enough schools, weighted by the students present at the diploma: no mean is published in it.
"""

import csv
import io
import re
from collections.abc import Iterator

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.delimited import decoded
from apdash.imports.findings import Findings
from apdash.imports.kinds import ImportFile
from apdash.imports.names import plain
from apdash.imports.rows import rows
from apdash.services import Services
from apdash.store.queries.groups import ALWAYS
from apdash.store.queries.imports import known_school
from apdash.store.queries.success import outside_figures

MOST_LINES = 200_000
LEAST_SCHOOLS, LEAST_ACADEMIES = 5, 3
_COLUMNS: dict[str, str] = {
    "year": r"annee|session",
    "uai": r"uai|code etablissement|numero uai",
    "academie": r"(libelle )?academie",
    "present": r"(nombre d |effectif d )?(eleves )?presents.*total.*",
    "access": r"taux (d )?acces (brut )?(de la )?(2nde|seconde)( bac)?",
    "passed": r"taux reu total|taux (brut )?de reussite.*total.*",
}
_NEEDED = {"uai", "year", "access"}
_INDICATORS = (("ACCES", "access"), ("REUSSITE", "passed"))
_WORDS = {"ACCES": "accès au diplôme", "REUSSITE": "réussite au diplôme"}
_PLACES = {"school": "le lycée", "academie": "son académie", "nation": "la France"}
_KEY = ["indicator", "year", "place", "scope"]
_SCHEMA = {"year": pl.Int64, "uai": pl.String, "academie": pl.String, "present": pl.Float64, "access": pl.Float64,
           "passed": pl.Float64}  # fmt: skip


def is_ival(data: bytes) -> bool:
    """True for a text whose titles name a school, a year and the rate of access from the first grade."""
    first = next(iter(data[:20_000].splitlines()), b"")
    if first.count(0):
        return False
    titles = first.decode("utf-8-sig", "replace").strip()
    try:
        return set(_places(next(_rows(titles), []))) >= _NEEDED
    except ApdashError:
        return False


def read_ival(file: ImportFile) -> pl.DataFrame:
    """Return a row a school and session: year, uai, academie, present, access, passed (0 to 1; null: not told).

    Raises `ApdashError` for a file without these columns, or far too long.
    """
    text = decoded(file.name, file.data)
    reader = _rows(text)
    places = _places(next(reader, []))
    if not set(places) >= _NEEDED:
        raise ApdashError(
            "Ce n’est pas un fichier IVAL.", f"{file.name} n’a ni année, ni UAI, ni taux d’accès."
        )
    cells: dict[str, list[str | None]] = {name: [] for name in _COLUMNS}
    for number, line in enumerate(reader):
        if number >= MOST_LINES:
            raise ApdashError("Tableau trop grand.", f"{file.name} dépasse {MOST_LINES} lignes.")
        for name, found in cells.items():
            at = places.get(name)
            found.append(line[at].strip() or None if at is not None and at < len(line) else None)
    share = [
        pl.col(name).str.replace(",", ".").cast(pl.Float64, strict=False) / 100
        for name in ("access", "passed")
    ]
    return (
        pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
        .with_columns(
            *share,
            pl.col("year").str.extract(r"(\d{4})").cast(pl.Int64),
            pl.col("uai").str.to_uppercase(),
            pl.col("present").str.replace(",", ".").cast(pl.Float64, strict=False),
        )
        .drop_nulls(["year", "uai"])
        .cast(_SCHEMA)  # type: ignore[arg-type]
        .select(*_SCHEMA)
    )


def figures_of(schools: pl.DataFrame, *, uai: str, source: str) -> pl.DataFrame:
    """Return the figures to keep: indicator, year, place, scope, value (0 to 1), people, source.

    Means: of five schools at least in the académie, of three académies at least in the nation.
    """
    mine = schools.filter(uai=uai)
    academies = mine["academie"].drop_nulls().unique().to_list()
    around = schools.filter(pl.col("academie").is_in(academies))
    mean = f"{source}, moyenne de ses lycées pondérée par les présents"
    frames = [pl.DataFrame(schema=_figure_schema())]
    for indicator, column in _INDICATORS:
        told = mine.drop_nulls(column).select("year", value=column, people="present")
        frames += [
            _figures(told, indicator, "school", source),
            _figures(
                _means(around, column, pl.col("uai").n_unique() >= LEAST_SCHOOLS), indicator, "academie", mean
            ),
            _figures(
                _means(schools, column, pl.col("academie").n_unique() >= LEAST_ACADEMIES),
                indicator,
                "nation",
                mean,
            ),
        ]
    return pl.concat(frames).unique(_KEY, keep="last", maintain_order=True)


def compare_ival(services: Services, file: ImportFile) -> Findings:
    """Return what the file would change; raises `ApdashError` when the school is unknown or not in it."""
    uai, _ = known_school(services.store)
    if uai is None:
        raise ApdashError(
            "Établissement inconnu.", "Importez d’abord les fichiers de SIECLE : le lycée y est nommé."
        )
    schools = read_ival(file)
    given = figures_of(schools, uai=uai, source="IVAL lycées professionnels")
    if schools.filter(uai=uai).is_empty():
        raise ApdashError("Lycée absent du fichier.", f"{file.name} ne contient pas {uai}.")
    standing = outside_figures(services.store, known_at=ALWAYS).select(*_KEY, old_value="value")
    joined = given.join(standing, on=_KEY, how="left", maintain_order="left").with_columns(
        who=pl.format("{}, {}", pl.col("indicator").replace(_WORDS), pl.col("place").replace(_PLACES)),
        field=pl.format("session {}", "year"),
        after=_percent("value"),
        before=_percent("old_value"),
    )
    fresh, moved = pl.col("old_value").is_null(), (pl.col("value") - pl.col("old_value")).abs() > 1e-9
    said = {"who": pl.col("who"), "field": pl.col("field"), "file": file.name, "after": pl.col("after")}
    found = Findings()
    found.new.append(rows(joined.filter(fresh), "chiffre public", **said))
    found.changed.append(rows(joined.filter(moved), "chiffre public", before=pl.col("before"), **said))
    found.unchanged.append(rows(joined.filter(~fresh & ~moved), "chiffre public", **said))
    found.writes["figures"] = joined.filter(fresh | moved)
    return found


def _rows(text: str) -> Iterator[list[str]]:
    """Return the cells of each line, whatever ends it; raises `ApdashError` where no cells can be told."""
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=_separator(text.split("\n", 1)[0]))
    try:
        yield from reader
    except csv.Error as error:
        words = f"Ligne {reader.line_num + 1} : une cellule n’est pas fermée, ou ne finit pas."
        raise ApdashError("Fichier illisible.", words) from error


def _separator(first: str) -> str:
    return max((";", ",", "\t"), key=first.count)


def _places(titles: list[str]) -> dict[str, int]:
    """Return where each column stands; the first title that names it."""
    found: dict[str, int] = {}
    for at, title in enumerate(plain(title) for title in titles):
        for name, pattern in _COLUMNS.items():
            if name not in found and re.fullmatch(pattern, title):
                found[name] = at
    return found


def _means(schools: pl.DataFrame, column: str, enough: pl.Expr) -> pl.DataFrame:
    told = schools.drop_nulls([column, "present"]).filter(pl.col("present") > 0)
    return (
        told.group_by("year")
        .agg(
            value=(pl.col(column) * pl.col("present")).sum() / pl.col("present").sum(),
            people=pl.col("present").sum(),
            enough=enough,
        )
        .filter("enough")
        .drop("enough")
        .sort("year")
    )


def _figures(told: pl.DataFrame, indicator: str, place: str, source: str) -> pl.DataFrame:
    return told.select(
        indicator=pl.lit(indicator), year="year", place=pl.lit(place), scope=pl.lit(""), value="value",
        people=pl.col("people").cast(pl.Int64), source=pl.lit(source),
    ).cast(_figure_schema())  # fmt: skip  # type: ignore[arg-type]


def _figure_schema() -> dict:
    return {"indicator": pl.String, "year": pl.Int64, "place": pl.String, "scope": pl.String, "value": pl.Float64,
            "people": pl.Int64, "source": pl.String}  # fmt: skip


def _percent(column: str) -> pl.Expr:
    tenths = (pl.col(column) * 100).round(1).cast(pl.String).str.replace(".", ",", literal=True)
    return pl.format("{}\u00a0%", tenths)
