"""Reads an XLSX workbook from anybody: checked and packed again before the spreadsheet reader sees it."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

import fastexcel

from apdash.errors import ApdashError
from apdash.imports.unpack import entries, unpacked

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 256, 1_000_000
FORMULA = "=formule"
_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")


@dataclass(slots=True)
class _Extent:
    """What a sheet holds: its first and last used cell, and where its formulas are (row, column, from 0)."""

    first_row: int | None = None
    first_column: int | None = None
    cells: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)


def workbook_rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    """Return (line, cells as text) of the first sheet that holds something; a formula reads as `FORMULA`.

    Raises `ApdashError` when the workbook is broken, too large, or made to exhaust the machine.
    """
    parts = {entry: unpacked(name, data, entry) for entry in entries(name, data)}
    extents = {entry: _extent(name, sheet) for entry, sheet in parts.items() if _SHEET.match(entry)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for entry, content in parts.items():
            archive.writestr(entry, content)
    try:
        book = fastexcel.read_excel(packed.getvalue())
        for position, _title in enumerate(book.sheet_names):
            sheet = book.load_sheet(position, header_row=None, dtypes="string")
            if sheet.height:
                return _rows(sheet, _extent_of(extents, position))
    except (fastexcel.FastExcelError, ValueError, RuntimeError) as error:
        raise _broken(name) from error
    raise ApdashError("Classeur vide.", f"{name} ne contient aucune cellule remplie.")


def _rows(sheet: fastexcel.ExcelSheet, extent: _Extent) -> list[tuple[int, list[str]]]:
    """Return the lines of a sheet, numbered as the spreadsheet numbers them."""
    top, left = extent.first_row or 0, extent.first_column or 0
    return [
        (
            top + offset + 1,
            [
                FORMULA if (top + offset, left + column) in extent.formulas else (cell or "").strip()
                for column, cell in enumerate(cells)
            ],
        )
        for offset, cells in enumerate(sheet.to_polars().iter_rows())
    ]


def _extent_of(extents: dict[str, _Extent], position: int) -> _Extent:
    """Return the extent of a sheet: sheets are numbered in their file names in the order they were made."""
    named = extents.get(f"xl/worksheets/sheet{position + 1}.xml")
    if named and named.cells:
        return named
    return next((extent for extent in extents.values() if extent.cells), _Extent())


def _extent(name: str, sheet: bytes) -> _Extent:
    extent = _Extent()
    at = [0, -1]
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rsplit(":", 1)[-1]
        if local == "row":
            at[:] = [int(attributes["r"]) - 1 if attributes.get("r", "").isdigit() else at[0] + 1, -1]
        elif local == "c":
            at[:] = _position(attributes.get("r", "")) or [at[0], at[1] + 1]
            _count(name, extent, at)
        elif local == "f":
            extent.formulas.add((at[0], at[1]))

    def refuse(*_: object) -> None:
        raise _broken(name)

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, refuse
    try:
        parser.Parse(sheet, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _broken(name) from error
    return extent


def _count(name: str, extent: _Extent, at: list[int]) -> None:
    extent.cells += 1
    if at[0] >= MAX_ROWS or at[1] >= MAX_COLUMNS or extent.cells > MAX_CELLS:
        raise ApdashError(
            "Classeur trop grand.",
            f"{name} dépasse {MAX_ROWS} lignes ou {MAX_COLUMNS} colonnes. Gardez le seul tableau utile.",
        )
    extent.first_row = at[0] if extent.first_row is None else min(extent.first_row, at[0])
    extent.first_column = at[1] if extent.first_column is None else min(extent.first_column, at[1])


def _position(reference: str) -> list[int] | None:
    """Return [row, column] of a reference like B12, from 0."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return [int(found[2]) - 1, column - 1]


def _broken(name: str) -> ApdashError:
    return ApdashError(
        "Classeur illisible.", f"{name} est abîmé ou n’est pas un vrai XLSX. Enregistrez-le de nouveau."
    )
