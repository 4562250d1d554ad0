"""Homonyms are told apart in every list of names, and nobody else bears more than a name."""

from datetime import date

import pytest

from apdash.components.marks import whole_name
from apdash.components.still import markup
from apdash.pages.regrouping.names import Person
from apdash.pages.regrouping.words import short_name
from apdash.services import Services
from apdash.store.queries.bands import students_in_band
from apdash.store.queries.entry import entry_students
from apdash.store.queries.groups import members, students_without_group
from apdash.store.queries.needs import needs_of_review
from apdash.store.queries.students import roster
from tests.school_factory import P1, PILOT, School, adopted, make_school

DAY = date(2026, 11, 18)
APART = ["Léa (née le 04/05)", "Léa (née le 14/03)", "Maëlle"]


@pytest.fixture
def school(services: Services) -> School:
    """Three students of one division, two of whom bear the same name."""
    made = make_school(services.store)
    made.add_students("2TNE", 3)
    name(made, 0, "MARTIN", "Léa", "2010-03-14")
    name(made, 1, "Martin", "Lea", "2010-05-04")
    name(made, 2, "MARTIN", "Maëlle", "2010-03-14")
    made.add_staff("lecture", ["REM-LEC"], ["mar-10"])
    made.know(made.students, {"REM-LEC": 80})
    adopted(services, made, [("mar-10", "REM-LEC", "lecture", made.students[:2])], on=P1[0])
    return made


def name(school: School, place: int, last: str, first: str, born: str | None) -> None:
    with school.store.write() as tx:
        tx.run(
            "update student set last_name = $last, first_name = $first, born_on = $born, sex = 'F' where id = $id",
            last=last, first=first, born=born, id=school.students[place],
        )  # fmt: skip


def test_homonyms_bear_the_day_they_were_born_in_every_list(services: Services, school: School) -> None:
    store, division = services.store, school.divisions["2TNE"]
    lists = {
        "grid": entry_students(store, PILOT, review=school.review, division=division),
        "band": students_in_band(store, band=school.band, on=DAY),
        "roster": roster(store, PILOT, on=DAY),
        "needs": needs_of_review(store, PILOT, review=school.review),
    }
    for rows in lists.values():
        shown = [first.replace("Lea", "Léa") for first in rows["first_name"].to_list()]
        assert sorted(shown) == APART
    seated = members(store, PILOT, on=DAY)["first_name"].to_list()
    assert set(seated) == {"Léa (née le 14/03)", "Lea (née le 04/05)"}
    alone = students_without_group(store, PILOT, band=school.band, on=DAY)
    assert alone["first_name"].to_list() == ["Maëlle"]


def test_homonyms_whose_birth_does_not_tell_are_numbered(services: Services, school: School) -> None:
    name(school, 1, "MARTIN", "Léa", "2011-03-14")
    assert {"Léa (n° 1)", "Léa (n° 2)"} < set(roster(services.store, PILOT, on=DAY)["first_name"])
    name(school, 1, "MARTIN", "Léa", None)
    assert {"Léa (n° 1)", "Léa (n° 2)"} < set(roster(services.store, PILOT, on=DAY)["first_name"])


def test_a_name_of_another_year_needs_no_mark(services: Services, school: School) -> None:
    with services.store.write() as tx:
        tx.run("update enrolment set year = 2024 where student = $id", id=school.students[1])
    assert "Léa" in roster(services.store, PILOT, on=DAY)["first_name"].to_list()


def test_a_mark_is_never_cut_off_with_a_long_name() -> None:
    assert whole_name("MARTIN Léa") == "MARTIN Léa"
    assert markup(whole_name("MARTIN Léa (née le 14/03)")) == (
        '<span class="marked"><span class="cut">MARTIN Léa</span> <span class="nw">(née le 14/03)</span></span>'
    )


def test_a_short_or_turned_name_keeps_its_mark() -> None:
    assert short_name("MARTIN", "Léa (née le 14/03)") == "Martin L. (née le 14/03)"
    assert Person(1, "MARTIN", "Léa (née le 14/03)", "2TNE").full == "Léa Martin (née le 14/03)"
    assert short_name("MARTIN", "Léa") == "Martin L."
