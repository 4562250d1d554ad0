"""From frames to the one answer the entry grid is drawn from; pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from apdash.labels import moment
from apdash.reference import Reference

ALL = "toutes"
MINE = "miennes"
_RECENTLY = timedelta(minutes=10)
_NOT_ADULTS = {"student": ("É", "L’élève")}


@dataclass(frozen=True, slots=True)
class GridFrames:
    """What a grid is made of. head: the row of `entry_head`; students, earlier: as in queries/entry.py.

    mine: the competencies expected of this person; assessor: the key of what they type, None to read only.
    """

    head: Mapping
    students: pl.DataFrame
    earlier: pl.DataFrame
    mine: frozenset[str]
    assessor: str | None


def grid(reference: Reference, frames: GridFrames, *, scope: str) -> dict:
    """Return what the grid needs to draw itself, but the values."""
    mine = frames.mine
    everything = scope == ALL or not mine
    columns = (
        reference.competencies if everything else reference.competencies.filter(pl.col("code").is_in(mine))
    )
    return {
        "review": frames.head["review"],
        "division": frames.head["division"],
        "label": f"{frames.head['label']}, saisie de la {frames.head['code']}",
        "assessor": frames.assessor,
        "editable": frames.assessor is not None,
        "closed": frames.head["closed_at"] is not None,
        "students": [[row[0], f"{row[1]} {row[2]}".strip()] for row in frames.students.iter_rows()],
        "competencies": [
            {
                "code": row["code"],
                "block": row["block"],
                "label": row["label"],
                "short": row["short_label"],
                "observed": row["observed"],
                "mine": row["code"] in mine,
            }
            for row in columns.sort("block", maintain_order=True).iter_rows(named=True)
        ],
        "blocks": reference.blocks.select("block", "label").to_dicts(),
        "scale": reference.scales.filter(pl.col("scale") == "lsl_pro").sort("rank")["label"].to_list(),
        "scales": paste_scales(reference),
        "earlier": [list(row) for row in frames.earlier.iter_rows()],
    }


def cells(values: pl.DataFrame, assessor: str | None, *, now: datetime) -> dict:
    """Return the values: mine, my colleagues' marks, who is typing now, and a version that changes with them.

    values: assessments_of_division with name and initials of the adult (nullable).
    """
    shown = own_cells(values, assessor) if assessor else median_cells(values)
    content = {"own": shown, "others": other_cells(values, assessor)}
    present = colleagues_typing(values, assessor, now=now)
    last = values.filter(pl.col("assessor") == (assessor or ""))["recorded_at"].max()
    return {
        "cells": content,
        "version": hashlib.sha256(repr((content, present)).encode()).hexdigest()[:16],
        "present": present,
        "last": moment(last) if last else None,
    }


def own_cells(values: pl.DataFrame, assessor: str) -> list[list]:
    """Return [student, competency, value] of one assessor."""
    mine = values.filter(pl.col("assessor") == assessor)
    return [[row["student"], row["competency"], _value(row)] for row in mine.iter_rows(named=True)]


def median_cells(values: pl.DataFrame) -> list[list]:
    """Return [student, competency, value] for who only reads: the median level, else what was said instead of one."""
    middle = (
        values.group_by("student", "competency", maintain_order=True)
        .agg(pl.col("level").median(), pl.col("state").sort().first(), pl.col("by_default").all())
        .with_columns(
            state=pl.when(pl.col("level").is_not_null()).then(pl.lit("level")).otherwise(pl.col("state"))
        )
    )
    return [[row["student"], row["competency"], _value(row)] for row in middle.iter_rows(named=True)]


def other_cells(values: pl.DataFrame, assessor: str | None) -> list[list]:
    """Return [student, competency, initials, name, value] of everybody else."""
    rows = values.filter(pl.col("assessor") != (assessor or ""))
    return [
        [row["student"], row["competency"], *_signature(row), _value(row)]
        for row in rows.iter_rows(named=True)
    ]


def colleagues_typing(values: pl.DataFrame, assessor: str | None, *, now: datetime) -> list[list[str]]:
    """Return [initials, name] of the other adults whose last value is a few minutes old."""
    others = values.filter((pl.col("assessor") != (assessor or "")) & pl.col("name").is_not_null())
    recent = others.filter(pl.col("recorded_at") > now - _RECENTLY)
    return [list(row) for row in recent.select("initials", "name").unique(maintain_order=True).iter_rows()]


def paste_scales(reference: Reference) -> dict:
    """Return how pasted cells are read: letters of two scales, words of the levels, words of what is missing."""
    ranks = reference.scales.filter(pl.col("rank").is_not_null())
    letters = {
        name: dict(
            ranks.filter(pl.col("scale") == name)
            .select(pl.col("code").str.to_uppercase(), "rank")
            .iter_rows()
        )
        for name in ("lettres_abcd", "pronote")
    }
    words = ranks.filter(pl.col("scale").is_in(["lsl_pro", "lsu_maitrise"])).select("label", "rank")
    missing = reference.scales.filter(pl.col("scale") == "manquant")
    return {
        **letters,
        "niveaux": {},
        "mots": dict(words.iter_rows()),
        "manquant": sorted({*missing["code"], *missing["label"]}),
    }


def _value(row: Mapping) -> dict:
    value: dict = {"state": row["state"]}
    if row["level"] is not None:
        value["level"] = row["level"] if row["level"] % 1 else int(row["level"])
    if row["by_default"]:
        value["by_default"] = True
    return value


def _signature(row: Mapping) -> tuple[str, str]:
    if row["name"]:
        return row["initials"] or "".join(word[0] for word in row["name"].split()[:2]), row["name"]
    return _NOT_ADULTS.get(row["assessor"], ("T", row["assessor"].removeprefix("test:")))
