"""A group closed from a day on; and an adult replaced between a decision's Monday and its first session."""

from datetime import date, datetime

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.acts import undo_act
from apdash.store.commands.group_changes import merge_groups, replace_staff
from apdash.store.commands.group_closing import close_group
from apdash.store.queries.groups import groups_in_force, students_without_group
from apdash.store.queries.sessions import sessions
from tests.school_factory import NOW, P1, P2, PILOT, School, adopted, make_school

DAY = date(2026, 11, 24)
BEFORE = datetime(2026, 10, 1, 9)


@pytest.fixture
def school(services: Services) -> School:
    """Five students read and five count, on Tuesdays since 5 October."""
    made = make_school(services.store)
    made.add_students("2TNE", 5)
    made.add_students("2MRC", 5)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("venue", "REM-LEC")):
        made.add_staff(name, [need], ["mar-10"])
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 60})
    adopted(services, made, composition(made, "lecture"), on=P1[0], now=BEFORE)
    return made


def composition(made: School, reader: str) -> list:
    return [
        ("mar-10", "REM-LEC", reader, made.students[:5]),
        ("mar-10", "REM-MAT", "calcul", made.students[5:]),
    ]


def reading(services: Services, on: date = P1[0]) -> int:
    return groups_in_force(services.store, CONSOLE, on=on).filter(need="REM-LEC")["ap_group"].item()


def close(services: Services, viewer=PILOT, reason: str = "INT") -> int:
    group = reading(services)
    return close_group(
        services.store, viewer, services.reference, group=group, on=DAY, reason=reason, now=NOW
    )


def test_a_closed_group_leaves_its_students_without_one(services: Services, school: School) -> None:
    act = close(services)
    alone = students_without_group(services.store, PILOT, band=school.band, on=DAY)
    assert set(alone["student"]) == set(school.students[:5])
    assert students_without_group(services.store, PILOT, band=school.band, on=date(2026, 11, 23)).is_empty()
    left = sessions(services.store, PILOT, first=DAY, last=P2[1])
    assert set(left["need"]) == {"REM-MAT"}
    undo_act(services.store, PILOT, act=act, now=NOW)
    assert students_without_group(services.store, PILOT, band=school.band, on=DAY).is_empty()


def test_who_may_not_or_cannot_close(services: Services, school: School) -> None:
    with pytest.raises(ApdashError):
        close(services, school.teacher("lecture"))
    with pytest.raises(ApdashError, match="Motif"):
        close(services, reason="XXX")
    maths = groups_in_force(services.store, CONSOLE, on=DAY).filter(need="REM-MAT")["ap_group"].item()
    merge_groups(
        services.store, PILOT, services.reference, group=maths, into=reading(services), first=DAY,
        last=date(2026, 12, 4), now=NOW, acknowledged=True,
    )  # fmt: skip
    with pytest.raises(ApdashError, match="réuni"):
        close(services)
    assert reading(services, DAY)


def test_a_group_goes_on_with_the_adult_of_its_first_session(services: Services, school: School) -> None:
    group, staff = reading(services), school.staff
    replace_staff(
        services.store, PILOT, group=group, leaving=staff["lecture"], coming=staff["venue"], on=DAY, now=NOW
    )
    done = adopted(services, school, composition(school, "venue"), on=P2[0])
    assert group in done.kept
    assert done.opened == ()
    told = services.store.read("select count(*) as n from membership where replaced_by is null")
    assert told["n"].item() == 10
    assert groups_in_force(services.store, CONSOLE, on=DAY).filter(pl.col("ap_group") == group)["staff"][
        0
    ].to_list() == [staff["venue"]]
