"""What a point of vigilance is: a rule, its threshold, and the list behind it."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

Level = Literal["alert", "watch", "ok", "unknown"]

ROWS = {
    "label": pl.String, "detail": pl.String, "level": pl.String, "student": pl.Int64, "ap_group": pl.Int64,
    "division": pl.Int64, "band": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """One rule looked at. rows: label, detail, level (alert, watch), student, ap_group, division, band
    (ids, or null).

    level: the worst of the rows, ok without any; unknown: too early or nothing to look at, said in `words`.
    """

    code: str
    label: str
    threshold: str
    why: str
    level: Level
    words: str
    rows: pl.DataFrame

    @property
    def count(self) -> int:
        """How many rows are behind the point."""
        return self.rows.height


def listed(rows: list[dict]) -> pl.DataFrame:
    """Return rows as the frame of a point; what a row leaves out is null, and its level `watch`."""
    blank = dict.fromkeys(ROWS) | {"level": "watch", "detail": ""}
    return pl.DataFrame([blank | row for row in rows], schema=ROWS)


def group_row(row: dict, detail: str, level: str = "watch") -> dict:
    """Return the row of a group: ap_group, code, name."""
    return {
        "label": f"{row['code']} {row['name']}", "detail": detail, "level": level, "ap_group": row["ap_group"],
    }  # fmt: skip


def student_row(row: dict, detail: str, level: str = "watch") -> dict:
    """Return the row of a student: student, name, division, division_code."""
    return {
        "label": f"{row['name']}, {row['division_code']}", "detail": detail, "level": level,
        "student": row["student"], "division": row["division"],
    }  # fmt: skip
