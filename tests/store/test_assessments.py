"""What adults enter: each their value, a version a change, refused whole when something is wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.store import Store
from apdash.store.commands.reviews import record_assessments
from apdash.store.queries import reviews
from tests.factories import AT, PILOT, School, add, add_membership, add_review
from tests.store.review_entries import AFTER, LATER, cells, enter, levels


def test_two_adults_of_one_division_keep_each_their_value(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "ORG", "level", 2))
    enter(store, school, "maths", ("Ana", "ORG", "level", 4), ("Bilal", "ORG", "absent", None))
    assert levels(store, school, "2TNE") == [
        ("Ana", "ORG", "lettres", "level", 2.0),
        ("Ana", "ORG", "maths", "level", 4.0),
        ("Bilal", "ORG", "maths", "absent", None),
    ]


def test_recording_the_same_thing_twice_changes_nothing(store: Store, school: School) -> None:
    rows = (("Ana", "LIR", "level", 2), ("Bilal", "LIR", "absent", None))
    assert enter(store, school, "lettres", *rows) == 2
    assert enter(store, school, "lettres", *rows, now=LATER) == 0
    assert store.read("select count(*) from assessment").item() == 2


def test_a_changed_value_leaves_its_former_version_readable(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2), ("Bilal", "LIR", "level", 3))
    assert (
        enter(store, school, "lettres", ("Ana", "LIR", "level", 3), ("Bilal", "LIR", "level", 3), now=LATER)
        == 1
    )
    assert levels(store, school, "2TNE")[0] == ("Ana", "LIR", "lettres", "level", 3.0)
    before = reviews.assessments_of_division(
        store, PILOT, review=school.review, division=school.divisions["2TNE"], at=AT
    )
    assert before["level"].to_list() == [2.0, 3.0]


def test_an_erased_cell_is_empty_again_and_its_past_stays(store: Store, school: School) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2))
    assert enter(store, school, "lettres", ("Ana", "LIR", None, None), now=LATER) == 1
    assert enter(store, school, "lettres", ("Ana", "LIR", None, None), now=AFTER) == 0
    assert levels(store, school, "2TNE") == []
    assert store.read("select count(*) from assessment").item() == 1


def test_a_typed_value_confirms_a_default_and_a_default_never_hides_a_typed_value(
    store: Store, school: School
) -> None:
    enter(store, school, "lettres", ("Ana", "LIR", "level", 3), ("Bilal", "LIR", "level", 3), by_default=True)
    assert enter(store, school, "lettres", ("Ana", "LIR", "level", 3), now=LATER) == 1
    assert enter(store, school, "lettres", ("Ana", "LIR", "level", 2), now=AFTER, by_default=True) == 0
    rows = reviews.assessments_of_division(
        store, PILOT, review=school.review, division=school.divisions["2TNE"]
    )
    assert rows.select("level", "by_default").rows() == [(3.0, False), (3.0, True)]


@pytest.mark.parametrize(
    "row",
    [
        ("Ana", "LIR", "level", 0),
        ("Ana", "LIR", "level", 5),
        ("Ana", "LIR", "level", None),
        ("Ana", "LIR", "absent", 0),
        ("Ana", "LIR", "bien", None),
        ("Ana", "LIR", None, 2),
        ("Ana", "", "level", 2),
    ],
)
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
    said = reviews.assessments_of_division(
        store, PILOT, review=school.review, division=school.divisions["2TNE"]
    )
    assert said.select("assessor", "recorded_by").rows() == [(f"staff:{school.staff['maths']}", "pilote")]


def test_a_teacher_assesses_only_students_of_their_divisions_and_groups(store: Store, school: School) -> None:
    with pytest.raises(ApdashError, match="Geste réservé"):
        enter(store, school, "maths", ("Driss", "CAL", "level", 2))
    group = add_membership(store, school, student="Driss", need="REM-MAT", starts_on=date(2026, 10, 5))
    with store.write() as tx:
        act = tx.read("select max(id) as id from act").item()
        tx.insert(
            "group_staff",
            pl.DataFrame(
                {
                    "ap_group": [group],
                    "staff": [school.staff["maths"]],
                    "starts_on": [date(2026, 10, 5)],
                    "act": [act],
                }
            ),
        )
    assert enter(store, school, "maths", ("Driss", "CAL", "level", 2)) == 1


def test_a_student_out_of_the_bilan_is_refused(store: Store, school: School) -> None:
    with store.write() as tx:
        gone = add(tx, "student", last_name="PARTI", first_name="Noé", created_on=date(2026, 9, 1))
        add(
            tx,
            "enrolment",
            student=gone,
            year=2026,
            division=school.divisions["2TNE"],
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 10, 9),
        )
    school.students["Noé"] = gone
    with pytest.raises(ApdashError, match="Élève hors de ce bilan"):
        enter(store, school, "lettres", ("Noé", "LIR", "level", 2))


@pytest.mark.parametrize(
    ("assessor", "source"),
    [
        ("staff:999999", "adult"),
        ("staff", "adult"),
        ("someone", "adult"),
        ("test:", "test"),
        ("student:3", "student"),
        ("student", "adult"),
        ("test:FR_ecrit", "adult"),
    ],
)
def test_an_unknown_assessor_is_refused(store: Store, school: School, assessor: str, source: str) -> None:
    with pytest.raises(ApdashError, match="Évaluateur inconnu"):
        record_assessments(
            store,
            PILOT,
            review=school.review,
            assessor=assessor,
            source=source,
            now=AT,
            entries=cells(school, ("Ana", "LIR", "level", 2)),
        )


def test_the_student_s_own_words_are_entered_by_who_leads_the_division(store: Store, school: School) -> None:
    say = {"review": school.review, "assessor": "student", "source": "student", "now": AT}
    entries = cells(school, ("Ana", "AUT", "level", 4))
    assert record_assessments(store, school.viewer("maths"), entries=entries, **say) == 1
    with pytest.raises(ApdashError, match="Geste réservé"):
        record_assessments(
            store, school.viewer("lettres"), entries=cells(school, ("Bilal", "AUT", "level", 4)), **say
        )


def test_unchanged_needs_a_value_earlier_in_the_year(store: Store, school: School) -> None:
    with pytest.raises(ApdashError, match="Rien à reconduire"):
        enter(store, school, "lettres", ("Ana", "LIR", "unchanged", None))
    first = add_review(
        store, school, code="B0", opens_on=date(2026, 9, 15), closes_on=date(2026, 9, 29), kind="initial"
    )
    enter(store, school, "lettres", ("Ana", "LIR", "level", 2), review=first)
    assert enter(store, school, "lettres", ("Ana", "LIR", "unchanged", None)) == 1
    with pytest.raises(ApdashError, match="Rien à reconduire"):
        enter(store, school, "lettres", ("Ana", "LIR", "unchanged", None), review=first)


def test_two_adults_typing_at_the_same_time_lose_nothing(store: Store, school: School) -> None:
    names, codes = ("Ana", "Bilal", "Chloé"), ("ORG", "CON", "MEM", "CSS", "AUT")

    def type_all(who: str) -> int:
        typed = [
            enter(store, school, who, (name, code, "level", level), now=AT + timedelta(seconds=level))
            for level in (1, 2, 3)
            for name in names
            for code in codes
        ]
        return sum(typed)

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert list(pool.map(type_all, ("lettres", "maths"))) == [45, 45]
    kept = levels(store, school, "2TNE")
    assert len(kept) == 30
    assert {level for *_, level in kept} == {3.0}
    assert store.read("select count(*) from assessment").item() == 90
