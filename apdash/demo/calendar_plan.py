"""The fictional school's calendar: years, periods and the bilans that close them, holidays, placements."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from apdash.demo.files import rows

_KINDS = {"initial": "initial", "intermédiaire": "intermediate", "final": "final"}


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """A bilan as planned; effective_from: the first day of the groups it decides, if it decides any."""

    year: int
    code: str
    label: str
    kind: str
    opens_on: date
    closes_on: date
    effective_from: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """Some weeks of a year, and the bilan that closes them, if any."""

    year: int
    code: str
    label: str
    starts_on: date
    ends_on: date
    review: ReviewPlan | None


@cache
def periods(year: int) -> tuple[Period, ...]:
    """Return the periods of a school year, in order."""
    return tuple(_period(row) for row in rows("periodes") if int(row["année"]) == year)


@cache
def year_of(year: int) -> tuple[date, date]:
    """Return the first and the last day of a school year."""
    row = next(row for row in rows("annees") if int(row["année"]) == year)
    return date.fromisoformat(row["rentrée"]), date.fromisoformat(row["fin"])


def school_year(day: date) -> int:
    """Return the year in which the school year of that day began."""
    return day.year if day.month >= 8 else day.year - 1


def closures(year: int) -> list[tuple[str, date, date]]:
    """Return the holidays and days off of a year: label, first day, last day."""
    return [(row["libellé"], *_span(row)) for row in rows("fermetures") if int(row["année"]) == year]


def placements(year: int) -> list[tuple[str, date, date]]:
    """Return the weeks in companies of a year, a row a division: code, first day, last day."""
    return [
        (code, *_span(row))
        for row in rows("pfmp")
        if int(row["année"]) == year
        for code in row["divisions"].split()
    ]


def _period(row: dict[str, str]) -> Period:
    starts_on, ends_on = _span(row)
    year, code = int(row["année"]), row["période"]
    review = None
    if row["bilan"]:
        review = ReviewPlan(
            year=year,
            code=code,
            label=row["libellé du bilan"],
            kind=_KINDS[row["bilan"]],
            opens_on=date.fromisoformat(row["ouverture"]),
            closes_on=date.fromisoformat(row["clôture"]),
            effective_from=date.fromisoformat(row["en vigueur"]) if row["en vigueur"] else None,
        )
    return Period(year, code, row["libellé"], starts_on, ends_on, review)


def _span(row: dict[str, str]) -> tuple[date, date]:
    return date.fromisoformat(row["du"]), date.fromisoformat(row["au"])
