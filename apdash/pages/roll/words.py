"""How the roll names hours, presences and people."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from apdash.components.filters import address
from apdash.labels import DAYS, NBSP, hour, short_day
from apdash.rights import Viewer

PATH = "/appel"
ENTRY_PATH = "/appel/saisie"
PRESENCES = {"present": "présent", "absent": "absent", "late": "en retard", "excused": "excusé"}
LETTERS = {"present": "P", "absent": "A", "late": "R", "excused": "E"}


def roll_address(session: int) -> str:
    """Return the address of the roll of a session."""
    return address(PATH, {"seance": str(session)})


def ends_at(row: Mapping) -> datetime:
    """Return the end of a session. row: on_day, starts_at, minutes."""
    return datetime.combine(row["on_day"], row["starts_at"]) + timedelta(minutes=row["minutes"])


def day_words(row: Mapping) -> str:
    """Return `mardi 3 mars`."""
    return f"{DAYS[row['on_day'].weekday()]} {short_day(row['on_day'])}"


def hours_words(row: Mapping) -> str:
    """Return `10 h à 11 h`."""
    return f"{hour(row['starts_at'])} à {hour(ends_at(row).time())}"


def presence_words(presence: str | None, minutes: int | None) -> str:
    """Return `en retard, 10 min`; nothing said gives `sans réponse`."""
    if presence is None:
        return "sans réponse"
    return PRESENCES[presence] + (f", {minutes}{NBSP}min" if minutes else "")


def owner_of(viewer: Viewer) -> str:
    """Return the mark under which a browser keeps what this person has not sent yet: no name, no login."""
    return hashlib.sha256(f"appel:{viewer.login}".encode()).hexdigest()[:16]
