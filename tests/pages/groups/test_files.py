"""Files to download and lists to print."""

import base64

import flask
import pytest

from apdash.components.still import markup
from apdash.pages.groups.lists import doors
from apdash.services import Services
from apdash.store.commands.groups import describe_group
from tests.conftest import Client, call, enter_demo, open_page
from tests.pages.dialog import text_of
from tests.pages.groups.acts import group_of, seen
from tests.school_factory import PILOT, School


def give(client: Client, kind: str) -> flask.Response:
    pressed = [{"id": {"groups": "export", "kind": kind}, "property": "n_clicks", "value": 1}]
    until = {"id": "groups-until", "property": "value", "value": "2026-12-31"}
    state = [until, {"id": "url", "property": "search", "value": "?vue=listes"}]
    return call(client, inputs=[pressed], state=state)


@pytest.mark.parametrize(
    "kind", ["edt", "edt-utf8", "edt-xlsx", "gepi-aid", "gepi-groupes", "portes", "calendrier"]
)
def test_the_pilot_downloads_every_kind_of_file(client: Client, school: School, kind: str) -> None:
    enter_demo(client, "pilote")
    data = give(client, kind).get_json()["response"]["groups-download"]["data"]
    assert data["filename"].isascii()
    assert data["filename"].startswith(f"apdash-{kind}-2026-11-18.")
    content = base64.b64decode(data["content"])
    assert b"REM-LEC" not in content
    if kind == "edt":
        assert "ESTÈVE" in content.decode("cp1252")
    if kind == "calendrier":
        assert b"ABADIE" not in content


def test_who_is_missing_from_a_file_is_told_with_it(
    client: Client, services: Services, school: School
) -> None:
    with services.store.write() as tx:
        tx.run("update student set ine = null where id = $one", one=school.students[0])
    enter_demo(client, "pilote")
    told = text_of(give(client, "gepi-aid"))
    assert "Fichier incomplet" in told
    assert "faute d’INE" in told
    assert "apdash-gepi-aid" in told


@pytest.mark.parametrize("kind", ["edt", "portes", "calendrier"])
def test_a_teacher_gets_no_file_and_no_button(client: Client, school: School, kind: str) -> None:
    enter_demo(client, "lecture")
    told = text_of(give(client, kind))
    assert "Geste réservé" in told
    assert "content" not in told
    assert "Fichiers à rendre" not in open_page(client, "/groupes", "?vue=listes")


def test_lists_by_group_have_a_box_for_each_next_meeting(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/groupes", "?vue=listes")
    assert page.count('gp-sheet\\"') + page.count('gp-sheet"') == 3
    assert "24\u00a0nov." in page
    assert "15\u00a0déc." in page
    assert "22\u00a0déc." not in page


def test_lists_by_division_say_where_each_goes(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/groupes", "?vue=listes&liste=division")
    assert "Division 2TNE" in page
    assert "Division 2MRC" in page
    assert "Lire et comprendre" not in page


def test_the_list_for_doors_names_no_student_and_no_need(services: Services, school: School) -> None:
    describe_group(services.store, PILOT, group=group_of(services, "REM-LEC"), name="Atelier lecture")
    at, picture = seen(services, PILOT)
    posted = markup(doors(at, picture))
    assert "2AP02" in posted
    assert "Mme LECTURE" in posted
    for hidden in ("ABADIE", "REM-LEC", "Lire et comprendre", "ax-"):
        assert hidden not in posted
