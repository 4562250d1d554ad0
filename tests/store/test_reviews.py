"""Bilans in the store: opened, entered by several adults at once, measured, closed, taken up again."""

from datetime import date, datetime

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.reference import Reference, load_reference
from apdash.rights import Viewer
from apdash.services import Services
from apdash.settings import REFERENCE
from apdash.store import Store
from apdash.store.commands.reviews import (
    close_division,
    closing_cost,
    expect,
    late_changes,
    open_review,
    record_assessments,
    record_interview,
    reopen,
)
from apdash.store.queries import completeness, needs, reviews
from tests.factories import AT, DIRECTION, PILOT, School, add, add_membership, add_review, tiny_school

LATER = datetime(2026, 11, 11, 9, 0)
CLOSED = datetime(2026, 11, 17, 18, 0)
AFTER = datetime(2026, 11, 25, 8, 0)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference(REFERENCE)


@pytest.fixture
def store(services: Services) -> Store:
    return services.store


@pytest.fixture
def school(store: Store) -> School:
    return tiny_school(store)


def cells(school: School, *rows: tuple[str, str, str | None, float | None]) -> pl.DataFrame:
    """Return entries from (first name, competency, state, level)."""
    named = [(school.students[name], competency, state, level) for name, competency, state, level in rows]
    schema = {"student": pl.Int64, "competency": pl.String, "state": pl.String, "level": pl.Float64}
    return pl.DataFrame(named, schema, orient="row")


def enter(
    store: Store, school: School, who: str, *rows: tuple[str, str, str | None, float | None],
    viewer: Viewer | None = None, now: datetime = AT, review: int | None = None, **more: object,
) -> int:
    """Record levels as an adult would."""
    return record_assessments(
        store, viewer or school.viewer(who), review=review or school.review, assessor=f"staff:{school.staff[who]}",
        entries=cells(school, *rows), now=now, **more)


def expectation(school: School, division: str, staff: str, competency: str) -> pl.DataFrame:
    """Return one row of what is expected of an adult."""
    numbers = {"division": [school.divisions[division]], "staff": [school.staff[staff]]}
    return pl.DataFrame(numbers | {"competency": [competency]})


def levels(store: Store, school: School, division: str, viewer: Viewer = PILOT) -> list[tuple]:
    """Return (first name, competency, assessor, state, level) of what is recorded."""
    rows = reviews.assessments_of_division(store, viewer, review=school.review, division=school.divisions[division])
    names = {number: name for name, number in school.students.items()}
    adults = {f"staff:{number}": name for name, number in school.staff.items()}
    return [
        (names[student], competency, adults.get(assessor, assessor), state, level)
        for student, competency, assessor, state, level in
        rows.select("student", "competency", "assessor", "state", "level").iter_rows()
    ]


# ---- opening

def test_a_bilan_is_opened_for_divisions_and_read_back(store: Store, school: School) -> None:
    number = open_review(
        store, PILOT, year=2026, code="B2", label="Bilan 2", kind="intermediate", period=school.period,
        opens_on=date(2027, 1, 4), closes_on=date(2027, 1, 5), divisions=[school.divisions["2TNE"]],
        effective_from=date(2027, 1, 11))
    listed = reviews.reviews(store, year=2026)
    assert listed.select("review", "code", "divisions", "closed").rows() == [
        (number, "B2", 1, 0), (school.review, "B1", 2, 0)]
    assert reviews.review_divisions(store, PILOT, review=number).select("code", "grade", "students").rows() == [
        ("2TNE", "2de", 3)]


@pytest.mark.parametrize(("change", "title"), [
    ({"closes_on": date(2027, 1, 1)}, "Dates impossibles"),
    ({"effective_from": date(2027, 1, 5)}, "Dates impossibles"),
    ({"code": "B1"}, "Ce bilan existe déjà"),
    ({"period": -1}, "Période inconnue"),
    ({"divisions": []}, "Divisions à revoir"),
    ({"divisions": [-1]}, "Divisions à revoir"),
])
def test_an_impossible_bilan_is_refused(store: Store, school: School, change: dict, title: str) -> None:
    asked = {
        "year": 2026, "code": "B2", "label": "Bilan 2", "kind": "intermediate", "period": school.period,
        "opens_on": date(2027, 1, 4), "closes_on": date(2027, 1, 5), "divisions": [school.divisions["2TNE"]],
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
        close_division(store, teacher, reference, review=school.review, division=school.divisions["2TNE"], now=AT)


def test_expectations_replace_those_of_the_divisions_named(store: Store, school: School, reference: Reference) -> None:
    rows = expectation(school, "2TNE", "maths", "RAI")
    assert expect(store, PILOT, reference, review=school.review, rows=rows) == 1
    expected = reviews.expected_of(store, PILOT, review=school.review)
    assert expected.select("division", "competency").rows() == [
        (school.divisions["2TNE"], "RAI"), (school.divisions["2MRC"], "ECR"), (school.divisions["2MRC"], "LIR")]


@pytest.mark.parametrize(("column", "value", "title"), [
    ("division", -1, "Division hors de ce bilan"), ("staff", -1, "Adulte inconnu"),
    ("competency", "ZZZ", "Compétence inconnue"),
])
def test_expectations_about_unknown_things_are_refused(
    store: Store, school: School, reference: Reference, column: str, value: object, title: str
) -> None:
    good = expectation(school, "2TNE", "maths", "RAI")
    before = reviews.expected_of(store, PILOT, review=school.review)
    with pytest.raises(ApdashError, match=title):
        expect(store, PILOT, reference, review=school.review, rows=good.with_columns(pl.lit(value).alias(column)))
    assert reviews.expected_of(store, PILOT, review=school.review).equals(before)


# ---- entering

def test_two_adults_of_one_division_keep_each_their_value(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "ORG", "level", 2))
    enter(store, school, "maths", ("Ana", "ORG", "level", 4), ("Bilal", "ORG", "absent", None))
    assert levels(store, school, "2TNE") == [
        ("Ana", "ORG", "lettres", "level", 2.0), ("Ana", "ORG", "maths", "level", 4.0),
        ("Bilal", "ORG", "maths", "absent", None)]


def test_recording_the_same_thing_twice_changes_nothing(store: Store, school: School) -> None:
    rows = (("Ana", "LIR", "level", 2), ("Bilal", "LIR", "absent", None))
    assert enter(store, school, "lettres", *rows) == 2
    assert enter(store, school, "lettres", *rows, now=LATER) == 0
    assert store.read("select count(*) from assessment").item() == 2


def test_a_changed_value_leaves_its_former_version_readable(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2), ("Bilal", "LIR", "level", 3))
    assert enter(store, school, "lettres", ("Ana", "LIR", "level", 3), ("Bilal", "LIR", "level", 3), now=LATER) == 1
    assert levels(store, school, "2TNE")[0] == ("Ana", "LIR", "lettres", "level", 3.0)
    before = reviews.assessments_of_division(
        store, PILOT, review=school.review, division=school.divisions["2TNE"], at=AT)
    assert before["level"].to_list() == [2.0, 3.0]


def test_an_erased_cell_is_empty_again_and_its_past_stays(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2))
    assert enter(store, school, "lettres", ("Ana", "LIR", None, None), now=LATER) == 1
    assert enter(store, school, "lettres", ("Ana", "LIR", None, None), now=AFTER) == 0
    assert levels(store, school, "2TNE") == []
    assert store.read("select count(*) from assessment").item() == 1


def test_a_typed_value_confirms_a_default_and_a_default_never_hides_a_typed_value(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 3), ("Bilal", "LIR", "level", 3), by_default=True)
    assert enter(store, school, "lettres", ("Ana", "LIR", "level", 3), now=LATER) == 1
    assert enter(store, school, "lettres", ("Ana", "LIR", "level", 2), now=AFTER, by_default=True) == 0
    rows = reviews.assessments_of_division(store, PILOT, review=school.review, division=school.divisions["2TNE"])
    assert rows.select("level", "by_default").rows() == [(3.0, False), (3.0, True)]


@pytest.mark.parametrize("row", [
    ("Ana", "LIR", "level", 0), ("Ana", "LIR", "level", 5), ("Ana", "LIR", "level", None),
    ("Ana", "LIR", "absent", 0), ("Ana", "LIR", "bien", None), ("Ana", "LIR", None, 2), ("Ana", "", "level", 2),
])
def test_a_value_out_of_the_scale_is_refused_whole(store: Store, school: School, row: tuple) -> None:
    with pytest.raises(ApdashError, match="Valeur refusée"):
        enter(store, school, "lettres", ("Bilal", "LIR", "level", 2), row)
    assert store.read("select count(*) from assessment").item() == 0


def test_a_cell_given_twice_is_refused(store: Store, school: School) -> None:
    with pytest.raises(ApdashError, match="Saisie en double"):
        enter(store, school, "lettres", ("Ana", "LIR", "level", 2), ("Ana", "LIR", "level", 3))


def test_nobody_writes_under_another_name_but_the_pilot(store: Store, school: School) -> None:
    row = ("Ana", "CAL", "level", 2)
    with pytest.raises(ApdashError, match="Geste réservé"):
        enter(store, school, "maths", row, viewer=school.viewer("lettres"))
    assert enter(store, school, "maths", row, viewer=PILOT) == 1
    said = reviews.assessments_of_division(store, PILOT, review=school.review, division=school.divisions["2TNE"])
    assert said.select("assessor", "recorded_by").rows() == [(f"staff:{school.staff['maths']}", "pilote")]


def test_a_teacher_assesses_only_students_of_their_divisions_and_groups(store: Store, school: School) -> None:
    with pytest.raises(ApdashError, match="Geste réservé"):
        enter(store, school, "maths", ("Driss", "CAL", "level", 2))
    group = add_membership(store, school, student="Driss", need="REM-MAT", starts_on=date(2026, 10, 5))
    with store.write() as tx:
        act = tx.read("select max(id) as id from act").item()
        tx.insert("group_staff", pl.DataFrame({
            "ap_group": [group], "staff": [school.staff["maths"]], "starts_on": [date(2026, 10, 5)], "act": [act]}))
    assert enter(store, school, "maths", ("Driss", "CAL", "level", 2)) == 1


def test_a_student_out_of_the_bilan_is_refused(store: Store, school: School) -> None:
    with store.write() as tx:
        gone = add(tx, "student", last_name="PARTI", first_name="Noé", created_on=date(2026, 9, 1))
        add(tx, "enrolment", student=gone, year=2026, division=school.divisions["2TNE"],
            starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 9))
    school.students["Noé"] = gone
    with pytest.raises(ApdashError, match="Élève hors de ce bilan"):
        enter(store, school, "lettres", ("Noé", "LIR", "level", 2))


@pytest.mark.parametrize(("assessor", "source"), [
    ("staff:999999", "adult"), ("staff", "adult"), ("someone", "adult"), ("test:", "test"), ("student:3", "student"),
    ("student", "adult"), ("test:FR_ecrit", "adult"),
])
def test_an_unknown_assessor_is_refused(store: Store, school: School, assessor: str, source: str) -> None:
    with pytest.raises(ApdashError, match="Évaluateur inconnu"):
        record_assessments(store, PILOT, review=school.review, assessor=assessor, source=source, now=AT,
                           entries=cells(school, ("Ana", "LIR", "level", 2)))


def test_the_student_s_own_words_are_entered_by_who_leads_the_division(store: Store, school: School) -> None:
    say = {"review": school.review, "assessor": "student", "source": "student", "now": AT}
    entries = cells(school, ("Ana", "AUT", "level", 4))
    assert record_assessments(store, school.viewer("maths"), entries=entries, **say) == 1
    with pytest.raises(ApdashError, match="Geste réservé"):
        record_assessments(store, school.viewer("lettres"), entries=cells(school, ("Bilal", "AUT", "level", 4)), **say)


def test_unchanged_needs_a_value_earlier_in_the_year(store: Store, school: School) -> None:
    with pytest.raises(ApdashError, match="Rien à reconduire"):
        enter(store, school, "lettres", ("Ana", "LIR", "unchanged", None))
    first = add_review(
        store, school, code="B0", opens_on=date(2026, 9, 15), closes_on=date(2026, 9, 29), kind="initial")
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2), review=first)
    assert enter(store, school, "lettres", ("Ana", "LIR", "unchanged", None)) == 1
    with pytest.raises(ApdashError, match="Rien à reconduire"):
        enter(store, school, "lettres", ("Ana", "LIR", "unchanged", None), review=first)


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


# ---- interviews

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
    assert reviews.interviews_of_division(store, school.viewer("maths"), review=review, division=division).height == 1
    assert reviews.interviews_of_division(store, school.viewer("lettres"), review=review, division=division).is_empty()


@pytest.mark.parametrize(("answers", "title"), [
    ({1: ["OUI"]}, "Réponse inconnue"), ({11: []}, "Réponse inconnue"), ({1: ["PARMI", "SUBI"]}, "Trop de réponses"),
    ({9: ["REM-LEC", "REM-LEC"]}, "Trop de réponses"),
])
def test_an_answer_that_is_not_offered_is_refused(
    store: Store, school: School, reference: Reference, answers: dict, title: str
) -> None:
    with pytest.raises(ApdashError, match=title):
        record_interview(store, PILOT, reference, review=school.review, student=school.students["Ana"],
                         answers=answers, now=AT)


# ---- completeness

def test_completeness_counts_cells_and_an_absent_student_is_an_entry(
    store: Store, school: School, reference: Reference
) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2), ("Bilal", "LIR", "absent", None),
          ("Driss", "LIR", "level", 1))
    enter(store, school, "maths", ("Ana", "LIR", "level", 2))  # not expected of them: no cell is filled
    by_division = completeness.completeness_by_division(store, PILOT, review=school.review)
    assert by_division.select("code", "expected", "filled").rows() == [("2MRC", 6, 1), ("2TNE", 9, 2)]
    by_block = completeness.completeness_by_block(
        store, PILOT, reference, review=school.review, division=school.divisions["2TNE"])
    assert by_block.select("block", "label", "expected", "filled").rows() == [(1, "Savoirs de base et métier", 9, 2)]
    by_student = completeness.completeness_by_student(
        store, PILOT, review=school.review, division=school.divisions["2TNE"])
    assert by_student["filled"].to_list() == [1, 1, 0]


def test_completeness_by_adult_is_for_the_pilot_and_for_oneself(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2))
    everyone = completeness.completeness_by_staff(store, PILOT, review=school.review)
    assert everyone.select("name", "code", "expected", "filled").rows() == [
        ("M. Lettres", "2MRC", 6, 0), ("M. Lettres", "2TNE", 6, 1), ("M. Maths", "2TNE", 3, 0)]
    mine = completeness.completeness_by_staff(store, school.viewer("maths"), review=school.review)
    assert mine.select("name", "filled").rows() == [("M. Maths", 0)]


def test_missing_cells_name_the_adult_to_the_pilot_only(store: Store, school: School) -> None:
    students = ("Ana", "Bilal", "Chloé")
    enter(store, school, "lettres", *((name, code, "level", 2) for name in students for code in ("LIR", "ECR")))
    division = school.divisions["2TNE"]
    told = completeness.missing_entries(store, PILOT, review=school.review, division=division)
    assert told.select("first_name", "competency", "staff").rows() == [
        (name, "CAL", school.staff["maths"]) for name in students]
    others = completeness.missing_entries(store, school.viewer("lettres"), review=school.review, division=division)
    assert others["staff"].to_list() == [None, None, None]


# ---- closing

def assess_everything(store: Store, school: School, reference: Reference, *, but: tuple[str, ...] = ()) -> None:
    """Fill every competency of 2TNE but some, level 2 for all."""
    codes = [code for code in reference.competencies["code"] if code not in but]
    rows = ((name, code, "level", 2) for name in ("Ana", "Bilal", "Chloé") for code in codes)
    enter(store, school, "lettres", *rows, viewer=PILOT)


def test_closing_an_incomplete_bilan_says_what_it_costs(store: Store, school: School, reference: Reference) -> None:
    assess_everything(store, school, reference, but=("LIR", "ECR", "PRO", "DEM", "EXP"))
    what = {"review": school.review, "division": school.divisions["2TNE"]}
    cost = closing_cost(store, PILOT, reference, **what)
    assert cost.words == "4 besoins non calculables (lecture, écriture, métier, entreprise) pour 3 élèves."
    assert cost.students == 3
    assert store.read("select count(*) from intensity").item() == 0
    assert close_division(store, PILOT, reference, now=CLOSED, **what).words == cost.words
    shown = needs.needs_of_review(store, PILOT, review=school.review)
    unknown = shown.filter(pl.col("value").is_null())
    assert unknown.group_by("need").len().sort("need").rows() == [
        ("ORI-ENT", 3), ("REM-ECR", 3), ("REM-LEC", 3), ("REM-PRO", 3)]
    divisions = reviews.review_divisions(store, PILOT, review=school.review)
    assert divisions.filter(code="2TNE").select("closed_at", "closed_by").row(0) == (CLOSED, "pilote")
    assert divisions.filter(code="2MRC")["closed_at"].item() is None


def test_a_complete_bilan_costs_nothing(store: Store, school: School, reference: Reference) -> None:
    assess_everything(store, school, reference)
    cost = closing_cost(store, PILOT, reference, review=school.review, division=school.divisions["2TNE"])
    assert cost.words == "Toutes les intensités sont calculées."


def test_what_was_frozen_does_not_move_and_late_entries_say_who_would(
    store: Store, school: School, reference: Reference
) -> None:
    assess_everything(store, school, reference)
    close_division(store, PILOT, reference, review=school.review, division=school.divisions["2TNE"], now=CLOSED)
    before = needs.needs_of_review(store, PILOT, review=school.review)
    assert late_changes(store, PILOT, reference, review=school.review).is_empty()
    enter(store, school, "lettres", ("Ana", "LIR", "level", 1), ("Bilal", "ECR", "level", 3), now=AFTER)
    shown = needs.needs_of_review(
        store, PILOT, review=school.review, division=school.divisions["2TNE"], reference=reference)
    assert shown.equals(before)
    late = late_changes(store, PILOT, reference, review=school.review)
    moved = late.filter("moved")["student"].unique().to_list()
    assert moved == [school.students["Ana"]]
    ana = late.filter(student=school.students["Ana"], need="REM-LEC")
    assert ana.select("frozen", "now").row(0) == (67, 90)
    assert school.students["Bilal"] in late["student"].to_list()


def test_the_parts_of_a_frozen_intensity_are_read_back_and_sum_to_it(
    store: Store, school: School, reference: Reference
) -> None:
    assess_everything(store, school, reference)
    division, student = school.divisions["2TNE"], school.students["Ana"]
    live = needs.need_parts(store, PILOT, review=school.review, student=student, reference=reference)
    close_division(store, PILOT, reference, review=school.review, division=division, now=CLOSED)
    frozen = needs.need_parts(store, PILOT, review=school.review, student=student)
    assert frozen.sort("need", "position").equals(live.sort("need", "position"))
    shown = needs.needs_of_review(store, PILOT, review=school.review).filter(student=student)
    values = dict(shown.select("need", "value").iter_rows())
    sums = dict(frozen.group_by("need").agg(pl.col("points").sum()).iter_rows())
    assert {need: round(round(sums[need], 6)) for need in values} == values
    one = needs.need_parts(store, PILOT, review=school.review, student=student, need="REM-LEC")
    assert one.select("code", "level", "weight", "points").row(0) == ("LIR", 2.0, 70.0, pytest.approx(46.9))


def test_a_division_closes_once_and_reopens_unless_groups_stand_on_it(
    store: Store, school: School, reference: Reference
) -> None:
    assess_everything(store, school, reference)
    what = {"review": school.review, "division": school.divisions["2TNE"]}
    with pytest.raises(ApdashError, match="déjà ouvert"):
        reopen(store, PILOT, **what)
    close_division(store, PILOT, reference, now=CLOSED, **what)
    with pytest.raises(ApdashError, match="déjà clos"):
        close_division(store, PILOT, reference, now=AFTER, **what)
    reopen(store, PILOT, **what)
    assert store.read("select count(*) from intensity").item() == 0
    assert store.read("select count(*) from intensity_part").item() == 0
    close_division(store, PILOT, reference, now=AFTER, **what)
    with store.write() as tx:
        add(tx, "proposal", band=school.band, review=school.review, label="A", state="validated", parameters="{}",
            problem="{}", solution="{}", fingerprint="", effective_from=date(2026, 11, 23), made_at=AFTER, made_by="p")
    with pytest.raises(ApdashError, match="a servi"):
        reopen(store, PILOT, **what)


def test_a_division_out_of_the_bilan_cannot_be_closed(store: Store, school: School, reference: Reference) -> None:
    with pytest.raises(ApdashError, match="Division hors de ce bilan"):
        close_division(store, DIRECTION, reference, review=school.review, division=-1, now=CLOSED)


def test_an_open_division_is_computed_now_and_a_closed_one_is_read(
    store: Store, school: School, reference: Reference
) -> None:
    assess_everything(store, school, reference)
    assert needs.needs_of_review(store, PILOT, review=school.review).is_empty()
    live = needs.needs_of_review(
        store, PILOT, review=school.review, division=school.divisions["2TNE"], reference=reference)
    assert live.filter(need="REM-LEC")["value"].to_list() == [67, 67, 67]
    assert live.filter(need="ACC-ETU")["value"].to_list() == [25, 25, 25]
    assert needs.needs_of_review(store, PILOT, review=school.review, grade="Tle", reference=reference).is_empty()


def test_a_need_is_served_on_a_day_when_a_group_of_it_is_attended(
    store: Store, school: School, reference: Reference
) -> None:
    add_membership(store, school, student="Ana", need="REM-LEC", starts_on=date(2026, 11, 23), ends_on=date(2027, 1, 8))
    def served(on: date | None) -> list[tuple]:
        shown = needs.needs_of_review(store, PILOT, review=school.review, on=on, reference=reference)
        return shown.filter("served").select("first_name", "need").rows()
    assert served(None) == []
    assert served(date(2026, 11, 23)) == [("Ana", "REM-LEC")]
    assert served(date(2027, 1, 9)) == []
    with store.write() as tx:
        tx.run("update group_state set suspended = true")
    assert served(date(2026, 11, 23)) == []


def test_a_priority_decided_after_the_close_comes_first(store: Store, school: School, reference: Reference) -> None:
    assess_everything(store, school, reference)
    close_division(store, PILOT, reference, review=school.review, division=school.divisions["2TNE"], now=CLOSED)
    with store.write() as tx:
        tx.insert("student_fact", pl.DataFrame({
            "student": [school.students["Ana"]], "kind": ["priority"], "starts_on": [date(2026, 11, 19)],
            "value": [1.5], "recorded_by": ["pilote"]}))
    before = needs.needs_of_review(store, PILOT, review=school.review)
    after = needs.needs_of_review(store, PILOT, review=school.review, on=date(2026, 11, 20))
    assert before["priority"].unique().to_list() == [1.0]
    assert after.filter(pl.col("priority") == 1.5)["first_name"].unique().to_list() == ["Ana"]
