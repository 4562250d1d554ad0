"""How the page names hours, groups, students and states."""

from collections.abc import Mapping
from datetime import date

from apdash.labels import NBSP, count, hour, short_day


def slot_words(row: Mapping) -> str:
    """Return `mardi 10 h 10`. row: day, starts_at."""
    return f"{row['day']}{NBSP}{hour(row['starts_at'])}"


def sentence(words: str) -> str:
    """Return words with a capital first."""
    return words[:1].upper() + words[1:]


def student_words(row: Mapping) -> str:
    """Return `MOREAU Inès`, the way lists are sorted."""
    return f"{row['last_name']} {row['first_name']}".strip()


def group_words(row: Mapping) -> str:
    """Return `2AP03 Atelier calcul`."""
    return f"{row['code']} {row['name']}"


def place_words(row: Mapping) -> str:
    """Return adults and room: `Mme Rousseau · B12 (16 places)`."""
    adults = row["staff_names"] or "adulte à désigner"
    if not row["room_code"]:
        return f"{adults} · salle à fixer"
    places = f" ({count(row['capacity'], 'place')})" if row["capacity"] else ""
    return f"{adults} · {row['room_code']}{places}"


def until(day: date | None) -> str:
    """Return `jusqu’au 20 nov.`, or `sans date de fin`."""
    return f"jusqu’au {short_day(day)}" if day else "sans date de fin"


def in_order(rows: list[Mapping], key: str) -> dict:
    """Return rows by the value of a column, in the order they come."""
    found: dict = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found
