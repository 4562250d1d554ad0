"""A small school in December: two groups since October, whose sessions were held; the day is 8 December."""

from datetime import date, datetime

import polars as pl

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.envelopes import set_envelope
from apdash.store.commands.records import revise
from tests.school_factory import P1, School, adopted, make_school

TODAY = date(2026, 12, 8)


def held_school(services: Services) -> School:
    """Write the school: four students of 2TNE read, four of 2MRC count; seven Tuesdays were held."""
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_students("2MRC", 4)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT")):
        made.add_staff(name, [need], ["mar-10"])
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", made.students[:4]),
        ("mar-10", "REM-MAT", "calcul", made.students[4:]),
    ]
    adopted(services, made, groups, on=P1[0], now=datetime(2026, 10, 1, 9))
    rows = services.store.read(
        "select * exclude (recorded_at, recorded_by, replaced_at) from session where on_day < $day", day=TODAY
    )
    with services.store.write() as tx:
        held = rows.with_columns(state=pl.lit("held"))
        revise(tx, "session", ("id",), held, viewer=CONSOLE, now=datetime(2026, 12, 7, 18))
        tx.run("insert into setting values ('today', $day), ('demo', 'oui')", day=TODAY.isoformat())
    set_envelope(
        services.store, CONSOLE, services.reference, entry_year=2026, cycle="bac pro", envelope="2009"
    )
    return made
