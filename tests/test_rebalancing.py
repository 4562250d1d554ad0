"""From a closed bilan to a proposal: what the problem says of the school, and what comes back from the search."""

from datetime import date, datetime, timedelta

import pytest

from apdash.errors import ApdashError
from apdash.rebalancing import Parameters, build, build_problem
from apdash.services import Services
from apdash.store.commands.group_changes import add_staff, replace_staff
from apdash.store.commands.statements import Statement, add_statement
from apdash.store.queries.groups import groups_in_force
from optimizer.problem import Problem
from tests.school_factory import DIRECTION, NOW, P1, P2, PILOT, School, adopted, make_school

START, NEXT = P1[0], P2[0]
BEFORE = datetime(2026, 10, 1, 9, 0)


@pytest.fixture
def school(services: Services) -> School:
    """Eighteen students of three divisions, two slots, four adults, three groups on Tuesday since October."""
    made = make_school(services.store, divisions=("2TNE", "2MRC", "2GATL"), slots=("mar-10", "jeu-10"))
    for code in made.divisions:
        made.add_students(code, 6)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("voix", "DEV-CNF"), ("etude", "ACC-ETU")):
        made.add_staff(name, sorted({need, "ACC-ETU"}), ["mar-10", "jeu-10"])
    people = made.students
    made.know(people[::3], {"REM-LEC": 80, "REM-MAT": 40, "ORI-INS": 90, "DEV-SUI": 70})
    made.know(people[1::3], {"REM-LEC": 45, "REM-MAT": 78})
    made.know(people[2::3], {"REM-LEC": None, "REM-MAT": 30, "DEV-CNF": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:6]),
        ("mar-10", "REM-MAT", "calcul", people[6:12]),
        ("mar-10", "ACC-ETU", "etude", people[12:]),
    ]
    adopted(services, made, groups, on=START, now=BEFORE)
    return made


def problem_of(services: Services, school: School, **parameters: object) -> dict:
    return build_problem(
        services.store, services.reference, band=school.band, review=school.review,
        parameters=Parameters(**parameters),  # type: ignore[arg-type]
    )  # fmt: skip


def student(problem: dict, key: int) -> dict:
    return next(row for row in problem["students"] if row["id"] == str(key))


def test_the_problem_is_lawful_and_tells_needs_slots_and_rules(services: Services, school: School) -> None:
    problem = problem_of(services, school, max_moves=5, weights={"urgent": 200})
    Problem.from_json(problem)
    assert [slot["id"] for slot in problem["slots"]] == ["mar-10", "jeu-10"]
    assert problem["rules"] == {
        "max_needs_open": 7, "max_division_share": 0.6, "max_periods": 3, "urgent_from": 75, "period_sessions": 5,
        "max_moves": 5,
    }  # fmt: skip
    assert problem["weights"]["urgent"] == 200
    reading = next(need for need in problem["needs"] if need["id"] == "REM-LEC")
    assert reading == {
        "id": "REM-LEC", "min_size": 4, "max_size": 10, "floor": 25, "max_per_student": 2, "max_periods": 4,
        "reception": False,
    }  # fmt: skip
    reception = next(need for need in problem["needs"] if need["reception"])
    assert (reception["id"], reception["floor"]) == ("ACC-ETU", 0)


def test_needs_of_other_grades_and_outside_groups_are_left_out(services: Services, school: School) -> None:
    problem = problem_of(services, school)
    assert {"ORI-INS", "DEV-SUI"} & {need["id"] for need in problem["needs"]} == set()
    first, third = student(problem, school.students[0]), student(problem, school.students[2])
    assert first["intensity"] == {"REM-LEC": 80, "REM-MAT": 40, "ACC-ETU": 25}
    assert third["intensity"] == {"REM-MAT": 30, "DEV-CNF": 60, "ACC-ETU": 25}


def test_nothing_in_the_problem_names_anybody(services: Services, school: School) -> None:
    text = str(problem_of(services, school))
    assert not any(name in text for name in ("ABADIE", "Zoé", "LECTURE", "lecture"))


def test_a_division_away_meets_less_and_one_away_too_long_is_left_where_it_is(
    services: Services, school: School
) -> None:
    school.add(
        "placement",
        {"division": school.divisions["2TNE"], "starts_on": date(2026, 11, 23), "ends_on": date(2026, 12, 11)},
        {"division": school.divisions["2MRC"], "starts_on": date(2026, 11, 30), "ends_on": date(2026, 12, 30)},
    )
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert (built.first, built.last) == P2
    assert student(built.problem, school.students[0])["sessions"] == {"mar-10": 2, "jeu-10": 2}
    assert student(built.problem, school.students[6])["sessions"] == {"mar-10": 2, "jeu-10": 2}
    assert student(built.problem, school.students[12])["sessions"] == {"mar-10": 5, "jeu-10": 5}
    school.add(
        "placement",
        {"division": school.divisions["2MRC"], "starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 8)},
    )
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert str(school.students[6]) not in {row["id"] for row in built.problem["students"]}
    assert [row for row in built.problem["current"] if row["student"] == str(school.students[6])] == []
    away = {row["student"] for row in built.left_out}
    assert away == set(school.students[6:12])


def test_present_groups_carry_the_time_already_spent(services: Services, school: School) -> None:
    problem = problem_of(services, school)
    rows = [row for row in problem["current"] if row["student"] == str(school.students[0])]
    adult = str(school.staff["lecture"])
    assert rows == [
        {"student": rows[0]["student"], "slot": "mar-10", "need": "REM-LEC", "staff": adult, "need_periods": 1}
    ]
    assert len(problem["current"]) == 18


def test_a_replaced_adult_is_no_change_for_the_students(services: Services, school: School) -> None:
    group = groups_in_force(services.store, PILOT, on=START)["ap_group"].to_list()[1]
    school.add_staff("remplacant", ["REM-LEC"], ["mar-10"])
    replace_staff(
        services.store, PILOT, group=group, leaving=school.staff["lecture"], coming=school.staff["remplacant"],
        on=date(2026, 11, 12), now=NOW,
    )  # fmt: skip
    rows = [row for row in problem_of(services, school)["current"] if row["need"] == "REM-LEC"]
    assert {(row["staff"], row["need_periods"]) for row in rows} == {(str(school.staff["remplacant"]), 1)}


def test_two_adults_together_are_a_pair_and_one_who_left_is_nobody(services: Services, school: School) -> None:
    groups = groups_in_force(services.store, PILOT, on=START)["ap_group"].to_list()
    add_staff(services.store, PILOT, group=groups[1], staff=school.staff["voix"], on=NEXT, now=NOW)
    with services.store.write() as tx:
        tx.run("delete from band_staff where staff = $staff", staff=school.staff["calcul"])
    problem = problem_of(services, school)
    Problem.from_json(problem)
    pair = f"{school.staff['lecture']}+{school.staff['voix']}"
    entry = next(row for row in problem["staff"] if row["id"] == pair)
    assert (entry["needs"], entry["slots"]) == (["REM-LEC"], ["mar-10"])
    gone = next(row for row in problem["staff"] if row["id"] == f"parti-{groups[2]}")
    assert (gone["needs"], gone["slots"]) == ([], [])
    assert {row["staff"] for row in problem["current"]} == {pair, gone["id"], str(school.staff["etude"])}


def test_an_adult_who_costs_more_at_one_slot_is_two_entries(services: Services, school: School) -> None:
    adult = school.staff["voix"]
    with services.store.write() as tx:
        tx.run(
            "update band_staff set cost = 15 where staff = $staff and slot = $slot",
            staff=adult,
            slot=school.slots["jeu-10"],
        )
    rows = [row for row in problem_of(services, school)["staff"] if str(adult) in row["members"]]
    assert [(row["id"], row["slots"], row["cost"]) for row in rows] == [
        (str(adult), ["mar-10"], 0),
        (f"{adult}~jeu-10", ["jeu-10"], 15),
    ]


def test_demands_become_pins_bans_pairs_and_caps(services: Services, school: School) -> None:
    one, two, three = school.students[:3]

    def state(viewer: object, **parts: object) -> None:
        statement = Statement(**parts)  # type: ignore[arg-type]
        add_statement(
            services.store, viewer, services.reference, band=school.band, statement=statement, now=NOW  # type: ignore[arg-type]
        )

    slot, adult = school.slots["mar-10"], school.staff["lecture"]
    state(PILOT, kind="pin", students=(one,), slot=slot, need="REM-LEC", staff=adult)
    state(PILOT, kind="ban", students=(two,), staff=adult)
    state(PILOT, kind="together", students=(one, two))
    state(PILOT, kind="cap", students=(one, two, three), at_most=2)
    state(DIRECTION, kind="apart", students=(two, three))
    built = build(services.store, services.reference, band=school.band, review=school.review)
    Problem.from_json(built.problem)
    names = [str(key) for key in (one, two, three)]
    assert built.problem["pins"] == [{"student": names[0], "slot": "mar-10", "need": "REM-LEC", "staff": str(adult)}]
    assert built.problem["bans"] == [{"student": names[1], "slot": None, "need": None, "staff": str(adult)}]
    assert built.problem["pairs"] == [{"students": names[:2], "kind": "together"}]
    assert built.problem["caps"] == [
        {"students": names, "at_most": 2, "need": None, "slot": None},
        {"students": names[1:], "at_most": 1, "need": None, "slot": None},
    ]
    assert built.secret == {"pins": [], "bans": [], "pairs": [], "caps": [1]}


def test_rooms_limit_only_when_every_slot_has_some(services: Services, school: School) -> None:
    school.add_room("B101", 12, ["mar-10"])
    built = build(services.store, services.reference, band=school.band, review=school.review)
    assert built.problem["rooms"] == []
    assert "jeu-10" in built.notes[0]
    school.add_room("B102", 30, ["mar-10", "jeu-10"])
    rooms = problem_of(services, school)["rooms"]
    assert rooms == [
        {"id": "B101", "capacity": 12, "slots": ["mar-10"]},
        {"id": "B102", "capacity": 30, "slots": ["mar-10", "jeu-10"]},
    ]


def test_a_bilan_that_says_nothing_is_refused(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run("delete from intensity")
    with pytest.raises(ApdashError, match="Bilan sans besoins"):
        problem_of(services, school)
    with pytest.raises(ApdashError, match="Aucune séance"):
        problem_of(services, school, last=NEXT - timedelta(1))
