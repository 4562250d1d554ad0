"""Dates, numbers and plurals the way a French page writes them."""

import re
from datetime import date, datetime, time

NBSP = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip

ROLES = {"direction": "Direction", "pilot": "Pilote", "teacher": "Enseignant"}
JOBS = {
    "ENS": "enseignement",
    "DIR": "direction",
    "EDU": "vie scolaire",
    "DOC": "documentation",
    "ORI": "orientation",
}  # FONCTION of STS
PROPOSAL_STATES = {
    "draft": "brouillon",
    "proposed": "proposée",
    "validated": "validée",
    "published": "publiée",
    "in_force": "en vigueur",
    "rejected": "rejetée",
    "undone": "annulée",
}


def day(value: date) -> str:
    """Return `5 févr. 2026` (`1er` for the first of a month)."""
    return f"{_ordinal(value.day)}{NBSP}{SHORT_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """Return `5 févr.`, for a year that is understood."""
    return f"{_ordinal(value.day)}{NBSP}{SHORT_MONTHS[value.month - 1]}"


def long_day(value: date) -> str:
    """Return `vendredi 6 février 2026`."""
    return f"{DAYS[value.weekday()]} {_ordinal(value.day)}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Return `5 févr. à 14 h 32`."""
    return f"{short_day(value.date())} à {hour(value.time())}"


def hour(value: time) -> str:
    """Return `10 h 30`, or `9 h` on the hour."""
    minutes = f"{NBSP}{value.minute:02d}" if value.minute else ""
    return f"{value.hour}{NBSP}h{minutes}"


def duration(minutes: float) -> str:
    """Return a length in hours: `158 h`, `36 h 30`, `0 h 45`, `− 1 h 30`."""
    whole = round(abs(minutes))
    hours, rest = divmod(whole, 60)
    text = f"{hours:,}".replace(",", THIN) + f"{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")
    return f"{MINUS}{NBSP}{text}" if minutes < 0 and whole else text


def number(value: float, decimals: int = 0) -> str:
    """Return a number with a decimal comma, thin spaces between thousands and a true minus sign."""
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN).replace(".", ",")
    return f"{MINUS}{text}" if round(value, decimals) < 0 else text


def signed(value: float, decimals: int = 0) -> str:
    """Return a number with its sign always written: `+ 9,2`, `− 4`."""
    sign = MINUS if round(value, decimals) < 0 else "+"
    return f"{sign}{NBSP}{number(abs(value), decimals)}"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share between 0 and 1 as `83 %`."""
    return f"{number(100 * share, decimals)}{NBSP}%"


def done(share: float) -> str:
    """Return how much of something is done, rounded down: `100 %` is said of what is complete only."""
    return percent(int(100 * share + 1e-9) / 100)


def count(quantity: int, one: str, many: str | None = None) -> str:
    """Return `1 élève`, `3 élèves`, `0 élève`: plural from two on."""
    noun = one if abs(quantity) < 2 else (many or one + "s")
    return f"{number(quantity)}{NBSP}{noun}"


def listed(words: list[str]) -> str:
    """Return `a`, `a et b`, `a, b et c`."""
    return ", ".join(words[:-1]) + (" et " if len(words) > 1 else "") + "".join(words[-1:])


def trade(discipline: str | None, job: str) -> str:
    """Return what an adult does: their discipline as STS-web writes it, else the word for their job."""
    return discipline or JOBS.get(job, job)


def spaced(words: str) -> str:
    """Return French words whose `: ; ? ! %` and quotation marks cannot be cut from what they follow or open."""
    return re.sub(r" (?=[:;?!%»](?!\w))|(?<=«) ", NBSP, words)


def school_year(year: int) -> str:
    """Return `2026-2027` for the year that starts in 2026."""
    return f"{year}-{year + 1}"


def _ordinal(value: int) -> str:
    return "1er" if value == 1 else str(value)
