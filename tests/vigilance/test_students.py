"""Rules about students and bilans: each fires on a small case, and is silent on its neighbour."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.vigilance import RULES, SILENCES, Look, Point, points_of_vigilance
from tests.school_factory import NOW, P1, P2, PILOT, YEAR, School, adopted
from tests.vigilance.conftest import BEFORE, SLOT, crossed, fired, group, tell
from tests.vigilance.test_groups import TODAY, TUESDAYS

AFTER = P2[0] + timedelta(days=8)


def initial(school: School) -> int:
    """Add the bilan of September, in force since 5 October; return it."""
    review = {
        "id": 90_001,
        "year": YEAR,
        "code": "B0",
        "label": "Bilan initial",
        "kind": "initial",
        "period": 101,
    }
    school.add(
        "review",
        review | {"opens_on": date(2026, 9, 8), "closes_on": date(2026, 9, 29), "effective_from": P1[0]},
    )
    for key in school.divisions.values():
        school.add(
            "review_division",
            {"review": 90_001, "division": key, "closed_at": datetime(2026, 9, 29, 17), "closed_by": "p"},
        )
    return 90_001


def test_a_strong_need_nobody_works_on(services: Services, school: School) -> None:
    served, waiting = crossed(school)[0][3][0], crossed(school)[2][3][0]
    school.know([served, waiting], {"REM-LEC": 80})
    # The bilan of November decides groups from the 23rd: before, it says nothing of who is served.
    assert fired(services, "NON-SERVI", TODAY) == []
    rows = fired(services, "NON-SERVI", AFTER)
    assert len(rows) == 1
    assert rows[0][1] == "watch"


def test_under_the_threshold_nobody_waits(services: Services, school: School) -> None:
    school.know(crossed(school)[2][3], {"REM-LEC": 74})
    assert fired(services, "NON-SERVI", AFTER) == []


def test_unserved_over_two_bilans_is_an_alert(services: Services, school: School) -> None:
    waiting = crossed(school)[2][3][:2]
    school.know(waiting, {"REM-LEC": 80}, review=initial(school))
    assert [level for _, level in fired(services, "NON-SERVI", TODAY)] == ["watch", "watch"]
    school.know(waiting[:1], {"REM-LEC": 90})
    school.know(waiting[1:], {"REM-LEC": 40})
    assert [level for _, level in fired(services, "NON-SERVI", AFTER)] == ["alert"]
    reading = crossed(school)
    reading[0] = (SLOT, "REM-LEC", "lecture", [*reading[0][3], waiting[0]])
    reading[2] = (SLOT, "ACC-ETU", "cdi", reading[2][3][1:])
    adopted(services, school, reading, on=P2[0])
    assert fired(services, "NON-SERVI", AFTER) == []


def test_a_need_served_by_a_tutor_is_served_once_they_met(services: Services, school: School) -> None:
    student, adult = school.students[0], school.staff["cdi"]
    school.know(student, {"DEV-SUI": 90})
    said = {"recorded_at": BEFORE, "recorded_by": "test"}
    school.add(
        "tutoring",
        {"id": 1, "student": student, "staff": adult, "starts_on": P1[0], "why_began": "ARR"} | said,
    )
    assert len(fired(services, "NON-SERVI", AFTER)) == 1
    meeting = {"id": 1, "student": student, "staff": adult, "on_day": P2[0], "minutes": 10}
    school.add("tutor_meeting", meeting | said | {"recorded_at": NOW})
    assert fired(services, "NON-SERVI", AFTER) == []
    assert (
        len(fired(services, "NON-SERVI", AFTER, known_at=NOW - timedelta(minutes=1))) == 0
    )  # not closed yet then


def test_an_objective_nobody_saw_again(services: Services, school: School) -> None:
    student, reading = school.students[0], group(services, "REM-LEC")
    said = {"recorded_at": NOW, "recorded_by": "test"}
    objective = {
        "id": 1,
        "student": student,
        "year": YEAR,
        "period": 101,
        "ap_group": reading,
        "set_on": P1[0],
    }
    school.add("objective", objective | {"text": "Je souligne la question"} | said)
    result = {"ap_group": reading, "student": student, "period": 101, "outcome": "attained"}
    school.add("workshop_result", result | said)
    late = NOW.date() + timedelta(weeks=3)
    assert fired(services, "OBJECTIF-CLASSE", late - timedelta(days=1)) == []
    assert fired(services, "OBJECTIF-CLASSE", late) == [("ABADIE Zoé, 2TNE", "watch")]
    # A correction of the words does not start the weeks again.
    with services.store.write() as tx:
        tx.run("update workshop_result set replaced_at = $at", at=NOW + timedelta(days=5))
    school.add(
        "workshop_result",
        result | {"words": "bien", "recorded_at": NOW + timedelta(days=5), "recorded_by": "test"},
    )
    assert len(fired(services, "OBJECTIF-CLASSE", late)) == 1
    school.add(
        "objective_seen",
        {"objective": 1, "staff": school.staff["cdi"], "asked_on": NOW.date(), "seen": True} | said,
    )
    assert fired(services, "OBJECTIF-CLASSE", late) == []


def expected(school: School, competencies: list[str]) -> None:
    adult = school.staff["lecture"]
    school.add("expected", *(
        {"review": school.review, "division": key, "staff": adult, "competency": code}
        for key in school.divisions.values() for code in competencies
    ))  # fmt: skip


def entered(school: School, students: list[int], competencies: list[str], at: datetime) -> None:
    school.add("assessment", *(
        {"review": school.review, "student": one, "competency": code, "assessor": f"staff:{school.staff['lecture']}",
         "source": "adult", "state": "level", "level": 2.0, "recorded_at": at, "recorded_by": "test"}
        for one in students for code in competencies
    ))  # fmt: skip


def test_a_bilan_with_too_few_entries_as_known_then(services: Services, school: School) -> None:
    codes = ["LIR", "ECR", "ORA"]
    expected(school, codes)
    entered(school, school.students[:8], codes, BEFORE)
    entered(school, school.students[8:14], codes, BEFORE)
    assert fired(services, "INCOMPLET", TODAY) == [("2MRC", "alert")]
    assert fired(services, "INCOMPLET", date(2026, 11, 10)) == [("2MRC", "watch")]
    entered(school, school.students[14:15], codes, NOW)
    # Seven of eight: the division passes, the one student left does not.
    assert [level for _, level in fired(services, "INCOMPLET", TODAY)] == ["watch"]
    assert fired(services, "INCOMPLET", TODAY, known_at=NOW - timedelta(minutes=1)) == [("2MRC", "alert")]
    entered(school, school.students[15:], codes, NOW)
    assert fired(services, "INCOMPLET", TODAY) == []


def test_often_absent_over_the_last_four(services: Services, school: School) -> None:
    twice = crossed(school)[0][3][0]
    tell(services, "REM-LEC", TUESDAYS[1:3], absent=[twice])
    assert fired(services, "ASSIDUITE", TODAY) == []
    tell(services, "REM-LEC", TUESDAYS[3:], absent=[])
    assert fired(services, "ASSIDUITE", TODAY) == [("ABADIE Zoé, 2TNE", "alert")]


def test_in_difficulty_without_any_opening(services: Services, school: School) -> None:
    student = crossed(school)[0][3][0]
    school.know(student, {"REM-LEC": 80, "APP-CUL": 10})
    assert fired(services, "SANS-OUVERTURE", TODAY) == []
    assert fired(services, "SANS-OUVERTURE", AFTER) == [("ABADIE Zoé, 2TNE", "watch")]
    opened = crossed(school)
    opened[0] = (SLOT, "REM-LEC", "lecture", opened[0][3][1:])
    opened[2] = (SLOT, "APP-CUL", "culture", [*opened[2][3], student])
    adopted(services, school, opened, on=P2[0])
    assert fired(services, "SANS-OUVERTURE", AFTER) == []


def test_intensities_to_be_confirmed(services: Services, school: School) -> None:
    school.know(school.students[0], {"REM-LEC": None, "REM-MAT": 40})
    school.know(school.students[1], {"REM-LEC": 40})
    assert fired(services, "PEU-RENSEIGNE", TODAY) == [("ABADIE Zoé, 2TNE", "watch")]


def by_code(points: tuple[Point, ...]) -> dict[str, Point]:
    return {point.code: point for point in points}


def test_silence_is_told_from_good_news(services: Services, school: School) -> None:
    points = by_code(points_of_vigilance(services.store, PILOT, services.reference, on=TODAY))
    assert points["ASSIDUITE"].level == "unknown"
    assert points["ASSIDUITE"].words == "aucun appel n’est encore enregistré"
    assert points["DESEQUILIBRE"].level == "ok"
    assert points["SANS-OBJECTIF"].level == "watch"


def test_a_division_sees_what_is_about_it(services: Services, school: School) -> None:
    school.know([school.students[0], school.students[8]], {"REM-LEC": None})
    asked = {"on": TODAY, "divisions": [school.divisions["2MRC"]]}
    points = by_code(points_of_vigilance(services.store, CONSOLE, services.reference, **asked))
    assert points["PEU-RENSEIGNE"].rows["student"].to_list() == [school.students[8]]
    assert points["SANS-OBJECTIF"].count == 2


def test_teachers_do_not_see_the_points(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="direction"):
        points_of_vigilance(services.store, school.teacher("lecture"), services.reference, on=TODAY)


def test_an_envelope_that_drifts_once_it_can_be_told(services: Services, school: School) -> None:
    chosen = {"entry_year": YEAR, "cycle": "bac pro", "envelope": "2009"}
    late = date(2026, 12, 16)
    assert fired(services, "ENVELOPPE", late) == []
    look = Look(services.store, services.reference, YEAR, late)
    assert SILENCES["ENVELOPPE"](look) == "aucune enveloppe n’est choisie"
    school.add("cohort_envelope", chosen)
    early = date(2026, 10, 12)
    assert fired(services, "ENVELOPPE", early) == []
    assert "8 semaines" in SILENCES["ENVELOPPE"](Look(services.store, services.reference, YEAR, early))
    rows = fired(services, "ENVELOPPE", late)
    assert len(rows) == 16
    assert {level for _, level in rows} == {"alert"}
    loose = pl.when(pl.col("code") == "ENVELOPPE").then(100.0).otherwise("value")
    looser = services.reference.vigilance.with_columns(value=loose)
    wide = replace(services.reference, vigilance=looser)
    assert RULES["ENVELOPPE"](Look(services.store, wide, YEAR, late)).is_empty()
