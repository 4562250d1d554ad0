"""A forum, a visit: whole divisions, dates that are sessions, changes that never rewrite what was known."""

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.services import Services
from apdash.store.commands import common_actions as commands
from apdash.store.commands.common_actions import Described, Meeting
from apdash.store.commands.session_undo import undo_gesture
from apdash.store.commands.sessions import move_session
from apdash.store.queries import sessions as queries
from apdash.store.queries.agenda import action_described, action_sessions, session_divisions
from tests.school_factory import NOW, P1, PILOT, YEAR, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
LATER = NOW + timedelta(minutes=5)
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
MORNING = Meeting(TUESDAY, time(9, 0), 180)


@pytest.fixture
def school(services: Services) -> School:
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_students("2MRC", 4)
    made.add_staff("lecture", ["REM-LEC"], ["mar-10"])
    made.add_staff("psy", [], [])
    made.add_room("B12", 20, ["mar-10"])
    made.know(made.students, {"REM-LEC": 60})
    adopted(services, made, [("mar-10", "REM-LEC", "lecture", made.students)], on=P1[0], now=BEFORE)
    return made


def create(services: Services, school: School, *meetings: Meeting, **said: object) -> int:
    described = Described(**{"label": "Forum des métiers", "divisions": [school.divisions["2TNE"]]} | said)
    return commands.create_action(
        services.store, PILOT, services.reference, year=YEAR, described=described,
        meetings=meetings or [MORNING], now=NOW,
    )  # fmt: skip


def on(services: Services, day: date, **asked: object) -> pl.DataFrame:
    return queries.sessions(services.store, PILOT, first=day, last=day, **asked)


def test_whole_divisions_come_and_are_expected_nowhere_else(services: Services, school: School) -> None:
    action = create(services, school, axis="ORI", place="Palais des congrès", staff=[school.staff["psy"]])
    found = {row["label"]: row for row in on(services, TUESDAY).to_dicts()}
    assert (found["Forum des métiers"]["expected"], found[None]["expected"]) == (4, 4)
    assert found["Forum des métiers"]["staff_names"] == "Mme PSY"
    codes = session_divisions(services.store, first=TUESDAY, last=TUESDAY)
    assert codes.select("code", "students").rows() == [("2MRC", 4), ("2TNE", 4)]
    assert action_described(services.store, PILOT, action=action)["place"] == "Palais des congrès"


def test_what_cannot_be_is_refused_in_words(services: Services, school: School) -> None:
    for said, meetings, words in (
        ({"label": ""}, [MORNING], "Action refusée"),
        ({"divisions": []}, [MORNING], "Il manque les divisions"),
        ({"axis": "XXX"}, [MORNING], "Axe inconnu"),
        ({}, [Meeting(date(2026, 12, 24), time(9, 0), 60)], "Noël"),
        ({"staff": [school.staff["lecture"]]}, [MORNING], "Mme LECTURE anime déjà"),
    ):
        with pytest.raises(ApdashError, match=words):
            create(services, school, *meetings, **said)
    assert services.store.read("select count(*) from common_action").item() == 0


def test_a_change_says_it_again_and_the_past_stays_as_it_was_known(
    services: Services, school: School
) -> None:
    action = create(services, school)
    session = action_sessions(services.store, PILOT, action=action)["session"].item()
    described = Described(label="Forum", divisions=list(school.divisions.values()))
    again = commands.change_action(
        services.store, PILOT, services.reference, action=action, described=described,
        meetings=[Meeting(THURSDAY, time(9, 0), 120, session), Meeting(TUESDAY, time(8, 0), 60)], now=LATER,
    )  # fmt: skip
    assert again != action
    moved = on(services, THURSDAY)
    assert moved.select("session", "label", "expected").rows() == [(session, "Forum", 8)]
    known = on(services, TUESDAY, known_at=NOW).drop_nulls("action")
    assert known.select("session", "label", "expected").rows() == [(session, "Forum des métiers", 4)]
    undo_gesture(services.store, PILOT, session=session, now=LATER + timedelta(minutes=1))
    assert on(services, TUESDAY).drop_nulls("action")["label"].to_list() == ["Forum des métiers"]
    assert on(services, THURSDAY).is_empty()


def test_a_date_with_a_roll_stays(services: Services, school: School) -> None:
    action = create(services, school, MORNING, Meeting(THURSDAY, time(9, 0), 60))
    first, second = action_sessions(services.store, PILOT, action=action)["session"]
    entry = {"session": first, "student": school.students[0], "presence": "present", "source": "roll"}
    school.add("attendance", entry | {"entry": "e", "recorded_at": NOW, "recorded_by": "psy"})
    described = Described(label="Forum", divisions=[school.divisions["2TNE"]])
    for meetings in ([Meeting(THURSDAY, time(9, 0), 60, second)], [Meeting(THURSDAY, time(8, 0), 60, first)]):
        with pytest.raises(ApdashError, match=r"Action tenue|Appel déjà fait"):
            commands.change_action(
                services.store, PILOT, services.reference, action=action, described=described,
                meetings=meetings, now=LATER,
            )  # fmt: skip
    assert (
        commands.cancel_action(services.store, PILOT, services.reference, action=action, why="EVE", now=LATER)
        == 1
    )
    states = action_sessions(services.store, PILOT, action=action)["state"].to_list()
    assert states == ["planned", "not_held"]


def test_one_date_is_moved_as_any_session(services: Services, school: School) -> None:
    action = create(services, school, room=school.rooms["B12"])
    session = action_sessions(services.store, PILOT, action=action)["session"].item()
    move_session(
        services.store, PILOT, session=session, on_day=THURSDAY, starts_at=time(9, 0), minutes=60, room=None,
        now=LATER,
    )  # fmt: skip
    assert on(services, THURSDAY)["label"].to_list() == ["Forum des métiers"]


def test_only_the_direction_and_the_pilot_make_actions(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="réservé"):
        commands.create_action(
            services.store, school.teacher("psy"), services.reference, year=YEAR,
            described=Described(label="Forum", divisions=[1]), meetings=[MORNING], now=NOW,
        )  # fmt: skip
