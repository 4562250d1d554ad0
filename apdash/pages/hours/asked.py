"""What the address of the hours page asks for."""

from dataclasses import dataclass
from datetime import datetime

from apdash.pages.page import Params, whole

PATH = "/heures"
BY = {
    "divisions": "Divisions",
    "eleves": "Élèves",
    "groupes": "Groupes",
    "axes": "Axes",
    "adultes": "Adultes",
}
# What a figure lists: its name in the address, in words, and the column of the ledger it opens.
LISTED = {
    "prevues": ("prévues", "planned"),
    "tenues": ("tenues", "held"),
    "suivies": ("suivies", "attended"),
    "perdues": ("non tenues", "not_held"),
    "a-dire": ("passées, sans nouvelle", "untold"),
    "a-venir": ("à venir", "left"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters, read. key: what is listed: (kind, value), or None; which: a key of LISTED."""

    by: str
    grade: str | None
    division: int | None
    period: int | None
    known_at: datetime | None
    review: int | None
    key: tuple[str, str] | None
    which: str


def read_asked(params: Params) -> Asked:
    """Return what an address asks for; raises `ApdashError` for a number that is none."""
    kind, _, value = params.get("liste", "").partition(":")
    which = params.get("etat", "prevues")
    by = params.get("par", "divisions")
    return Asked(
        by=by if by in BY else "divisions",
        grade=params.get("niveau") or None,
        division=whole(params, "division"),
        period=whole(params, "periode"),
        known_at=None,
        review=whole(params, "au"),
        key=(kind, value) if kind in ("eleve", "division", "groupe", "axe", "adulte") else None,
        which=which if which in LISTED else "prevues",
    )
