"""Slots that meet in weeks A or B or in blocks, letters corrected, holidays tried before they are kept."""

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.bands import set_slots
from apdash.store.commands.calendar import set_closures
from apdash.store.commands.holidays import Effects, closure_effects, holiday_changes, joined
from apdash.store.commands.sessions import cancel_sessions
from apdash.store.commands.slot_days import set_week_letter
from apdash.store.queries import calendar as calendars
from apdash.store.queries import sessions as queries
from apdash.store.queries.bands import band_blocks, band_slots
from tests.school_factory import NOW, P1, P2, PILOT, YEAR, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
LATER = NOW + timedelta(minutes=5)
SPAN = {"label": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
BLOCK = {"code": pl.String, "on_day": pl.Date, "starts_at": pl.Time, "minutes": pl.Int64}


@pytest.fixture
def school(services: Services) -> School:
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_staff("lecture", ["REM-LEC"], ["mar-10"])
    made.know(made.students, {"REM-LEC": 60})
    adopted(services, made, [("mar-10", "REM-LEC", "lecture", made.students)], on=P1[0], now=BEFORE)
    return made


def days(services: Services, span: tuple[date, date] = P2) -> list[date]:
    return queries.sessions(services.store, PILOT, first=span[0], last=span[1])["on_day"].to_list()


def change(services: Services, school: School, *, weeks: str | None, blocks: list | None = None) -> None:
    slots = band_slots(services.store, band=school.band).with_columns(weeks=pl.lit(weeks, pl.String))
    frame = None if blocks is None else pl.DataFrame(blocks, schema=BLOCK, orient="row")
    set_slots(services.store, PILOT, band=school.band, slots=slots, blocks=frame, now=NOW)


def test_one_week_in_two_and_a_letter_that_is_corrected(services: Services, school: School) -> None:
    every = days(services)
    change(services, school, weeks="A")
    letters = dict(calendars.week_letters(services.store, year=YEAR).iter_rows())
    kept = days(services)
    assert kept == [day for day in every if letters[day - timedelta(days=1)] == "A"]
    monday = kept[0] - timedelta(days=1)
    set_week_letter(services.store, PILOT, year=YEAR, monday=monday, letter="B", now=LATER)
    assert set(days(services)) == set(every) - set(kept)
    set_week_letter(
        services.store, PILOT, year=YEAR, monday=monday, letter=None, now=LATER + timedelta(minutes=1)
    )
    assert days(services) == kept
    for wrong, letter in ((date(2026, 10, 26), "A"), (date(2026, 11, 24), "A"), (monday, "C")):
        with pytest.raises(ApdashError, match="Semaine refusée"):
            set_week_letter(services.store, PILOT, year=YEAR, monday=wrong, letter=letter, now=LATER)


def test_hours_grouped_in_blocks_and_back(services: Services, school: School) -> None:
    every = days(services)
    block = ("mar-10", date(2026, 12, 7), time(8, 0), 180)
    change(services, school, weeks=None, blocks=[block])
    assert days(services) == [date(2026, 12, 7)]
    assert band_blocks(services.store, band=school.band).rows() == [block]
    change(services, school, weeks=None)
    assert days(services) == [date(2026, 12, 7)]
    change(services, school, weeks=None, blocks=[])
    assert days(services) == every


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("ven-14", date(2026, 12, 7), time(8, 0), 60)], "n’est pas un créneau de la bande"),
        ([("mar-10", date(2026, 12, 25), time(8, 0), 60)], "Noël"),
        ([("mar-10", date(2026, 12, 7), time(3, 0), 60)], "Horaire refusé"),
        ([("mar-10", date(2026, 12, 7), time(8, 0), 60)] * 2, "deux fois"),
    ],
)
def test_a_block_that_cannot_be_is_refused_and_nothing_changes(
    services: Services, school: School, rows: list, words: str
) -> None:
    every = days(services)
    with pytest.raises(ApdashError, match=words):
        change(services, school, weeks=None, blocks=rows)
    assert days(services) == every


def test_holidays_found_replace_those_they_overlap_and_leave_the_others() -> None:
    known = pl.DataFrame(
        [("Toussaint", date(2026, 10, 17), date(2026, 11, 1)), ("11 novembre", date(2026, 11, 11), date(2026, 11, 11)),
         ("Noël", date(2026, 12, 19), date(2027, 1, 3))], schema=SPAN, orient="row",
    )  # fmt: skip
    found = pl.DataFrame(
        [("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 2)),
         ("Noël", date(2026, 12, 19), date(2027, 1, 3))],
        schema=SPAN, orient="row",
    )  # fmt: skip
    after = joined(known, found)
    assert after["label"].to_list() == ["Vacances de la Toussaint", "11 novembre", "Noël"]
    assert holiday_changes(known, after).select("label", "change").rows() == [
        ("Toussaint", "gone"), ("Vacances de la Toussaint", "new"), ("11 novembre", "same"), ("Noël", "same"),
    ]  # fmt: skip


def test_what_holidays_would_do_is_told_and_not_done(services: Services, school: School) -> None:
    tuesdays = days(services)
    session = queries.sessions(services.store, CONSOLE, first=tuesdays[0], last=tuesdays[0])["session"].item()
    cancel_sessions(services.store, PILOT, services.reference, sessions=[session], why="EVE", now=NOW)
    known = calendars.closures(services.store, year=YEAR)
    week = [("Fermeture", tuesdays[0], tuesdays[1] + timedelta(days=1))]
    kept = known.filter(pl.col("label") != "11 novembre")
    wanted = pl.concat([kept, pl.DataFrame(week, schema=SPAN, orient="row")])
    effects = closure_effects(services.store, PILOT, year=YEAR, closures=wanted, now=LATER)
    assert effects == Effects(gone=1, added=0, fixed=1)
    assert days(services) == tuesdays
    assert calendars.closures(services.store, year=YEAR).equals(known)
    set_closures(services.store, PILOT, year=YEAR, closures=wanted, now=LATER)
    assert len(days(services)) == len(tuesdays) - 1
    back = closure_effects(services.store, PILOT, year=YEAR, closures=known, now=LATER)
    assert back == Effects(gone=0, added=1, fixed=0)


def test_only_the_direction_and_the_pilot_set_the_calendar(services: Services, school: School) -> None:
    teacher = school.teacher("lecture")
    known = calendars.closures(services.store, year=YEAR)
    with pytest.raises(ApdashError, match="réservé"):
        closure_effects(services.store, teacher, year=YEAR, closures=known, now=NOW)
    with pytest.raises(ApdashError, match="réservé"):
        set_week_letter(services.store, teacher, year=YEAR, monday=P2[0], letter="A", now=NOW)
