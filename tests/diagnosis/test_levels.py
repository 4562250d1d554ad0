"""One level per competency: the median of the latest bilan, with how far it can be trusted."""

import pytest

from apdash.diagnosis.levels import EARLIER_YEAR, retained_levels
from apdash.reference import Reference
from tests.diagnosis.frames import READING, Said, answered, assessed


def level(reference: Reference, *said: Said) -> tuple[float, float]:
    """Return the level and the quality retained for a competency."""
    row = retained_levels(reference, assessed(*said), answered({}))
    return row.select("level", "quality").row(0)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("LIR", "staff:1", 2, 0)], (2, 1)),
        ([("LIR", "staff:1", 2, 0), ("LIR", "staff:2", 3, 0)], (2.5, 1)),
        ([("LIR", "staff:1", 1, 0), ("LIR", "staff:2", 2, 0), ("LIR", "staff:3", 4, 0)], (2, 1)),
        ([("LIR", "staff:1", 2, 0), ("LIR", "student", 4, 0)], (2, 1)),
        ([("LIR", "staff:1", 2, 0), ("LIR", "staff:2", 3, 0), ("LIR", "student", 4, 0)], (3, 1)),
        ([("LIR", "student", 4, 0)], (4, 0.5)),
        ([("LIR", "mark:1", 3, 0)], (3, 0.5)),
        ([("LIR", "mark:1", 1, 0), ("LIR", "student", 4, 0)], (2.5, 0.5)),
        ([("LIR", "test:FR_ecrit", 2, 0)], (2, 1)),
        ([("CAL", "test:MA_geometrie", 1, 0), ("CAL", "test:MA_calcul", 3, 0)], (3, 1)),
        ([("CAL", "test:MA_geometrie", 1, 0)], (1, 0.5)),
        ([("ECR", "test:CPD_FRA", 1, 0)], (1, 0.5)),
        ([("LIR", "staff:1", 2, 1)], (2, 0.5)),
        ([("LIR", "staff:1", 2, 2)], (2, 0.25)),
        ([("LIR", "staff:1", 2, 7)], (2, 0.25)),
        ([("LIR", "staff:1", 1, 1), ("LIR", "staff:2", 4, 0)], (4, 1)),
        ([("LIR", "staff:1", 1, 1), ("LIR", "staff:2", "absent", 0)], (1, 0.5)),
    ],
)
def test_the_level_is_the_median_of_the_latest_bilan_weighed_by_source(
    reference: Reference, said: list[Said], expected: tuple[float, float]
) -> None:
    assert level(reference, *said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("LIR", "staff:1", 2, 1), ("LIR", "staff:1", "unchanged", 0)], (2, 0.5)),
        (
            [
                ("LIR", "staff:1", 2, 2),
                ("LIR", "staff:1", "unchanged", 1),
                ("LIR", "staff:1", "unchanged", 0),
            ],
            (2, 0.5),
        ),
        (
            [("LIR", "staff:1", 2, 2), ("LIR", "staff:1", "absent", 1), ("LIR", "staff:1", "unchanged", 0)],
            (2, 0.5),
        ),
        ([("LIR", "staff:1", 1, 2), ("LIR", "staff:1", 3, 1), ("LIR", "staff:1", "unchanged", 0)], (3, 0.5)),
        (
            [("LIR", "staff:1", 1, 1), ("LIR", "staff:2", 2, 1), ("LIR", "staff:9", "unchanged", 0)],
            (1.5, 0.5),
        ),
        ([("LIR", "staff:1", 1, 2), ("LIR", "staff:2", 4, 1), ("LIR", "staff:9", "unchanged", 0)], (4, 0.5)),
        ([("LIR", "staff:1", 2, 1), ("LIR", "staff:1", "unchanged", 0), ("LIR", "staff:2", 4, 0)], (4, 1)),
    ],
)
def test_unchanged_takes_the_earlier_value_and_weighs_half(
    reference: Reference, said: list[Said], expected: tuple[float, float]
) -> None:
    assert level(reference, *said) == expected


@pytest.mark.parametrize(
    "said",
    [
        ("LIR", "staff:1", "absent", 0),
        ("LIR", "staff:1", "unchanged", 0),
        ("LIR", "staff:1", 2, EARLIER_YEAR),
        ("LIR", "test:FR_fluence_mots_min", 2, 0),
    ],
)
def test_what_is_absent_too_old_or_never_alone_is_missing_not_zero(reference: Reference, said: Said) -> None:
    assert retained_levels(reference, assessed(said), answered({})).is_empty()


def test_the_spread_between_assessors_is_kept(reference: Reference) -> None:
    rows = retained_levels(reference, assessed(*READING), answered({}))
    assert rows.filter(competency="LIR").select("low", "high", "assessors", "age", "source").row(0) == (
        1,
        2,
        2,
        0,
        "ADULTE",
    )


@pytest.mark.parametrize(
    ("four", "six", "expected"),
    [
        ("PAS-ENCORE", "RIEN", 1),
        ("PEU-PRES", "RIEN", 1),
        ("PEU-PRES", "IDEE", 2),
        ("EXEMPLES", "IDEE", 3),
        ("EXEMPLES", "CLAIRE", 4),
    ],
)
def test_two_questions_place_the_project_by_the_student(
    reference: Reference, four: str, six: str, expected: int
) -> None:
    rows = retained_levels(reference, assessed(), answered({4: [four], 6: [six]}))
    assert rows.select("competency", "level", "quality").rows() == [("PRJ", expected, 0.5)]


def test_a_project_half_answered_is_unknown(reference: Reference) -> None:
    assert retained_levels(reference, assessed(), answered({4: ["EXEMPLES"], 6: []})).is_empty()
