"""Turns the lines of a CSV or a workbook into a table: where its titles are, what lies under them.

Columns that may hold what APdash never stores (addresses, health, family, boarding, grants…) are dropped here, before
anything is shown.
"""

import re
from dataclasses import dataclass, field

import polars as pl

from apdash.errors import ApdashError
from apdash.imports.delimited import text_rows
from apdash.imports.headers import identity_of, is_never_read
from apdash.imports.kinds import ImportFile, check_size
from apdash.imports.names import plain
from apdash.imports.unpack import ZIP
from apdash.imports.workbook import workbook_rows

_SEARCHED = 15  # lines among which the titles are looked for
MAX_CELL = 500
_NUMBER = re.compile(r"^\d+(?:[.,]\d+)?$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text. rows: `line`, then a column per title; never_read: titles whose cells were dropped.

    parts: of a title made of two lines, what each says.
    """

    file: str
    headers: tuple[str, ...]
    never_read: tuple[str, ...]
    rows: pl.DataFrame
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what recognises a table with the same titles."""
        return "|".join(plain(header) for header in (*self.headers, *self.never_read))


def read_table(file: ImportFile) -> Table:
    """Return the table of a file; raises `ApdashError` when there is none."""
    check_size(file.name, len(file.data))
    reader = workbook_rows if file.data.startswith(ZIP) else text_rows
    lines = reader(file.name, file.data)
    if not lines:
        raise ApdashError("Tableau vide.", f"{file.name} ne contient aucune ligne.")
    at = _titles_at(lines)
    width = max(len(cells) for _line, cells in lines[at:])
    padded = [(line, [*cells, *[""] * (width - len(cells))]) for line, cells in lines[at:]]
    titles, parts, body = _titles(padded)
    if len(titles) < 2 or not body:
        raise ApdashError(
            "Ce n’est pas un tableau.",
            f"{file.name} n’a pas de lignes sous des titres de colonnes séparés par « ; », "
            "une tabulation ou une virgule.",
        )
    return _table(file.name, titles, parts, body)


def _table(
    file: str, titles: list[str], parts: dict[str, tuple[str, str]], body: list[tuple[int, list[str]]]
) -> Table:
    filled = [position for position, title in enumerate(titles) if title]
    kept = [position for position in filled if not is_never_read(titles[position])]
    data = {
        titles[position]: [cells[position][:MAX_CELL] or None for _line, cells in body] for position in kept
    }
    schema = {"line": pl.Int64} | {titles[position]: pl.String for position in kept}
    rows = pl.DataFrame({"line": [line for line, _cells in body]} | data, schema=schema)
    never = tuple(titles[position] for position in filled if position not in kept)
    return Table(file, tuple(titles[position] for position in kept), never, rows, parts)


def _titles_at(lines: list[tuple[int, list[str]]]) -> int:
    """Return the position of the line that names the most known columns, the first line if none does."""
    scores = [sum(identity_of(cell) is not None for cell in cells) for _line, cells in lines[:_SEARCHED]]
    return scores.index(max(scores))


def _titles(
    lines: list[tuple[int, list[str]]],
) -> tuple[list[str], dict[str, tuple[str, str]], list[tuple[int, list[str]]]]:
    """Return the titles, each different, the two parts of some, and the lines under them.

    A second line of titles completes the first.
    """
    titles, body = lines[0][1], lines[1:]
    if not body or not _is_second_title(titles, body[0][1]):
        return _distinct(titles), {}, body
    pairs = _completed(titles, body[0][1])
    named = _distinct([f"{above} {under}".strip() for above, under in pairs])
    parts = {title: pair for title, pair in zip(named, pairs, strict=True) if all(pair)}
    return named, parts, body[1:]


def _is_second_title(titles: list[str], cells: list[str]) -> bool:
    """True for a line that names nobody and holds words, not values."""
    named = [at for at, title in enumerate(titles) if identity_of(title) in ("last_name", "full_name", "ine")]
    filled = [cell for cell in cells if cell]
    words = all(not _NUMBER.match(cell) for cell in filled) and any(len(cell) > 2 for cell in filled)
    return bool(named) and not any(cells[at] for at in named) and words


def _completed(titles: list[str], below: list[str]) -> list[tuple[str, str]]:
    """Return titles beside those of the second line; a title that spans several columns is repeated on each."""
    completed, above = [], ""
    for title, under in zip(titles, below, strict=True):
        above = title or above
        completed.append((above if under else title, under))
    return completed


def _distinct(titles: list[str]) -> list[str]:
    """Return the titles, a number added to those met before; "line" is ours."""
    met: dict[str, int] = {"line": 1}
    distinct = []
    for title in titles:
        title = " ".join(title.split())[:100]
        met[title] = met.get(title, 0) + 1
        distinct.append(f"{title} ({met[title]})" if title and met[title] > 1 else title)
    return distinct
