"""The roll through HTTP: who may, what is written, what is refused; the logbooks."""

from collections.abc import Callable
from datetime import datetime

import polars as pl
import pytest

from apdash.pages.roll.words import owner_of
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store.commands.attendance import tell_done
from apdash.store.queries.groups import groups_in_force
from apdash.store.queries.sessions import sessions
from tests.conftest import Client, enter_demo, open_page
from tests.school_factory import P1, PILOT, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
TODAY = "2026-10-06"


@pytest.fixture
def school(services: Services, add_account: Callable[..., None]) -> School:
    """Two groups of four on Tuesdays, their adults, the pilot; it is the first Tuesday."""
    made = make_school(services.store)
    made.add_students("2TNE", 4)
    made.add_students("2MRC", 5)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT")):
        made.add_staff(name, [need], ["mar-10"])
        add_account(name, "teacher", staff=made.staff[name])
    add_account("pilote", "pilot")
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", made.students[:4]),
        ("mar-10", "REM-MAT", "calcul", made.students[4:8]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', $day)", day=TODAY)
    return made


def session_of(services: Services, need: str, at: int = 0) -> int:
    found = sessions(services.store, PILOT, first=P1[0], last=P1[1])
    return found.filter(pl.col("need") == need)["session"][at]


def owner(login: str) -> str:
    return owner_of(Viewer(login=login, name=login, role=Role.TEACHER))


def send(client: Client, session: int, login: str, *rows: list, **more: object) -> tuple[int, dict]:
    client.get("/", headers={"Accept": "text/html"})
    token = client.get_cookie("_csrf_token").value
    body = {"owner": owner(login), "session": session, "entries": list(rows)} | more
    answer = client.post("/appel/saisie", json=body, headers={"X-CSRFToken": token})
    return answer.status_code, answer.get_json()


def test_a_roll_is_shown_called_and_held(client: Client, services: Services, school: School) -> None:
    session, student = session_of(services, "REM-LEC"), school.students[0]
    enter_demo(client, "lecture")
    page = open_page(client, "/appel", f"?seance={session}")
    assert "Valider l’appel" in page
    assert page.count("roll-row") == 5  # four students, and the row that others are made of
    assert "L’élève et sa famille peuvent lire ce texte" in page
    code, answer = send(client, session, "lecture", [student, "late", 10, "k1", [""]], hold=True)
    assert (code, answer["written"], answer["conflicts"]) == (200, ["k1"], [])
    told = client.get(f"/appel/saisie?seance={session}").get_json()
    assert told["held"] is True
    assert [student, "late", 10, "k1", "Lecture"] in told["rows"]
    assert "en retard, 10" in open_page(client, "/appel", f"?seance={session}")


def test_a_conflict_is_told_with_who(client: Client, services: Services, school: School) -> None:
    session, student = session_of(services, "REM-LEC"), school.students[0]
    enter_demo(client, "lecture")
    send(client, session, "lecture", [student, "absent", None, "k1", [""]])
    enter_demo(client, "pilote")
    _, answer = send(client, session, "pilote", [student, "present", None, "p1", [""]])
    assert answer["written"] == []
    assert answer["conflicts"][0][:5] == [student, "absent", None, "k1", "Lecture"]
    send(client, session, "pilote", [student, "present", None, "p2", ["k1"]])
    page = open_page(client, "/appel", f"?seance={session}")
    assert "Corrections" in page
    assert "absent → présent" in page


def test_nobody_reads_or_calls_the_roll_of_others(client: Client, services: Services, school: School) -> None:
    session = session_of(services, "REM-LEC")
    enter_demo(client, "calcul")
    page = open_page(client, "/appel", f"?seance={session}")
    assert "pas accessible" in page
    assert "Valider" not in page
    assert client.get(f"/appel/saisie?seance={session}").status_code == 422
    code, answer = send(client, session, "calcul", [school.students[0], "absent", None, "k1", [""]])
    assert code == 422
    assert "accessible" in answer["message"]
    assert services.store.read("select count(*) as n from attendance").item() == 0


@pytest.mark.parametrize(
    "row",
    [
        ["x", "absent", None, "k", [""]], [1, "malade", None, "k", [""]], [1, "absent", None, "", [""]],
        [1, "absent", 5, "k", [""]], [1, "late", 0, "k", [""]], [1, "late", "5", "k", [""]],
        [1, "absent", None, "k" * 90, [""]], [1, "absent", None, "k", [1]], [1, "absent", None, "k", [""] * 60],
        [1, "absent", None, "k"],
    ],
)  # fmt: skip
def test_a_message_our_pages_never_send_is_refused(
    client: Client, services: Services, school: School, row: list
) -> None:
    enter_demo(client, "pilote")
    assert send(client, session_of(services, "REM-LEC"), "pilote", row)[0] == 422


def test_what_somebody_else_left_in_the_browser_is_not_sent_as_mine(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    session = session_of(services, "REM-LEC")
    assert send(client, session, "lecture", [school.students[0], "absent", None, "k", [""]])[0] == 409
    token = {"X-CSRFToken": "faux"}
    assert client.post("/appel/saisie", json={}, headers=token).status_code == 400
    assert services.store.read("select count(*) as n from attendance").item() == 0


def test_a_session_to_come_shows_who_is_expected_and_takes_no_roll(
    client: Client, services: Services, school: School
) -> None:
    later = session_of(services, "REM-LEC", 1)
    enter_demo(client, "lecture")
    page = open_page(client, "/appel", f"?seance={later}")
    assert "Séance à venir" in page
    assert "Valider" not in page
    assert send(client, later, "lecture", hold=True)[0] == 422


def test_the_list_shows_the_sessions_one_leads(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "lecture")
    page = open_page(client, "/appel", "?tous=non")
    assert "appel à faire" in page
    assert "Mme CALCUL" not in page
    enter_demo(client, "pilote")
    assert "Mme CALCUL" in open_page(client, "/appel", "?tous=oui")


def test_what_was_done_comes_with_the_entries(client: Client, services: Services, school: School) -> None:
    session = session_of(services, "REM-LEC")
    enter_demo(client, "lecture")
    assert send(client, session, "lecture", done="Lire une notice", seen="")[1]["other"] is None
    assert send(client, session, "lecture", done="Autre", seen="")[1]["other"] == "Lire une notice"
    assert send(client, session, "lecture", done="a" * 201, seen="Lire une notice")[0] == 422
    told = send(client, session, "lecture", done="Aide dys", seen="Lire une notice")[1]
    assert "peuvent lire ce texte" in told["warning"]


def test_the_logbook_of_a_group_names_who_was_missing_to_its_adults_only(
    client: Client, services: Services, school: School
) -> None:
    session = session_of(services, "REM-LEC")
    group = groups_in_force(services.store, PILOT, on=P1[0]).filter(pl.col("need") == "REM-LEC")["ap_group"][
        0
    ]
    enter_demo(client, "lecture")
    rows = [[one, "present", None, f"k{one}", [""]] for one in school.students[1:4]]
    send(client, session, "lecture", [school.students[0], "absent", None, "a", [""]], *rows, hold=True)
    tell_done(
        services.store,
        PILOT,
        session=session,
        words="Lire une notice",
        seen=None,
        now=datetime(2026, 10, 6, 11),
    )
    last = services.store.read("select last_name from student where id = $id", id=school.students[0]).item()
    page = open_page(client, "/cahier", f"?groupe={group}")
    for words in ("Lire une notice", last, "3 sur 4", "1\u00a0séance tenue"):
        assert words in page
    enter_demo(client, "calcul")
    assert "pas accessible" in open_page(client, "/cahier", f"?groupe={group}")
    assert "introuvable" in open_page(client, "/cahier", "")


def test_the_logbook_of_a_student_names_no_other(client: Client, services: Services, school: School) -> None:
    session, student = session_of(services, "REM-LEC"), school.students[0]
    enter_demo(client, "lecture")
    rows = [[one, "absent", None, f"k{one}", [""]] for one in school.students[:4]]
    send(client, session, "lecture", *rows, hold=True)
    page = open_page(client, "/cahier", f"?eleve={student}")
    names = services.store.read("select id, last_name from student order by id").rows()
    assert [name for key, name in names if name in page] == [name for key, name in names if key == student]
    assert "absent" in page
    assert "Son cahier d’AP" in open_page(client, "/eleve", f"?id={student}")
    enter_demo(client, "calcul")
    assert "pas accessible" in open_page(client, "/cahier", f"?eleve={student}")
