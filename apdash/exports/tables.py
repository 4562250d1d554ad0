"""Frames as files other software reads: CSV and XLSX, in which no cell can be taken for a formula."""

import csv
import io
import unicodedata
from datetime import date, datetime

import polars as pl
import polars.selectors as cs
import xlsxwriter

_FORMULA_START = r"^([=+\-@\t\r])"


def csv_bytes(frame: pl.DataFrame, *, encoding: str) -> bytes:
    """Return a frame as CSV: `;`, CRLF, days as JJ/MM/AAAA; encoding: cp1252, or utf-8-sig for UTF-8 with its mark.

    A character that Windows-1252 lacks is written without its accents, or as `?`.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(frame.columns)
    writer.writerows(_as_text(frame).iter_rows())
    if encoding == "cp1252":
        return "".join(_in_cp1252(letter) for letter in buffer.getvalue()).encode("cp1252")
    return buffer.getvalue().encode(encoding)


def xlsx_bytes(frame: pl.DataFrame, *, title: str, made_at: datetime) -> bytes:
    """Return a frame as one XLSX sheet with real dates; the same rows and moment give the same file."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": made_at})
        sheet = book.add_worksheet(title[:31])
        sheet.write_row(0, 0, frame.columns, book.add_format({"bold": True}))
        for place, row in enumerate(frame.with_columns(cs.string().pipe(_neutral)).iter_rows(), start=1):
            sheet.write_row(place, 0, ["" if cell is None else cell for cell in row])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()


def day_words(value: date) -> str:
    """Return JJ/MM/AAAA."""
    return value.strftime("%d/%m/%Y")


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    days = cs.date().dt.strftime("%d/%m/%Y")
    return frame.with_columns(days).with_columns(cs.all().cast(pl.String).fill_null("").pipe(_neutral))


def _neutral(cells: pl.Expr) -> pl.Expr:
    """Put an apostrophe before what a spreadsheet would compute."""
    return cells.str.replace(_FORMULA_START, "'${1}")


def _in_cp1252(letter: str) -> str:
    try:
        letter.encode("cp1252")
        return letter
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", letter)
        return "".join(part for part in bare if ord(part) < 128) or "?"
