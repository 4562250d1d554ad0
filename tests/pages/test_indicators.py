"""The page of indicators: who may open it, what it shows, its lists, its paper without names, earlier figures."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from apdash.services import Services
from tests.conftest import Client, enter_demo, open_page
from tests.school_factory import NOW, P1, School, adopted, make_school

SLOT = "mar-10"


@pytest.fixture
def school(services: Services, add_account: Callable[..., None]) -> School:
    """Sixteen students in reading and étude since October, a bilan closed on 18 November, entered by its doors."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 8)
    for name, need in (("lecture", "REM-LEC"), ("cdi", "ACC-ETU")):
        made.add_staff(name, [need], [SLOT])
    a, b = made.students[:8], made.students[8:]
    groups = [(SLOT, "REM-LEC", "lecture", a[:4] + b[:4]), (SLOT, "ACC-ETU", "cdi", a[4:] + b[4:])]
    adopted(services, made, groups, on=P1[0], now=NOW - timedelta(days=40))
    made.know(made.students, {"REM-LEC": 40})
    made.know([a[0], b[0]], {"REM-MAT": None})
    made.add("setting", {"key": "today", "value": "2026-11-20"}, {"key": "demo", "value": "oui"})
    add_account("pilote", "pilot")
    add_account("direction", "direction")
    add_account("enseignant", "teacher", staff=made.staff["lecture"])
    return made


def text(client: Client, search: str = "", path: str = "/indicateurs") -> str:
    return open_page(client, path, search)


def test_a_teacher_neither_finds_nor_opens_it(client: Client, school: School) -> None:
    enter_demo(client, "enseignant")
    shown = text(client)
    assert "Geste réservé" in shown
    assert '"Indicateurs"' not in open_page(client, "/")
    answer = client.get("/indicateurs/liste.csv?point=PEU-RENSEIGNE")
    assert (answer.status_code, "ABADIE" in answer.get_data(as_text=True)) == (422, False)


def test_without_a_year_it_says_where_to_start(
    client: Client, services: Services, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    enter_demo(client, "pilote")
    assert "Aucune année scolaire" in text(client)


def test_each_point_tells_its_threshold_and_opens_its_list(client: Client, school: School) -> None:
    enter_demo(client, "direction")
    shown = text(client)
    assert "Peu renseigné" in shown
    assert "2\u00a0élèves" in shown
    assert "Pas encore mesurable" in shown
    assert "Comment c’est calculé" in shown
    listed = text(client, "?point=PEU-RENSEIGNE")
    assert "ABADIE" in listed
    assert f"/eleve?id={school.students[0]}" in listed
    assert "ne pas décider sans savoir" in listed


def test_a_list_goes_away_as_csv(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    answer = client.get("/indicateurs/liste.csv?point=PEU-RENSEIGNE")
    assert answer.headers["Content-Disposition"].endswith('peu-renseigne-2026-11-20.csv"')
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "point de vigilance;qui ou quoi;constat;niveau;au"
    assert len(lines) == 3
    assert lines[1].endswith("à surveiller;20/11/2026")


def test_filters_narrow_what_is_shown(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    listed = text(client, f"?point=PEU-RENSEIGNE&division={school.divisions['2TNE']}")
    assert "ABADIE" in listed
    assert "1\u00a0élève" in listed
    assert "Niveau inconnu" in text(client, "?niveau=Tle")
    assert "Division inconnue" in text(client, "?division=1")
    assert "Bilan inconnu" in text(client, "?au=1")
    assert "Point inconnu" in text(client, "?point=RIEN")


def test_the_paper_names_nobody(client: Client, school: School, services: Services) -> None:
    enter_demo(client, "direction")
    shown = text(client, "?vue=evaluation")
    assert "Évaluation de l’accompagnement" in shown
    names = services.store.read("select last_name from student order by 1")["last_name"]
    assert [name for name in names if re.search(rf"\b{name}\b", shown)] == []


def test_figures_as_of_a_close_are_not_moved_by_later_entries(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    then = f"?au={school.review}&point=TROP-ACTIONS"
    assert "Rien à signaler" in text(client, then)
    later = {
        "student": school.students[0],
        "year": 2026,
        "scheme": "TUT",
        "starts_on": P1[0],
        "recorded_by": "t",
    }
    school.add(
        "programme", *({**later, "id": key, "recorded_at": NOW + timedelta(days=1)} for key in (1, 2, 3))
    )
    assert "ABADIE" not in text(client, then)
    assert "ABADIE" in text(client, "?point=TROP-ACTIONS")


def test_results_are_noted_on_the_students_page_by_those_who_may(client: Client, school: School) -> None:
    enter_demo(client, "enseignant")
    page = f"?id={school.students[0]}"
    assert "Résultat et devenir" not in text(client, page, "/eleve")
    enter_demo(client, "pilote")
    assert "Résultat et devenir" in text(client, page, "/eleve")
