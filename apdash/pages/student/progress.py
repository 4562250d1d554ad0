"""A student's needs from one bilan to the next: the frames behind the small figures, and the sentence of the page."""

import polars as pl

from apdash.components.marks import URGENT
from apdash.labels import NBSP, short_day, signed
from apdash.pages.student.record import Record

SHOWN = 4


def top_needs(record: Record) -> list[dict]:
    """Return the cells of the needs drawn: the four highest, the one unfolded standing for the fourth if needed."""
    known = record.cells.drop_nulls("value").to_dicts()
    shown = known[:SHOWN]
    asked = record.need
    if asked and asked["value"] is not None and asked["need"] not in [cell["need"] for cell in shown]:
        shown = [*shown[: SHOWN - 1], asked]
    return shown


def progress(record: Record, need: str) -> pl.DataFrame:
    """Return a need at each bilan of the year up to the one shown: when, label, value (nullable), served.

    served: a group of this need was attended between this bilan and the next one.
    """
    schema = {"when": pl.String, "label": pl.String, "value": pl.Int64, "served": pl.Boolean}
    if record.review is None:
        return pl.DataFrame(schema=schema)
    shown = record.reviews.filter(pl.col("closes_on") <= record.review["closes_on"]).sort(
        "closes_on", "review"
    )
    then = dict(record.past.filter(need=need).select("review", "value").iter_rows())
    now = record.cells.filter(need=need)["value"].to_list()
    rows = shown.to_dicts()
    worked = record.history.filter(need=need).select("starts_on", "ends_on").to_dicts()
    points = [
        {
            "when": short_day(row["closes_on"]),
            "label": row["label"],
            "value": now[0] if now and row["review"] == record.review["review"] else then.get(row["review"]),
            "served": any(
                group["starts_on"] <= after["closes_on"]
                and (group["ends_on"] is None or group["ends_on"] >= row["closes_on"])
                for group in worked
            ),
        }
        for row, after in zip(rows, [*rows[1:], rows[-1]], strict=True)
    ]
    return pl.DataFrame(points, schema=schema)


def change_words(points: pl.DataFrame) -> str:
    """Return how far a need moved since the first bilan that knew it: `+ 11 depuis le 29 sept.`"""
    known = points.drop_nulls("value")
    if known.height < 2:
        return "premier bilan"
    moved = known["value"][-1] - known["value"][0]
    return f"{'stable' if moved == 0 else signed(moved)} depuis le {known['when'][0]}"


def finding(record: Record) -> str:
    """Return the sentence under the name: the first need, how far it moved, whether it is worked."""
    known = record.cells.drop_nulls("value")
    if known.is_empty():
        return "Ses besoins sont à confirmer : rien, ou trop peu, n’est encore renseigné."
    first = known.row(0, named=True)
    name = first["label"].split(":")[0].strip()
    words = f"{name}{NBSP}: {first['value']} sur 100, {change_words(progress(record, first['need']))}"
    return f"{words}{NBSP}; {_worked(known)}."


def _worked(known: pl.DataFrame) -> str:
    """Return whether the strongest needs are worked in a group: the first one, else another at 75 or more."""
    first = known.row(0, named=True)
    if first["served"]:
        return "travaillé dans un groupe actuel"
    urgent = known.filter(pl.col("value") >= URGENT)
    if urgent.is_empty():
        return (
            "aucun besoin n’atteint 75" if first["value"] < URGENT else "pas travaillé dans un groupe actuel"
        )
    others = urgent.filter("served")
    if others.is_empty():
        return "aucun de ses besoins à 75 ou plus n’est travaillé dans un groupe actuel"
    return f"un autre besoin fort est travaillé, {others['short_name'][0].lower()}"
