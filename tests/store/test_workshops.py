"""Workshop bilans: who fills them, what they say, and how they move the intensities of the next bilan."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from apdash.diagnosis import diagnose_review
from apdash.errors import ApdashError
from apdash.services import Services
from apdash.store.commands.closing import close_division, late_changes
from apdash.store.commands.objectives import set_objective
from apdash.store.commands.workshops import record_results
from apdash.store.queries import workshop_sums as sums
from apdash.store.queries import workshops as queries
from apdash.store.queries.objectives import objectives_of_student
from tests.school_factory import PILOT, YEAR, School
from tests.store.workshop_school import NOW, ON, PERIOD, group_of, workshop_school


@pytest.fixture
def school(services: Services) -> School:
    return workshop_school(services)


def say(services: Services, group: int, *cells: tuple, viewer=PILOT, period: int = PERIOD, now=NOW) -> int:
    return record_results(services.store, viewer, group=group, period=period, entries=list(cells), now=now)


def results(services: Services, group: int, viewer=PILOT, **asked) -> list[tuple]:
    found = queries.workshop_results(services.store, viewer, group=group, period=PERIOD, **asked)
    return found.rows()


def test_cells_are_merged_corrected_and_read_as_they_were_known(services: Services, school: School) -> None:
    group, (ana, bilal) = group_of(services, "REM-LEC"), school.students[:2]
    reader = school.teacher("lecture")
    first = [(ana, "outcome", "attained"), (ana, "involvement", 3), (bilal, "outcome", "not_yet")]
    assert say(services, group, *first, viewer=reader) == 2
    later = NOW + timedelta(hours=1)
    assert say(services, group, (ana, "words", " Lit  mieux "), (bilal, "outcome", None), now=later) == 2
    assert say(services, group, (ana, "involvement", 3), now=later) == 0
    assert results(services, group) == [(ana, "attained", 3, "Lit mieux")]
    assert results(services, group, known_at=NOW) == [
        (ana, "attained", 3, ""), (bilal, "not_yet", None, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("outcome", "perhaps"), ("involvement", 5), ("involvement", True), ("words", "a" * 201), ("mark", 3)],
)
def test_what_is_no_answer_is_refused(services: Services, school: School, field: str, value: object) -> None:
    with pytest.raises(ApdashError):
        say(services, group_of(services, "REM-LEC"), (school.students[0], field, value))


def test_a_group_is_filled_and_read_by_its_adults_and_the_pilot_alone(
    services: Services, school: School
) -> None:
    group, cell = group_of(services, "REM-LEC"), (school.students[0], "outcome", "attained")
    say(services, group, cell, viewer=school.teacher("lecture"))
    for name in ("calcul", "lettres", "titulaire"):
        with pytest.raises(ApdashError, match="Geste réservé"):
            say(services, group, cell, viewer=school.teacher(name))
        assert results(services, group, school.teacher(name)) == []
    with pytest.raises(ApdashError, match="hors du groupe"):
        say(services, group, (school.students[5], "outcome", "attained"))
    mine = queries.workshops(services.store, school.teacher("lecture"), year=YEAR, period=PERIOD)
    assert mine.select("ap_group", "students", "filled", "attained").rows() == [(group, 4, 1, 1)]
    assert queries.workshops(services.store, PILOT, year=YEAR, period=PERIOD).height == 2
    read = {
        name: queries.results_of_student(
            services.store, school.teacher(name), student=school.students[0], on=ON
        ).height
        for name in ("lecture", "titulaire", "lettres")
    }
    assert read == {"lecture": 1, "titulaire": 1, "lettres": 0}


def test_the_state_of_an_objective_is_what_its_workshop_says(services: Services, school: School) -> None:
    group, student = group_of(services, "REM-LEC"), school.students[0]
    for text, said in (("Du groupe", {"group": group}), ("Du besoin", {"need": "REM-LEC"}), ("Libre", {})):
        set_objective(services.store, PILOT, student=student, text=text, on=ON, now=NOW, **said)
    say(services, group, (student, "outcome", "in_progress"))
    found = objectives_of_student(services.store, PILOT, student=student, on=ON)
    assert found["outcome"].to_list() == ["in_progress", "in_progress", None]
    other = objectives_of_student(services.store, school.teacher("lettres"), student=student, on=ON)
    assert other["outcome"].to_list() == [None, None, None]


def test_sums_over_one_group_or_few_students_are_not_told(services: Services, school: School) -> None:
    needs = services.reference.needs.select("axis", need="code")
    for need, students in (("REM-LEC", school.students[:4]), ("REM-MAT", school.students[4:])):
        say(services, group_of(services, need), *((one, "outcome", "attained") for one in students))
    asked = {"year": YEAR, "period": PERIOD}
    assert sums.outcomes_by_axis(services.store, needs, **asked).is_empty()
    more = school.add_students("2TNE", 2)
    rows = [{"ap_group": group_of(services, "REM-LEC"), "student": one, "period": PERIOD, "outcome": "not_yet",
             "recorded_at": NOW, "recorded_by": "pilote"} for one in more]  # fmt: skip
    school.add("workshop_result", *rows)
    told = sums.outcomes_by_axis(services.store, needs, **asked)
    assert told.rows() == [("REM", 2, 10, 8, 0, 2)]


# How a bilan reads them. P1 is closed by the bilan B1; level 3 in reading is 25.


def level(services: Services, school: School, review: int) -> None:
    """Give everybody level 3 in what the needs of reading and maths are made of."""
    rows = [
        {"review": review, "student": one, "competency": code, "assessor": "test:x", "source": "test", "state": "level",
         "level": 3.0, "recorded_at": NOW, "recorded_by": "pilote"}
        for one in school.students
        for code in ("LIR", "CON", "RCH", "CAL", "DON", "RAI")
    ]  # fmt: skip
    school.add("assessment", *rows)


def value(services: Services, school: School, rank: int = 0, *, review: int, **asked) -> tuple:
    found = diagnose_review(services.store, services.reference, review=review, **asked)
    cell = {"student": school.students[rank], "need": "REM-LEC"}
    parts = found.parts.filter(**cell, kind="correction")
    return found.intensities.filter(**cell)["value"].item(), parts.select("code", "detail").rows()


def next_review(school: School, *, period: int, closes_on: date) -> int:
    number = next(school.ids)
    row = {
        "id": number,
        "year": YEAR,
        "code": f"B{number}",
        "label": "Bilan",
        "kind": "intermediate",
        "period": period,
    }
    school.add("review", row | {"opens_on": closes_on - timedelta(days=9), "closes_on": closes_on})
    school.add("review_division", *({"review": number, "division": one} for one in school.divisions.values()))
    return number


def test_an_objective_attained_takes_25_points_off_its_need(services: Services, school: School) -> None:
    level(services, school, school.review)
    assert value(services, school, review=school.review) == (25, [])
    say(services, group_of(services, "REM-LEC"), (school.students[0], "outcome", "attained"))
    told = [("OBJ-ATTEINT", "Objectif de l’atelier atteint, Période 1")]
    assert value(services, school, review=school.review) == (0, told)
    assert value(services, school, rank=1, review=school.review) == (25, [])


def test_an_objective_missed_adds_10_once_then_calls_for_another_form(
    services: Services, school: School
) -> None:
    group, student = group_of(services, "REM-LEC"), school.students[0]
    level(services, school, school.review)
    say(services, group, (student, "outcome", "not_yet"))
    missed = "Objectif de l’atelier non atteint, première fois, Période 1"
    assert value(services, school, review=school.review) == (35, [("OBJ-MANQUE", missed)])
    later = next_review(school, period=102, closes_on=date(2027, 1, 5))
    level(services, school, later)
    assert value(services, school, review=later) == (25, [])
    say(services, group, (student, "outcome", "not_yet"), period=102, now=datetime(2027, 1, 4))
    again = "Objectif de l’atelier non atteint de nouveau : changer de forme, Période 2"
    assert value(services, school, review=later) == (25, [("OBJ-ENCORE", again)])
    say(services, group, (student, "outcome", "in_progress"), period=102, now=datetime(2027, 1, 5))
    assert value(services, school, review=later) == (25, [])
    assert value(services, school, review=later, at=datetime(2027, 1, 4, 12)) == (25, [("OBJ-ENCORE", again)])


def test_after_a_success_the_count_of_misses_begins_again(services: Services, school: School) -> None:
    group, student = group_of(services, "REM-LEC"), school.students[0]
    period = {"id": 103, "year": YEAR, "code": "P3", "label": "Période 3"}
    school.add("period", period | {"starts_on": date(2027, 1, 11), "ends_on": date(2027, 2, 19)})
    for number, outcome in ((PERIOD, "not_yet"), (102, "attained"), (103, "not_yet")):
        say(services, group, (student, "outcome", outcome), period=number)
    review = next_review(school, period=103, closes_on=date(2027, 2, 9))
    level(services, school, review)
    assert value(services, school, review=review)[0] == 35


def test_of_two_workshops_of_a_need_the_least_favourable_counts(services: Services, school: School) -> None:
    student, group = school.students[0], group_of(services, "REM-LEC")
    school.add("ap_group", {"id": 9900, "band": school.band, "slot": school.slots["mar-10"], "need": "REM-LEC",
                            "code": "2AP90", "name": "Atelier lecture 2"})  # fmt: skip
    level(services, school, school.review)
    say(services, group, (student, "outcome", "attained"))
    row = {"ap_group": 9900, "student": student, "period": PERIOD, "outcome": "in_progress"}
    school.add("workshop_result", row | {"recorded_at": NOW, "recorded_by": "pilote"})
    assert value(services, school, review=school.review) == (25, [])


def test_a_closed_bilan_does_not_move_and_tells_what_came_late(services: Services, school: School) -> None:
    group, division = group_of(services, "REM-LEC"), school.divisions["2TNE"]
    level(services, school, school.review)
    with services.store.write() as tx:
        tx.run("update review_division set closed_at = null")
    say(services, group, (school.students[0], "outcome", "attained"))
    close_division(
        services.store, PILOT, services.reference, review=school.review, division=division,
        now=datetime(2026, 11, 17, 18),
    )  # fmt: skip
    say(services, group, (school.students[0], "outcome", "not_yet"), (school.students[1], "outcome", "attained"),
        now=datetime(2026, 11, 19, 9))  # fmt: skip
    frozen = services.store.read(
        "select student, value from intensity "
        "where review = $r and need = 'REM-LEC' and student <= $s order by student",
        r=school.review,
        s=school.students[1],
    )
    assert frozen.rows() == [(school.students[0], 0), (school.students[1], 25)]
    late = late_changes(services.store, PILOT, services.reference, review=school.review, division=division)
    moved = late.filter(pl.col("need") == "REM-LEC").select("student", "frozen", "now").rows()
    assert moved == [(school.students[0], 0, 35), (school.students[1], 25, 0)]
