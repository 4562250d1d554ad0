"""How much of a bilan is entered, and who may read that by name."""

from apdash.reference import Reference
from apdash.store import Store
from apdash.store.commands.reviews import close_division, late_changes
from apdash.store.queries import completeness, needs
from tests.factories import PILOT, School
from tests.store.review_entries import CLOSED, enter, levels


def test_completeness_counts_cells_and_an_absent_student_is_an_entry(
    store: Store, school: School, reference: Reference
) -> None:
    enter(
        store,
        school,
        "lettres",
        ("Ana", "LIR", "level", 2),
        ("Bilal", "LIR", "absent", None),
        ("Driss", "LIR", "level", 1),
    )
    enter(store, school, "maths", ("Ana", "LIR", "level", 2))  # not expected of them: no cell is filled
    by_division = completeness.completeness_by_division(store, PILOT, review=school.review)
    assert by_division.select("code", "expected", "filled").rows() == [("2MRC", 6, 1), ("2TNE", 9, 2)]
    by_block = completeness.completeness_by_block(
        store, PILOT, reference, review=school.review, division=school.divisions["2TNE"]
    )
    assert by_block.select("block", "label", "expected", "filled").rows() == [
        (1, "Savoirs de base et métier", 9, 2)
    ]
    by_student = completeness.completeness_by_student(
        store, PILOT, review=school.review, division=school.divisions["2TNE"]
    )
    assert by_student["filled"].to_list() == [1, 1, 0]


def test_completeness_by_adult_is_for_the_pilot_and_for_oneself(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2))
    everyone = completeness.completeness_by_staff(store, PILOT, review=school.review)
    assert everyone.select("name", "code", "expected", "filled").rows() == [
        ("M. Lettres", "2MRC", 6, 0),
        ("M. Lettres", "2TNE", 6, 1),
        ("M. Maths", "2TNE", 3, 0),
    ]
    mine = completeness.completeness_by_staff(store, school.viewer("maths"), review=school.review)
    assert mine.select("name", "filled").rows() == [("M. Maths", 0)]


def test_missing_cells_name_the_adult_to_the_pilot_only(store: Store, school: School) -> None:
    students = ("Ana", "Bilal", "Chloé")
    enter(
        store, school, "lettres", *((name, code, "level", 2) for name in students for code in ("LIR", "ECR"))
    )
    division = school.divisions["2TNE"]
    told = completeness.missing_entries(store, PILOT, review=school.review, division=division)
    assert told.select("first_name", "competency", "staff").rows() == [
        (name, "CAL", school.staff["maths"]) for name in students
    ]
    others = completeness.missing_entries(
        store, school.viewer("lettres"), review=school.review, division=division
    )
    assert others["staff"].to_list() == [None, None, None]


def test_teachers_of_other_divisions_read_nothing(store: Store, school: School, reference: Reference) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2))
    stranger, review, division = school.viewer("metier"), school.review, school.divisions["2TNE"]
    assert levels(store, school, "2TNE", stranger) == []
    assert completeness.missing_entries(store, stranger, review=review, division=division).is_empty()
    assert completeness.completeness_by_student(store, stranger, review=review, division=division).is_empty()
    assert completeness.completeness_by_staff(store, stranger, review=review).is_empty()
    blocks = completeness.completeness_by_block(store, stranger, reference, review=review)
    assert blocks["division"].unique().to_list() == [school.divisions["2MRC"]]
    close_division(store, PILOT, reference, review=review, division=division, now=CLOSED)
    assert needs.needs_of_review(store, stranger, review=review).is_empty()
    assert needs.need_parts(store, stranger, review=review, student=school.students["Ana"]).is_empty()
    assert late_changes(store, stranger, reference, review=review).is_empty()
