"""The line of the bulletin: involvement and evolution in the workshops of a period, in plain and neutral French.

It names workshops by their public name only: neither a need as the team calls it, nor an intensity, nor a level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from apdash.labels import NBSP, listed
from apdash.reference import Reference

MOST = 300
_OUTCOMES = {
    "attained": "objectif atteint",
    "in_progress": "objectif en bonne voie",
    "not_yet": "objectif à poursuivre",
}
_INVOLVED = {1: "à construire", 2: "irrégulière", 3: "régulière", 4: "soutenue"}
_LINE = {
    "student": pl.Int64,
    "last_name": pl.String,
    "first_name": pl.String,
    "ine": pl.String,
    "line": pl.String,
}


@dataclass(frozen=True, slots=True)
class Result:
    """One workshop bilan. rank: of its period in the year; workshop: the public name."""

    rank: int
    workshop: str
    outcome: str | None
    involvement: int | None


def bulletin_lines(reference: Reference, results: pl.DataFrame, *, period: int) -> pl.DataFrame:
    """Return the line of each student, by name: student, last_name, first_name, ine, line (empty: nothing was said).

    results: as `results_of_division`, up to the period of the line.
    """
    names = reference.needs.select("public_name", need="code")
    known = results.join(names, on="need", how="left", maintain_order="left").with_columns(
        pl.col("public_name").fill_null("Atelier")
    )
    now = int(known.filter(pl.col("period") == period)["rank"].max() or 0)  # type: ignore[arg-type]
    rows = []
    for who, part in known.group_by("student", "last_name", "first_name", "ine", maintain_order=True):
        said = [
            Result(row["rank"], row["public_name"], row["outcome"], row["involvement"])
            for row in part.drop_nulls("rank").iter_rows(named=True)
        ]
        rows.append((*who, bulletin_line(said, rank=now)))
    return pl.DataFrame(rows, schema=_LINE, orient="row")


def bulletin_line(results: Sequence[Result], *, rank: int) -> str:
    """Return the line of the period of that rank, all its workshops in one; empty when nothing was said of it."""
    here = [one for one in results if one.rank == rank]
    if not here:
        return ""
    sentences = [_workshops(here), _involvement(results, rank)]
    return f"Accompagnement personnalisé{NBSP}: " + " ".join(part for part in sentences if part)


def _workshops(here: Sequence[Result]) -> str:
    """Return each workshop once, with what became of its objective: the least advanced of its hours."""
    order = ("not_yet", "in_progress", "attained")
    told: dict[str, str | None] = {}
    for one in here:
        before = told.get(one.workshop)
        ranked = [order.index(name) for name in (before, one.outcome) if name]
        told[one.workshop] = order[min(ranked)] if ranked else None
    parts = [
        f"{name[:1].lower()}{name[1:]}" + (f", {_OUTCOMES[outcome]}" if outcome else "")
        for name, outcome in told.items()
    ]
    joined = "; ".join(parts) if any(told.values()) and len(parts) > 1 else listed(parts)
    return joined.replace("; ", f"{NBSP}; ") + "."


def _involvement(results: Sequence[Result], rank: int) -> str:
    """Return how involved the student was, and how it moved since the last period something was said of."""
    now = _mean([one.involvement for one in results if one.rank == rank])
    if now is None:
        return ""
    words = f"Implication {_INVOLVED[min(4, max(1, int(now + 0.5)))]}"
    past = [one.rank for one in results if one.rank < rank and one.involvement is not None]
    before = _mean([one.involvement for one in results if past and one.rank == max(past)])
    if before is None:
        return f"{words}."
    if abs(now - before) < 0.5:
        return f"{words}, stable."
    return f"{words}, en progrès." if now > before else f"{words}, moins soutenue qu’à la période précédente."


def _mean(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
