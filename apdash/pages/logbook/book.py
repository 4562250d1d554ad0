"""What the two logbooks share: what they are made of, how a session is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dash.development.base_component import Component

from apdash.labels import NBSP, count, percent
from apdash.pages.roll.words import day_words, hours_words
from apdash.reference import Reference


@dataclass(frozen=True, slots=True)
class Book:
    """A logbook ready to lay out."""

    title: str
    lead: str
    body: Sequence[Component]
    filters: Sequence[Component] = field(default_factory=tuple)


def when_words(row: Mapping) -> str:
    """Return `mardi 3 mars, 10 h à 11 h`."""
    return f"{day_words(row)}, {hours_words(row)}"


def done_words(reference: Reference, row: Mapping) -> str:
    """Return what was done, or why the session was not held, or what it still lacks."""
    if row["state"] == "not_held":
        reasons = dict(reference.session_reasons.select("code", "label").iter_rows())
        why = reasons.get(row["why"], row["why"])
        return f"Séance non tenue{NBSP}: {why.lower()}" if why else "Séance non tenue"
    if row["done"]:
        return row["done"]
    return "Non renseigné" if row["state"] == "held" else "Appel à faire"


def hours_held(rows: Sequence[Mapping]) -> str:
    """Return `4 séances tenues, 3 h 40`."""
    held = [row["minutes"] for row in rows if row["state"] == "held"]
    hours, minutes = divmod(sum(held), 60)
    told = f"{hours}{NBSP}h{NBSP}{minutes:02d}" if minutes else f"{hours}{NBSP}h"
    return f"{count(len(held), 'séance tenue', 'séances tenues')}, {told}"


def presence_share(presences: Sequence[str]) -> str | None:
    """Return `présence 92 %`: there or late, of those called."""
    called = [one for one in presences if one]
    there = sum(one in ("present", "late") for one in called)
    return f"présence {percent(there / len(called))}" if called else None
