"""An intensity: the weighted mean of what is known, with its parts and its coverage."""

import polars as pl
import pytest

from apdash.diagnosis import diagnose
from apdash.reference import Reference
from apdash.settings import REFERENCE
from tests.diagnosis.frames import FACTS, HISTORY, READING, answered, assessed, corrections, run, value


def test_the_example_of_the_documentation_is_recomputed(reference: Reference) -> None:
    diagnosis = run(reference, *READING, answers={9: ["REM-LEC"]})
    parts = diagnosis.parts.filter(need="REM-LEC")
    told = (REFERENCE / "LISEZMOI.md").read_text("utf-8")
    names = {"VOEU": "Atelier souhaité par l'élève"}
    for row in parts.iter_rows(named=True):
        start = names.get(row["code"], f"{row['code']}, {row['detail']}")
        line = next(line for line in told.splitlines() if line.startswith(f"| {start} |"))
        assert line.endswith(f"| {row['points']:.2f} |".replace(".", ","))
    whole = diagnosis.intensities.filter(need="REM-LEC").row(0, named=True)
    assert (
        f"(couverture {100 * whole['coverage']:.1f} %) | | | | **{whole['value']}** |".replace(".", ",")
        in told
    )


def test_mastery_and_difficulty_read_a_level_the_opposite_way(reference: Reference) -> None:
    strong = run(reference, *[(code, "staff:1", 4, 0) for code in reference.competencies["code"]])
    weak = run(reference, *[(code, "staff:1", 1, 0) for code in reference.competencies["code"]])
    assert (value(strong, "REM-LEC"), value(strong, "APP-CUL")) == (0, 100)
    assert (value(weak, "REM-LEC"), value(weak, "APP-CUL")) == (100, 0)
    middle = run(reference, *[(code, "staff:1", 3, 0) for code in reference.competencies["code"]])
    assert (value(middle, "REM-LEC"), value(middle, "APP-CUL")) == (25, 55)


def test_half_the_weight_gives_a_number_and_less_does_not(reference: Reference) -> None:
    earlier = run(reference, ("LIR", "staff:1", 1, 1), ("CON", "staff:1", 1, 1), ("RCH", "staff:1", 1, 1))
    assert earlier.intensities.filter(need="REM-LEC").select("value", "coverage").row(0) == (100, 0.5)
    under = run(reference, ("DON", "staff:1", 1, 0), ("RAI", "staff:1", 1, 0))
    assert under.intensities.filter(need="REM-MAT").select("value", "coverage").row(0) == (
        None,
        pytest.approx(0.45),
    )
    assert under.parts.filter(need="REM-MAT")["points"].sum() == 0


def test_a_missing_competency_is_listed_without_points(reference: Reference) -> None:
    parts = run(reference, *READING).parts.filter(need="REM-LEC")
    assert parts.select("position", "code", "level", "weight", "age", "detail").rows() == [
        (0, "LIR", 1.5, 70, 1, "2 avis, de 1 à 2"),
        (1, "CON", 2, 15, 0.5, "bilan précédent, compté pour moitié"),
        (2, "RCH", None, 15, 0, "non renseignée"),
    ]


def test_nothing_known_is_not_no_need(reference: Reference) -> None:
    diagnosis = run(reference)
    known = diagnosis.intensities.drop_nulls("value")
    assert known.select("need", "value").rows() == [("ACC-ETU", 25)]
    assert diagnosis.intensities["coverage"].to_list()[:-1] == [0] * (diagnosis.intensities.height - 1)


def test_needs_are_those_of_the_grade(reference: Reference) -> None:
    def limited(grade: str) -> set[str]:
        given = {"APP-SUP", "ORI-CHX", "ORI-INS", "ORI-ENT", "REM-PRO"}
        return given & set(run(reference, grade=grade).intensities["need"])

    assert limited("2de") == {"ORI-CHX", "ORI-ENT", "REM-PRO"}
    assert limited("1re") == {"APP-SUP", "ORI-ENT", "REM-PRO"}
    assert limited("Tle") == {"APP-SUP", "ORI-INS", "ORI-ENT", "REM-PRO"}
    assert limited("2CAP") == {"ORI-INS", "ORI-ENT", "REM-PRO"}
    assert limited("TGT") == set()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["ETUDES"], {"APP-SUP": 55, "ORI-INS": 0}),
        (["EMPLOI"], {"APP-SUP": 0, "ORI-INS": 25}),
        (["NSP"], {"APP-SUP": 55, "ORI-INS": 25}),
        (["AUTRE"], {"APP-SUP": 0, "ORI-INS": 0}),
        ([], {"APP-SUP": None, "ORI-INS": None}),
    ],
)
def test_some_needs_open_on_the_answer_about_what_comes_after(
    reference: Reference, given: list[str], expected: dict[str, int | None]
) -> None:
    said = [(code, "staff:1", 3, 0) for code in ("RAI", "PRO", "ORG", "ECR", "DEM", "SUP", "ORA")]
    diagnosis = run(reference, *said, grade="Tle", answers={5: given})
    shown = {need: value(diagnosis, need) for need in expected}
    mixed = round(0.8 * 55 + 0.2 * 25)
    assert shown == {need: mixed if points == 55 else points for need, points in expected.items()}
    if expected["APP-SUP"] == 0:
        assert corrections(diagnosis, "APP-SUP") == [("FERME", -mixed)]


def test_the_last_answer_counts_and_a_refusal_is_an_answer(reference: Reference) -> None:
    both = pl.concat([answered({5: ["ETUDES"]}, age=1), answered({5: []}, age=0)])
    diagnosis = diagnose(
        reference,
        students=pl.DataFrame({"student": [1], "grade": ["Tle"]}),
        assessments=assessed(*[(code, "staff:1", 3, 0) for code in reference.competencies["code"]]),
        answers=both,
        facts=pl.DataFrame(schema=FACTS),
        history=pl.DataFrame(schema=HISTORY),
    )
    assert value(diagnosis, "APP-SUP") is None
