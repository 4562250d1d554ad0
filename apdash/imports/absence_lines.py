"""The lines of a list of absences: from when to when, late or away, excused or not."""

from datetime import time

import polars as pl

from apdash.imports.extract import Problems, Severity
from apdash.imports.headers import ABSENCE
from apdash.imports.mapping import ColumnMapping
from apdash.imports.names import plain_text

_YES = (
    "oui",
    "o",
    "1",
    "x",
    "vrai",
    "true",
    "justifiee",
    "justifie",
    "excusee",
    "excuse",
    "recevable",
    "reglee",
)
_HOUR = r"(?:^|\s)(\d{1,2})\s*(?:h|H|:)\s*(\d{2})?"
_LAST = time(23, 59)


def absence_lines(cells: pl.DataFrame, problems: Problems, mapping: ColumnMapping) -> pl.DataFrame:
    """Return line, id, who, from, to (moments), late, told (minutes of lateness, null: not said), excused.

    A line without hours is a whole day. cells: line, id, who, then the columns of the table. Tells the lines whose day
    or hours cannot be read, and leaves them out.
    """
    parts = {
        part: pl.col(mapping.absences[part]) if part in mapping.absences else pl.lit(None, pl.String)
        for part in ABSENCE
    }
    raw = cells.select("line", "id", "who", **parts)
    read = raw.with_columns(
        on=_day("day"),
        off=pl.coalesce(_day("until"), _day("end"), _day("day")),
        opens=pl.coalesce(_hour("start"), _hour("day")),
        closes=pl.coalesce(_hour("end"), _hour("until")),
        told=pl.col("minutes").str.extract(r"(\d+)").cast(pl.Int64, strict=False),
        excused=plain_text(pl.col("excused")).is_in(_YES).fill_null(value=False),
    )
    lateness = plain_text(pl.col("kind")).str.contains("retard").fill_null(value=False) | (
        pl.col("kind").is_null() & (pl.col("told") > 0)
    ).fill_null(value=False)
    dated = read.with_columns(
        late=lateness,
        **{
            "from": pl.col("on").dt.combine(pl.col("opens").fill_null(time(0, 0))),
            "to": pl.col("off").dt.combine(pl.col("closes").fill_null(_LAST)),
        },
    )
    reasons = (
        (pl.col("on").is_null(), "Jour illisible ou absent."),
        (pl.col("start").is_not_null() & pl.col("opens").is_null(), "Heure de début illisible."),
        (pl.col("end").is_not_null() & pl.col("closes").is_null(), "Heure de fin illisible."),
        (pl.col("late") & pl.col("opens").is_null(), "Retard sans heure."),
        (~pl.col("late") & (pl.col("to") <= pl.col("from")), "La fin vient avant le début."),
    )
    for bad, why in reasons:
        wrong = bad.fill_null(value=False)
        problems.add_rows(dated.filter(wrong), pl.col("who"), why, severity=Severity.REFUSED)
        dated = dated.filter(~wrong)
    return dated.select("line", "id", "who", "from", "to", "late", "told", "excused")


def _day(part: str) -> pl.Expr:
    """Return the day a cell holds, alone or before an hour; a year of two figures is of this century."""
    text = pl.col(part).str.strip_chars()
    long = text.str.extract(r"(\d{1,2}/\d{1,2}/\d{4})").str.to_date("%d/%m/%Y", strict=False)
    short = text.str.extract(r"(?:^|\s)(\d{1,2}/\d{1,2}/\d{2})(?:\D|$)").str.to_date("%d/%m/%y", strict=False)
    iso = text.str.extract(r"(\d{4}-\d{2}-\d{2})").str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(long, short, iso)


def _hour(part: str) -> pl.Expr:
    text = pl.col(part).str.replace("T", " ", literal=True)
    hours = text.str.extract(_HOUR, 1).cast(pl.Int8, strict=False)
    minutes = text.str.extract(_HOUR, 2).cast(pl.Int8, strict=False).fill_null(0)
    return pl.when((hours < 24) & (minutes < 60)).then(pl.time(hours, minutes))
