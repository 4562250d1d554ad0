"""The tiny school with two bilans: what was said of each student, groups in force, one division still open.

On 18 November 2026. Reading (REM-LEC) at bilan B1: Ana 95, Bilal 25, Chloé à confirmer in 2TNE, closed; Driss 67 and
Emma 100 in 2MRC, open; Farid unknown. Ana is in « Atelier lecture », Emma in « Atelier écriture ».
"""

from datetime import date, datetime

import polars as pl

from apdash.services import Services
from apdash.store.commands.closing import close_division
from apdash.store.commands.interviews import record_interview
from tests.factories import PILOT, School, add_membership, add_review, tiny_school

LEVELS = {
    "B0": {"Ana": {"LIR": 2, "CON": 2, "RCH": 2}, "Bilal": {"LIR": 1}},
    "B1": {
        "Ana": {"LIR": 1, "CON": 1, "RCH": 2},
        "Bilal": {"LIR": 3},
        "Chloé": {"RCH": 2},
        "Driss": {"LIR": 2},
        "Emma": {"LIR": 1},
    },
}


def measured_school(services: Services) -> School:
    """Write the school of the first lines."""
    store = services.store
    school = tiny_school(store)
    first = add_review(
        store,
        school,
        code="B0",
        opens_on=date(2026, 9, 7),
        closes_on=date(2026, 9, 29),
        effective_from=date(2026, 10, 5),
    )
    with store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    assess(services, school, review=first, levels=LEVELS["B0"], at=datetime(2026, 9, 20))
    for division in school.divisions.values():
        close_division(
            store, PILOT, services.reference, review=first, division=division, now=datetime(2026, 9, 29, 18)
        )
    assess(services, school, review=school.review, levels=LEVELS["B1"], at=datetime(2026, 11, 12))
    _close(services, school)
    _groups(services, school)
    record_interview(
        store,
        PILOT,
        services.reference,
        review=school.review,
        student=school.students["Ana"],
        answers={1: ["SUBI"], 2: ["AILLEURS"], 3: ["RAREMENT"], 4: [], 9: ["REM-ECR"]},
        now=datetime(2026, 11, 17, 19),
    )
    return school


def assess(
    services: Services, school: School, *, review: int, levels: dict[str, dict[str, float]], at: datetime
) -> None:
    """Write levels as the adult of lettres would have given them."""
    rows = [
        (review, school.students[name], competency, f"staff:{school.staff['lettres']}", float(level))
        for name, given in levels.items()
        for competency, level in given.items()
    ]
    frame = pl.DataFrame(rows, ["review", "student", "competency", "assessor", "level"], orient="row")
    with services.store.write() as tx:
        tx.insert(
            "assessment",
            frame.with_columns(
                source=pl.lit("adult"),
                state=pl.lit("level"),
                recorded_at=pl.lit(at),
                recorded_by=pl.lit("test"),
            ),
        )


def _close(services: Services, school: School) -> None:
    close_division(
        services.store,
        PILOT,
        services.reference,
        review=school.review,
        division=school.divisions["2TNE"],
        now=datetime(2026, 11, 17, 18),
    )


def _groups(services: Services, school: School) -> None:
    since = date(2026, 10, 5)
    reading = add_membership(
        services.store, school, student="Ana", need="REM-LEC", starts_on=since, code="2AP01"
    )
    writing = add_membership(
        services.store, school, student="Emma", need="REM-ECR", starts_on=since, code="2AP02"
    )
    with services.store.write() as tx:
        tx.run("update ap_group set name = 'Atelier lecture' where id = $id", id=reading)
        tx.run("update ap_group set name = 'Atelier écriture' where id = $id", id=writing)
