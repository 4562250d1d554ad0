"""A school with groups in force, and people signed in."""

from collections.abc import Callable
from datetime import datetime

import pytest

from apdash.services import Services
from tests.school_factory import P1, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    """Seventeen students of two divisions, two groups and a study group since 5 October; one has none."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 9)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("etude", "ACC-ETU")):
        made.add_staff(name, [need], ["mar-10"])
    made.add_staff("autre", [], [])
    people = made.students
    made.know(people, {"REM-LEC": 83, "REM-MAT": 61})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:5]),
        ("mar-10", "REM-MAT", "calcul", people[5:10]),
        ("mar-10", "ACC-ETU", "etude", people[10:16]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    for name in ("lecture", "calcul", "autre"):
        add_account(name, "teacher", staff=made.staff[name])
    return made
