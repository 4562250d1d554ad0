"""What corrects an intensity, what bounds it, and who comes a little first."""

import pytest

from apdash.reference import Reference
from tests.diagnosis.frames import corrections, run, value

ACQUIRED = tuple(
    (code, "staff:1", 3, 0) for code in ("LIR", "CON", "RCH", "PRJ", "CFO", "IMP", "DEM", "EXP", "NUM")
)


def test_two_wishes_add_ten_points_each_and_a_third_is_not_heard(reference: Reference) -> None:
    diagnosis = run(reference, *ACQUIRED, answers={9: ["REM-LEC", "ORI-ENT", "ORI-CHX"]})
    assert (value(diagnosis, "REM-LEC"), value(diagnosis, "ORI-ENT"), value(diagnosis, "ORI-CHX")) == (
        35,
        35,
        25,
    )
    assert corrections(diagnosis, "REM-LEC") == [("VOEU", 10)]


def test_a_wish_gives_no_number_to_a_need_that_has_none(reference: Reference) -> None:
    diagnosis = run(reference, answers={9: ["REM-LEC", "APP-SUP"]})
    assert value(diagnosis, "REM-LEC") is None
    assert "APP-SUP" not in diagnosis.intensities["need"].to_list()


@pytest.mark.parametrize(
    ("given", "code", "more"),
    [
        ({1: ["SUBI"], 2: ["AILLEURS"], 3: ["RAREMENT"]}, "CHOIX-CONSTRUIRE", 20),
        ({1: ["PARMI"], 2: ["NSP"], 3: ["PARFOIS"]}, "CHOIX-COURS", 10),
        ({1: ["PREMIER"], 2: ["ICI"], 3: ["SOUVENT"]}, None, 0),
        ({1: ["SUBI"]}, None, 0),
    ],
)
def test_a_choice_not_yet_confirmed_raises_the_need_of_orientation(
    reference: Reference, given: dict, code: str | None, more: int
) -> None:
    diagnosis = run(reference, *ACQUIRED, answers=given)
    assert value(diagnosis, "ORI-CHX") == 25 + more
    assert corrections(diagnosis, "ORI-CHX") == ([(code, more)] if code else [])


def test_a_student_without_a_company_needs_help_to_find_one(reference: Reference) -> None:
    diagnosis = run(reference, *ACQUIRED, facts=(("no_placement_found", None),))
    assert corrections(diagnosis, "ORI-ENT") == [("SANS-STAGE", 20)]
    assert value(diagnosis, "ORI-ENT") == 45


@pytest.mark.parametrize(
    ("objective", "points", "expected"),
    [
        ("missed", 10, 35),
        ("attained", -25, 0),
        ("missed_again", 0, 25),
        (None, 0, 25),
    ],
)
def test_the_objective_of_the_workshop_corrects_its_need(
    reference: Reference, objective: str | None, points: int, expected: int
) -> None:
    diagnosis = run(reference, *ACQUIRED, history=(("REM-LEC", 60, True, objective),))
    assert value(diagnosis, "REM-LEC") == expected
    assert sum(p for _, p in corrections(diagnosis, "REM-LEC")) == points


def test_corrections_stop_at_twenty_five_and_the_bound_is_a_part(reference: Reference) -> None:
    given = {1: ["SUBI"], 2: ["AILLEURS"], 3: ["RAREMENT"], 9: ["ORI-CHX"]}
    diagnosis = run(reference, *ACQUIRED, answers=given)
    assert corrections(diagnosis, "ORI-CHX") == [("VOEU", 10), ("CHOIX-CONSTRUIRE", 20), ("BORNE", -5)]
    assert value(diagnosis, "ORI-CHX") == 50


def test_an_intensity_stays_between_0_and_100_and_the_limit_is_a_part(reference: Reference) -> None:
    worst = tuple((code, "staff:1", 1, 0) for code in ("LIR", "CON", "RCH"))
    diagnosis = run(reference, *worst, answers={9: ["REM-LEC"]})
    assert corrections(diagnosis, "REM-LEC") == [("VOEU", 10), ("LIMITE", -10)]
    best = tuple((code, "staff:1", 4, 0) for code in ("LIR", "CON", "RCH"))
    lowered = run(reference, *best, history=(("REM-LEC", 60, True, "attained"),))
    assert corrections(lowered, "REM-LEC") == [("OBJ-ATTEINT", -25), ("LIMITE", 25)]
    assert value(lowered, "REM-LEC") == 0


@pytest.mark.parametrize(("mark", "expected", "raised"), [(None, 50, 50), (3, 50, 25), (1, 100, 0)])
def test_who_has_just_arrived_is_followed_whatever_is_known(
    reference: Reference, mark: int | None, expected: int, raised: int
) -> None:
    said = [(code, "staff:1", mark, 0) for code in ("IMP", "AUT", "CSS")] if mark else []
    diagnosis = run(reference, *said, facts=(("arrival", None),))
    assert value(diagnosis, "DEV-SUI") == expected
    assert corrections(diagnosis, "DEV-SUI") == ([("ARRIVEE", raised)] if raised else [])


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((), 1.0),
        ((("REM-LEC", 80, False, None), ("REM-ECR", 60, True, None)), 1.15),
        ((("REM-LEC", 82, False, None), ("REM-ECR", 80, True, None)), 1.0),
        ((("REM-LEC", 60, False, None), ("REM-ECR", 50, True, None)), 1.15),
        ((("REM-LEC", 60, True, None), ("REM-ECR", 50, False, None)), 1.0),
        ((("DEV-SUI", 95, False, None), ("REM-ECR", 50, True, None)), 1.0),
        ((("ACC-ETU", 25, False, None),), 1.0),
        ((("REM-LEC", None, False, None),), 1.0),
        ((("REM-LEC", 24, False, None),), 1.0),
        ((("REM-LEC", 25, False, None),), 1.15),
    ],
)
def test_who_waited_for_a_strong_need_comes_a_little_first(
    reference: Reference, history: tuple, expected: float
) -> None:
    assert run(reference, history=history).intensities["priority"].unique().to_list() == [expected]


def test_a_named_decision_replaces_the_computed_priority(reference: Reference) -> None:
    diagnosis = run(reference, facts=(("priority", 0.8),), history=(("REM-LEC", 80, False, None),))
    assert diagnosis.intensities["priority"].unique().to_list() == [0.8]
