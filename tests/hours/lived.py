"""The school of the simulated year, its calendar, and what every gesture needs."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import polars as pl

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import calendar
from apdash.store.commands.records import revise
from tests.imports.builders import Child, Roster
from tests.school_factory import School

YEAR = 2025
FIRST, LAST = date(2025, 9, 1), date(2026, 7, 3)
PERIODS = (date(2025, 9, 22), date(2025, 11, 10), date(2026, 1, 12), date(2026, 3, 9), date(2026, 5, 4))
BANDS = {"2-A": ("2AGO1", "2MEL"), "1-T": ("101", "TAGO1")}
MEFS = {"2AGO1": "24730001310", "2MEL": "24725508310", "101": "24730001320", "TAGO1": "24730001330"}
SLOTS = (
    ("mar-10", "mardi", time(10, 10)),
    ("jeu-14", "jeudi", time(14, 0)),
    ("ven-08", "vendredi", time(8, 5)),
)
NEEDS = ("REM-LEC", "REM-MAT", "APP-CUL", "ACC-ETU")
OFF = (
    ("Toussaint", date(2025, 10, 18), date(2025, 11, 2)),
    ("Noël", date(2025, 12, 20), date(2026, 1, 4)),
    ("Hiver", date(2026, 2, 14), date(2026, 3, 1)),
    ("Printemps", date(2026, 4, 11), date(2026, 4, 26)),
)
AWAY = {
    "2AGO1": ((date(2026, 1, 19), date(2026, 2, 6)),),
    "2MEL": ((date(2026, 5, 18), date(2026, 6, 12)),),
    "101": ((date(2025, 11, 17), date(2025, 12, 12)), (date(2026, 5, 11), date(2026, 6, 5))),
    "TAGO1": ((date(2025, 10, 6), date(2025, 10, 17)), (date(2026, 3, 16), date(2026, 4, 3))),
}


@dataclass
class Year:
    """What was lived. moments: when somebody may have looked; done: how often each gesture succeeded."""

    services: Services
    chance: Random
    schools: dict[str, School] = field(default_factory=dict)
    pupils: dict[str, Child] = field(default_factory=dict)
    clock: datetime = datetime(2025, 9, 1, 7, 0)
    moments: list[datetime] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    action: int = 0

    def now(self) -> datetime:
        """Return a moment later than any before."""
        self.clock += timedelta(seconds=7)
        return self.clock

    def tally(self, what: str, number: int = 1) -> None:
        self.done[what] = self.done.get(what, 0) + number


def current_sessions(year: Year, first: date, last: date) -> pl.DataFrame:
    return year.services.store.read(
        "select * exclude (recorded_at, recorded_by, replaced_at) from session "
        "where replaced_at is null and on_day between $first and $last order by id",
        first=first,
        last=last,
    )


def say(year: Year, *rows: dict, now: datetime) -> None:
    """Write versions of sessions, as the commands on them do."""
    if not rows:
        return
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    with year.services.store.write() as tx:
        revise(tx, "session", ("id",), frame, viewer=CONSOLE, now=now)


def write_rolls(year: Year, rolls: pl.DataFrame) -> None:
    if rolls.is_empty():
        return
    rows = rolls.with_columns(source=pl.lit("roll"), entry=pl.lit(f"{year.clock:%j%H%M%S}"))
    with year.services.store.write() as tx:
        revise(tx, "attendance", ("session", "student"), rows, viewer=CONSOLE, now=year.now())


def closing_days(rows: object) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["label", "starts_on", "ends_on"], orient="row")


def roster_file(year: Year, day: date) -> object:
    return Roster(people=tuple(year.pupils.values()), day=f"{day:%d/%m/%Y}").file()


def fields_of(child: Child) -> dict:
    return {name: getattr(child, name) for name in child.__dataclass_fields__}


def set_away(year: Year, divisions: dict[str, int], away: dict[str, tuple]) -> None:
    rows = [(divisions[code], first, last) for code, spans in away.items() for first, last in spans]
    frame = pl.DataFrame(rows, schema=["division", "starts_on", "ends_on"], orient="row")
    calendar.set_placements(year.services.store, CONSOLE, year=YEAR, placements=frame, now=year.now())
