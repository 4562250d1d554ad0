"""Gestures drawn at random: whatever is done, nothing held is lost, nobody is in two places, the past stays known."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from random import Random

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import absences, group_changes
from apdash.store.commands import sessions as gestures
from apdash.store.commands.bands import set_slots
from apdash.store.commands.calendar import set_closures
from apdash.store.commands.session_undo import undo_gesture
from apdash.store.queries.bands import band_slots
from apdash.store.queries.calendar import closures
from apdash.store.queries.sessions import sessions
from tests.school_factory import NOW, P1, P2, PILOT, YEAR, School, adopted, make_school
from tests.store.test_sessions import call_roll

BEFORE = datetime(2026, 10, 1, 9, 0)
NEEDS = ("REM-LEC", "REM-MAT", "ACC-ETU", "REM-ECR")
STEPS = 40


@pytest.fixture
def school(services: Services) -> School:
    made = make_school(services.store, slots=("mar-10", "jeu-14"))
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 8)
    for need in NEEDS:
        made.add_staff(need, [need], ["mar-10", "jeu-14"])
    made.add_staff("libre", [], [])
    made.add_room("B12", 20, [])
    made.know(made.students, dict.fromkeys(NEEDS, 60))
    groups = [
        (slot, need, need, made.students[4 * place : 4 * place + 4])
        for slot in ("mar-10", "jeu-14")
        for place, need in enumerate(NEEDS)
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    return made


def current(services: Services) -> pl.DataFrame:
    return services.store.read("select * from session where replaced_at is null order by id")


def some_gesture(services: Services, school: School, rng: Random, *, now: datetime) -> Callable[[], object]:
    """Return a gesture drawn at random, possibly one to be refused."""
    store, reference = services.store, services.reference
    rows = current(services).filter(pl.col("on_day").is_between(P1[0], P2[1]))
    one, other = (rows.row(rng.randrange(rows.height), named=True) for _ in range(2))
    beside = rows.filter((pl.col("on_day") == one["on_day"]) & (pl.col("id") != one["id"]))["id"].to_list()
    on = P1[0] + timedelta(days=rng.randrange(90))
    off = pl.DataFrame({"label": ["Fermeture"], "starts_on": [on], "ends_on": [on + timedelta(days=2)]})
    known = closures(store, year=YEAR).filter(pl.col("label") != "Fermeture")
    slots = band_slots(store, band=school.band).with_columns(
        starts_at=pl.lit(time(rng.randrange(8, 16), 0)), weeks=pl.lit(rng.choice([None, "A", "B"]), pl.String)
    )
    adults = rng.choice([None, [rng.choice(list(school.staff.values()))]])
    extra = {"on_day": on, "starts_at": time(16, 0), "minutes": 55}
    drawn = {
        "move": lambda: gestures.move_session(
            store, PILOT, session=one["id"], on_day=on, starts_at=time(rng.randrange(8, 17), 10), minutes=55,
            room=rng.choice([None, school.rooms["B12"]]), now=now, acknowledged=True,
        ),
        "room": lambda: gestures.change_session_room(
            store, PILOT, session=one["id"], room=school.rooms["B12"], now=now
        ),
        "staff": lambda: gestures.replace_adults(
            store, PILOT, session=one["id"], staff=adults, now=now
        ),
        "cancel": lambda: gestures.cancel_sessions(
            store, PILOT, reference, sessions=[one["id"], other["id"]], why="INT", now=now
        ),
        "restore": lambda: gestures.restore_session(store, PILOT, session=one["id"], now=now, acknowledged=True),
        "join": lambda: absences.join_session(
            store, PILOT, reference, session=one["id"], host=rng.choice(beside), now=now, acknowledged=True
        ),
        "hold": lambda: gestures.hold_session(store, PILOT, session=one["id"], now=now),
        "add": lambda: gestures.add_session(
            store, PILOT, group=one["ap_group"], now=now, acknowledged=True, **extra
        ),
        "undo": lambda: undo_gesture(store, PILOT, session=one["id"], now=now),
        "off": lambda: set_closures(store, PILOT, year=YEAR, closures=pl.concat([known, off]), now=now),
        "slots": lambda: set_slots(store, PILOT, band=school.band, slots=slots, now=now),
        "suspend": lambda: group_changes.suspend_group(
            store, PILOT, group=one["ap_group"], first=on, last=on + timedelta(days=9), now=now
        ),
        "merge": lambda: group_changes.merge_groups(
            store, PILOT, reference, group=one["ap_group"], into=other["ap_group"], first=on,
            last=on + timedelta(days=9), now=now, acknowledged=True,
        ),
    }  # fmt: skip
    return drawn[rng.choice(list(drawn))]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_nothing_held_is_lost_and_the_past_stays_known(
    services: Services, school: School, seed: int
) -> None:
    rng = Random(seed)
    past = sessions(services.store, CONSOLE, first=P1[0], last=P1[0] + timedelta(days=10))
    held = past["session"].to_list()[::3]
    for session in held:
        call_roll(services, session)
    kept = ["id", "on_day", "starts_at", "minutes"]
    before = current(services).filter(pl.col("id").is_in(held)).select(kept)
    at = NOW + timedelta(seconds=1)
    known = sessions(services.store, CONSOLE, first=P1[0], last=P2[1], known_at=at)
    done = 0
    for step in range(STEPS):
        with suppress(ApdashError, IndexError):
            some_gesture(services, school, rng, now=NOW + timedelta(minutes=step + 1))()
            done += 1
    rows = current(services)
    assert done >= STEPS // 4
    assert rows["id"].is_duplicated().sum() == 0
    assert rows.filter(pl.col("id").is_in(held)).select(kept).equals(before)
    assert sessions(services.store, CONSOLE, first=P1[0], last=P2[1], known_at=at).equals(known)
    hosts = rows.drop_nulls("joins").join(rows.select(joins="id", beyond="joins"), on="joins", how="left")
    assert hosts["beyond"].is_null().all()
    assert hosts.join(rows.select(joins="id"), on="joins", how="anti").is_empty()


def test_the_dates_of_a_gesture_are_those_of_the_school(services: Services, school: School) -> None:
    session = sessions(services.store, CONSOLE, first=P2[0], last=P2[1])["session"][0]
    gestures.cancel_sessions(
        services.store, PILOT, services.reference, sessions=[session], why="INT", now=NOW
    )
    row = current(services).filter(pl.col("id") == session).row(0, named=True)
    assert (row["recorded_at"], row["recorded_by"], row["by_hand"]) == (NOW, "pilote", True)
    assert row["on_day"] >= date(2026, 11, 23)
