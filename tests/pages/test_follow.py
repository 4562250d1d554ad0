"""The page « Suivi »: tutors and stages, through the dialog, for the pilot, a tutor and a stranger."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from apdash.services import Services
from apdash.store.commands.tutoring import assign_tutors, set_capacities
from apdash.store.queries.stages import stage_students, stages
from apdash.store.queries.tutoring import meetings, tutorings
from tests.conftest import Client, enter_demo, open_page
from tests.pages.dialog import confirm, open_dialog
from tests.school_factory import PILOT, YEAR, School, make_school

DAY = date(2026, 11, 18)
NOW = datetime(2026, 10, 1, 9, 0)


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    """Six students of one division; A tutors the first two, B has places, C does neither."""
    made = make_school(services.store)
    made.add_students("2TNE", 6)
    for name in ("A", "B", "C"):
        made.add_staff(name, [], [])
        add_account(name.lower(), "teacher", staff=made.staff[name])
    add_account("pilote", "pilot")
    set_capacities(services.store, PILOT, year=YEAR, most={made.staff["A"]: 3, made.staff["B"]: 4})
    tutors = dict.fromkeys(made.students[:2], made.staff["A"])
    assign_tutors(services.store, PILOT, tutors=tutors, on=date(2026, 10, 5), now=NOW, reason="BES")
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    return made


def held(services: Services) -> dict[int, int]:
    return dict(tutorings(services.store, PILOT, on=DAY).select("student", "staff").iter_rows())


def test_the_pilot_sees_caseloads_and_who_has_nobody(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/suivi")
    assert "2 élèves sur 6 ont un tuteur" in page
    assert "2\u00a0élèves sur 3" in page
    assert "4 sur 6" in page


def test_a_division_that_is_not_there_is_said_to_be_unknown(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/suivi", "?division=99999")
    assert "Division inconnue" in page
    assert "Chaque élève a un tuteur" not in page


def test_a_tutor_sees_their_own_students_and_a_stranger_none(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "a")
    page = open_page(client, "/suivi")
    assert "Vous suivez 2\u00a0élèves" in page
    assert "ABADIE" in page
    assert "tutor-propose" not in page
    enter_demo(client, "c")
    page = open_page(client, "/suivi")
    assert "Vous ne suivez personne" in page
    assert "ABADIE" not in page


def test_a_proposal_is_shown_with_its_reasons_then_written_as_shown(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    key = str(school.divisions["2TNE"])
    shown = open_dialog(client, "tutor-propose", key)
    assert "Tuteurs proposés en 2TNE" in shown
    assert "3\u00a0élèves au plus par tuteur" in shown
    told = confirm(client, "tutor-propose", key, on="2026-11-18")
    assert "4\u00a0élèves ont un tuteur" in told
    assert sorted(held(services).values()).count(school.staff["A"]) == 3
    assert len(held(services)) == 6


def test_a_proposal_that_names_nobody_says_why(client: Client, services: Services, school: School) -> None:
    adults = dict.fromkeys(school.staff.values(), 0) | {school.staff["A"]: 2}
    set_capacities(services.store, PILOT, year=YEAR, most=adults)
    enter_demo(client, "pilote")
    shown = open_dialog(client, "tutor-propose", str(school.divisions["2TNE"]))
    assert "Personne à désigner" in shown
    assert "ajoutez un tuteur ou des places" in shown


def test_an_adult_who_leaves_hands_over_only_when_there_are_places(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    key = str(school.staff["A"])
    set_capacities(services.store, PILOT, year=YEAR, most={school.staff["B"]: 1})
    shown = open_dialog(client, "tutor-leave", key)
    assert "1\u00a0élève n’a pas de place ailleurs" in shown
    assert "Passation incomplète" in confirm(client, "tutor-leave", key, on="2026-11-18")
    assert set(held(services).values()) == {school.staff["A"]}
    set_capacities(services.store, PILOT, year=YEAR, most={school.staff["B"]: 4})
    assert "2\u00a0élèves changent de tuteur" in confirm(client, "tutor-leave", key, on="2026-11-18")
    assert set(held(services).values()) == {school.staff["B"]}


def test_a_meeting_is_noted_then_corrected_and_shows_on_the_students_page(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "a")
    student = school.students[0]
    fields = {"on": "2026-11-17", "minutes": "15", "words": "Cherche un lieu de stage."}
    assert "Entretien noté" in confirm(client, "meeting-log", str(student), **fields)
    meeting = meetings(services.store, PILOT, student=student)["id"][0]
    fixed = confirm(client, "meeting-log", f"{student}-{meeting}", **(fields | {"minutes": "20"}))
    assert "Entretien noté" in fixed
    page = open_page(client, "/eleve", f"?id={student}")
    assert "20\u00a0min\u00a0: Cherche un lieu de stage." in page
    assert "1\u00a0entretien" in page


def test_a_tutor_does_not_change_tutors(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "a")
    assert "Geste réservé" in open_dialog(client, "tutor-change", str(school.students[0]))
    fields = {"staff": str(school.staff["B"]), "on": "2026-11-18", "reason": "BES"}
    assert "Geste réservé" in confirm(client, "tutor-change", str(school.students[0]), **fields)
    assert held(services)[school.students[0]] == school.staff["A"]


def test_a_stage_goes_step_by_step_to_its_end(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    fields = {
        "kind": "remise_a_niveau", "label": "Mathématiques", "content": "Proportions", "place": "B101",
        "first": "2026-11-18", "last": "2026-11-18", "hours": "6", "seats": "2", "staff": "", "goal": "",
    }  # fmt: skip
    made = confirm(client, "stage-new", "0", **fields)
    assert "Stage proposé" in made
    stage, student = stages(services.store, year=YEAR)["id"][0], school.students[0]
    both = f"{stage}-{student}"
    assert "Inscription impossible" not in confirm(client, "stage-recommend", str(stage), on="2026-11-18")
    assert stage_students(services.store, PILOT, stage=stage).is_empty()
    for gesture in ("stage-recommend", "stage-inform"):
        told = confirm(client, gesture, str(stage), students=[str(student)], on="2026-11-18")
        assert "1\u00a0élève" in told
    assert "leur accord" in confirm(client, "stage-enrol", both, on="2026-11-18")
    confirm(client, "stage-consent", both, given="yes", by="family", on="2026-11-18")
    confirm(client, "stage-enrol", both, on="2026-11-18")
    confirm(client, "stage-end", both, outcome="done", hours="6", words="", on="2026-11-18")
    row = stage_students(services.store, PILOT, stage=stage).row(0, named=True)
    assert (row["outcome"], row["minutes_done"]) == ("done", 360)
    assert "suivi en entier" in open_page(client, "/suivi", "?partie=stages")


def test_a_stage_without_a_name_says_so(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    fields = {
        "kind": "remise_a_niveau", "label": "", "content": "", "place": "", "first": "2026-11-18",
        "last": "2026-11-18", "hours": "6", "seats": "2", "staff": "", "goal": "",
    }  # fmt: skip
    assert "Il lui faut un nom" in confirm(client, "stage-new", "0", **fields)
    assert stages(services.store, year=YEAR).is_empty()
