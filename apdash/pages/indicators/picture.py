"""Everything the page shows, each part read when it is asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

import polars as pl

from apdash.effect import Evolution, evolution
from apdash.errors import ApdashError
from apdash.pages.indicators.asked import Asked
from apdash.reference import Reference
from apdash.rights import Viewer
from apdash.scheme import Scheme, scheme_of
from apdash.services import Services
from apdash.store.queries import calendar
from apdash.store.queries.effect import closings
from apdash.store.queries.groups import ALWAYS
from apdash.success import Success, success
from apdash.vigilance import Look, Point, look_at, points_of


@dataclass
class Picture:
    """The school on a day (on), as known at a moment. divisions: division, code, grade of the year; kept: those the
    filters leave (None: all); closings: the closed bilans, latest first."""

    services: Services
    viewer: Viewer
    asked: Asked
    year: int
    on: date
    known_at: datetime
    divisions: pl.DataFrame
    closings: pl.DataFrame

    @property
    def reference(self) -> Reference:
        """The reference data."""
        return self.services.reference

    @property
    def kept(self) -> list[int] | None:
        """The divisions the filters leave, None when there is no filter."""
        if self.asked.division is not None:
            return [self.asked.division]
        if self.asked.grade:
            return self.divisions.filter(grade=self.asked.grade)["division"].to_list()
        return None

    @property
    def scope(self) -> str:
        """Where the figures hold, in words: `2GATL`, `2de`, `tous niveaux`."""
        if self.asked.division is not None:
            return self.divisions.filter(division=self.asked.division)["code"][0]
        return self.asked.grade or "tous niveaux"

    @cached_property
    def look(self) -> Look | None:
        """The school on the day of the page, read once."""
        when = {"on": self.on, "known_at": self.known_at}
        return look_at(self.services.store, self.viewer, self.reference, **when)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of vigilance."""
        return points_of(self.look, divisions=self.kept) if self.look else ()

    @cached_property
    def scheme(self) -> Scheme | None:
        """The scheme on the day of the page."""
        return scheme_of(self.look, divisions=self.kept) if self.look else None

    @cached_property
    def evolution(self) -> Evolution | None:
        """What changed between the last two closed bilans of the year."""
        asked = {"year": self.year, "known_at": self.known_at, "divisions": self.kept}
        return evolution(self.services.store, self.viewer, self.reference, **asked)

    @cached_property
    def success(self) -> Success:
        """The four indicators over the years of the file."""
        return success(self.services.store, self.viewer, self.reference, known_at=self.known_at)

    def same_day(self, year: int) -> tuple[date, tuple[Point, ...], Scheme | None]:
        """Return the same day of another school year, its points and its scheme, as they were known that day."""
        back = self.year - year
        on = date(
            self.on.year - back, self.on.month, min(self.on.day, 28 if self.on.month == 2 else self.on.day)
        )
        known_at = datetime.combine(on, time.max)
        look = look_at(self.services.store, self.viewer, self.reference, on=on, known_at=known_at)
        return (on, points_of(look), scheme_of(look)) if look else (on, (), None)


def draw(services: Services, viewer: Viewer, asked: Asked) -> Picture | None:
    """Return the picture the address asks for; None while the school has no year.

    Raises `ApdashError` for a bilan that is not closed, or a grade or division that is not of its year.
    """
    today, known = services.today(), closings(services.store)
    on, moment, year = today, ALWAYS, calendar.current_year(services.store, today)
    if asked.review is not None:
        chosen = known.filter(review=asked.review)
        if chosen.is_empty():
            raise ApdashError("Bilan inconnu.", "Choisissez un bilan clos dans la liste.")
        on, moment, year = chosen["at"][0].date(), chosen["at"][0], chosen["year"][0]
    if year is None:
        return None
    divisions = calendar.divisions(services.store, year=year).select("code", "grade", division="id")
    if asked.division is not None and divisions.filter(division=asked.division).is_empty():
        raise ApdashError("Division inconnue.", "Elle n’est pas de cette année scolaire.")
    if asked.grade and divisions.filter(grade=asked.grade).is_empty():
        raise ApdashError("Niveau inconnu.", "Aucune division de ce niveau cette année-là.")
    return Picture(services, viewer, asked, year, on, moment, divisions, known)
