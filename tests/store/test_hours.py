"""Whose hours one sees, what counts in the envelope, and the commands that set it."""

from datetime import date, datetime, time

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.hours import ledger, staff_ledger
from apdash.hours.picture import read_hours
from apdash.imports.carried_hours import read_carried_hours
from apdash.imports.kinds import ImportFile
from apdash.services import Services
from apdash.store.commands import group_changes as changes
from apdash.store.commands.envelopes import carry_minutes, set_envelope, set_jobs_outside
from apdash.store.queries.envelopes import carried_minutes, cohort_envelopes
from apdash.store.queries.groups import groups_in_force
from apdash.store.queries.hours import hour_places, led_hours, outside_timetable
from tests.school_factory import DIRECTION, NOW, P1, PILOT, YEAR, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
LATER = datetime(2026, 11, 19, 9, 0)
SPAN = {"first": P1[0], "last": P1[1]}
TUESDAYS = 5  # in P1


@pytest.fixture
def school(services: Services) -> School:
    """Eight students in two groups since 5 October: reading and maths, on Tuesdays."""
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_students("2MRC", 4)
    for name, need, cost in (("lecture", "REM-LEC", 0), ("calcul", "REM-MAT", 15)):
        made.add_staff(name, [need], ["mar-10"], cost=cost)
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", made.students[:4]),
        ("mar-10", "REM-MAT", "calcul", made.students[4:]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    return made


def group_of(services: Services, need: str) -> int:
    return groups_in_force(services.store, PILOT, on=P1[0]).filter(pl.col("need") == need)["ap_group"][0]


def forum(school: School, *, state: str = "planned", counts: bool = True) -> None:
    """A common action of 2TNE over one hour of its groups."""
    action = {
        "id": 9001,
        "year": YEAR,
        "label": "Forum",
        "axis": "ORI",
        "counts": counts,
        "made_at": BEFORE,
        "made_by": "p",
    }
    school.add("common_action", action)
    school.add("action_division", {"action": 9001, "division": school.divisions["2TNE"]})
    day = {"id": 9002, "action": 9001, "on_day": date(2026, 10, 13), "starts_at": time(10, 0), "minutes": 120}
    school.add("session", day | {"state": state, "recorded_at": BEFORE, "recorded_by": "p"})


def planned(services: Services, by: str = "student", **asked: object) -> dict:
    rows = ledger(hour_places(services.store, PILOT, **(SPAN | asked)), by, day=NOW.date())
    return dict(rows.select(by, "planned").iter_rows())


def test_a_common_action_takes_the_place_of_the_group(services: Services, school: School) -> None:
    forum(school)
    found = planned(services)
    assert found[school.students[0]] == (TUESDAYS - 1) * 55 + 120
    assert found[school.students[7]] == TUESDAYS * 55


def test_a_cancelled_action_leaves_everybody_in_their_groups(services: Services, school: School) -> None:
    forum(school, state="not_held")
    assert set(planned(services).values()) == {TUESDAYS * 55}


def test_an_action_that_does_not_count_is_beside(services: Services, school: School) -> None:
    forum(school, counts=False)
    rows = ledger(hour_places(services.store, PILOT, **SPAN), "division", day=NOW.date())
    told = rows.filter(division=school.divisions["2TNE"]).row(0, named=True)
    assert (told["planned"], told["beside"]) == (4 * (TUESDAYS - 1) * 55, 480)


def test_hours_led_only_by_jobs_left_out_are_beside(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run("update staff set job = 'EDU' where id = $id", id=school.staff["lecture"])
    set_jobs_outside(services.store, PILOT, jobs=["EDU"])
    rows = ledger(hour_places(services.store, PILOT, **SPAN), "ap_group", day=NOW.date())
    told = {row["ap_group"]: (row["planned"], row["beside"]) for row in rows.to_dicts()}
    assert told[group_of(services, "REM-LEC")] == (0, 4 * TUESDAYS * 55)
    assert told[group_of(services, "REM-MAT")] == (4 * TUESDAYS * 55, 0)
    changes.add_staff(
        services.store,
        PILOT,
        group=group_of(services, "REM-LEC"),
        staff=school.add_staff("aide", [], []),
        on=P1[0],
        now=NOW,
    )
    assert set(planned(services, "ap_group").values()) == {4 * TUESDAYS * 55}


def test_an_adult_sees_their_own_hours_and_those_of_their_students(
    services: Services, school: School
) -> None:
    teacher = school.teacher("lecture")
    assert set(hour_places(services.store, teacher, **SPAN)["student"]) == set(school.students[:4])
    assert led_hours(services.store, teacher, **SPAN)["staff"].unique().to_list() == [school.staff["lecture"]]
    assert led_hours(services.store, PILOT, **SPAN)["staff"].n_unique() == 2
    assert led_hours(services.store, DIRECTION, **SPAN)["staff"].n_unique() == 2


def test_overtime_is_told_by_the_cost_of_the_slot(services: Services, school: School) -> None:
    led = led_hours(services.store, PILOT, **SPAN).with_columns(state=pl.lit("held"))
    found = dict(staff_ledger(led, day=NOW.date()).select("staff", "overtime").iter_rows())
    assert found == {school.staff["lecture"]: 0, school.staff["calcul"]: TUESDAYS * 55}


def test_tutoring_and_stages_are_apart(services: Services, school: School) -> None:
    student = school.students[0]
    meeting = {
        "id": 1,
        "student": student,
        "staff": 1,
        "on_day": P1[0],
        "minutes": 15,
        "recorded_at": BEFORE,
        "recorded_by": "p",
    }
    school.add("tutor_meeting", meeting)
    found = outside_timetable(services.store, PILOT, **SPAN)
    assert found.rows() == [(student, "tutoring", 15)]
    assert planned(services)[student] == TUESDAYS * 55
    assert outside_timetable(services.store, school.teacher("calcul"), **SPAN).is_empty()


def test_an_envelope_is_chosen_by_cohort_by_those_who_set_up(services: Services, school: School) -> None:
    store, reference = services.store, services.reference
    set_envelope(store, PILOT, reference, entry_year=2026, cycle="bac pro", envelope="2009")
    set_envelope(store, PILOT, reference, entry_year=2026, cycle="bac pro", envelope="2019")
    assert cohort_envelopes(store).rows() == [(2026, "bac pro", "", "2019")]
    for wrong in ({"cycle": "BTS d’hier"}, {"envelope": "3000"}, {"entry_year": 1999}):
        with pytest.raises(ApdashError):
            set_envelope(
                store,
                PILOT,
                reference,
                **({"entry_year": 2026, "cycle": "bac pro", "envelope": "2009"} | wrong),
            )
    with pytest.raises(ApdashError, match="réservé"):
        set_envelope(
            store, school.teacher("lecture"), reference, entry_year=2026, cycle="bac pro", envelope="2009"
        )
    set_envelope(store, PILOT, reference, entry_year=2026, cycle="bac pro", envelope=None)
    assert cohort_envelopes(store).is_empty()


def test_the_balance_of_a_class_follows_its_grid(services: Services, school: School) -> None:
    set_envelope(services.store, PILOT, services.reference, entry_year=2026, cycle="bac pro", envelope="2009")
    hours = read_hours(services, PILOT, day=date(2026, 12, 8))
    row = hours.balances().row(0, named=True)
    assert hours.ready
    assert (row["due"], row["coming"], row["unknown"]) == (12_600, 8400, 0)
    assert row["forecast"] == row["left"] + 8400
    early = read_hours(services, PILOT, day=date(2026, 10, 20))
    assert not early.ready
    assert early.balances()["forecast"].null_count() == 8


def carry(services: Services, school: School, held: int, *, now: datetime) -> int:
    row = {"student": school.students[0], "year": 2025, "planned": 4000, "held": held, "attended": held}
    return carry_minutes(services.store, PILOT, rows=pl.DataFrame([row]), source="essai", now=now)


def test_carried_minutes_are_versioned_and_written_once(services: Services, school: School) -> None:
    assert carry(services, school, 3000, now=NOW) == 1
    assert carry(services, school, 3000, now=LATER) == 0
    assert carry(services, school, 3500, now=LATER) == 1
    assert carried_minutes(services.store, PILOT)["held"].to_list() == [3500]
    assert carried_minutes(services.store, PILOT, known_at=NOW)["held"].to_list() == [3000]
    with pytest.raises(ApdashError, match="tenues que prévues"):
        carry(services, school, 9999, now=LATER)


def test_hours_of_earlier_years_come_from_a_table(services: Services, school: School) -> None:
    people = services.store.read("select last_name, first_name from student order by id").rows()
    lines = [
        "Nom;Prénom;Année scolaire;Heures prévues;Heures tenues;Suivies",
        f"{people[0][0]};{people[0][1]};2025-2026;70;63,5;60 h 15",
        f"{people[1][0]};{people[1][1]};2025;70;;",
        f"{people[2][0]};{people[2][1]};2026-2027;70;60;60",
        f"{people[3][0]};{people[3][1]};2025;70;80;60",
        "INCONNU;Jean;2025;70;60;60",
    ]
    read = read_carried_hours(services, PILOT, ImportFile("heures.csv", "\n".join(lines).encode()))
    assert read.rows.select("student", "year", "planned", "held", "attended").rows() == [
        (school.students[0], 2025, 4200, 3810, 3615), (school.students[1], 2025, 4200, 4200, 4200),
    ]  # fmt: skip
    assert read.refused["line"].to_list() == [4, 5, 6]
    with pytest.raises(ApdashError, match="réservé"):
        read_carried_hours(services, school.teacher("lecture"), ImportFile("heures.csv", b"x;y\n1;2"))


def test_columns_of_hours_can_be_told(services: Services, school: School) -> None:
    name, first = services.store.read("select last_name, first_name from student order by id limit 1").row(0)
    text = f"Nom;Prénom;An;Minutes de AP\n{name};{first};2025;4200"
    file = ImportFile("heures.csv", text.encode())
    with pytest.raises(ApdashError, match="Année"):
        read_carried_hours(services, PILOT, file)
    read = read_carried_hours(services, PILOT, file, columns={"year": "An", "planned": "Minutes de AP"})
    assert read.rows["held"].to_list() == [4200]
