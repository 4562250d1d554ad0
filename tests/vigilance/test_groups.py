"""Rules about groups and their sessions: each fires on a small case, and is silent on its neighbour."""

from datetime import date, timedelta

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.group_changes import merge_groups
from apdash.store.commands.groups import move_student
from tests.school_factory import NOW, P1, P2, PILOT, YEAR, School, adopted
from tests.vigilance.conftest import BEFORE, SLOT, crossed, fired, group, tell

TUESDAYS = [date(2026, 10, 6), date(2026, 10, 13), date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 17)]
TODAY = date(2026, 11, 18)
READING, MATHS = "2AP01 Atelier lecture", "2AP02 Atelier calcul et mesure"


def names(rows: list[tuple[str, str]]) -> list[str]:
    return [label.split(" ", 1)[1] for label, _ in rows]


def test_more_needs_than_a_team_prepares(services: Services, school: School) -> None:
    assert fired(services, "TROP-ACTIONS", TODAY) == []
    needs = ["REM-ECR", "REM-LVE", "REM-MET", "APP-CUL", "DEV-CNF", "DEV-ENG"]
    reading = group(services, "REM-LEC")
    rows = services.store.read("select * from ap_group where id = $id", id=reading).row(0, named=True)
    state = services.store.read("select * from group_state where ap_group = $id", id=reading).row(
        0, named=True
    )
    for rank, need in enumerate(needs):
        school.add("ap_group", rows | {"id": 90_000 + rank, "need": need, "code": f"X{rank}"})
        school.add("group_state", state | {"ap_group": 90_000 + rank})
    assert fired(services, "TROP-ACTIONS", TODAY) == [("Bande 2-A", "alert")]


def test_a_student_followed_in_too_many_ways(services: Services, school: School) -> None:
    one = {"student": school.students[0], "year": YEAR, "scheme": "TUT", "starts_on": P1[0], "recorded_at": BEFORE,
           "recorded_by": "test"}  # fmt: skip
    school.add("programme", one | {"id": 1})
    assert fired(services, "TROP-ACTIONS", TODAY) == []
    school.add("programme", one | {"id": 2})
    assert fired(services, "TROP-ACTIONS", TODAY) == [("ABADIE Zoé, 2TNE", "watch")]
    assert fired(services, "TROP-ACTIONS", TODAY, known_at=BEFORE - timedelta(hours=1)) == []


def test_a_group_without_an_objective_after_a_week(services: Services, school: School) -> None:
    assert fired(services, "SANS-OBJECTIF", date(2026, 10, 13)) == []
    assert len(fired(services, "SANS-OBJECTIF", date(2026, 10, 14))) == 2
    objective = {
        "id": 1, "student": school.students[0], "year": YEAR, "ap_group": group(services, "REM-LEC"),
        "text": "Je souligne la question", "set_on": P1[0], "recorded_at": BEFORE, "recorded_by": "t",
    }  # fmt: skip
    school.add("objective", objective)
    assert names(fired(services, "SANS-OBJECTIF", TODAY)) == ["Atelier calcul et mesure"]


def test_the_week_runs_from_the_first_session_that_took_place(services: Services, school: School) -> None:
    tell(services, "REM-LEC", TUESDAYS[:2], state="not_held")
    assert names(fired(services, "SANS-OBJECTIF", date(2026, 10, 15))) == ["Atelier calcul et mesure"]


def test_too_long_in_one_need(services: Services, school: School) -> None:
    for rank, (first, last) in enumerate(
        ((date(2027, 1, 11), date(2027, 2, 19)), (date(2027, 3, 8), date(2027, 4, 16)))
    ):
        row = {"id": 200 + rank, "year": YEAR, "code": f"P{3 + rank}", "label": f"Période {3 + rank}"}
        school.add("period", row | {"starts_on": first, "ends_on": last})
    # Maths allows three periods, reading four; the members of both have not changed since October.
    late = fired(services, "GROUPE-FIGE", date(2027, 2, 10))
    assert {level for _, level in late} == {"watch"}
    assert len(late) == 2
    april = fired(services, "GROUPE-FIGE", date(2027, 4, 1))
    assert sum(level == "alert" for _, level in april) == 5
    assert fired(services, "GROUPE-FIGE", date(2026, 12, 10)) == []


def test_a_regrouping_that_moves_too_many(services: Services, school: School) -> None:
    reading, maths, study = crossed(school)
    swapped = [
        (SLOT, "REM-LEC", "lecture", reading[3][:4] + maths[3]),
        (SLOT, "REM-MAT", "calcul", reading[3][4:] + study[3]),
    ]
    adopted(services, school, swapped, on=P2[0])
    assert ("Bande 2-A", "watch") in fired(services, "MOUVANT", P2[0])
    assert ("Bande 2-A", "watch") not in fired(services, "MOUVANT", TODAY)


def test_a_regrouping_that_keeps_most(services: Services, school: School) -> None:
    adopted(services, school, crossed(school), on=P2[0])
    assert fired(services, "MOUVANT", P2[0]) == []


def test_a_student_moved_before_four_sessions(services: Services, school: School) -> None:
    for student, on in ((school.students[0], date(2026, 11, 5)), (school.students[1], date(2026, 11, 12))):
        move_student(
            services.store, CONSOLE, services.reference, student=student, group=group(services, "ACC-ETU"),
            on=on, reason="ELEV", now=NOW, acknowledged=True,
        )  # fmt: skip
    # Three Tuesdays before the 5th, four before the 12th.
    assert fired(services, "MOUVANT", TODAY) == [("ABADIE Zoé, 2TNE", "watch")]


def test_two_sessions_in_a_row_under_the_minimum(services: Services, school: School) -> None:
    members = crossed(school)[0][3]
    tell(services, "REM-LEC", TUESDAYS[:4], absent=[])
    assert fired(services, "SOUS-MINIMUM", date(2026, 11, 11)) == []
    tell(services, "REM-LEC", TUESDAYS[4:], absent=members[:5])
    assert fired(services, "SOUS-MINIMUM", TODAY) == []
    tell(services, "REM-MAT", TUESDAYS[3:], absent=crossed(school)[1][3][:1])
    assert names(fired(services, "SOUS-MINIMUM", TODAY)) == ["Atelier calcul et mesure"]


def test_students_of_a_merged_group_count_where_they_sit(services: Services, school: School) -> None:
    merge_groups(
        services.store, PILOT, services.reference, group=group(services, "REM-MAT"), into=group(services, "REM-LEC"),
        first=date(2026, 11, 3), last=date(2026, 11, 20), now=BEFORE, acknowledged=True,
    )  # fmt: skip
    tell(services, "REM-LEC", TUESDAYS[3:], absent=crossed(school)[0][3])
    assert fired(services, "SOUS-MINIMUM", TODAY) == []


def test_sessions_lost_too_often(services: Services, school: School) -> None:
    tell(services, "REM-LEC", TUESDAYS[1:])
    tell(services, "REM-MAT", TUESDAYS)
    assert fired(services, "SEANCES-PERDUES", TODAY) == []
    tell(services, "REM-LEC", TUESDAYS[:1], state="not_held")
    rows = fired(services, "SEANCES-PERDUES", TODAY)
    assert (names(rows), rows[0][1]) == (["Atelier lecture"], "watch")
    assert fired(services, "SEANCES-PERDUES", P2[0]) == []


def test_a_group_of_one_division_or_far_from_its_band(services: Services, bare: School) -> None:
    girls, boys = bare.students[0::2], bare.students[1::2]
    groups = [
        (SLOT, "REM-LEC", "lecture", girls[:6] + boys[:1]),
        (SLOT, "ACC-ETU", "cdi", girls[6:] + boys[1:]),
    ]
    adopted(services, bare, groups, on=P1[0], now=BEFORE)
    assert names(fired(services, "DESEQUILIBRE", TODAY)) == ["Atelier lecture"]


def test_a_balanced_group_is_left_alone(services: Services, school: School) -> None:
    assert fired(services, "DESEQUILIBRE", TODAY) == []


def test_two_divisions_may_fill_a_group_with_one(services: Services, bare: School) -> None:
    """Only where three divisions or more share the hour does one have to leave room."""
    groups = [(SLOT, "REM-LEC", "lecture", bare.students[:8]), (SLOT, "ACC-ETU", "cdi", bare.students[8:])]
    adopted(services, bare, groups, on=P1[0], now=BEFORE)
    assert fired(services, "DESEQUILIBRE", TODAY) == []
    bare.divisions["2GATL"] = 99_001
    bare.add("division", {"id": 99_001, "year": YEAR, "code": "2GATL", "label": "2GATL", "grade": "2de"})
    new = bare.add_students("2GATL", 2)
    study = group(services, "ACC-ETU")
    member = services.store.read("select * from membership where ap_group = $id limit 1", id=study).row(
        0, named=True
    )
    bare.add("membership", *(member | {"id": 98_000 + one, "student": one} for one in new))
    assert sorted(names(fired(services, "DESEQUILIBRE", TODAY))) == ["Atelier lecture"]
