"""Who is asked to assess what, before a pilot corrects it."""

import polars as pl
import pytest

from apdash.expectations import MOST_AT_FIRST, MOST_LATER, proposed_expectations
from apdash.reference import Reference, load_reference
from apdash.settings import REFERENCE

LETTERS, MATHS, TRADE, SPORT = 11, 12, 13, 14


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference(REFERENCE)


def proposed(reference: Reference, kind: str = "initial") -> pl.DataFrame:
    words = {
        LETTERS: "Français LETTRES HIST.GEO",
        MATHS: "Mathématiques MATH.SC.PHY",
        TRADE: "Enseignement professionnel",
        SPORT: "EPS",
    }
    services = pl.DataFrame({"division": [1] * 4, "staff": list(words), "words": list(words.values())})
    return proposed_expectations(
        reference, services=services, principals=pl.DataFrame({"division": [1], "staff": [TRADE]}), kind=kind
    )


def asked(rows: pl.DataFrame, staff: int) -> set[str]:
    return set(rows.filter(pl.col("staff") == staff)["competency"])


def test_each_discipline_is_asked_what_it_sees(reference: Reference) -> None:
    rows = proposed(reference)
    assert {"LIR", "ECR"} <= asked(rows, LETTERS)
    assert "CAL" in asked(rows, MATHS)
    assert "PRO" in asked(rows, TRADE)
    assert "CAL" not in asked(rows, LETTERS)


def test_nobody_is_asked_more_than_fits_in_a_lesson(reference: Reference) -> None:
    for kind, most in (("initial", MOST_AT_FIRST), ("intermediate", MOST_LATER)):
        counts = proposed(reference, kind).group_by("staff").len()["len"]
        assert counts.max() <= most


def test_what_everybody_sees_goes_to_those_asked_the_least(reference: Reference) -> None:
    shared = {"CSS", "AUT", "INI", "RSP", "CON", "MEM"}
    assert asked(proposed(reference), SPORT) & shared


def test_a_division_without_anybody_is_asked_nothing(reference: Reference) -> None:
    nobody = pl.DataFrame(schema={"division": pl.Int64, "staff": pl.Int64, "words": pl.String})
    rows = proposed_expectations(reference, services=nobody, principals=nobody.drop("words"), kind="initial")
    assert rows.is_empty()
    assert rows.columns == ["division", "staff", "competency"]
