"""Everything the counts of hours need of a school, read once for a person, a day and a moment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import polars as pl

from apdash.calendar import school_days
from apdash.hours.envelope import dues
from apdash.hours.forecast import WEEKS_BEFORE, balances, rates
from apdash.hours.ledger import ledger, with_axis
from apdash.reference import Reference
from apdash.rights import CONSOLE, Action, Viewer
from apdash.store import Store
from apdash.store.queries import calendar
from apdash.store.queries.envelopes import carried_minutes, cohort_envelopes, stays
from apdash.store.queries.hours import hour_places

_SETTLING = 14  # days after the beginning of a year in which who comes has the whole grid
_EARLIEST = date(2000, 1, 1)


class School(Protocol):
    """What hours are read from: the services, or anything that holds a store and the reference data."""

    @property
    def store(self) -> Store: ...

    @property
    def reference(self) -> Reference: ...


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of the students a person may see.

    day: what is before is over; known_at: None for now; first, last: of the school year; places: `hour_places` with
    their axis, of every year; stays, carried: as the queries; dues: as `envelope.dues`; rate: as `forecast.rates`;
    years: year, starts_on, ends_on; closures: of the year; away: placements of all years; weeks: of class
    since the beginning of the year.
    """

    year: int
    day: date
    known_at: datetime | None
    first: date
    last: date
    places: pl.DataFrame
    stays: pl.DataFrame
    carried: pl.DataFrame
    dues: pl.DataFrame
    rate: pl.DataFrame
    years: pl.DataFrame
    closures: pl.DataFrame
    away: pl.DataFrame
    weeks: float

    @property
    def ready(self) -> bool:
        """True when enough weeks of class have passed for a forecast."""
        return self.weeks >= WEEKS_BEFORE

    @property
    def now(self) -> pl.DataFrame:
        """The places of this year."""
        return self.places.filter(pl.col("on_day").is_between(self.first, self.last))

    @property
    def present(self) -> pl.DataFrame:
        """Where each student is on the day: rows of `stays`."""
        here = pl.col("ends_on").is_null() | (pl.col("ends_on") >= self.day)
        return self.stays.filter((pl.col("year") == self.year) & here)

    def balances(self, extra: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return where each student present stands against the grid; extra: as `forecast.balances`."""
        places = self.places.with_columns(year=_year_of(self.years))
        before = places.filter(pl.col("year") < self.year)
        return balances(
            self.dues,
            ledger(before, "student", "year", day=self.day),
            self.carried.filter(pl.col("year") < self.year),
            self._this_year(),
            self.rate,
            ready=self.ready,
            extra=extra,
        )

    def _this_year(self) -> pl.DataFrame:
        own = ledger(self.now, "student", day=self.day)
        columns = ["held", "untold", "left"]
        return (
            self.present.filter(~pl.col("apprentice"))
            .select("student", "division")
            .join(own.select("student", *columns), on="student", how="left")
            .with_columns(pl.col(columns).fill_null(0))
        )


def read_hours(
    services: School,
    viewer: Viewer,
    *,
    day: date,
    known_at: datetime | None = None,
    student: int | None = None,
) -> Hours | None:
    """Return the hours as of a day, as known at a moment; None before there is a school year. student: theirs alone.

    The calendar, the envelopes and whose hours count are those of now: what moves with time is what was lived.
    """
    store, reference = services.store, services.reference
    year = calendar.current_year(store, day)
    if year is None:
        return None
    years = calendar.school_years(store).sort("year")
    first, last = years.filter(year=year).select("starts_on", "ends_on").row(0)
    places = hour_places(
        store, viewer, first=_EARLIEST, last=last, known_at=known_at, student=student
    )  # fmt: skip
    where = stays(store, viewer, until=day, known_at=known_at)
    where = where if student is None else where.filter(student=student)
    brought = carried_minutes(store, viewer, known_at=known_at)
    off = calendar.closures(store, year=year)
    granted = dues(
        where, brought, cohort_envelopes(store), _shares(services, where, years),
        grades=reference.grades, envelopes=reference.envelopes, year=year,
    )  # fmt: skip
    placed = with_axis(places, reference.needs)
    return Hours(
        year=year, day=day, known_at=known_at, first=first, last=last, places=placed, stays=where, carried=brought,
        dues=granted, rate=_rates(services, viewer, placed, first=first, day=day, known_at=known_at, student=student),
        years=years, closures=off, away=pl.concat([calendar.placements(store, year=one) for one in years["year"]]),
        weeks=school_days(off, first=first, last=day) / 5,
    )  # fmt: skip


def _rates(
    services: School, viewer: Viewer, places: pl.DataFrame, *, first: date, day: date,
    known_at: datetime | None, student: int | None,
) -> pl.DataFrame:  # fmt: skip
    """Return the rates of this year, of all the students whoever looks: a forecast is the same for everybody."""
    if student is None and viewer.can(Action.SEE_INDICATORS):
        return rates(places.filter(pl.col("on_day") >= first))
    return rates(hour_places(services.store, CONSOLE, first=first, last=day, known_at=known_at))


def _shares(services: School, where: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """Return the share of class days left to who came that day: year, starts_on, share; 1 in the first fortnight."""
    rows = []
    spans = {row["year"]: row for row in years.to_dicts()}
    off = {year: calendar.closures(services.store, year=year) for year in spans}
    for year, came in where.select("year", "starts_on").unique().sort("year", "starts_on").iter_rows():
        span = spans.get(year)
        share = 1.0
        if span is not None and (came - span["starts_on"]).days > _SETTLING:
            whole = school_days(off[year], first=span["starts_on"], last=span["ends_on"])
            share = school_days(off[year], first=came, last=span["ends_on"]) / max(1, whole)
        rows.append((year, came, share))
    schema = {"year": where.schema["year"], "starts_on": pl.Date, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _year_of(years: pl.DataFrame) -> pl.Expr:
    """Return the school year of `on_day`."""
    found = pl.lit(None, pl.Int64)
    for row in years.to_dicts():
        inside = pl.col("on_day").is_between(row["starts_on"], row["ends_on"])
        found = pl.when(inside).then(pl.lit(row["year"], pl.Int64)).otherwise(found)
    return found
