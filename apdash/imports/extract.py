"""What a file says, in frames that look the same whichever export they come from; and the problems met reading it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import polars as pl

from apdash.imports.kinds import Kind
from apdash.imports.safe_xml import Found

PROBLEMS = {"file": pl.String, "line": pl.Int64, "what": pl.String, "why": pl.String, "severity": pl.String}

# Every frame an official file can fill. division, previous: codes; line: where it stands in the file.
SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "students": {
        "siecle_id": pl.String,
        "ine": pl.String,
        "last_name": pl.String,
        "family_name": pl.String,
        "first_name": pl.String,
        "born_on": pl.Date,
        "sex": pl.String,
        "apprentice": pl.Boolean,
        "mef": pl.String,
        "repeating": pl.Boolean,
        "previous_mef": pl.String,
        "entered_on": pl.Date,
        "left_on": pl.Date,
        "line": pl.Int64,
    },
    "structures": {"siecle_id": pl.String, "code": pl.String, "type": pl.String, "line": pl.Int64},
    "divisions": {"code": pl.String, "label": pl.String},
    "division_mefs": {"division": pl.String, "mef": pl.String},
    "groups": {"code": pl.String, "label": pl.String},
    "group_divisions": {"group": pl.String, "division": pl.String},
    "mefs": {"code": pl.String, "label": pl.String},
    "subjects": {"code": pl.String, "label": pl.String},
    "hours": {"mef": pl.String, "subject": pl.String, "weekly_hours": pl.Float64},
    "staff": {
        "sts_key": pl.String,
        "title": pl.String,
        "last_name": pl.String,
        "first_name": pl.String,
        "job": pl.String,
        "discipline": pl.String,
    },
    "services": {"division": pl.String, "sts_key": pl.String, "subject": pl.String},
    "principals": {"division": pl.String, "sts_key": pl.String},
}


class Severity(StrEnum):
    """refused: the row is left out. warning: it comes in, and something is to be looked at."""

    REFUSED = "refused"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Extract:
    """The content of one official file. tables: frames of `SCHEMAS`; problems: a frame of `PROBLEMS`."""

    kind: Kind
    file: str
    uai: str
    year: int
    tables: dict[str, pl.DataFrame]
    problems: pl.DataFrame
    exported_on: date | None = None
    school_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(slots=True)
class Problems:
    """The problems of one file, gathered while it is read."""

    file: str
    frames: list[pl.DataFrame] = field(default_factory=list)

    def add(self, line: int | None, what: str, why: str, *, severity: Severity = Severity.WARNING) -> None:
        """Add one problem."""
        row = {
            "file": [self.file],
            "line": [line],
            "what": [what],
            "why": [why],
            "severity": [severity.value],
        }
        self.frames.append(pl.DataFrame(row, schema=PROBLEMS))

    def add_rows(self, rows: pl.DataFrame, what: pl.Expr, why: str | pl.Expr, *, severity: Severity) -> None:
        """Add a problem per row of a frame that has a column `line`."""
        self.frames.append(
            rows.select(
                file=pl.lit(self.file),
                line=pl.col("line").cast(pl.Int64),
                what=what.cast(pl.String),
                why=pl.lit(why) if isinstance(why, str) else why,
                severity=pl.lit(severity.value),
            )
        )

    def frame(self) -> pl.DataFrame:
        """Return the problems, in the order of the file."""
        empty = pl.DataFrame(schema=PROBLEMS)
        return pl.concat([empty, *self.frames]).sort("line", maintain_order=True, nulls_last=True)


def raw_frame(found: Found, path: str, names: dict[str, str]) -> pl.DataFrame:
    """Return the cells of a record as text, renamed (cell -> column), plus `line`; an empty cell is null."""
    rows = found.rows[path]
    data = {column: [row[cell] or None for row in rows] for cell, column in names.items()}
    schema = dict.fromkeys(names.values(), pl.String) | {"line": pl.Int64}
    return pl.DataFrame(data | {"line": [row["line"] for row in rows]}, schema=schema)


def shaped(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of `SCHEMAS[name]`, in order and with their types."""
    return frame.select(pl.col(column).cast(kind) for column, kind in SCHEMAS[name].items())


def date_of(column: str) -> pl.Expr:
    """Return a text column as a date, read as jj/mm/aaaa or aaaa-mm-jj; what is neither becomes null."""
    text = pl.col(column).str.strip_chars()
    french = text.str.extract(r"^(\d{1,2}/\d{1,2}/\d{4})(?:\s|$)").str.to_date("%d/%m/%Y", strict=False)
    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})(?:[T\s]|$)").str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(french, iso)
