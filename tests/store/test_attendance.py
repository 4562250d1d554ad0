"""The roll: written once, traced, two people at once, by who leads the session."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import attendance as commands
from apdash.store.commands import group_changes as changes
from apdash.store.commands.planning import plan_sessions
from apdash.store.queries import rolls
from apdash.store.queries import sessions as queries
from apdash.store.queries.groups import groups_in_force
from tests.school_factory import P1, PILOT, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
FIRST = date(2026, 10, 6)
HOUR = datetime(2026, 10, 6, 10, 5)


@pytest.fixture
def school(services: Services) -> School:
    """Eight students in two groups since 5 October, reading and maths on Tuesdays; a ninth in no group."""
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
    made.add_students("2MRC", 1)
    return made


def sessions_of(services: Services, need: str) -> list[int]:
    found = queries.sessions(services.store, PILOT, first=P1[0], last=P1[1])
    return found.filter(pl.col("need") == need)["session"].to_list()


def entries(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), commands.ENTRIES, orient="row")


def said(services: Services, session: int) -> dict[int, tuple]:
    found = rolls.roll_call(services.store, PILOT, session=session)
    return {row["student"]: (row["presence"], row["minutes_late"]) for row in found.to_dicts()}


def test_a_roll_is_called_and_its_session_held(services: Services, school: School) -> None:
    session, reader = sessions_of(services, "REM-LEC")[0], school.teacher("lecture")
    first, second, third, fourth = school.students[:4]
    answer = commands.record_roll(
        services.store, reader, session=session, now=HOUR,
        entries=entries(
            (first, "present", None, "a1", [""]), (second, "absent", None, "a2", [""]),
            (third, "late", 10, "a3", [""]), (fourth, "excused", None, "a4", [""]),
        ),
    )  # fmt: skip
    assert answer.written == ("a1", "a2", "a3", "a4")
    assert said(services, session) == {
        first: ("present", None), second: ("absent", None), third: ("late", 10), fourth: ("excused", None)
    }  # fmt: skip
    for _ in range(2):
        commands.hold_session(services.store, reader, session=session, now=HOUR)
    versions = services.store.read(
        "select state::varchar as state from session where id = $id order by recorded_at", id=session
    )
    assert versions["state"].to_list() == ["planned", "held"]
    found = queries.sessions(services.store, PILOT, first=FIRST, last=FIRST).filter(session=session)
    assert found.select("state", "called", "expected").row(0) == ("held", 4, 4)
    earlier = rolls.roll_call(services.store, PILOT, session=session, known_at=HOUR - timedelta(minutes=1))
    assert earlier["presence"].null_count() == 4


def test_what_is_sent_twice_is_written_once(services: Services, school: School) -> None:
    session, student = sessions_of(services, "REM-LEC")[0], school.students[0]
    sent = entries((student, "absent", None, "k1", [""]))
    later = entries((student, "late", 5, "k2", ["", "k1"]))
    for minute, rows in enumerate((sent, sent, later, sent, later)):
        answer = commands.record_roll(
            services.store, PILOT, session=session, entries=rows, now=HOUR + timedelta(minutes=minute)
        )
        assert answer.written == tuple(rows["entry"])
    assert said(services, session)[student] == ("late", 5)
    assert services.store.read("select count(*) as n from attendance").item() == 2
    assert rolls.roll_corrections(services.store, PILOT, session=session).is_empty()
    commands.hold_session(services.store, PILOT, session=session, now=HOUR)
    told = rolls.roll_corrections(services.store, PILOT, session=session).row(0, named=True)
    assert (told["was"], told["presence"], told["minutes_late"]) == ("absent", "late", 5)
    assert (told["said_at"], told["by_name"]) == (HOUR + timedelta(minutes=2), PILOT.login)


def test_two_people_on_one_roll_lose_nothing(services: Services, school: School) -> None:
    session, (mine, other) = sessions_of(services, "REM-LEC")[0], school.students[:2]
    reader = school.teacher("lecture")

    def send(viewer, *rows: tuple) -> commands.RollAnswer:
        return commands.record_roll(services.store, viewer, session=session, entries=entries(*rows), now=HOUR)

    send(reader, (mine, "absent", None, "r1", [""]))
    answer = send(PILOT, (mine, "present", None, "p1", [""]), (other, "present", None, "p2", [""]))
    assert answer.written == ("p2",)
    row = answer.conflicts.row(0, named=True)
    assert (row["student"], row["presence"], row["entry"], row["by_name"]) == (
        mine,
        "absent",
        "r1",
        "lecture",
    )
    assert said(services, session)[mine] == ("absent", None)
    assert send(PILOT, (mine, "absent", None, "p3", [""])).conflicts.is_empty()
    assert send(PILOT, (mine, "present", None, "p4", ["r1"])).written == ("p4",)
    assert said(services, session)[mine] == ("present", None)


def test_a_presence_is_taken_back(services: Services, school: School) -> None:
    session, student = sessions_of(services, "REM-LEC")[0], school.students[0]
    for row in ((student, "absent", None, "k1", [""]), (student, None, None, "k2", ["k1"])):
        viewer = PILOT if row[1] is None else school.teacher("lecture")
        commands.record_roll(services.store, viewer, session=session, entries=entries(row), now=HOUR)
    assert said(services, session)[student] == (None, None)
    assert rolls.roll_corrections(services.store, PILOT, session=session)["presence"].to_list() == [None]


def test_a_student_of_the_band_who_turns_up_is_added_and_a_stranger_is_not(
    services: Services, school: School
) -> None:
    session, reader = sessions_of(services, "REM-LEC")[0], school.teacher("lecture")
    ninth, gone = school.students[8], school.students[3]
    with services.store.write() as tx:
        tx.run("update enrolment set ends_on = $day where student = $gone", day=date(2026, 10, 5), gone=gone)
    others = rolls.others_of_band(services.store, reader, session=session)
    assert set(others["student"]) == set(school.students[4:])
    answer = commands.record_roll(
        services.store, reader, session=session, now=HOUR,
        entries=entries(
            (ninth, "present", None, "n1", [""]), (gone, "present", None, "n2", [""]), (7, "absent", None, "n3", [""])
        ),
    )  # fmt: skip
    assert answer.written == ("n1",)
    assert set(answer.refused["student"]) == {gone, 7}
    listed = rolls.roll_call(services.store, reader, session=session)
    assert gone not in listed["student"]
    assert listed.filter(student=ninth).select("expected", "presence").row(0) == (False, "present")


def test_only_who_leads_a_session_calls_its_roll(services: Services, school: School) -> None:
    session = sessions_of(services, "REM-LEC")[0]
    row = entries((school.students[0], "absent", None, "k1", [""]))
    for act in (
        lambda viewer: commands.record_roll(services.store, viewer, session=session, entries=row, now=HOUR),
        lambda viewer: commands.hold_session(services.store, viewer, session=session, now=HOUR),
        lambda viewer: rolls.roll_call(services.store, viewer, session=session),
        lambda viewer: rolls.roll_corrections(services.store, viewer, session=session),
        lambda viewer: rolls.others_of_band(services.store, viewer, session=session),
        lambda viewer: commands.tell_done(
            services.store, viewer, session=session, words="x", seen="", now=HOUR
        ),
    ):
        with pytest.raises(ApdashError):
            act(school.teacher("calcul"))
        act(PILOT)
        act(CONSOLE)


def test_a_session_to_come_or_cancelled_has_no_roll(services: Services, school: School) -> None:
    later, fourth = sessions_of(services, "REM-LEC")[1], sessions_of(services, "REM-LEC")[3]
    with pytest.raises(ApdashError, match="venir"):
        commands.hold_session(services.store, PILOT, session=later, now=HOUR)
    group = groups_in_force(services.store, CONSOLE, on=P1[0]).filter(pl.col("need") == "REM-LEC")[
        "ap_group"
    ][0]
    day = date(2026, 11, 10)
    changes.suspend_group(services.store, PILOT, group=group, first=day, last=day, now=HOUR)
    with pytest.raises(ApdashError, match="non tenue"):
        commands.hold_session(services.store, PILOT, session=fourth, now=datetime(2026, 11, 12, 8))


def test_groups_that_share_a_session_share_its_roll(services: Services, school: School) -> None:
    found = groups_in_force(services.store, CONSOLE, on=P1[0])
    group, into = (found.filter(pl.col("need") == need)["ap_group"][0] for need in ("REM-LEC", "REM-MAT"))
    changes.merge_groups(
        services.store, PILOT, services.reference, group=group, into=into, first=date(2026, 11, 3),
        last=date(2026, 11, 10), now=HOUR, acknowledged=True,
    )  # fmt: skip
    merged, now = sessions_of(services, "REM-LEC")[2], datetime(2026, 11, 3, 10, 5)
    leader, student = school.teacher("calcul"), school.students[0]
    listed = rolls.roll_call(services.store, leader, session=merged)
    assert listed.filter("expected").height == 8
    row = entries((student, "late", 5, "m1", [""]))
    assert commands.record_roll(services.store, leader, session=merged, entries=row, now=now).written == (
        "m1",
    )
    commands.hold_session(services.store, leader, session=merged, now=now)
    host = sessions_of(services, "REM-MAT")[2]
    assert services.store.read("select session from attendance")["session"].to_list() == [host]
    day = queries.sessions(services.store, PILOT, first=now.date(), last=now.date())
    assert day["state"].to_list() == ["held", "held"]
    with pytest.raises(ApdashError):
        rolls.session_head(services.store, school.teacher("lecture"), session=merged)


def test_what_was_done_is_told_and_nobody_is_written_over(services: Services, school: School) -> None:
    session = sessions_of(services, "REM-LEC")[0]

    def tell(words: str, seen: str | None) -> str | None:
        return commands.tell_done(services.store, PILOT, session=session, words=words, seen=seen, now=HOUR)

    assert tell("Lire  une notice ", "") is None
    assert tell("Écrire", "") == "Lire une notice"
    assert tell("Écrire", "Lire une notice") is None
    assert tell("Autre", None) is None
    assert rolls.session_head(services.store, PILOT, session=session)["done"] == "Autre"
    with pytest.raises(ApdashError, match="trop long"):
        tell("a" * 201, None)


def test_rolls_that_wait_are_those_of_the_day_neither_held_nor_cancelled(
    services: Services, school: School
) -> None:
    days = {"first": FIRST, "last": date(2026, 10, 13)}
    assert rolls.rolls_not_called(services.store, PILOT, **days).height == 4
    reader = school.teacher("lecture")
    assert (
        rolls.rolls_not_called(services.store, reader, **days)["session"].to_list()
        == sessions_of(services, "REM-LEC")[:2]
    )
    commands.hold_session(services.store, reader, session=sessions_of(services, "REM-LEC")[0], now=HOUR)
    assert rolls.rolls_not_called(services.store, reader, **days)["on_day"].to_list() == [date(2026, 10, 13)]


def test_many_rolls_are_written_at_once_each_at_its_hour(services: Services, school: School) -> None:
    ids = sessions_of(services, "REM-LEC")[:2]
    rows = [(one, student, "present", None, "import", f"i{one}", HOUR + timedelta(days=n), "vie-scolaire")
            for n, one in enumerate(ids) for student in school.students[:4]]  # fmt: skip
    states = [
        (one, "held", None, "Lire", HOUR + timedelta(days=n), "vie-scolaire") for n, one in enumerate(ids)
    ]
    with services.store.write() as tx:
        commands.write_rolls(
            tx,
            calls=pl.DataFrame(rows, commands.CALLS, orient="row"),
            states=pl.DataFrame(states, commands.STATES, orient="row"),
        )
    known = queries.sessions(
        services.store, PILOT, first=P1[0], last=P1[1], known_at=HOUR + timedelta(hours=1)
    ).filter(pl.col("need") == "REM-LEC")
    assert known["state"].to_list() == ["held", "planned", "planned", "planned", "planned"]
    assert known["called"].to_list() == [4, 0, 0, 0, 0]
    assert known["done"].to_list()[0] == "Lire"


def test_a_session_told_as_not_held_is_left_so_by_planning(services: Services, school: School) -> None:
    session = sessions_of(services, "REM-LEC")[0]
    states = pl.DataFrame(
        [(session, "not_held", "INT", None, HOUR, "vie-scolaire")], commands.STATES, orient="row"
    )
    with services.store.write() as tx:
        commands.write_rolls(tx, calls=pl.DataFrame(schema=commands.CALLS), states=states)
        plan_sessions(tx, PILOT, year=2026, now=HOUR + timedelta(days=1))
    found = queries.sessions(services.store, PILOT, first=FIRST, last=FIRST).filter(session=session)
    assert found.select("state", "why").row(0) == ("not_held", "INT")
