"""Reads delimited text (CSV, TSV) whatever saved it: encoding and separator are told from the content."""

import csv
import io
from collections.abc import Iterator

from apdash.errors import ApdashError
from apdash.imports.workbook import MAX_COLUMNS, MAX_ROWS

MAX_LINE = 200_000
SEPARATORS = (";", "\t", ",", "|")
_CONTROL = frozenset(chr(code) for code in (*range(9), 11, *range(14, 32), 127))


def text_rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    """Return (line, cells) of a delimited text; blank lines are left out.

    Raises `ApdashError` when it cannot be read as text, or when quotes are left open.
    """
    text = decoded(name, data)
    separator = _separator(text)
    reader = csv.reader(_lines(name, text), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            trimmed = [cell.replace("\xa0", " ").strip() for cell in cells]
            if any(trimmed):
                rows.append((line, trimmed))
            line = reader.line_num + 1
            if len(rows) > MAX_ROWS or len(cells) > MAX_COLUMNS:
                raise _too_large(name)
    except csv.Error as error:
        raise ApdashError(
            "Tableau illisible.", f"{name}, ligne {line} : guillemets mal fermés ou cellule trop longue."
        ) from error
    if rows and rows[0][1][0].lower().startswith("sep="):
        rows.pop(0)
    return rows


def _lines(name: str, text: str) -> Iterator[str]:
    """Yield the lines with their ends; refuse one no spreadsheet writes before it is cut into cells."""
    for line in io.StringIO(text, newline=""):
        if len(line) > MAX_LINE:
            raise _too_large(name)
        yield line


def _too_large(name: str) -> ApdashError:
    return ApdashError("Tableau trop grand.", f"{name} dépasse {MAX_ROWS} lignes ou {MAX_COLUMNS} colonnes.")


def decoded(name: str, data: bytes) -> str:
    """Return the text: its mark says how it is written, else UTF-16 by its zeros, else UTF-8, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ("utf-16",)
    elif data[:200].count(0):
        candidates = ("utf-16-le",) if data[1:200:2].count(0) > data[0:200:2].count(0) else ("utf-16-be",)
    else:
        candidates = ("utf-8-sig", "cp1252")
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.intersection(text):
            return text
    raise ApdashError(
        "Encodage inconnu.", f"{name} n’est pas un texte lisible. Enregistrez-le en « CSV UTF-8 » ou en XLSX."
    )


def _separator(text: str) -> str:
    """Return the separator that cuts the first lines into the most columns, the same number on most of them."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]

    def score(separator: str) -> tuple[int, int]:
        widths = [_cut(line, separator) for line in lines]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in SEPARATORS:
        return lines[0][4]
    return max(SEPARATORS, key=score)


def _cut(line: str, separator: str) -> int:
    """Return how many cells a line would have, separators inside quotes apart."""
    pieces = line.split('"')
    return 1 + sum(piece.count(separator) for piece in pieces[::2])
