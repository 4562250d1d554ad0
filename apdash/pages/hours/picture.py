"""Everything the hours page shows, read once."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from apdash.hours.ledger import ledger, staff_ledger
from apdash.hours.picture import Hours, read_hours
from apdash.pages.hours.asked import Asked, read_asked
from apdash.pages.page import Params
from apdash.rights import Action, Viewer
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries.envelopes import closings, students_by_number
from apdash.store.queries.hours import hour_names, led_hours, outside_timetable

DRIFT = "ENVELOPPE"  # the point of vigilance whose value is the share of the grid a forecast may leave


@dataclass(frozen=True, slots=True)
class Picture:
    """One look at the hours.

    hours: of everybody this person sees; places: of this year, as the filters ask; led: hours led, as the period asks;
    balance: of the students the filters keep, with division_code and grade; all_balance: of all; names: of groups and
    actions; people: their names; grades: in the order of niveaux.csv; periods, reviews: for the filters; span: first
    and last day counted; share: of drift; whole_school: this person sees everybody.
    """

    asked: Asked
    hours: Hours
    places: pl.DataFrame
    led: pl.DataFrame
    balance: pl.DataFrame
    all_balance: pl.DataFrame
    names: dict[str, dict[int, str]]
    people: dict[int, str]
    grades: list[str]
    divisions: pl.DataFrame
    periods: pl.DataFrame
    reviews: pl.DataFrame
    outside: pl.DataFrame
    span: tuple[date, date]
    share: float
    whole_school: bool

    @property
    def codes(self) -> dict[int, str]:
        """Codes of the divisions of the year, by id."""
        return dict(self.divisions.select("division", "division_code").iter_rows())

    def table(self) -> pl.DataFrame:
        """Return the ledger the page asks for, with key and words (what the row is called), in order of the words."""
        if self.asked.by == "adultes":
            return staff_ledger(self.led, day=self.hours.day).with_columns(key="staff", words="staff_name")
        column = {"divisions": "division", "eleves": "student", "groupes": "ap_group", "axes": "axis"}[
            self.asked.by
        ]
        return ledger(self.places, column, day=self.hours.day).rename({column: "key"})


def draw(services: Services, viewer: Viewer, params: Params) -> Picture | None:
    """Return what the address asks for; None before there is a school year."""
    asked = read_asked(params)
    today = services.today()
    year = calendar.current_year(services.store, today)
    if year is None:
        return None
    reviews = closings(services.store, year=year)
    asked = _as_known(asked, reviews)
    day = asked.known_at.date() if asked.known_at else today
    hours = read_hours(services, viewer, day=day, known_at=asked.known_at)
    if hours is None:
        return None
    periods = calendar.periods(services.store, year=year)
    span = _span(hours, periods, asked.period)
    divisions = _divisions(hours)
    kept = _kept(divisions, asked)
    inside = pl.col("on_day").is_between(*span)
    balance = hours.balances().join(divisions, on="division", how="left")
    known = {"known_at": asked.known_at}
    people = students_by_number(services.store, viewer)
    return Picture(
        asked=asked, hours=hours, places=hours.now.filter(inside & pl.col("division").is_in(kept)),
        led=led_hours(services.store, viewer, first=span[0], last=span[1], **known),
        balance=balance.filter(pl.col("division").is_in(kept)), all_balance=balance,
        names=hour_names(services.store),
        people={row["student"]: f"{row['last_name']} {row['first_name']}" for row in people.to_dicts()},
        grades=_grades(services, divisions), divisions=divisions, periods=periods, reviews=reviews,
        outside=outside_timetable(services.store, viewer, first=span[0], last=min(span[1], day), **known),
        span=span, share=_share(services), whole_school=viewer.can(Action.SEE_INDICATORS),
    )  # fmt: skip


def _as_known(asked: Asked, reviews: pl.DataFrame) -> Asked:
    found = reviews.filter(review=asked.review) if asked.review is not None else reviews.head(0)
    moment: datetime | None = found["closed_at"].item() if found.height else None
    return replace(asked, known_at=moment, review=asked.review if moment else None)


def _span(hours: Hours, periods: pl.DataFrame, period: int | None) -> tuple[date, date]:
    found = periods.filter(id=period) if period is not None else periods.head(0)
    return found.select("starts_on", "ends_on").row(0) if found.height else (hours.first, hours.last)


def _divisions(hours: Hours) -> pl.DataFrame:
    """Return the divisions of the year: division, division_code, grade; by code."""
    year = hours.stays.filter(year=hours.year)
    return year.select("division", "division_code", "grade").unique("division").sort("division_code")


def _kept(divisions: pl.DataFrame, asked: Asked) -> pl.Series:
    found = divisions.filter(grade=asked.grade) if asked.grade else divisions
    found = found.filter(division=asked.division) if asked.division is not None else found
    return found["division"].implode()


def _grades(services: Services, divisions: pl.DataFrame) -> list[str]:
    present = set(divisions["grade"].to_list())
    return [code for code in services.reference.grades["code"] if code in present]


def _share(services: Services) -> float:
    found = services.reference.vigilance.filter(code=DRIFT)["value"]
    return float(found[0]) / 100 if found.len() and found[0] is not None else 0.1
