"""French dates, numbers and plurals."""

from datetime import date, datetime, time

import pytest

from apdash import labels


def test_dates_are_written_as_in_french() -> None:
    assert labels.day(date(2026, 2, 5)) == "5\u00a0févr. 2026"
    assert labels.short_day(date(2026, 5, 1)) == "1er\u00a0mai"
    assert labels.long_day(date(2026, 2, 6)) == "vendredi 6\u00a0février 2026"
    assert labels.moment(datetime(2026, 2, 5, 14, 32)) == "5\u00a0févr. à 14\u00a0h\u00a032"


def test_hours_are_written_with_an_h() -> None:
    assert labels.hour(time(9)) == "9\u00a0h"
    assert labels.hour(time(10, 5)) == "10\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(1234.5, 1, "1\u202f234,5"), (-3, 0, "−3"), (-0.04, 1, "0,0"), (0, 0, "0")],
)
def test_numbers_have_a_decimal_comma_and_a_true_minus(value: float, decimals: int, expected: str) -> None:
    assert labels.number(value, decimals) == expected


def test_a_sign_is_always_written() -> None:
    assert labels.signed(9.2, 1) == "+\u00a09,2"
    assert labels.signed(-4) == "−\u00a04"


def test_shares_are_percentages() -> None:
    assert labels.percent(0.834, 1) == "83,4\u00a0%"


@pytest.mark.parametrize(
    ("quantity", "expected"), [(0, "0\u00a0élève"), (1, "1\u00a0élève"), (2, "2\u00a0élèves")]
)
def test_plural_starts_at_two(quantity: int, expected: str) -> None:
    assert labels.count(quantity, "élève") == expected


def test_lists_end_with_et() -> None:
    assert labels.listed([]) == ""
    assert labels.listed(["lecture"]) == "lecture"
    assert labels.listed(["lecture", "écriture", "métier"]) == "lecture, écriture et métier"


def test_an_adult_without_a_discipline_has_the_word_of_their_job() -> None:
    assert labels.trade("ANGLAIS", "ENS") == "ANGLAIS"
    assert labels.trade(None, "EDU") == "vie scolaire"
    assert labels.trade("", "AED") == "AED"


def test_what_is_done_is_rounded_down_so_that_only_the_complete_is_full() -> None:
    assert [labels.done(share) for share in (0.349, 0.29, 0.999, 1.0)] == [
        "34\u00a0%", "29\u00a0%", "99\u00a0%", "100\u00a0%"
    ]  # fmt: skip


def test_no_double_punctuation_can_start_a_line() -> None:
    assert labels.spaced("Bilan : « clos » ?") == "Bilan\u00a0: «\u00a0clos\u00a0»\u00a0?"
    assert labels.spaced("30 % ; 12 élèves") == "30\u00a0%\u00a0; 12 élèves"
    assert labels.spaced("à 10 h, aucun :plan") == "à 10 h, aucun :plan"
