"""What students answer: versioned, and read by few."""

import pytest

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.store import Store
from apdash.store.commands.reviews import record_interview
from apdash.store.queries import reviews
from tests.factories import AT, PILOT, School
from tests.store.review_entries import LATER


def test_an_interview_is_versioned_and_an_empty_answer_is_an_answer(
    store: Store, school: School, reference: Reference
) -> None:
    student, review = school.students["Ana"], school.review
    record = {"review": review, "student": student}
    assert record_interview(store, PILOT, reference, answers={1: ["PARMI"], 5: []}, now=AT, **record) == 2
    assert record_interview(store, PILOT, reference, answers={1: ["PARMI"], 5: []}, now=LATER, **record) == 0
    assert record_interview(store, PILOT, reference, answers={1: ["PREMIER"]}, now=LATER, **record) == 1
    said = reviews.interviews_of_division(store, PILOT, review=review, division=school.divisions["2TNE"])
    assert said.select("question", "answers").rows() == [(1, ["PREMIER"]), (5, [])]
    assert store.read("select count(*) from interview_answer").item() == 3
    done = reviews.interviews_done(store, PILOT, review=review)
    assert done.rows() == [(school.divisions["2TNE"], 3, 1), (school.divisions["2MRC"], 3, 0)]


def test_an_interview_is_for_the_principal_teacher_and_the_pilot_only(
    store: Store, school: School, reference: Reference
) -> None:
    review, division = school.review, school.divisions["2TNE"]
    record = {"review": review, "student": school.students["Ana"], "answers": {1: ["SUBI"]}, "now": AT}
    with pytest.raises(ApdashError, match="professeur principal"):
        record_interview(store, school.viewer("lettres"), reference, **record)
    assert record_interview(store, school.viewer("maths"), reference, **record) == 1
    assert (
        reviews.interviews_of_division(store, school.viewer("maths"), review=review, division=division).height
        == 1
    )
    assert reviews.interviews_of_division(
        store, school.viewer("lettres"), review=review, division=division
    ).is_empty()


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({1: ["OUI"]}, "Réponse inconnue"),
        ({11: []}, "Réponse inconnue"),
        ({1: ["PARMI", "SUBI"]}, "Trop de réponses"),
        ({9: ["REM-LEC", "REM-LEC"]}, "Trop de réponses"),
    ],
)
def test_an_answer_that_is_not_offered_is_refused(
    store: Store, school: School, reference: Reference, answers: dict, title: str
) -> None:
    with pytest.raises(ApdashError, match=title):
        record_interview(
            store,
            PILOT,
            reference,
            review=school.review,
            student=school.students["Ana"],
            answers=answers,
            now=AT,
        )
