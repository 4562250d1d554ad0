"""The diagnosis of a bilan as the store tells it: which bilans, which students, as known when."""

from datetime import date, datetime

import polars as pl
import pytest

from apdash.diagnosis import Diagnosis, diagnose_review
from apdash.reference import Reference
from apdash.services import Services
from apdash.store import Store
from apdash.store.commands.reviews import close_division, record_assessments, record_interview
from tests.factories import PILOT, School, add_membership, add_review, tiny_school


@pytest.fixture
def store(services: Services) -> Store:
    return services.store


@pytest.fixture
def school(store: Store) -> School:
    return tiny_school(store)


def enter(
    store: Store, school: School, review: int, rows: list[tuple[str, str, float]], now: datetime
) -> None:
    named = [(school.students[name], code, "level", level) for name, code, level in rows]
    entries = pl.DataFrame(named, ["student", "competency", "state", "level"], orient="row")
    assessor = f"staff:{school.staff['lettres']}"
    record_assessments(store, PILOT, review=review, assessor=assessor, entries=entries, now=now)


def shown(diagnosis: Diagnosis, school: School, name: str, need: str) -> tuple[int | None, float]:
    rows = diagnosis.intensities.filter(student=school.students[name], need=need)
    return rows.select("value", "priority").row(0)


def test_earlier_bilans_of_the_year_count_less_and_the_other_year_does_not(
    store: Store, school: School, reference: Reference
) -> None:
    now = datetime(2026, 9, 20)
    initial = add_review(
        store, school, code="B0", opens_on=date(2026, 9, 15), closes_on=date(2026, 9, 29), kind="initial"
    )
    with store.write() as tx:
        tx.run("insert into school_year values (2025, date '2025-09-01', date '2026-07-03')")
    last_year = add_review(
        store,
        school,
        code="F",
        opens_on=date(2026, 6, 1),
        closes_on=date(2026, 6, 8),
        kind="final",
        year=2025,
    )
    enter(store, school, initial, [("Ana", code, 1) for code in ("LIR", "CON", "RCH")], now)
    with store.write() as tx:
        tx.run(
            "insert into assessment select $r, student, competency, assessor, source, state, level, by_default, "
            "recorded_at, recorded_by, replaced_at from assessment",
            r=last_year,
        )
        tx.run(
            "update assessment set student = $bilal where review = $r",
            bilal=school.students["Bilal"],
            r=last_year,
        )
    diagnosis = diagnose_review(store, reference, review=school.review)
    assert diagnosis.intensities["student"].n_unique() == 6
    assert shown(diagnosis, school, "Ana", "REM-LEC") == (100, 1.0)
    assert diagnosis.parts.filter(student=school.students["Ana"], need="REM-LEC")[
        "detail"
    ].unique().to_list() == ["bilan précédent, compté pour moitié"]
    assert shown(diagnosis, school, "Bilal", "REM-LEC") == (None, 1.0)
    enter(
        store,
        school,
        school.review,
        [("Ana", code, 4) for code in ("LIR", "CON", "RCH")],
        datetime(2026, 11, 10),
    )
    assert shown(diagnose_review(store, reference, review=school.review), school, "Ana", "REM-LEC")[0] == 0
    assert shown(diagnose_review(store, reference, review=initial), school, "Ana", "REM-LEC")[0] == 100


def test_a_bilan_is_read_as_it_was_known_at_a_moment(
    store: Store, school: School, reference: Reference
) -> None:
    early, late = datetime(2026, 11, 10), datetime(2026, 11, 12)
    enter(store, school, school.review, [("Ana", code, 1) for code in ("LIR", "CON", "RCH")], early)
    enter(store, school, school.review, [("Ana", "LIR", 4)], late)
    record_interview(
        store,
        PILOT,
        reference,
        review=school.review,
        student=school.students["Ana"],
        answers={9: ["REM-LEC"]},
        now=late,
    )
    values = [
        shown(diagnose_review(store, reference, review=school.review, at=at), school, "Ana", "REM-LEC")[0]
        for at in (datetime(2026, 11, 9), early, late, None)
    ]
    assert values == [None, 100, 40, 40]


def test_only_the_divisions_asked_for_and_the_students_of_the_day_are_read(
    store: Store, school: School, reference: Reference
) -> None:
    with store.write() as tx:
        tx.run(
            "update enrolment set ends_on = date '2026-11-12' where student = $s", s=school.students["Bilal"]
        )
    diagnosis = diagnose_review(store, reference, review=school.review, divisions=[school.divisions["2TNE"]])
    assert set(diagnosis.intensities["student"]) == {school.students["Ana"], school.students["Chloé"]}


def test_a_late_entry_makes_an_arrival_for_four_weeks(
    store: Store, school: School, reference: Reference
) -> None:
    with store.write() as tx:
        for name, day in (
            ("Ana", date(2026, 11, 2)),
            ("Bilal", date(2026, 10, 12)),
            ("Chloé", date(2026, 9, 10)),
        ):
            tx.run(
                "update enrolment set starts_on = $day where student = $s", day=day, s=school.students[name]
            )
    diagnosis = diagnose_review(store, reference, review=school.review)
    followed = {name: shown(diagnosis, school, name, "DEV-SUI")[0] for name in ("Ana", "Bilal", "Chloé")}
    assert followed == {"Ana": 50, "Bilal": None, "Chloé": None}


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (date(2027, 1, 11), 45),
        (date(2027, 1, 12), 45),
        (date(2027, 1, 13), 25),
        (None, 45),
    ],
)
def test_no_company_found_counts_when_the_placement_is_near(
    store: Store, school: School, reference: Reference, starts_on: date | None, expected: int
) -> None:
    enter(
        store,
        school,
        school.review,
        [("Ana", code, 3) for code in ("DEM", "EXP", "NUM")],
        datetime(2026, 11, 10),
    )
    with store.write() as tx:
        tx.insert(
            "student_fact",
            pl.DataFrame(
                {
                    "student": [school.students["Ana"]],
                    "kind": ["no_placement_found"],
                    "starts_on": [date(2026, 10, 1)],
                    "recorded_by": ["pilote"],
                }
            ),
        )
        if starts_on:
            tx.insert(
                "placement",
                pl.DataFrame(
                    {
                        "division": [school.divisions["2TNE"]],
                        "starts_on": [starts_on],
                        "ends_on": [date(2027, 1, 29)],
                    }
                ),
            )
    assert (
        shown(diagnose_review(store, reference, review=school.review), school, "Ana", "ORI-ENT")[0]
        == expected
    )


def test_who_was_not_served_since_the_last_bilan_gets_a_little_priority(
    store: Store, school: School, reference: Reference
) -> None:
    initial = add_review(
        store,
        school,
        code="B0",
        opens_on=date(2026, 9, 15),
        closes_on=date(2026, 9, 29),
        kind="initial",
        effective_from=date(2026, 10, 5),
    )
    rows = [(name, code, 1.0) for name in ("Ana", "Bilal", "Chloé") for code in ("LIR", "CON", "RCH")]
    enter(store, school, initial, rows, datetime(2026, 9, 20))
    close_division(
        store,
        PILOT,
        reference,
        review=initial,
        division=school.divisions["2TNE"],
        now=datetime(2026, 9, 29, 18),
    )
    add_membership(store, school, student="Ana", need="REM-LEC", starts_on=date(2026, 10, 5))
    add_membership(store, school, student="Bilal", need="REM-MAT", starts_on=date(2026, 10, 5), code="2AP02")
    diagnosis = diagnose_review(store, reference, review=school.review)
    assert {
        name: shown(diagnosis, school, name, "REM-LEC")[1] for name in ("Ana", "Bilal", "Chloé", "Driss")
    } == {"Ana": 1.0, "Bilal": 1.15, "Chloé": 1.15, "Driss": 1.0}


def test_the_grade_of_the_formation_comes_before_that_of_the_division(
    store: Store, school: School, reference: Reference
) -> None:
    with store.write() as tx:
        tx.run("insert into mef (code, label, grade) values ('24122001210', 'CAP', '1CAP')")
        tx.run("update enrolment set mef = '24122001210' where student = $s", s=school.students["Ana"])
        tx.run("update division set grade = 'Tle' where code = '2TNE'")
    diagnosis = diagnose_review(store, reference, review=school.review, divisions=[school.divisions["2TNE"]])
    needs = {
        name: set(diagnosis.intensities.filter(student=school.students[name])["need"])
        & {"ORI-CHX", "ORI-INS"}
        for name in ("Ana", "Bilal")
    }
    assert needs == {"Ana": {"ORI-CHX"}, "Bilal": {"ORI-INS"}}
