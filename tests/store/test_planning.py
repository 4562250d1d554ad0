"""Sessions follow the groups and the calendar, and what was held or decided by hand stays."""

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import group_changes as changes
from apdash.store.commands.acts import undo_act
from apdash.store.commands.bands import set_slots
from apdash.store.commands.calendar import set_closures
from apdash.store.queries import sessions as queries
from apdash.store.queries.bands import band_slots
from apdash.store.queries.calendar import closures
from apdash.store.queries.groups import groups_in_force
from tests.school_factory import NOW, P1, P2, PILOT, YEAR, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
TUESDAYS = [date(2026, 10, 6), date(2026, 10, 13), date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17)]


@pytest.fixture
def school(services: Services) -> School:
    """Eight students in two groups since 5 October: reading and maths, on Tuesdays."""
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
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    return made


def group_of(services: Services, need: str) -> int:
    return groups_in_force(services.store, CONSOLE, on=P1[0]).filter(pl.col("need") == need)["ap_group"][0]


def planned(services: Services, need: str, **asked: object) -> pl.DataFrame:
    first, last = P1
    found = queries.sessions(services.store, PILOT, **({"first": first, "last": last} | asked))
    return found.filter(pl.col("need") == need)


def hold(services: Services, session: int, **said: object) -> None:
    """Write that a session was held, as its roll does."""
    row = services.store.read(
        "select * exclude (replaced_at) from session where id = $id and replaced_at is null", id=session
    ).row(0, named=True)
    with services.store.write() as tx:
        tx.run("update session set replaced_at = $now where id = $id", now=NOW, id=session)
        rows = pl.DataFrame([row | {"state": "held", "recorded_at": NOW} | said], infer_schema_length=None)
        tx.insert("session", rows)


def test_groups_put_in_force_meet_on_every_day_of_class(services: Services, school: School) -> None:
    found = planned(services, "REM-LEC")
    assert found["on_day"].to_list() == TUESDAYS
    assert found["expected"].to_list() == [4] * 5
    assert found["staff_names"].unique().to_list() == ["Mme LECTURE"]
    assert found["state"].unique().to_list() == ["planned"]


def test_nobody_is_expected_during_a_placement(services: Services, school: School) -> None:
    away = {
        "division": school.divisions["2TNE"],
        "starts_on": date(2026, 11, 9),
        "ends_on": date(2026, 11, 27),
    }
    school.add("placement", away)
    assert planned(services, "REM-LEC")["on_day"].to_list() == TUESDAYS[:3]
    assert planned(services, "REM-MAT")["on_day"].to_list() == TUESDAYS


def test_a_new_day_off_takes_planned_sessions_away_and_leaves_held_ones(
    services: Services, school: School
) -> None:
    store = services.store
    third, fourth = planned(services, "REM-LEC")["session"].to_list()[2:4]
    hold(services, fourth)
    off = pl.DataFrame(
        {"label": ["Fermeture"], "starts_on": [TUESDAYS[2]], "ends_on": [TUESDAYS[3] + timedelta(days=1)]}
    )
    spans = closures(store, year=YEAR).filter(pl.col("label") != "11 novembre")
    set_closures(store, PILOT, year=YEAR, closures=pl.concat([spans, off], how="vertical_relaxed"), now=NOW)
    left = planned(services, "REM-LEC")
    assert left["on_day"].to_list() == [day for day in TUESDAYS if day != TUESDAYS[2]]
    assert third not in left["session"]
    assert dict(left.select("session", "state").iter_rows())[fourth] == "held"
    assert planned(services, "REM-MAT")["on_day"].to_list() == [TUESDAYS[0], TUESDAYS[1], TUESDAYS[4]]
    earlier = planned(services, "REM-LEC", known_at=NOW - timedelta(hours=1))
    assert earlier["on_day"].to_list() == TUESDAYS
    assert earlier["state"].unique().to_list() == ["planned"]


def test_another_hour_keeps_the_sessions(services: Services, school: School) -> None:
    before = planned(services, "REM-LEC")
    slots = band_slots(services.store, band=school.band).select("code", "day", "starts_at", "minutes")
    later = slots.with_columns(starts_at=pl.lit(time(14, 0)), minutes=pl.lit(50))
    set_slots(services.store, PILOT, band=school.band, slots=later, now=NOW)
    after = planned(services, "REM-LEC")
    assert after["session"].to_list() == before["session"].to_list()
    assert set(after["starts_at"]) == {time(14, 0)}
    assert set(after["minutes"]) == {50}


def test_a_suspended_group_is_told_as_not_held_and_comes_back(services: Services, school: School) -> None:
    group = group_of(services, "REM-LEC")
    act = changes.suspend_group(
        services.store, PILOT, group=group, first=TUESDAYS[3], last=TUESDAYS[3], now=NOW
    )
    found = planned(services, "REM-LEC")
    assert found["state"].to_list() == ["planned", "planned", "planned", "not_held", "planned"]
    assert found["why"][3] == "SUSP"
    undo_act(services.store, PILOT, act=act, now=NOW + timedelta(minutes=1))
    assert set(planned(services, "REM-LEC")["state"]) == {"planned"}


def test_a_merged_group_sits_in_the_session_of_the_other(services: Services, school: School) -> None:
    group, into = group_of(services, "REM-LEC"), group_of(services, "REM-MAT")
    changes.merge_groups(
        services.store, PILOT, services.reference, group=group, into=into, first=TUESDAYS[2],
        last=TUESDAYS[3], now=NOW, acknowledged=True,
    )  # fmt: skip
    merged, host = planned(services, "REM-LEC"), planned(services, "REM-MAT")
    assert merged["host"].to_list()[2:4] == host["session"].to_list()[2:4]
    assert merged["host"].to_list()[4] == merged["session"].to_list()[4]
    assert queries.roll(services.store, PILOT, session=host["session"][2]).height == 8
    assert queries.roll(services.store, PILOT, session=host["session"][1]).height == 4


def test_whoever_is_at_a_common_action_is_not_expected_in_a_group(services: Services, school: School) -> None:
    action = {"id": 9001, "year": YEAR, "label": "Forum", "made_at": BEFORE, "made_by": "pilote"}
    school.add("common_action", action)
    school.add("action_division", {"action": 9001, "division": school.divisions["2TNE"]})
    day = {"id": 9002, "action": 9001, "on_day": TUESDAYS[1], "starts_at": time(10, 0), "minutes": 120}
    school.add("session", day | {"recorded_at": BEFORE, "recorded_by": "pilote"})
    assert planned(services, "REM-LEC")["on_day"].to_list() == [day for day in TUESDAYS if day != TUESDAYS[1]]
    assert queries.roll(services.store, PILOT, session=9002).height == 4


def test_an_adult_sees_the_sessions_they_lead_and_those_of_their_students(
    services: Services, school: School
) -> None:
    mine = queries.sessions(services.store, school.teacher("lecture"), first=P1[0], last=P1[1])
    assert set(mine["need"]) == {"REM-LEC"}
    led = queries.sessions(services.store, PILOT, first=P1[0], last=P1[1], led_by=school.staff["calcul"])
    assert set(led["need"]) == {"REM-MAT"}


def test_hours_grouped_in_blocks_replace_the_weekly_ones(services: Services, school: School) -> None:
    slot = school.slots["mar-10"]
    for day in (date(2026, 12, 7), date(2026, 12, 8)):
        school.add("slot_day", {"slot": slot, "on_day": day, "starts_at": time(8, 0), "minutes": 180})
    slots = band_slots(services.store, band=school.band).select("code", "day", "starts_at", "minutes")
    set_slots(services.store, PILOT, band=school.band, slots=slots, now=NOW)
    assert planned(services, "REM-LEC").is_empty()
    blocks = planned(services, "REM-LEC", first=P2[0], last=P2[1])
    assert blocks.select("on_day", "minutes").rows() == [(date(2026, 12, 7), 180), (date(2026, 12, 8), 180)]
