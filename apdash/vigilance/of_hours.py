"""Points of vigilance about hours: an envelope that drifts from what the cycle owes."""

import polars as pl

from apdash.hours.forecast import drifting as beyond
from apdash.labels import number
from apdash.vigilance.look import Look
from apdash.vigilance.point import listed, student_row


def drifting(look: Look) -> pl.DataFrame:
    """Students whose forecast at the end of the cycle leaves the envelope, below (alert) or above (watch)."""
    if look.hours is None or not _late_enough(look):
        return listed([])
    share = look.threshold("ENVELOPPE") / 100
    far = beyond(look.hours.balances().drop_nulls("gap"), share=share).drop("division")
    rows = far.join(look.people, on="student", maintain_order="left").to_dicts()
    return listed(
        [student_row(row, _words(row), level="alert" if row["gap"] < 0 else "watch") for row in rows]
    )


def no_forecast(look: Look) -> str:
    """Return why nothing can be forecast yet, nothing when it can."""
    if look.hours is None or not _late_enough(look):
        return f"pas de prévision avant {look.threshold('ENVELOPPE', 2):.0f} semaines de classe"
    granted = look.hours.balances().filter(pl.col("due") > 0)
    return "" if granted.height else "aucune enveloppe n’est choisie"


def _late_enough(look: Look) -> bool:
    return look.hours is not None and look.hours.ready and look.hours.weeks >= look.threshold("ENVELOPPE", 2)


def _words(row: dict) -> str:
    gap = abs(row["gap"]) / 60
    side = "il manque" if row["gap"] < 0 else "en plus\u00a0:"
    return f"prévision {number(row['forecast'] / 60)} h sur {number(row['due'] / 60)}, {side} {number(gap)} h"
