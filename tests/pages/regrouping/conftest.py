"""A band of three divisions with a closed bilan, a draft for it, and people signed in."""

import random
from collections.abc import Callable
from datetime import datetime

import pytest

from apdash.rebalancing import Parameters, regroup
from apdash.services import Services
from apdash.web import build_app
from tests.conftest import Client, enter_demo
from tests.school_factory import P1, PILOT, School, adopted, make_school

NEEDS = ("REM-LEC", "REM-MAT", "DEV-CNF", "APP-CUL")


@pytest.fixture
def school(services: Services, add_account: Callable[..., None]) -> School:
    """A band of three divisions of eight students, one slot, four adults and an étude."""
    made = make_school(services.store, divisions=("2TNE", "2MRC", "2ASSP"))
    draw = random.Random(4)
    for division in made.divisions:
        for student in made.add_students(division, 8):
            made.know(student, {need: draw.randint(10, 95) for need in NEEDS} | {"ACC-ETU": 25})
    for name, need in zip(("roussel", "bernard", "keita", "tran"), NEEDS, strict=True):
        made.add_staff(name, [need], ["mar-10"])
    made.add_staff("nguyen", ["ACC-ETU"], ["mar-10"])
    for code in ("B1", "B2", "B3", "B4", "CDI"):
        made.add_room(code, 30, ["mar-10"])
    made.add("setting", {"key": "demo", "value": "oui"}, {"key": "today", "value": "2026-11-18"})
    add_account("proviseure", "direction")
    add_account("pilote", "pilot")
    add_account("prof", "teacher", staff=made.staff["roussel"])
    return made


@pytest.fixture
def grouped(services: Services, school: School) -> School:
    """The same school with a group for each division since October, good for few of them."""
    led = (("REM-LEC", "roussel"), ("REM-MAT", "bernard"), ("DEV-CNF", "keita"))
    groups = [
        ("mar-10", need, adult, school.students[8 * rank : 8 * rank + 8])
        for rank, (need, adult) in enumerate(led)
    ]
    adopted(services, school, groups, on=P1[0], now=datetime(2026, 10, 1, 9, 0))
    return school


@pytest.fixture
def draft(services: Services, school: School) -> int:
    """A proposal found for the band, still a draft."""
    found = regroup(
        services, PILOT, band=school.band, review=school.review, parameters=Parameters(label="Proposition A")
    )
    assert found.proposal is not None
    return found.proposal


@pytest.fixture
def signed_in(services: Services, school: School) -> Callable[[str], Client]:
    """A function that returns a client signed in as a login."""
    server = build_app(services).server

    def enter(login: str) -> Client:
        client = server.test_client()
        enter_demo(client, login)
        return client

    return enter
