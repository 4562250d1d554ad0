"""Meetings of slots: the figures a school would count on a wall calendar."""

from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from apdash.calendar import meeting_counts, meetings, school_days, slot_dates, week_letters

CLOSURES = pl.DataFrame(
    {
        "starts_on": [date(2026, 10, 17), date(2026, 11, 11), date(2026, 12, 19)],
        "ends_on": [date(2026, 11, 1), date(2026, 11, 11), date(2027, 1, 3)],
    }
)
SLOTS = pl.DataFrame({"slot": ["jeu-14", "mer-08"], "day": ["jeudi", "mercredi"]})
DIVISIONS = pl.DataFrame({"slot": ["jeu-14", "jeu-14", "mer-08"], "division": ["1MCV", "1ASSP", "1ASSP"]})
PLACEMENTS = pl.DataFrame(
    {"division": ["1MCV"], "starts_on": [date(2026, 11, 23)], "ends_on": [date(2026, 12, 18)]}
)
NO_SPANS = pl.DataFrame(schema={"division": pl.String, "starts_on": pl.Date, "ends_on": pl.Date})


def test_a_slot_does_not_meet_in_the_holidays_nor_on_a_day_off() -> None:
    dated = slot_dates(SLOTS, CLOSURES, first=date(2026, 10, 12), last=date(2026, 11, 20))
    expected = pl.DataFrame(
        {
            "slot": ["jeu-14"] * 4 + ["mer-08"] * 3,
            "on": [
                *(date(2026, 10, 15), date(2026, 11, 5), date(2026, 11, 12), date(2026, 11, 19)),
                *(date(2026, 10, 14), date(2026, 11, 4), date(2026, 11, 18)),
            ],
        }
    )
    assert_frame_equal(dated, expected)


def test_a_division_on_placement_meets_once_where_the_others_meet_five_times() -> None:
    span = {"first": date(2026, 11, 19), "last": date(2027, 1, 3)}
    dated = meetings(slot_dates(SLOTS, CLOSURES, **span), DIVISIONS, placements=PLACEMENTS)
    counts = meeting_counts(dated, DIVISIONS).filter(pl.col("slot") == "jeu-14")
    expected = pl.DataFrame({"division": ["1ASSP", "1MCV"], "slot": ["jeu-14"] * 2, "sessions": [5, 1]})
    assert_frame_equal(counts, expected)


def test_a_division_that_is_away_the_whole_time_is_counted_as_zero() -> None:
    span = {"first": date(2026, 11, 23), "last": date(2026, 12, 18)}
    dated = meetings(slot_dates(SLOTS, CLOSURES, **span), DIVISIONS, placements=PLACEMENTS)
    counts = meeting_counts(dated, DIVISIONS)
    assert counts.filter(pl.col("division") == "1MCV")["sessions"].to_list() == [0]


def test_both_ends_of_the_interval_count() -> None:
    dated = slot_dates(SLOTS, CLOSURES, first=date(2026, 11, 5), last=date(2026, 11, 5))
    assert dated.rows() == [("jeu-14", date(2026, 11, 5))]


def test_an_interval_that_ends_before_it_begins_holds_no_meeting() -> None:
    span = {"first": date(2026, 11, 5), "last": date(2026, 11, 4)}
    dated = meetings(slot_dates(SLOTS, CLOSURES, **span), DIVISIONS, placements=NO_SPANS)
    assert dated.is_empty()
    assert school_days(CLOSURES, **span) == 0


def test_days_of_class_leave_out_weekends_and_days_off() -> None:
    assert school_days(CLOSURES, first=date(2026, 11, 9), last=date(2026, 11, 16)) == 5


def test_weeks_of_class_alternate_and_holidays_do_not_count() -> None:
    none = pl.DataFrame(schema={"monday": pl.Date, "letter": pl.String})
    letters = week_letters(CLOSURES, none, first=date(2026, 10, 5), last=date(2026, 11, 15))
    mondays = [date(2026, 10, 5), date(2026, 10, 12), date(2026, 11, 2), date(2026, 11, 9)]
    assert letters.rows() == list(zip(mondays, "ABAB", strict=True))


def test_a_letter_given_by_the_school_starts_the_alternation_again() -> None:
    given = pl.DataFrame({"monday": [date(2026, 11, 2)], "letter": ["B"]})
    letters = week_letters(CLOSURES, given, first=date(2026, 10, 5), last=date(2026, 11, 15))
    assert letters["letter"].to_list() == ["A", "B", "B", "A"]


def test_a_slot_of_weeks_b_meets_one_week_in_two() -> None:
    span = {"first": date(2026, 10, 5), "last": date(2026, 11, 15)}
    none = pl.DataFrame(schema={"monday": pl.Date, "letter": pl.String})
    letters = week_letters(CLOSURES, none, **span)
    slots = SLOTS.with_columns(weeks=pl.Series([None, "B"]))
    dated = slot_dates(slots, CLOSURES, letters=letters, **span)
    assert dated.filter(pl.col("slot") == "mer-08")["on"].to_list() == [date(2026, 10, 14)]
    assert dated.filter(pl.col("slot") == "jeu-14").height == 4
