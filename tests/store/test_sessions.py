"""Gestures on sessions: what they change, refuse by name and never lose, and how they are taken back."""

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands import absences
from apdash.store.commands import sessions as gestures
from apdash.store.commands.bands import set_slots
from apdash.store.commands.group_changes import suspend_group
from apdash.store.commands.session_undo import undo_gesture
from apdash.store.queries import sessions as queries
from apdash.store.queries.agenda import session_versions
from apdash.store.queries.bands import band_slots
from tests.school_factory import NOW, P1, PILOT, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
LATER = NOW + timedelta(minutes=5)
TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
TEN = time(10, 10)
HOUR = {"starts_at": TEN, "minutes": 55, "room": None}


@pytest.fixture
def school(services: Services) -> School:
    """Twelve students in three groups on Tuesdays, from 5 October on; two rooms, an adult who leads nothing."""
    made = make_school(services.store)
    made.add_students("2TNE", 6)
    made.add_students("2MRC", 6)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("etude", "ACC-ETU")):
        made.add_staff(name, [need], ["mar-10"])
    made.add_staff("libre", [], [])
    made.add_room("B12", 10, ["mar-10"])
    made.add_room("PETITE", 4, ["mar-10"])
    people = made.students
    made.know(people, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:4]),
        ("mar-10", "REM-MAT", "calcul", people[4:8]),
        ("mar-10", "ACC-ETU", "etude", people[8:]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    return made


def on(services: Services, day: date, need: str, **asked: object) -> dict:
    found = queries.sessions(services.store, PILOT, first=day, last=day, **asked).filter(
        pl.col("need") == need
    )
    return found.row(0, named=True)


def number(services: Services, need: str, day: date = TUESDAY) -> int:
    return on(services, day, need)["session"]


def call_roll(services: Services, session: int) -> None:
    places = queries.roll(services.store, CONSOLE, session=session)
    rows = places.select(
        "student", session=pl.lit(session), presence=pl.lit("present"), source=pl.lit("roll"),
        entry=pl.lit("e"), recorded_at=pl.lit(NOW), recorded_by=pl.lit("lecture"),
    )  # fmt: skip
    with services.store.write() as tx:
        tx.insert("attendance", rows)


def move(services: Services, session: int, day: date, *, now: datetime = NOW, **more: object) -> None:
    said = HOUR | {"on_day": day, "now": now} | more
    gestures.move_session(services.store, PILOT, session=session, **said)


def test_a_moved_session_keeps_its_number_and_planning_leaves_it(services: Services, school: School) -> None:
    session = number(services, "REM-LEC")
    move(services, session, THURSDAY, starts_at=time(14, 0))
    moved = on(services, THURSDAY, "REM-LEC")
    assert (moved["session"], moved["planned_on"], moved["by_hand"]) == (session, TUESDAY, True)
    slots = band_slots(services.store, band=school.band).select("code", "day", "starts_at", "minutes")
    later = slots.with_columns(starts_at=pl.lit(time(15, 0)))
    set_slots(services.store, PILOT, band=school.band, slots=later, now=LATER)
    assert on(services, THURSDAY, "REM-LEC")["starts_at"] == time(14, 0)
    assert on(services, TUESDAY, "REM-MAT")["starts_at"] == time(15, 0)
    assert on(services, TUESDAY, "REM-LEC", known_at=NOW - timedelta(hours=1))["session"] == session


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 22), "Noël"),
        (date(2026, 11, 29), "dimanche"),
        (date(2027, 8, 3), "aucune année scolaire"),
    ],
)
def test_nothing_is_moved_to_a_day_without_class(
    services: Services, school: School, day: date, words: str
) -> None:
    with pytest.raises(ApdashError, match=words):
        move(services, number(services, "REM-LEC"), day)


def test_nothing_is_moved_where_nobody_would_come(services: Services, school: School) -> None:
    away = {"division": school.divisions["2TNE"], "starts_on": THURSDAY, "ends_on": THURSDAY}
    school.add("placement", away)
    with pytest.raises(ApdashError, match="aucun élève n’est attendu"):
        move(services, number(services, "REM-LEC"), THURSDAY)
    assert on(services, TUESDAY, "REM-LEC")["by_hand"] is False


def test_a_room_already_taken_is_refused_by_name(services: Services, school: School) -> None:
    room = school.rooms["B12"]
    first, second = number(services, "REM-LEC"), number(services, "REM-MAT")
    gestures.change_session_room(services.store, PILOT, session=first, room=room, now=NOW)
    with pytest.raises(ApdashError, match=r"B12 accueille déjà 2AP02 .*mardi 24.*de 10.h.10 à 11.h.05"):
        gestures.change_session_room(services.store, PILOT, session=second, room=room, now=NOW)
    gestures.cancel_sessions(
        services.store, PILOT, services.reference, sessions=[first], why="SALLE", now=LATER
    )
    gestures.change_session_room(
        services.store, PILOT, session=second, room=room, now=LATER + timedelta(seconds=1)
    )
    with pytest.raises(ApdashError, match="Salle déjà prise"):
        undo_gesture(services.store, PILOT, session=first, now=LATER + timedelta(minutes=1))


def test_an_adult_of_another_band_is_already_taken(services: Services, school: School) -> None:
    other = {"id": 9100, "band": 9101, "code": "jeu-14", "day": "jeudi", "starts_at": time(14, 0)}
    school.add("band", {"id": 9101, "year": 2026, "code": "1-A", "label": "Premières"})
    school.add("slot", other)
    group = {"id": 9102, "band": 9101, "slot": 9100, "need": "REM-LEC", "code": "1AP01", "name": "Lecture"}
    school.add("ap_group", group)
    act = services.store.read("select min(id) as id from act").item()
    seat = {"id": 9103, "ap_group": 9102, "student": school.students[0], "starts_on": P1[0], "act": act}
    school.add("membership", seat | {"why_began": "BES"})
    school.add(
        "group_staff", {"ap_group": 9102, "staff": school.staff["lecture"], "starts_on": P1[0], "act": act}
    )
    row = {"id": 9104, "ap_group": 9102, "on_day": THURSDAY, "starts_at": time(14, 30), "minutes": 55}
    school.add("session", row | {"recorded_at": BEFORE, "recorded_by": "pilote"})
    with pytest.raises(ApdashError, match=r"Mme LECTURE anime déjà 1AP01 \(Lecture\)"):
        move(services, number(services, "REM-LEC"), THURSDAY, starts_at=time(14, 0))
    session = number(services, "REM-LEC")
    gestures.replace_adults(services.store, PILOT, session=session, staff=[school.staff["libre"]], now=NOW)
    with pytest.raises(ApdashError, match=r"1.élève : déjà une séance"):
        move(services, session, THURSDAY, now=LATER, starts_at=time(14, 0))


def test_an_adult_is_replaced_for_one_session_only(services: Services, school: School) -> None:
    session = number(services, "REM-LEC")
    with pytest.raises(ApdashError, match="Mme CALCUL anime déjà 2AP03"):
        gestures.replace_adults(
            services.store, PILOT, session=session, staff=[school.staff["calcul"]], now=NOW
        )
    gestures.replace_adults(services.store, PILOT, session=session, staff=[school.staff["libre"]], now=NOW)
    assert on(services, TUESDAY, "REM-LEC")["staff_names"] == "Mme LIBRE"
    assert on(services, date(2026, 12, 1), "REM-LEC")["staff_names"] == "Mme LECTURE"
    assert queries.roll(services.store, school.teacher("libre"), session=session).height == 4
    gestures.replace_adults(services.store, PILOT, session=session, staff=None, now=LATER)
    assert on(services, TUESDAY, "REM-LEC")["staff_names"] == "Mme LECTURE"


def test_what_has_a_roll_is_neither_moved_nor_cancelled_nor_joined(
    services: Services, school: School
) -> None:
    session, host = number(services, "REM-LEC"), number(services, "ACC-ETU")
    call_roll(services, session)
    for refused in (
        lambda: move(services, session, THURSDAY),
        lambda: gestures.cancel_sessions(
            services.store, PILOT, services.reference, sessions=[session], why="INT", now=NOW
        ),
        lambda: absences.join_session(
            services.store, PILOT, services.reference, session=session, host=host, now=NOW
        ),
        lambda: gestures.restore_session(services.store, PILOT, session=session, now=NOW),
    ):
        with pytest.raises(ApdashError, match="Appel déjà fait"):
            refused()
    gestures.replace_adults(services.store, PILOT, session=session, staff=[school.staff["libre"]], now=NOW)
    with pytest.raises(ApdashError, match="est fait"):
        undo_gesture(services.store, PILOT, session=session, now=LATER)


def test_a_cancelled_session_says_why_and_is_restored(services: Services, school: School) -> None:
    session = number(services, "REM-LEC")
    with pytest.raises(ApdashError, match="Il manque le motif"):
        gestures.cancel_sessions(
            services.store, PILOT, services.reference, sessions=[session], why="XXX", now=NOW
        )
    gestures.cancel_sessions(
        services.store, PILOT, services.reference, sessions=[session], why="EXAM", now=NOW
    )
    found = on(services, TUESDAY, "REM-LEC")
    assert (found["state"], found["why"]) == ("not_held", "EXAM")
    gestures.restore_session(services.store, PILOT, session=session, now=LATER)
    found = on(services, TUESDAY, "REM-LEC")
    assert (found["session"], found["state"], found["by_hand"]) == (session, "planned", False)
    assert on(services, TUESDAY, "REM-LEC", known_at=NOW)["state"] == "not_held"


def test_a_restored_session_follows_what_was_decided_of_its_group_since(
    services: Services, school: School
) -> None:
    session = number(services, "REM-LEC")
    gestures.move_session(services.store, PILOT, session=session, on_day=THURSDAY, now=NOW, **HOUR)
    group = on(services, THURSDAY, "REM-LEC")["ap_group"]
    suspend_group(services.store, PILOT, group=group, first=TUESDAY, last=TUESDAY, now=LATER)
    assert on(services, THURSDAY, "REM-LEC")["state"] == "planned"
    gestures.restore_session(services.store, PILOT, session=session, now=LATER + timedelta(minutes=1))
    assert on(services, TUESDAY, "REM-LEC")["why"] == "SUSP"


def test_students_attend_the_session_of_another_group_for_one_meeting(
    services: Services, school: School
) -> None:
    session, host = number(services, "REM-LEC"), number(services, "ACC-ETU")
    absences.join_session(services.store, PILOT, services.reference, session=session, host=host, now=NOW)
    assert on(services, TUESDAY, "REM-LEC")["host"] == host
    assert queries.roll(services.store, PILOT, session=host).height == 8
    assert (
        queries.roll(services.store, PILOT, session=number(services, "ACC-ETU", date(2026, 12, 1))).height
        == 4
    )
    for guest, into, words in (
        (host, number(services, "REM-MAT"), "accueille déjà"),
        (number(services, "REM-MAT"), session, "déjà réuni"),
        (number(services, "REM-MAT"), number(services, "ACC-ETU", date(2026, 12, 1)), "même heure"),
    ):
        with pytest.raises(ApdashError, match=words):
            absences.join_session(
                services.store, PILOT, services.reference, session=guest, host=into, now=LATER
            )
    undo_gesture(services.store, PILOT, session=session, now=LATER)
    assert on(services, TUESDAY, "REM-LEC")["host"] == session


def test_too_many_in_a_small_room_is_to_be_confirmed(services: Services, school: School) -> None:
    session, host = number(services, "REM-LEC"), number(services, "ACC-ETU")
    gestures.change_session_room(services.store, PILOT, session=host, room=school.rooms["PETITE"], now=NOW)
    asked = {"session": session, "host": host, "now": LATER}
    with pytest.raises(ApdashError, match="8 élèves attendus : PETITE en tient 4"):
        absences.join_session(services.store, PILOT, services.reference, **asked)
    absences.join_session(services.store, PILOT, services.reference, acknowledged=True, **asked)


def test_a_session_that_joins_one_planned_away_stands_on_its_own_again(
    services: Services, school: School
) -> None:
    session, host = number(services, "REM-LEC"), number(services, "ACC-ETU")
    absences.join_session(services.store, PILOT, services.reference, session=session, host=host, now=NOW)
    group = on(services, TUESDAY, "ACC-ETU")["ap_group"]
    with services.store.write() as tx:
        tx.run("update group_state set ends_on = $day where ap_group = $group", day=P1[1], group=group)
    slots = band_slots(services.store, band=school.band).select("code", "day", "starts_at", "minutes")
    set_slots(services.store, PILOT, band=school.band, slots=slots, now=LATER)
    assert on(services, TUESDAY, "REM-LEC")["host"] == session


def test_a_session_is_held_without_a_roll_but_not_before_its_day(services: Services, school: School) -> None:
    past = date(2026, 11, 17)
    session = number(services, "REM-LEC", past)
    gestures.hold_session(services.store, PILOT, session=session, now=NOW)
    assert on(services, past, "REM-LEC")["state"] == "held"
    with pytest.raises(ApdashError, match="annulez d’abord"):
        move(services, session, THURSDAY)
    with pytest.raises(ApdashError, match="Séance à venir"):
        gestures.hold_session(services.store, PILOT, session=number(services, "REM-LEC"), now=NOW)
    undo_gesture(services.store, PILOT, session=session, now=LATER)
    assert on(services, past, "REM-LEC")["state"] == "planned"


def test_an_extra_session_is_added_checked_and_taken_back(services: Services, school: School) -> None:
    group = on(services, TUESDAY, "REM-LEC")["ap_group"]
    hour = {"starts_at": TEN, "minutes": 90}
    with pytest.raises(ApdashError, match="Horaire refusé"):
        gestures.add_session(
            services.store, PILOT, group=group, on_day=THURSDAY, starts_at=time(22, 0), minutes=90, now=NOW
        )
    made = gestures.add_session(services.store, PILOT, group=group, on_day=THURSDAY, now=NOW, **hour)
    found = on(services, THURSDAY, "REM-LEC")
    assert (found["session"], found["minutes"], found["planned_on"]) == (made, 90, None)
    undo_gesture(services.store, PILOT, session=made, now=LATER)
    assert queries.sessions(services.store, PILOT, first=THURSDAY, last=THURSDAY).is_empty()
    known = queries.sessions(services.store, PILOT, first=THURSDAY, last=THURSDAY, known_at=NOW)
    assert known["session"].to_list() == [made]


def test_each_meeting_of_an_absent_adult_has_its_own_fate_in_one_gesture(
    services: Services, school: School
) -> None:
    """The only maths teacher is away for three weeks: one meeting lost, one with the study group, one replaced."""
    days = [TUESDAY, date(2026, 12, 1), date(2026, 12, 8)]
    lost, joined, replaced = (number(services, "REM-MAT", day) for day in days)
    changed = absences.settle_absence(
        services.store, PILOT, cancelled=[lost], joined=[(joined, number(services, "ACC-ETU", days[1]))],
        replaced=[(replaced, [school.staff["libre"]])], now=NOW,
    )  # fmt: skip
    assert changed == 3
    assert on(services, days[0], "REM-MAT")["why"] == "INT"
    assert on(services, days[1], "REM-MAT")["host"] == number(services, "ACC-ETU", days[1])
    assert on(services, days[2], "REM-MAT")["staff_names"] == "Mme LIBRE"
    assert undo_gesture(services.store, PILOT, session=joined, now=LATER) == 3
    assert [on(services, day, "REM-MAT")["state"] for day in days] == ["planned"] * 3
    assert on(services, days[2], "REM-MAT")["staff_names"] == "Mme CALCUL"
    assert undo_gesture(services.store, PILOT, session=lost, now=LATER + timedelta(minutes=1)) == 3
    assert on(services, days[0], "REM-MAT")["why"] == "INT"


def test_an_absence_is_settled_whole_or_not_at_all(services: Services, school: School) -> None:
    lost, kept = number(services, "REM-MAT"), number(services, "REM-MAT", date(2026, 12, 1))
    with pytest.raises(ApdashError, match="anime déjà"):
        absences.settle_absence(
            services.store, PILOT, cancelled=[lost], replaced=[(kept, [school.staff["lecture"]])], now=NOW
        )
    assert on(services, TUESDAY, "REM-MAT")["state"] == "planned"


def test_a_gesture_changed_since_is_not_taken_back(services: Services, school: School) -> None:
    days = [TUESDAY, date(2026, 12, 1)]
    both = [number(services, "REM-MAT", day) for day in days]
    gestures.cancel_sessions(services.store, PILOT, services.reference, sessions=both, why="INT", now=NOW)
    gestures.restore_session(services.store, PILOT, session=both[1], now=LATER)
    with pytest.raises(ApdashError, match="changée depuis"):
        undo_gesture(services.store, PILOT, session=both[0], now=LATER + timedelta(minutes=1))
    with pytest.raises(ApdashError, match="Rien à annuler"):
        undo_gesture(services.store, PILOT, session=number(services, "ACC-ETU"), now=LATER)


def test_what_was_said_of_a_session_can_be_read(services: Services, school: School) -> None:
    session = number(services, "REM-LEC")
    move(services, session, THURSDAY)
    versions = session_versions(services.store, PILOT, session=session)
    assert versions["on_day"].to_list() == [THURSDAY, TUESDAY]
    assert versions["by_hand"].to_list() == [True, False]
    with pytest.raises(ApdashError, match="réservé"):
        session_versions(services.store, school.teacher("lecture"), session=session)


def test_only_the_direction_and_the_pilot_plan_sessions(services: Services, school: School) -> None:
    session, teacher, store = number(services, "REM-LEC"), school.teacher("lecture"), services.store
    for refused in (
        lambda: gestures.move_session(store, teacher, session=session, on_day=THURSDAY, now=NOW, **HOUR),
        lambda: gestures.change_session_room(store, teacher, session=session, room=None, now=NOW),
        lambda: gestures.replace_adults(store, teacher, session=session, staff=None, now=NOW),
        lambda: gestures.cancel_sessions(
            store, teacher, services.reference, sessions=[session], why="INT", now=NOW
        ),
        lambda: gestures.restore_session(store, teacher, session=session, now=NOW),
        lambda: absences.join_session(
            store, teacher, services.reference, session=session, host=session, now=NOW
        ),
        lambda: gestures.hold_session(store, teacher, session=session, now=NOW),
        lambda: gestures.add_session(
            store, teacher, group=1, on_day=THURSDAY, starts_at=TEN, minutes=55, now=NOW
        ),
        lambda: absences.settle_absence(store, teacher, cancelled=[session], now=NOW),
        lambda: undo_gesture(store, teacher, session=session, now=NOW),
    ):
        with pytest.raises(ApdashError, match="réservé"):
            refused()
