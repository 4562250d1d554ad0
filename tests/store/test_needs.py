"""Intensities as a page reads them: frozen or computed, served on a day, with today's decisions."""

from datetime import date

import polars as pl

from apdash.reference import Reference
from apdash.store import Store
from apdash.store.commands.reviews import close_division
from apdash.store.queries import needs
from tests.factories import PILOT, School, add_membership
from tests.store.review_entries import CLOSED, assess_everything


def test_an_open_division_is_computed_now_and_a_closed_one_is_read(
    store: Store, school: School, reference: Reference
) -> None:
    assess_everything(store, school, reference)
    assert needs.needs_of_review(store, PILOT, review=school.review).is_empty()
    live = needs.needs_of_review(
        store, PILOT, review=school.review, division=school.divisions["2TNE"], reference=reference
    )
    assert live.filter(need="REM-LEC")["value"].to_list() == [67, 67, 67]
    assert live.filter(need="ACC-ETU")["value"].to_list() == [25, 25, 25]
    assert needs.needs_of_review(
        store, PILOT, review=school.review, grade="Tle", reference=reference
    ).is_empty()


def test_a_need_is_served_on_a_day_when_a_group_of_it_is_attended(
    store: Store, school: School, reference: Reference
) -> None:
    add_membership(
        store, school, student="Ana", need="REM-LEC", starts_on=date(2026, 11, 23), ends_on=date(2027, 1, 8)
    )

    def served(on: date | None) -> list[tuple]:
        shown = needs.needs_of_review(store, PILOT, review=school.review, on=on, reference=reference)
        return shown.filter("served").select("first_name", "need").rows()

    assert served(None) == []
    assert served(date(2026, 11, 23)) == [("Ana", "REM-LEC")]
    assert served(date(2027, 1, 9)) == []
    with store.write() as tx:
        tx.run("update group_state set suspended = true")
    assert served(date(2026, 11, 23)) == []


def test_a_priority_decided_after_the_close_comes_first(
    store: Store, school: School, reference: Reference
) -> None:
    assess_everything(store, school, reference)
    close_division(
        store, PILOT, reference, review=school.review, division=school.divisions["2TNE"], now=CLOSED
    )
    with store.write() as tx:
        tx.insert(
            "student_fact",
            pl.DataFrame(
                {
                    "student": [school.students["Ana"]],
                    "kind": ["priority"],
                    "starts_on": [date(2026, 11, 19)],
                    "value": [1.5],
                    "recorded_by": ["pilote"],
                }
            ),
        )
    before = needs.needs_of_review(store, PILOT, review=school.review)
    after = needs.needs_of_review(store, PILOT, review=school.review, on=date(2026, 11, 20))
    assert before["priority"].unique().to_list() == [1.0]
    assert after.filter(pl.col("priority") == 1.5)["first_name"].unique().to_list() == ["Ana"]
