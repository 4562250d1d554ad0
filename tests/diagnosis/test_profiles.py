"""What is computed when it is shown and never stored: the choice, the four profiles."""

import pytest

from apdash.diagnosis import choices, profiles
from apdash.reference import Reference
from tests.diagnosis.frames import answered, run


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({1: ["PREMIER"], 2: ["NSP"]}, (75.0, "choix confirmé")),
        ({1: ["PREMIER"], 2: ["ICI"], 3: ["RAREMENT"]}, (pytest.approx(66.67, abs=0.01), "choix en cours")),
        (
            {1: ["PARMI"], 2: ["AILLEURS"], 3: ["PARFOIS"]},
            (pytest.approx(33.33, abs=0.01), "choix à construire"),
        ),
        ({1: ["PREMIER"], 2: [], 3: []}, None),
    ],
)
def test_the_choice_is_read_from_the_answers_given(
    reference: Reference, given: dict, expected: tuple | None
) -> None:
    rows = choices(reference, answered(given))
    assert rows.select("score", "label").rows() == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("hard", "present", "label"),
    [
        (4, 4, "parcours consolidé"),
        (4, 1, "parcours à soutenir"),
        (1, 4, "parcours à renforcer"),
        (1, 1, "parcours à sécuriser"),
    ],
)
def test_four_neutral_profiles_cross_difficulty_and_engagement(
    reference: Reference, hard: int, present: int, label: str
) -> None:
    codes = [code for code in reference.competencies["code"] if code not in ("IMP", "AUT")]
    said = [(code, "staff:1", hard, 0) for code in codes]
    said += [("IMP", "staff:1", present, 0), ("AUT", "staff:1", present, 0)]
    row = profiles(reference, run(reference, *said), answered({})).row(0, named=True)
    assert row["label"] == label


def test_engagement_is_the_mean_of_what_is_said_and_what_is_seen(reference: Reference) -> None:
    said = (("IMP", "staff:1", 2, 0), ("AUT", "staff:1", 3, 0))
    given = answered({3: ["SOUVENT"], 7: ["CHERCHE"], 8: ["DERNIER-MOMENT"]})
    row = profiles(reference, run(reference, *said), given).row(0, named=True)
    assert row["engagement"] == pytest.approx((100 * 5 / 6 + 50) / 2)
    assert (row["difficulty"], row["profile"]) == (None, None)


def test_two_known_needs_are_too_few_to_speak_of_difficulty(reference: Reference) -> None:
    said = (("LIR", "staff:1", 1, 0), ("ECR", "staff:1", 1, 0), ("IMP", "staff:1", 4, 0))
    assert profiles(reference, run(reference, *said), answered({}))["difficulty"].to_list() == [None]
