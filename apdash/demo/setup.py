"""Sets the fictional school up, year by year: its files imported, its calendar, its rooms and its bands."""

from datetime import date, datetime, time

import polars as pl

from apdash.demo import calendar_plan
from apdash.demo.calendar_plan import school_year
from apdash.demo.people import Person
from apdash.demo.school import NAME, School
from apdash.demo.siecle_files import nomenclature_file, structures_file, students_file
from apdash.demo.sts_file import staff_file
from apdash.hours.cohorts import cohorts
from apdash.imports import ImportFile, commit, preview
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import bands, calendar
from apdash.store.commands.envelopes import set_envelope


def import_year(services: Services, school: School, people: list[Person], *, on: date) -> None:
    """Import the four files of the start of a year, exported that day."""
    year = school_year(on)
    files = [
        ImportFile("Nomenclature.xml", nomenclature_file(school, on=on)),
        ImportFile("Structures.xml", structures_file(school, on=on)),
        ImportFile("ElevesSansAdresses.xml", students_file(school, people, on=on)),
        ImportFile(f"sts_emp_{school.uai}_{year}.xml", staff_file(school, year=year)),
    ]
    _import(services, files, on=on)


def import_students(services: Services, school: School, people: list[Person], *, on: date) -> None:
    """Import the students again: arrivals, departures and changes of course since the last time."""
    _import(services, [ImportFile("ElevesSansAdresses.xml", students_file(school, people, on=on))], on=on)


def _import(services: Services, files: list[ImportFile], *, on: date) -> None:
    shown = preview(services, CONSOLE, files=files)
    if shown.refused.height:
        raise RuntimeError(f"The school's own files are refused: {shown.refused.rows()[:3]}")
    # From one year to the next a third of the students leave: a school would confirm it too.
    commit(services, CONSOLE, shown, now=datetime.combine(on, time(8, 30)), confirm_departures=True)


def set_calendar(services: Services, school: School, *, year: int) -> None:
    """Give a year its dates, holidays, periods and placements, and the school its rooms."""
    store = services.store
    calendar.set_school(store, CONSOLE, uai=school.uai, name=NAME, zone="B")
    starts_on, ends_on = calendar_plan.year_of(year)
    calendar.set_school_year(store, CONSOLE, year=year, starts_on=starts_on, ends_on=ends_on)
    closures = pl.DataFrame(
        calendar_plan.closures(year), schema=["label", "starts_on", "ends_on"], orient="row"
    )
    now = services.now()
    calendar.set_closures(store, CONSOLE, year=year, closures=closures, now=now)
    periods = [(p.code, p.label, p.starts_on, p.ends_on) for p in calendar_plan.periods(year)]
    titles = ["code", "label", "starts_on", "ends_on"]
    calendar.set_periods(
        store, CONSOLE, year=year, periods=pl.DataFrame(periods, schema=titles, orient="row")
    )
    away = _placements(services, school, year=year)
    calendar.set_placements(store, CONSOLE, year=year, placements=away, now=now)
    rooms = pl.DataFrame(school.rooms, schema=["code", "capacity", "kind"], orient="row")
    calendar.set_rooms(store, CONSOLE, rooms=rooms)


def _placements(services: Services, school: School, *, year: int) -> pl.DataFrame:
    """Return the weeks away of a year; the divisions of a larger school leave with those they copy."""
    known = division_ids(services, year=year)
    away = calendar_plan.placements(year)
    rows = [
        (known[division.code], first, last)
        for division in school.divisions
        for code, first, last in away
        if division.code.removesuffix(division.mark) == code
    ]
    return pl.DataFrame(rows, schema=["division", "starts_on", "ends_on"], orient="row")


def set_bands(services: Services, school: School, *, year: int) -> None:
    """Create the bands of a year, their slots, the adults free then and their rooms."""
    store, divisions, staff = services.store, division_ids(services, year=year), staff_ids(services, school)
    rooms = dict(store.read("select code, id from room order by code").iter_rows())
    working = {adult.key for adult in school.staff_of(year)}
    created: dict[str, int] = {}
    for plan in school.slots:
        if year not in plan.years:
            continue
        if plan.band not in created:
            codes = [divisions[code] for code in plan.divisions]
            created[plan.band] = bands.create_band(
                store,
                CONSOLE,
                year=year,
                code=plan.band,
                label=plan.label,
                divisions=codes,
                max_needs_open=plan.needs_open,
            )
        slot = bands.add_slot(
            store,
            CONSOLE,
            band=created[plan.band],
            code=plan.code,
            day=plan.day,
            starts_at=time.fromisoformat(plan.at),
            minutes=plan.minutes,
        )
        free = [(staff[key], cost, None) for key, cost in plan.adults if key in working]
        types = {"staff": pl.Int64, "cost": pl.Int64, "max_groups": pl.Int64}
        bands.set_slot_staff(store, CONSOLE, slot=slot, staff=pl.DataFrame(free, schema=types, orient="row"))
        bands.set_slot_rooms(store, CONSOLE, slot=slot, rooms=[rooms[code] for code in plan.rooms])


def choose_envelopes(services: Services, *, year: int) -> None:
    """Give each cohort of a year the envelope its official hours suggest."""
    for row in cohorts(services, year=year).to_dicts():
        chosen = {"entry_year": row["entry_year"], "cycle": row["cycle"], "envelope": row["proposed"]}
        set_envelope(services.store, CONSOLE, services.reference, **chosen)


def set_needs(services: Services, school: School, *, year: int) -> None:
    """Write down the needs each adult of a year has agreed to lead."""
    staff = staff_ids(services, school)
    for adult in school.staff_of(year):
        bands.set_staff_needs(
            services.store, CONSOLE, services.reference, staff=staff[adult.key], needs=list(adult.needs)
        )


def division_ids(services: Services, *, year: int) -> dict[str, int]:
    """Return the id of each division of a year, by code."""
    found = services.store.read("select code, id from division where year = $year order by code", year=year)
    return dict(found.iter_rows())


def staff_ids(services: Services, school: School) -> dict[str, int]:
    """Return the id of each adult who has worked here, by key."""
    known = dict(services.store.read("select sts_key, id from staff order by id").iter_rows())
    keys = {adult.key: f"epp:{adult.number}" for adult in school.adults}
    return {key: known[sts_key] for key, sts_key in keys.items() if sts_key in known}


def student_ids(services: Services) -> dict[int, int]:
    """Return the id of each student known so far, by their number in SIECLE."""
    found = services.store.read("select siecle_id, id from student order by id")
    return {int(number): student for number, student in found.iter_rows()}
