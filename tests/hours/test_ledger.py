"""How rows of who was expected where become hours."""

from datetime import date, time

import polars as pl

from apdash.hours import ledger, staff_ledger
from apdash.labels import duration

DAY = date(2026, 11, 18)
BASE = {
    "student": 1, "division": 10, "session": 1, "ap_group": 5, "action": None, "on_day": date(2026, 11, 10),
    "starts_at": time(10, 10), "minutes": 55, "state": "held", "added": False, "counts": True, "presence": "present",
}  # fmt: skip


def places(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(
        [BASE | row for row in rows],
        schema_overrides={"action": pl.Int64, "presence": pl.String},
        infer_schema_length=None,
    )


def line(*rows: dict) -> dict:
    return ledger(places(*rows), "student", day=DAY).row(0, named=True)


def test_late_is_attended_absent_and_excused_are_not_and_no_roll_is_told_apart() -> None:
    found = line(
        *({"session": n, "presence": p} for n, p in enumerate(("present", "late", "absent", "excused", None)))
    )
    assert (found["planned"], found["held"]) == (275, 275)
    assert (found["attended"], found["missed"], found["uncalled"]) == (110, 110, 55)


def test_a_session_nobody_has_spoken_of_is_neither_held_nor_missed() -> None:
    found = line(
        {"state": "planned", "presence": None},
        {"session": 2, "state": "planned", "on_day": DAY, "presence": None},
    )
    assert (found["untold"], found["left"], found["held"], found["not_held"]) == (55, 55, 0, 0)


def test_what_was_not_held_is_lost_unless_a_session_was_put_in_for_the_same_group() -> None:
    gone = {"session": 2, "state": "not_held", "presence": None}
    assert line(gone)["lost"] == 55
    assert line(gone, {"session": 3, "added": True, "minutes": 40})["lost"] == 15
    assert line(gone, {"session": 3, "added": True, "minutes": 110})["lost"] == 0
    assert line(gone, {"session": 3, "added": True, "ap_group": 6})["lost"] == 55


def test_what_is_not_in_the_envelope_is_told_beside_and_added_nowhere() -> None:
    found = line({}, {"session": 2, "counts": False, "minutes": 120})
    assert (found["planned"], found["held"], found["beside"], found["met"]) == (55, 55, 120, 55)


def test_a_session_counts_once_however_many_come() -> None:
    rows = places({}, {"student": 2}, {"student": 3, "division": 11})
    found = ledger(rows, "ap_group", day=DAY).row(0, named=True)
    assert (found["students"], found["sessions"], found["met"], found["planned"]) == (3, 1, 55, 165)
    assert ledger(rows, "division", day=DAY)["planned"].to_list() == [110, 55]


def test_nothing_gives_an_empty_ledger() -> None:
    assert ledger(places({}).head(0), "student", day=DAY).is_empty()


def test_co_leading_counts_for_each_and_overtime_is_apart() -> None:
    led = places({}).select("session", "ap_group", "on_day", "starts_at", "minutes", "state", "counts")
    two = pl.concat([
        led.with_columns(staff=pl.lit(7), staff_name=pl.lit("Mme A"), job=pl.lit("ENS"), overtime=pl.lit(value=False)),
        led.with_columns(staff=pl.lit(8), staff_name=pl.lit("M. B"), job=pl.lit("EDU"), overtime=pl.lit(value=True)),
    ])  # fmt: skip
    found = staff_ledger(two, day=DAY)
    assert found["held"].to_list() == [55, 55]
    assert found.select("staff_name", "in_service", "overtime").rows() == [("M. B", 0, 55), ("Mme A", 55, 0)]


def test_lengths_are_written_in_hours() -> None:
    assert [duration(m).replace("\u00a0", " ") for m in (9480, 2190, 45, -90, 0)] == [
        "158 h", "36 h 30", "0 h 45", "− 1 h 30", "0 h",
    ]  # fmt: skip
