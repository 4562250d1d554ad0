"""What adults say of each student at the end of a workshop."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
_SENTENCES = {
    "attained": ("Objectif tenu jusqu’au bout.", "Sûr aussi devant du nouveau.", "Aide volontiers les autres."),
    "in_progress": ("Les progrès se voient d’une séance à l’autre.", "Réussit avec un exemple sous les yeux."),
    "not_yet": ("À reprendre sous une autre forme.", "Absences nombreuses, peu de séances suivies."),
}  # fmt: skip


def has_result(seat: Row, draw: Random, *, waiting: int | None) -> bool:
    """True when the workshop bilan says something of a student: this year, one group in nine is filled by half."""
    share = 0.5 if waiting is not None and seat["ap_group"] % 9 == 4 else 1.0
    return draw.random() < share and waiting not in seat["staff"]


def workshop_result(seat: Row, draw: Random, work: float, *, served: bool, on: date) -> Row:
    """Return the workshop bilan of a student: those who work reach their objective more often."""
    done = draw.gauss(0.35 * work, 1)
    outcome = "attained" if done > 0.3 else "in_progress" if done > -0.75 else "not_yet"
    steady = round(2.7 + 0.5 * work + draw.gauss(0, 0.6))
    words = draw.choice(_SENTENCES[outcome]) if draw.random() < 0.3 and served else ""
    return {
        "ap_group": seat["ap_group"], "student": seat["student"], "period": seat["period"],
        "outcome": outcome if served else None, "involvement": min(4, max(1, steady)), "words": words,
        "recorded_at": datetime.combine(on - timedelta(days=seat["ap_group"] % 4), time(11, 25)),
    }  # fmt: skip
