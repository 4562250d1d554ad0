"""Stages: nobody is enrolled before recommendation, information and consent, in that order."""

from datetime import date, datetime, timedelta

import pytest

from apdash.errors import ApdashError
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.commands import stages as commands
from apdash.store.queries import stages as queries
from tests.school_factory import NOW, PILOT, YEAR, School, make_school

TODAY = NOW.date()
TEACHER = Viewer(login="t", name="T", role=Role.TEACHER)


@pytest.fixture
def school(services: Services) -> School:
    made = make_school(services.store)
    made.add_students("2TNE", 3)
    return made


def save(services: Services, **more: object) -> int:
    given = {
        "year": YEAR, "kind": "remise_a_niveau", "label": "Mathématiques", "content": "Calcul, proportions",
        "place": "B101", "starts_on": date(2027, 2, 22), "ends_on": date(2027, 2, 26), "minutes": 15 * 60,
        "seats": 1, "now": NOW,
    } | more  # fmt: skip
    return commands.save_stage(services.store, PILOT, **given)  # type: ignore[arg-type]


def ready(services: Services, stage: int, student: int) -> None:
    """Go through every step up to the consent of the family."""
    said = {"stage": stage, "students": [student], "on": TODAY, "now": NOW}
    commands.recommend(services.store, PILOT, **said)  # type: ignore[arg-type]
    commands.inform(services.store, PILOT, **said)  # type: ignore[arg-type]
    agree(services, stage, student)


def agree(services: Services, stage: int, student: int, *, given: bool = True, by: str = "family") -> None:
    commands.record_consent(
        services.store, PILOT, stage=stage, student=student, given=given, by=by, on=TODAY, now=NOW
    )


def enrol(services: Services, stage: int, student: int) -> None:
    commands.enrol(services.store, PILOT, stage=stage, student=student, on=TODAY, now=NOW)


def test_enrolment_says_which_step_is_missing(services: Services, school: School) -> None:
    stage, student = save(services), school.students[0]
    with pytest.raises(ApdashError, match="conseil de classe n’a pas recommandé"):
        enrol(services, stage, student)
    commands.recommend(services.store, PILOT, stage=stage, students=[student], on=TODAY, now=NOW)
    with pytest.raises(ApdashError, match="l’information de l’élève et de sa famille et leur accord"):
        enrol(services, stage, student)
    with pytest.raises(ApdashError, match="L’information de l’élève et de sa famille vient d’abord"):
        agree(services, stage, student)


def test_a_minor_does_not_agree_alone(services: Services, school: School) -> None:
    stage, student = save(services), school.students[0]
    said = {"stage": stage, "students": [student], "on": TODAY, "now": NOW}
    commands.recommend(services.store, PILOT, **said)
    commands.inform(services.store, PILOT, **said)
    with pytest.raises(ApdashError, match="dix-huit ans"):
        agree(services, stage, student, by="student")
    with services.store.write() as tx:
        tx.run("update student set born_on = $born where id = $id", born=date(2008, 11, 18), id=student)
    agree(services, stage, student, by="student")


def test_a_full_stage_takes_nobody_more(services: Services, school: School) -> None:
    stage = save(services)
    for student in school.students[:2]:
        ready(services, stage, student)
    enrol(services, stage, school.students[0])
    with pytest.raises(ApdashError, match="Ses 1 places sont prises"):
        enrol(services, stage, school.students[1])
    with pytest.raises(ApdashError, match="désinscrivez"):
        commands.withdraw_stage(services.store, PILOT, stage=stage, now=NOW)


def test_a_refusal_ends_the_enrolment_and_stays_readable(services: Services, school: School) -> None:
    stage, student = save(services), school.students[0]
    ready(services, stage, student)
    enrol(services, stage, student)
    commands.record_consent(
        services.store, PILOT, stage=stage, student=student, given=False, by="family", on=TODAY,
        now=NOW + timedelta(hours=1),
    )  # fmt: skip
    row = queries.stage_students(services.store, PILOT, stage=stage).row(0, named=True)
    assert (row["consent"], row["enrolled_on"]) == ("refused", None)
    before = queries.stage_students(services.store, PILOT, stage=stage, known_at=NOW).row(0, named=True)
    assert (before["consent"], before["enrolled_on"]) == ("given", TODAY)


def test_how_it_ended_is_told_with_its_hours(services: Services, school: School) -> None:
    stage, student = save(services), school.students[0]
    ready(services, stage, student)
    enrol(services, stage, student)
    after = datetime(2027, 3, 1, 9, 0)
    ended = {
        "stage": stage,
        "student": student,
        "outcome": "done",
        "words": "",
        "on": after.date(),
        "now": after,
    }
    with pytest.raises(ApdashError, match="de 0 à 15 h suivies"):
        commands.end_stage(services.store, PILOT, minutes_done=16 * 60, **ended)
    commands.end_stage(services.store, PILOT, minutes_done=14 * 60, **ended)
    row = queries.stage_students(services.store, PILOT, student=student).row(0, named=True)
    assert (row["outcome"], row["minutes_done"]) == ("done", 14 * 60)
    assert queries.stages(services.store, year=YEAR)["ended"].to_list() == [1]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "passerelle"}, "mène à une formation"),
        ({"ends_on": date(2027, 2, 1)}, "avant le début"),
        ({"starts_on": date(2026, 8, 1)}, "hors de l’année"),
        ({"seats": 0}, "1 à 100 places"),
        ({"label": " "}, "il lui faut un nom|Il lui faut un nom"),
    ],
)
def test_an_impossible_stage_is_refused(
    services: Services, school: School, wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(ApdashError, match=words) as refusal:
        save(services, **wrong)
    assert refusal.value.title
    assert queries.stages(services.store, year=YEAR).is_empty()


def test_a_teacher_reads_their_students_and_changes_nothing(services: Services, school: School) -> None:
    stage = save(services)
    ready(services, stage, school.students[0])
    assert queries.stage_students(services.store, TEACHER, stage=stage).is_empty()
    with pytest.raises(ApdashError, match="réservé"):
        commands.enrol(services.store, TEACHER, stage=stage, student=school.students[0], on=TODAY, now=NOW)
