"""What holds whatever the data: sums, bounds, independence of order and of the others."""

import random

import polars as pl
import pytest

from apdash.diagnosis import diagnose, profiles
from apdash.reference import Reference
from tests.diagnosis.frames import FACTS, HISTORY, answered, assessed


def random_school(reference: Reference, seed: int) -> dict[str, pl.DataFrame]:
    """Return inputs for thirty students with holes, disagreements and events."""
    chance = random.Random(seed)
    students = range(30)
    values: list[float | str] = [1, 2, 2.5, 3, 4, "absent", "unchanged"]
    said = [
        assessed(
            *[
                (code, who, chance.choice(values), age)
                for code in reference.competencies["code"]
                for who in ("staff:1", "staff:2", "student")
                for age in (0, 1, 2)
                if chance.random() < 0.4
            ],
            student=student,
        )
        for student in students
    ]
    questions = reference.interview.group_by("question", maintain_order=True).agg("answer")
    given = [
        answered({q: chance.sample(a, 2 if q == 9 else 1) for q, a in questions.iter_rows()}, student=student)
        for student in students
        if chance.random() < 0.7
    ]
    facts = [
        (s, chance.choice(["arrival", "no_placement_found"]), None) for s in students if chance.random() < 0.3
    ]
    past = [
        (
            s,
            need,
            chance.randint(0, 100),
            chance.random() < 0.5,
            chance.choice(["attained", "missed", None]),
            "P1",
        )
        for s in students
        for need in chance.sample(reference.needs["code"].to_list(), 3)
    ]
    grades = [chance.choice(["2de", "1re", "Tle"]) for _ in students]
    return {
        "students": pl.DataFrame({"student": list(students), "grade": grades}),
        "assessments": pl.concat(said),
        "answers": pl.concat(given),
        "facts": pl.DataFrame(facts, FACTS, orient="row"),
        "history": pl.DataFrame(past, HISTORY, orient="row"),
    }


@pytest.mark.parametrize("seed", range(5))
def test_every_value_is_the_sum_of_its_parts_and_lies_between_0_and_100(
    reference: Reference, seed: int
) -> None:
    diagnosis = diagnose(reference, **random_school(reference, seed))
    sums = diagnosis.parts.group_by("student", "need").agg(pl.col("points").sum().round(6))
    both = diagnosis.intensities.drop_nulls("value").join(sums, on=["student", "need"])
    assert both.height > 100
    assert both.filter(pl.col("points").round() != pl.col("value")).is_empty()
    assert both.filter(~pl.col("points").is_between(0, 100)).is_empty()
    assert diagnosis.intensities.filter(~pl.col("coverage").is_between(0, 1)).is_empty()
    assert diagnosis.intensities.n_unique(["student", "need"]) == diagnosis.intensities.height
    assert diagnosis.parts.n_unique(["student", "need", "position"]) == diagnosis.parts.height


def test_the_order_of_the_rows_changes_nothing(reference: Reference) -> None:
    school = random_school(reference, 7)
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in school.items()}
    first, second = diagnose(reference, **school), diagnose(reference, **shuffled)
    assert first.intensities.equals(second.intensities)
    drift = first.parts.join(second.parts, on=["student", "need", "position", "code"])
    assert drift.height == first.parts.height
    assert drift.filter((pl.col("points") - pl.col("points_right")).abs() > 1e-9).is_empty()


def test_a_student_s_intensities_do_not_depend_on_the_others(reference: Reference) -> None:
    school = random_school(reference, 8)
    alone = {name: frame.filter(student=4) for name, frame in school.items()}
    together = diagnose(reference, **school).intensities.filter(student=4)
    assert diagnose(reference, **alone).intensities.equals(together)


def test_an_empty_school_has_empty_frames(reference: Reference) -> None:
    empty = {name: frame.clear() for name, frame in random_school(reference, 1).items()}
    diagnosis = diagnose(reference, **empty)
    assert diagnosis.intensities.is_empty()
    assert diagnosis.parts.is_empty()
    assert profiles(reference, diagnosis, empty["answers"]).is_empty()
