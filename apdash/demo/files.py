"""Reads the tables of data/demo, from which the fictional school is made."""

import csv
from functools import cache

from apdash.settings import ROOT

FOLDER = ROOT / "data" / "demo"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the lines of data/demo/NAME.csv, each as title -> text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))
