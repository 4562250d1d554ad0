"""A seeded year in an imported school, lived through the real commands: what the counts of hours are tested on.

    year = live(services, seed=1)      -> moments at which somebody may have looked, and what was done

Files of SIECLE and STS bring 104 students in four divisions and their adults; two bands share three slots each. Five
adoptions, then week by week: rolls, cancelled, moved, added and joined sessions, students moved, groups suspended and
merged, adults replaced, placements and holidays changed, common actions, arrivals, departures, changes of division.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

import polars as pl

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import bands, calendar
from tests.hours.gestures import live_week
from tests.hours.lived import (
    AWAY,
    BANDS,
    FIRST,
    LAST,
    MEFS,
    NEEDS,
    OFF,
    PERIODS,
    SLOTS,
    YEAR,
    Year,
    closing_days,
    fields_of,
    roster_file,
    set_away,
)
from tests.imports.builders import Child, bring, children, sample
from tests.school_factory import School, adopted


def live(services: Services, *, seed: int, look: Callable[[datetime], None] = lambda moment: None) -> Year:
    """Live the whole year; `look` is called at the end of every fourth week and of each adoption."""
    year = Year(services, Random(seed))
    _begin(year)
    monday = date(2025, 9, 1)
    while monday <= LAST:
        year.clock = max(year.clock, datetime.combine(monday, time(7, 30)))
        starting = [day for day in PERIODS if monday == day]
        for day in starting:
            _adopt(year, on=day)
        if monday >= PERIODS[0]:
            live_week(year, monday)
        if starting or monday.isocalendar().week % 4 == 0:
            moment = year.now()
            year.moments.append(moment)
            look(moment)
        monday += timedelta(days=7)
    return year


def _begin(year: Year) -> None:
    services, store = year.services, year.services.store
    for place, (code, mef) in enumerate(MEFS.items()):
        for child in children(26, code, start=100 * place + 1):
            year.pupils[child.number] = Child(**{**fields_of(child), "mef": mef})
    files = [sample(name) for name in ("Structures.xml", "Nomenclature.xml", "sts_emp_9990001X_2025.xml")]
    bring(services, roster_file(year, FIRST), *files, now=year.now(), on=FIRST)
    calendar.set_school_year(store, CONSOLE, year=YEAR, starts_on=FIRST, ends_on=LAST)
    calendar.set_closures(store, CONSOLE, year=YEAR, closures=closing_days(OFF), now=year.now())
    divisions = dict(store.read("select code, id from division order by code").iter_rows())
    set_away(year, divisions, AWAY)
    with store.write() as tx:
        tx.insert("period", pl.DataFrame([
            {"id": 90_000 + place, "year": YEAR, "code": f"P{place}", "label": f"Période {place}", "starts_on": day,
             "ends_on": day + timedelta(days=40)} for place, day in enumerate(PERIODS)
        ]))  # fmt: skip
    for place, (code, inside) in enumerate(BANDS.items()):
        year.schools[code] = _band(year, code, [divisions[one] for one in inside], place)


def _band(year: Year, code: str, divisions: list[int], place: int) -> School:
    store = year.services.store
    school = School(store, divisions={str(one): one for one in divisions})
    school.ids = iter(range(80_000 + 1000 * place, 81_000 + 1000 * place))
    school.band = bands.create_band(store, CONSOLE, year=YEAR, code=code, label=code, divisions=divisions)
    for name, day, at in SLOTS:
        school.slots[name] = bands.add_slot(
            store, CONSOLE, band=school.band, code=name, day=day, starts_at=at, minutes=55 if place else 50
        )
    for rank in range(6):
        school.add_staff(f"{code}-{rank}", list(NEEDS), list(school.slots), cost=20 if rank == 3 else 0)
    school.review = next(school.ids)
    row = {
        "id": school.review,
        "year": YEAR,
        "code": f"B-{code}",
        "label": f"Bilan {code}",
        "kind": "intermediate",
    }
    school.add("review", row | {"period": 90_000, "opens_on": FIRST, "closes_on": PERIODS[0]})
    for one in divisions:
        closing = {"review": school.review, "division": one, "closed_at": year.now(), "closed_by": "console"}
        school.add("review_division", closing)
    return school


def _adopt(year: Year, *, on: date) -> None:
    """Put four groups a slot in force in each band, most students in the need they had."""
    for code, school in year.schools.items():
        present = year.services.store.read(
            "select e.student from enrolment e where e.division in (select unnest($divisions)) "
            "and e.starts_on <= $on and (e.ends_on is null or e.ends_on >= $on) order by 1",
            divisions=list(school.divisions.values()),
            on=on,
        )["student"].to_list()
        groups = []
        for place, slot in enumerate(school.slots):
            seats: dict[str, list[int]] = {need: [] for need in NEEDS}
            for student in present:
                kept = (student + place) % 4 if year.chance.random() < 0.7 else year.chance.randrange(4)
                seats[NEEDS[kept]].append(student)
            groups += [
                (slot, need, f"{code}-{rank}", students)
                for rank, (need, students) in enumerate(seats.items()) if students
            ]  # fmt: skip
        adopted(year.services, school, groups, on=on, now=year.now())
        year.tally("adoption")
