"""One reference file: bytes -> checked frame, or the list of what is wrong with it."""

import csv
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from apdash.errors import ApdashError
from apdash.reference.tables import Column, Kind, Table

SHOWN = 5  # problems told at once: enough to correct a file, not enough to hide the first one
_NUMBER = r"^-?\d+(?:[.,]\d+)?$"
_WHOLE = r"^-?\d+$"


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be used: line of the file (1 is the titles), title of the column, what was expected."""

    line: int
    column: str
    words: str


def read_table(folder: Path, table: Table) -> pl.DataFrame:
    """Return the rows of a file: `line` (number in the file), `position` (order, from 0), then the columns of `table`.

    Raises `ApdashError` naming the file, the lines, the columns and what was expected.
    """
    raw = _raw(folder / table.file, table)
    problems = [problem for column in table.columns for problem in _cell_problems(raw, column)]
    if not problems:
        problems = _duplicates(raw, table)
    refuse(table.file, problems)
    typed = raw.select("line", *(_typed(column) for column in table.columns))
    return typed.with_row_index("position").with_columns(pl.col("position").cast(pl.Int64))


def refuse(file: str, problems: list[Problem]) -> None:
    """Raise `ApdashError` telling the first problems; do nothing when there is none."""
    if not problems:
        return
    ordered = sorted(problems, key=lambda problem: problem.line)
    words = [f"Ligne {p.line}, colonne « {p.column} » : {p.words}" for p in ordered[:SHOWN]]
    if len(problems) > SHOWN:
        words.append(f"… et {len(problems) - SHOWN} autres.")
    raise ApdashError(f"Données de référence refusées : {file}.", " ".join(words))


def _raw(path: Path, table: Table) -> pl.DataFrame:
    """Return the cells as trimmed text, under the English names of the columns, with their line."""
    rows = list(_rows(_text_of(path), path.name))
    if not rows:
        raise ApdashError(f"Données de référence refusées : {path.name}.", "Le fichier est vide.")
    titles = [_plain(title) for title in rows[0][1]]
    missing = [column.title for column in table.columns if _plain(column.title) not in titles]
    if missing:
        expected = ";".join(column.title for column in table.columns)
        raise ApdashError(
            f"Données de référence refusées : {path.name}.",
            f"Ligne 1 : il manque la colonne « {missing[0]} ». Titres attendus, séparés par des "
            f"points-virgules : {expected}.",
        )
    refuse(
        path.name,
        [
            Problem(
                line, rows[0][1][-1], f"{len(titles)} cellules sont attendues, {len(cells)} ont été lues."
            )
            for line, cells in rows[1:]
            if len(cells) != len(titles)
        ],
    )
    data = {
        column.name: [cells[titles.index(_plain(column.title))].strip() for _, cells in rows[1:]]
        for column in table.columns
    }
    schema = {"line": pl.Int64} | {column.name: pl.String for column in table.columns}
    return pl.DataFrame({"line": [line for line, _ in rows[1:]]} | data, schema=schema)


def _text_of(path: Path) -> str:
    """Return the text of a file: UTF-8, with or without its mark, else Windows-1252 as spreadsheets save it."""
    title = f"Données de référence refusées : {path.name}."
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ApdashError(title, f"Le fichier est introuvable ou illisible dans {path.parent}.") from error
    if b"\x00" in data:
        raise ApdashError(title, "Encodage inattendu : enregistrez le fichier en « CSV UTF-8 ».")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ApdashError(title, "Encodage inattendu : enregistrez le fichier en « CSV UTF-8 ».")


def _rows(text: str, file: str) -> list[tuple[int, list[str]]]:
    """Return (line, cells) for each line that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    rows = []
    try:
        rows.extend((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise ApdashError(
            f"Données de référence refusées : {file}.", f"Ligne {reader.line_num} : guillemets mal fermés."
        ) from error
    return rows


def _plain(title: str) -> str:
    """Return a title without case, accents, nor differences of apostrophes and blanks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c))
    return " ".join(bare.lower().replace("’", "'").replace("_", " ").split())


def _cell_problems(raw: pl.DataFrame, column: Column) -> list[Problem]:
    rules = [] if column.empty else [(pl.col(column.name) == "", "la cellule ne peut pas être vide.")]
    rules += _kind_rules(column)
    return [
        Problem(row["line"], column.title, f"{words}{_read(row[column.name])}")
        for bad, words in rules
        for row in raw.filter(bad).iter_rows(named=True)
    ]


def _read(value: str) -> str:
    return f" « {value[:40]} » a été lu." if value else ""


def _kind_rules(column: Column) -> list[tuple[pl.Expr, str]]:
    """Return (condition that makes a cell wrong, what was expected instead)."""
    cell = pl.col(column.name)
    filled = cell != ""
    if column.kind == Kind.YES_NO:
        return [(filled & ~cell.str.to_lowercase().is_in(["oui", "non"]), "« oui » ou « non » est attendu,")]
    if column.kind in (Kind.INTEGER, Kind.NUMBER):
        whole = column.kind == Kind.INTEGER
        bounds = f"un nombre {'entier ' if whole else ''}de {column.low:g} à {column.high:g} est attendu,"
        value = _decimal(cell)
        wrong = (
            ~cell.str.contains(_WHOLE if whole else _NUMBER) | (value < column.low) | (value > column.high)
        )
        return [(filled & wrong.fill_null(True), bounds)]
    if column.kind == Kind.CODES and column.choices:
        known = rf"^(?:(?:{'|'.join(column.choices)})[\s|,]*)*$"
        return [(~cell.str.contains(known), f"des mots parmi {', '.join(column.choices)} sont attendus,")]
    if column.choices:
        return [
            (
                filled & ~cell.is_in(column.choices),
                f"une valeur parmi {', '.join(column.choices)} est attendue,",
            )
        ]
    if column.kind == Kind.CODE:
        return [(cell.str.contains(r"\s"), "un code sans blanc est attendu,")]
    return []


def _decimal(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _typed(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    match column.kind:
        case Kind.INTEGER:
            value = cell.cast(pl.Int64, strict=False)
        case Kind.NUMBER:
            value = _decimal(cell)
        case Kind.YES_NO:
            value = cell.str.to_lowercase() == "oui"
        case Kind.CODES:
            value = _split(cell.str.replace_all(r"[\s|,]+", " "), " ")
        case Kind.WORDS:
            value = _split(cell.str.replace_all(r"\s*,\s*", ","), ",")
        case _:
            value = pl.when(cell != "").then(cell) if column.empty else cell
    return value.alias(column.name)


def _split(cell: pl.Expr, separator: str) -> pl.Expr:
    return cell.str.split(separator).list.eval(pl.element().filter(pl.element() != ""))


def _duplicates(raw: pl.DataFrame, table: Table) -> list[Problem]:
    titles = " + ".join(column.title for column in table.columns if column.name in table.key)
    twice = raw.filter(~pl.struct(table.key).is_first_distinct())
    return [
        Problem(
            row["line"],
            titles,
            f"« {' '.join(row[name] for name in table.key)} » est déjà présent plus haut.",
        )
        for row in twice.iter_rows(named=True)
    ]
