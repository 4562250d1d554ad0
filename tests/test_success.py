"""Indicators of success, the scheme and what was observed: as known at a moment, and only to who may see them."""

from datetime import date, datetime, timedelta

import pytest

from apdash.effect import evolution
from apdash.errors import ApdashError
from apdash.scheme import by_part, scheme
from apdash.services import Services
from apdash.store.commands.success import record_outcomes
from apdash.store.queries.groups import ALWAYS
from apdash.success import success
from tests.school_factory import DIRECTION, NOW, P1, P2, PILOT, YEAR, School, adopted, make_school
from tests.vigilance.conftest import BEFORE, SLOT, tell

TUESDAYS = [date(2026, 10, 6), date(2026, 10, 13), date(2026, 11, 3), date(2026, 11, 10)]


@pytest.fixture
def cohort(services: Services) -> School:
    """Four students in Tle last year: two are gone, two repeat; eight in 2de now."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add("school_year", {"year": YEAR - 1, "starts_on": date(2025, 9, 1), "ends_on": date(2026, 7, 4)})
    for key, code, grade in ((901, "2OLD", "2de"), (902, "1OLD", "1re"), (903, "TOLD", "Tle")):
        made.add("division", {"id": key, "year": YEAR - 1, "code": code, "label": code, "grade": grade})
    made.add("division", {"id": 904, "year": YEAR, "code": "1NEW", "label": "1NEW", "grade": "1re"})
    made.add("division", {"id": 905, "year": YEAR, "code": "TNEW", "label": "TNEW", "grade": "Tle"})
    made.divisions |= {"1NEW": 904, "TNEW": 905}
    past = {"year": YEAR - 1, "starts_on": date(2025, 9, 1), "ends_on": date(2026, 7, 4)}
    new_first, new_last = made.add_students("1NEW", 3), made.add_students("TNEW", 4)
    made.add("enrolment", *({"student": one, "division": 901} | past for one in [*new_first, 7001]))
    made.add("enrolment", *({"student": one, "division": 902} | past for one in [*new_last[:3], 7002]))
    made.add("enrolment", *({"student": one, "division": 903} | past for one in [new_last[3], 7003, 7004]))
    made.add("student", *(
        {"id": key, "last_name": f"PARTI-{key}", "first_name": "A", "created_on": date(2025, 9, 1)}
        for key in (7001, 7002, 7003, 7004)
    ))  # fmt: skip
    return made


def told(
    services: Services, student: int, passed: bool | None, outcome: str | None, now: datetime = NOW
) -> None:
    record_outcomes(
        services.store, PILOT, student=student, year=YEAR - 1, passed=passed, outcome=outcome, now=now
    )


def test_access_is_made_of_the_passages_of_the_year(services: Services, cohort: School) -> None:
    repeats = cohort.students[-1]
    told(services, 7003, True, "studies")
    told(services, 7004, True, "unknown")
    told(services, repeats, False, None)
    found = success(services.store, PILOT, services.reference)
    # 3 of 4 go from 2de to 1re, 3 of 4 from 1re to Tle, 2 of 3 pass.
    assert found.access.row(0) == (YEAR - 1, pytest.approx(0.75 * 0.75 * 2 / 3))
    assert found.leavers.select("students", "known", "placed", "share").rows() == [(2, 1, 1, 1.0)]


def test_what_is_told_later_does_not_move_what_was_known(services: Services, cohort: School) -> None:
    told(services, 7003, True, "studies")
    told(services, 7003, False, "other", NOW + timedelta(days=1))
    then = success(services.store, PILOT, services.reference, known_at=NOW)
    assert then.leavers["placed"].to_list() == [1]
    assert success(services.store, PILOT, services.reference).leavers["placed"].to_list() == [0]
    told(services, 7003, None, None, NOW + timedelta(days=2))
    assert success(services.store, PILOT, services.reference).leavers.is_empty()
    before = success(services.store, PILOT, services.reference, known_at=datetime(2026, 6, 1))
    assert before.repeating["year"].to_list() == [YEAR - 1] * 3


def test_a_result_needs_a_year_in_the_school_and_the_right(services: Services, cohort: School) -> None:
    with pytest.raises(ApdashError, match="inscrit"):
        told(services, cohort.students[0], True, None)
    with pytest.raises(ApdashError, match="Situation inconnue"):
        told(services, 7003, None, "retired")
    cohort.add_staff("lecture", [], [])
    with pytest.raises(ApdashError, match="réservé"):
        record_outcomes(services.store, cohort.teacher("lecture"), student=7003, year=YEAR - 1, passed=True,
                        outcome=None, now=NOW)  # fmt: skip


@pytest.fixture
def lived(services: Services) -> School:
    """Two bilans, two groups of reading whose rolls were called, ten students in them and six in étude."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 8)
    for name, need in (("lecture", "REM-LEC"), ("lettres", "REM-LEC"), ("cdi", "ACC-ETU")):
        made.add_staff(name, [need], [SLOT])
    groups = [
        (SLOT, "REM-LEC", "lecture", made.students[:5]),
        (SLOT, "REM-LEC", "lettres", made.students[5:10]),
        (SLOT, "ACC-ETU", "cdi", made.students[10:]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    review = {"id": 90_001, "year": YEAR, "code": "B0", "label": "Initial", "kind": "initial", "period": 101}
    dates = {"opens_on": date(2026, 9, 8), "closes_on": date(2026, 9, 29), "effective_from": P1[0]}
    made.add("review", review | dates)
    closing = {"review": 90_001, "closed_at": datetime(2026, 9, 29, 17), "closed_by": "p"}
    made.add("review_division", *(closing | {"division": key} for key in made.divisions.values()))
    for bilan, gain in ((90_001, 0.0), (made.review, 1.0)):
        made.add("assessment", *(
            {"review": bilan, "student": one, "competency": "LIR", "assessor": "staff:1", "source": "adult",
             "state": "level", "level": 1 + rank % 2 * 0.4 + (gain if rank < 10 else 0), "recorded_at": BEFORE,
             "recorded_by": "t"}
            for rank, one in enumerate(made.students)
        ))  # fmt: skip
    return made


def roll(services: Services, keys: list[int]) -> None:
    """Call the rolls of the groups, everybody present, on four Tuesdays."""
    for rank, key in enumerate(keys):
        with services.store.write() as tx:
            tx.run("update ap_group set need = $need where id = $id", need=f"X{rank}", id=key)
        tell(services, f"X{rank}", TUESDAYS, absent=[])
        with services.store.write() as tx:
            tx.run("update ap_group set need = 'REM-LEC' where id = $id", id=key)


def test_a_gain_of_two_groups_is_shown_beside_others(services: Services, lived: School) -> None:
    keys = services.store.read("select id from ap_group where need = 'REM-LEC' order by id")["id"].to_list()
    roll(services, keys)
    found = evolution(services.store, PILOT, services.reference, year=YEAR)
    assert found is not None
    row = found.needs.filter(need="REM-LEC").row(0, named=True)
    assert (row["students"], row["others"], row["groups"], row["led"]) == (10, 6, 2, 8 * 55)
    assert row["gap"] == pytest.approx(1.0)
    assert found.groups["ap_group"].to_list() == keys
    # One division leaves eight students or fewer: nothing of one adult is shown.
    one = evolution(services.store, PILOT, services.reference, year=YEAR, divisions=[lived.divisions["2TNE"]])
    assert one is not None
    assert one.needs.filter(need="REM-LEC").is_empty()


def test_one_group_is_the_pilots_and_its_adults_alone(services: Services, lived: School) -> None:
    keys = services.store.read("select id from ap_group where need = 'REM-LEC' order by id")["id"].to_list()
    roll(services, keys)
    found = evolution(services.store, DIRECTION, services.reference, year=YEAR)
    assert found is not None
    assert found.groups.is_empty()
    with pytest.raises(ApdashError, match="réservé"):
        evolution(services.store, lived.teacher("lecture"), services.reference, year=YEAR)


def test_the_scheme_counts_who_is_served(services: Services, lived: School) -> None:
    lived.know(lived.students[4:], {"REM-LEC": 80})
    day = P2[0] + timedelta(days=2)
    found = scheme(services.store, PILOT, services.reference, on=day)
    assert found is not None
    assert found.served == (12, 6)
    parts = by_part(found.people, "division_code")
    # Four of 2TNE have a strong need: too few to be told apart.
    assert parts.select("part", "strong", "served").rows() == [("2MRC", 8, 2)]
    assert found.dominant.select("need", "strong").rows() == [("REM-LEC", 8), ("REM-LEC", 4)]
    early = scheme(services.store, PILOT, services.reference, on=date(2026, 11, 19), known_at=ALWAYS)
    assert early is not None
    assert early.served == (0, 0)
