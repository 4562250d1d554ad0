"""Closing a bilan: what it costs, what is frozen, what later entries would have changed."""

from datetime import date

import polars as pl
import pytest

from apdash.errors import ApdashError
from apdash.reference import Reference
from apdash.store import Store
from apdash.store.commands.reviews import close_division, closing_cost, late_changes, reopen
from apdash.store.queries import needs, reviews
from tests.factories import DIRECTION, PILOT, School, add
from tests.store.review_entries import AFTER, CLOSED, assess_everything, enter


def test_closing_an_incomplete_bilan_says_what_it_costs(
    store: Store, school: School, reference: Reference
) -> None:
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
        ("ORI-ENT", 3),
        ("REM-ECR", 3),
        ("REM-LEC", 3),
        ("REM-PRO", 3),
    ]
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
    close_division(
        store, PILOT, reference, review=school.review, division=school.divisions["2TNE"], now=CLOSED
    )
    before = needs.needs_of_review(store, PILOT, review=school.review)
    assert late_changes(store, PILOT, reference, review=school.review).is_empty()
    enter(store, school, "lettres", ("Ana", "LIR", "level", 1), ("Bilal", "ECR", "level", 3), now=AFTER)
    shown = needs.needs_of_review(
        store, PILOT, review=school.review, division=school.divisions["2TNE"], reference=reference
    )
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
        add(
            tx,
            "proposal",
            band=school.band,
            review=school.review,
            label="A",
            state="validated",
            parameters="{}",
            problem="{}",
            solution="{}",
            fingerprint="",
            effective_from=date(2026, 11, 23),
            made_at=AFTER,
            made_by="p",
        )
    with pytest.raises(ApdashError, match="a servi"):
        reopen(store, PILOT, **what)


def test_a_division_out_of_the_bilan_cannot_be_closed(
    store: Store, school: School, reference: Reference
) -> None:
    with pytest.raises(ApdashError, match="Division hors de ce bilan"):
        close_division(store, DIRECTION, reference, review=school.review, division=-1, now=CLOSED)
