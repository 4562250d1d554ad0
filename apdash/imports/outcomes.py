"""Reads what became of students from a table: the result at the diploma, what they do after leaving."""

import re
from dataclasses import dataclass

import polars as pl

from apdash.imports.extract import Problems, Severity
from apdash.imports.findings import Findings
from apdash.imports.mapping import ColumnMapping
from apdash.imports.merge import school_year_of
from apdash.imports.names import plain
from apdash.imports.rows import rows
from apdash.services import Services
from apdash.store.queries.groups import ALWAYS
from apdash.store.queries.success import outcomes_known

TITLES: dict[str, tuple[str, ...]] = {
    "result": (
        "resultat",
        "resultats",
        "resultat au diplome",
        "resultat au bac",
        "decision du jury",
        "resultat examen",
    ),
    "after": (
        "devenir",
        "situation",
        "situation apres",
        "situation a la sortie",
        "apres le diplome",
        "poursuite",
    ),
    "session": ("session", "annee", "annee scolaire", "annee de sortie"),
}
OUTCOME_WORDS = {
    "studies": "études", "apprenticeship": "apprentissage", "employment": "emploi", "other": "autre situation",
    "unknown": "situation inconnue",
}  # fmt: skip
_RESULTS = (
    (False, r"non admis|refus.*|ajourn.*|echec|elimin.*|non|0"),
    (True, r"admis.*|recue?s?( .*)?|oui|1|obtenu"),
)
_AFTER = (
    ("unknown", r".*inconnu.*|nsp|ne sait pas|sans nouvelles?|unknown"),
    ("apprenticeship", r".*apprenti.*|.*alternance.*"),
    ("studies", r".*etudes?.*|.*bts.*|.*superieur.*|.*mention complementaire.*|.*scolaris.*|studies"),
    ("employment", r".*emploi.*|.*travail.*|cdi|cdd|.*interim.*|employment"),
    ("other", r"autre.*|.*service civique.*|other"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A kind of outcome: its column in the store, how a cell is read, how it is shown."""

    part: str
    column: str
    write: str
    subject: str


_KINDS = (
    Outcome("result", "passed", "exam_results", "résultat"),
    Outcome("after", "outcome", "leavers", "devenir"),
)


def read_result(text: str) -> bool | None:
    """Return whether a cell says that the diploma was obtained; None when it says neither."""
    return next((passed for passed, pattern in _RESULTS if re.fullmatch(pattern, plain(text))), None)


def read_after(text: str) -> str | None:
    """Return the outcome a cell names, None when it names none."""
    looks_for = re.fullmatch(r".*recherche d (un )?emploi.*|.*sans emploi.*", plain(text))
    return (
        "other"
        if looks_for
        else next((code for code, like in _AFTER if re.fullmatch(like, plain(text))), None)
    )


def compare_outcomes(
    found: Findings, cells: pl.DataFrame, problems: Problems, *, services: Services, mapping: ColumnMapping
) -> None:
    """Fill `found` and the rows to write; cells: line, id, who, then the columns of the table.

    Without a column of sessions, results are those of the last session held, leavers those of the year before this.
    """
    today = services.today()
    this = school_year_of(today)
    standing = outcomes_known(services.store, known_at=ALWAYS)
    for kind in _KINDS:
        header = mapping.outcomes.get(kind.part)
        if header is None:
            continue
        usual = this if kind.part == "result" and today.month in (6, 7) else this - 1
        read = _read(cells, header, kind, problems, mapping.outcomes.get("session"), usual)
        old = standing.select("student", "year", old=pl.col(kind.column).cast(pl.String)).drop_nulls("old")
        joined = read.join(old, on=["student", "year"], how="left", maintain_order="left")
        fresh = pl.col("old").is_null()
        moved = ~fresh & (pl.col("old") != pl.col("value").cast(pl.String))
        said = {
            "who": pl.col("who"), "field": pl.format("{}-{}", "year", pl.col("year") + 1),
            "line": pl.col("line"), "file": problems.file, "after": _words("value", kind),
        }  # fmt: skip
        found.new.append(rows(joined.filter(fresh), kind.subject, **said))
        found.changed.append(rows(joined.filter(moved), kind.subject, before=_words("old", kind), **said))
        found.unchanged.append(rows(joined.filter(~fresh & ~moved), kind.subject, **said))
        written = joined.filter(fresh | moved).select("student", "year", pl.col("value").alias(kind.column))
        found.writes[kind.write] = written


def _read(
    cells: pl.DataFrame, header: str, kind: Outcome, problems: Problems, session: str | None, usual: int
) -> pl.DataFrame:
    """Return line, who, student, year, value of the cells that say something; tell of those that cannot be read."""
    texts = cells[header].drop_nulls().unique(maintain_order=True).to_list()
    reader = read_result if kind.part == "result" else read_after
    value_type = pl.Boolean if kind.part == "result" else pl.String
    known = pl.DataFrame(
        {"text": texts, "value": [reader(text) for text in texts]},
        schema={"text": pl.String, "value": value_type},
    )
    year = (
        (pl.col(session).str.extract(r"(\d{4})\s*$").cast(pl.Int64, strict=False) - 1)
        if session
        else pl.lit(usual)
    )
    joined = (
        cells.select("line", "who", student="id", text=header, year=year)
        .with_columns(pl.col("year").fill_null(usual).cast(pl.Int64))
        .drop_nulls("text")
        .join(known, on="text", how="left", maintain_order="left")
    )
    odd = joined.filter(pl.col("value").is_null())
    words = pl.format("« {} » n’est pas compris.", pl.col("text").str.slice(0, 40))
    problems.add_rows(odd, pl.format("{}, " + kind.subject, "who"), words, severity=Severity.REFUSED)
    return joined.drop_nulls("value")


def _words(column: str, kind: Outcome) -> pl.Expr:
    texts = pl.col(column).cast(pl.String)
    known = {"true": "reçu", "false": "non reçu"} if kind.part == "result" else OUTCOME_WORDS
    return texts.replace(known)
