"""Invented people: names, days of birth and national numbers that belong to nobody."""

from datetime import date, timedelta
from random import Random

from apdash.demo.files import rows


def full_name(draw: Random, sex: str) -> tuple[str, str]:
    """Return a family name and a first name for that sex (F or M)."""
    return draw.choice(family_names()), draw.choice(first_names(sex))


def family_names() -> list[str]:
    """Return the family names of the fictional town."""
    return [row["nom"] for row in rows("noms")]


def first_names(sex: str) -> list[str]:
    """Return the first names given to that sex (F or M)."""
    return [row["prénom"] for row in rows("prenoms") if row["sexe"] == sex]


def birthday(draw: Random, year: int) -> date:
    """Return a day of that year."""
    return date(year, 1, 1) + timedelta(days=draw.randrange(365))


def national_number(draw: Random, rank: int) -> str:
    """Return an INE of the right shape, in a block no académie was given: 9 digits, 2 letters."""
    letters = "ABCDEFGHJK"
    return f"99{rank:07d}{draw.choice(letters)}{draw.choice(letters)}"
