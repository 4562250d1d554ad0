"""The hours page: through HTTP, hence through the guard; what a teacher sees of it; its files and « et si »."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from apdash.services import Services
from tests.conftest import Client, call, enter_demo, open_page
from tests.hours.held_school import held_school
from tests.school_factory import School


@pytest.fixture
def school(services: Services, add_account: Callable[..., None]) -> School:
    """The school of `held_school`, with a pilot and the adult who leads reading."""
    made = held_school(services)
    add_account("pilote", "pilot")
    add_account("enseignant", "teacher", staff=made.staff["lecture"])
    return made


def test_the_page_says_the_finding_the_rule_and_the_figures(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    text = open_page(client, "/heures")
    assert "il manquera" in text
    assert "Comment c’est calculé" in text
    assert "PFMP déduites" in text
    assert "6 h 25" in text.replace("\u00a0", " ")  # seven Tuesdays


def test_each_way_to_look_opens(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    for by in ("divisions", "eleves", "groupes", "axes", "adultes"):
        assert f"Heures par {by[:3].replace('ele', 'élè')}" in open_page(client, "/heures", f"?par={by}")
    assert "Mme CALCUL" in open_page(client, "/heures", "?par=adultes")


def test_hours_that_do_not_count_are_told_beside(client: Client, school: School) -> None:
    action = {"id": 9001, "year": 2026, "label": "Forum", "axis": "ORI", "counts": False}
    school.add("common_action", action | {"made_at": datetime(2026, 10, 1), "made_by": "p"})
    school.add("action_division", {"action": 9001, "division": school.divisions["2TNE"]})
    day = {"id": 9002, "action": 9001, "on_day": date(2026, 11, 9), "starts_at": time(10, 0), "minutes": 120}
    school.add("session", day | {"state": "held", "recorded_at": datetime(2026, 10, 1), "recorded_by": "p"})
    enter_demo(client, "pilote")
    assert "+ 2 h hors enveloppe" in open_page(client, "/heures").replace("\u00a0", " ")


def test_a_figure_opens_its_list(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    key = school.divisions["2TNE"]
    text = open_page(client, "/heures", f"?liste=division:{key}&etat=tenues").replace("\u00a0", " ")
    assert "2TNE : séances tenues" in text
    assert "7 séances, 6 h 25" in text
    assert "Aucune séance" in open_page(client, "/heures", f"?liste=division:{key}&etat=perdues")


def test_a_teacher_sees_their_students_and_their_own_hours(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "enseignant")
    names = services.store.read("select id, last_name from student order by id").rows()
    text = open_page(client, "/heures", "?par=eleves")
    assert "Sur les élèves que vous voyez" in text
    assert {name in text for key, name in names if key in school.students[:4]} == {True}
    assert {name in text for key, name in names if key in school.students[4:]} == {False}
    adults = open_page(client, "/heures", "?par=adultes")
    assert "Mme LECTURE" in adults
    assert "Mme CALCUL" not in adults


def test_nobody_enters_without_an_account(client: Client, school: School) -> None:
    assert client.get("/heures").status_code == 401


def test_figures_as_of_a_closing(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    listed = f"liste=division:{school.divisions['2TNE']}&etat=tenues"
    text = open_page(client, "/heures", f"?au={school.review}&{listed}").replace("\u00a0", " ")
    assert "Chiffres au 18 nov. 2026, tels que connus à la clôture du bilan" in text
    assert "Aucune séance" in text  # they were told of in December


def test_an_address_that_cannot_be_read_is_refused_in_words(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    assert "Adresse incomplète" in open_page(client, "/heures", "?division=abc")
    assert "Heures par division" in open_page(client, "/heures", "?par=nimporte&liste=eleve:zzz&etat=rien")


def test_an_empty_school_says_so(
    client: Client, services: Services, add_account: Callable[..., None]
) -> None:
    add_account("pilote", "pilot")
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    enter_demo(client, "pilote")
    assert "Aucune heure à montrer" in open_page(client, "/heures")


def wish(**changes: object) -> list[dict]:
    fields = {
        "kind": "semaine", "day": "jeudi", "minutes": 60, "since": "2027-01-04", "number": 2, "length": 180,
        "from": "2027-06-01", "until": "2027-06-30",
    } | changes  # fmt: skip
    return [{"id": f"hours-if-{name}", "property": "value", "value": value} for name, value in fields.items()]


def test_what_if_answers_at_once_and_writes_nothing(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    before = services.store.read("select count(*) from session").item()
    search = [{"id": "url", "property": "search", "value": ""}]
    more = json.dumps(call(client, inputs=wish(), state=search).get_json(), ensure_ascii=False)
    assert "1\u00a0h de plus chaque jeudi" in more
    some = json.dumps(call(client, inputs=wish(kind="blocs"), state=search).get_json(), ensure_ascii=False)
    assert "2\u00a0séances de 3\u00a0h" in some
    assert call(client, inputs=wish(minutes=None), state=search).status_code == 204
    assert services.store.read("select count(*) from session").item() == before


def test_the_table_is_given_as_a_file(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    buttons = [{"id": {"hours-give": "csv"}, "property": "n_clicks", "value": 1},
               {"id": {"hours-give": "xlsx"}, "property": "n_clicks", "value": None}]  # fmt: skip
    answer = call(
        client, inputs=[buttons], state=[{"id": "url", "property": "search", "value": "?par=eleves"}],
        output="hours-download.data",
    )  # fmt: skip
    given = answer.get_json()["response"]["hours-download"]["data"]
    assert given["filename"] == "apdash-heures-eleves-2026-12-08.csv"


def test_the_page_of_a_student_has_their_hours(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    text = open_page(client, "/eleve", f"?id={school.students[0]}").replace("\u00a0", " ")
    assert "Ses heures d’accompagnement" in text
    assert "6 h 25" in text


def test_envelopes_are_set_in_the_settings(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    text = open_page(client, "/reglages", "?partie=enveloppes")
    assert "Enveloppes par cohorte" in text
    key = {"envelope": "2026|bac pro"}
    answer = call(
        client, inputs=[{"id": "save-envelopes", "property": "n_clicks", "value": 1}],
        state=[[{"id": key, "property": "value", "value": "2019"}]],
    )  # fmt: skip
    assert answer.status_code == 200
    assert services.store.read("select envelope from cohort_envelope").item() == "2019"


def test_hours_of_earlier_years_are_shown_then_saved(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    last, first = services.store.read("select last_name, first_name from student order by id limit 1").row(0)
    text = f"Nom;Prénom;Année;Prévues;Tenues\n{last};{first};2025;70;60\nINCONNU;Jean;2025;70;60"
    file = {"value": "data:text/csv;base64," + base64.b64encode(text.encode()).decode()}
    uploaded = {"id": "carried-upload", "property": "contents"} | file
    name = {"id": "carried-upload", "property": "filename", "value": "heures.csv"}
    shown = call(client, inputs=[uploaded, []], state=[name], output="carried-shown.children")
    said = json.dumps(shown.get_json(), ensure_ascii=False).replace("\u00a0", " ")
    assert "1 ligne lue, 1 élève, 60 h tenues" in said
    assert "Ligne 3, INCONNU Jean : Élève introuvable" in said
    button = {"id": "save-carried", "property": "n_clicks", "value": 1}
    answer = call(client, inputs=[button], state=[[], uploaded, name])
    assert "1 ligne enregistrée" in json.dumps(answer.get_json(), ensure_ascii=False).replace("\u00a0", " ")
    assert services.store.read("select held from carried_minutes").item() == 3600
