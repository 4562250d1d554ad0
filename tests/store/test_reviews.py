"""Bilans opened for divisions, and what is expected of whom."""

from datetime import date

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.store import Store
from apdash.store.commands.reviews import close_division, expect, open_review
from apdash.store.queries import reviews
from tests.factories import AT, PILOT, School


def expectation(school: School, division: str, staff: str, competency: str) -> pl.DataFrame:
    """Return one row of what is expected of an adult."""
    numbers = {"division": [school.divisions[division]], "staff": [school.staff[staff]]}
    return pl.DataFrame(numbers | {"competency": [competency]})


def test_a_bilan_is_opened_for_divisions_and_read_back(store: Store, school: School) -> None:
    number = open_review(
        store,
        PILOT,
        year=2026,
        code="B2",
        label="Bilan 2",
        kind="intermediate",
        period=school.period,
        opens_on=date(2027, 1, 4),
        closes_on=date(2027, 1, 5),
        divisions=[school.divisions["2TNE"]],
        effective_from=date(2027, 1, 11),
    )
    listed = reviews.reviews(store, year=2026)
    assert listed.select("review", "code", "divisions", "closed").rows() == [
        (number, "B2", 1, 0),
        (school.review, "B1", 2, 0),
    ]
    assert reviews.review_divisions(store, PILOT, review=number).select(
        "code", "grade", "students"
    ).rows() == [("2TNE", "2de", 3)]


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"closes_on": date(2027, 1, 1)}, "Dates impossibles"),
        ({"effective_from": date(2027, 1, 5)}, "Dates impossibles"),
        ({"code": "B1"}, "Ce bilan existe déjà"),
        ({"period": -1}, "Période inconnue"),
        ({"divisions": []}, "Divisions à revoir"),
        ({"divisions": [-1]}, "Divisions à revoir"),
    ],
)
def test_an_impossible_bilan_is_refused(store: Store, school: School, change: dict, title: str) -> None:
    asked = {
        "year": 2026,
        "code": "B2",
        "label": "Bilan 2",
        "kind": "intermediate",
        "period": school.period,
        "opens_on": date(2027, 1, 4),
        "closes_on": date(2027, 1, 5),
        "divisions": [school.divisions["2TNE"]],
    } | change
    with pytest.raises(ApdashError, match=title):
        open_review(store, PILOT, **asked)
    assert reviews.reviews(store).height == 1


def test_a_teacher_opens_no_bilan_and_sets_no_expectation(
    store: Store, school: School, reference: Reference
) -> None:
    teacher = school.viewer("lettres")
    rows = expectation(school, "2TNE", "lettres", "ORA")
    with pytest.raises(ApdashError, match="Geste réservé"):
        expect(store, teacher, reference, review=school.review, rows=rows)
    with pytest.raises(ApdashError, match="Geste réservé"):
        close_division(
            store, teacher, reference, review=school.review, division=school.divisions["2TNE"], now=AT
        )


def test_expectations_replace_those_of_the_divisions_named(
    store: Store, school: School, reference: Reference
) -> None:
    rows = expectation(school, "2TNE", "maths", "RAI")
    assert expect(store, PILOT, reference, review=school.review, rows=rows) == 1
    expected = reviews.expected_of(store, PILOT, review=school.review)
    assert expected.select("division", "competency").rows() == [
        (school.divisions["2TNE"], "RAI"),
        (school.divisions["2MRC"], "ECR"),
        (school.divisions["2MRC"], "LIR"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "title"),
    [
        ("division", -1, "Division hors de ce bilan"),
        ("staff", -1, "Adulte inconnu"),
        ("competency", "ZZZ", "Compétence inconnue"),
    ],
)
def test_expectations_about_unknown_things_are_refused(
    store: Store, school: School, reference: Reference, column: str, value: object, title: str
) -> None:
    good = expectation(school, "2TNE", "maths", "RAI")
    before = reviews.expected_of(store, PILOT, review=school.review)
    with pytest.raises(ApdashError, match=title):
        expect(
            store, PILOT, reference, review=school.review, rows=good.with_columns(pl.lit(value).alias(column))
        )
    assert reviews.expected_of(store, PILOT, review=school.review).equals(before)


def test_an_adult_asked_to_assess_a_division_sees_it_without_teaching_there(
    store: Store, reference: Reference, school: School
) -> None:
    adult = school.viewer("maths")
    asked = pl.DataFrame({"division": school.divisions["2MRC"], "staff": adult.staff, "competency": ["IMP"]})
    seen = "select student from visible_students($role, $staff)"
    before = store.read(seen, role=adult.role.value, staff=adult.staff)
    expect(store, PILOT, reference, review=school.review, rows=asked)
    after = store.read(seen, role=adult.role.value, staff=adult.staff)
    assert set(after["student"]) - set(before["student"]) == {
        school.students[name] for name in ("Driss", "Emma", "Farid")
    }
