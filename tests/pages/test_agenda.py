"""The agenda as a browser receives it: who sees what, the panel and its gestures, an absence settled."""

import json
from collections.abc import Callable
from datetime import date, datetime

import polars as pl
import pytest

from apdash.pages.agenda.ids import OPENED, SETTLE
from apdash.services import Services
from apdash.store.commands.sessions import cancel_sessions
from apdash.store.queries import sessions as queries
from tests.conftest import Client, call, enter_demo, open_page
from tests.school_factory import NOW, P1, PILOT, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
TUESDAY = date(2026, 11, 24)
WEEK = "?date=2026-11-24"
NBSP = "\u00a0"


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    """Twelve students in three groups on Tuesdays; the pilot leads none, « autre » sees nobody."""
    made = make_school(services.store)
    made.add_students("2TNE", 6)
    made.add_students("2MRC", 6)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("etude", "ACC-ETU")):
        made.add_staff(name, [need], ["mar-10"])
    made.add_staff("autre", [], [])
    made.add_room("B12", 12, ["mar-10"])
    people = made.students
    made.know(people, {"REM-LEC": 60, "REM-MAT": 60})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:4]),
        ("mar-10", "REM-MAT", "calcul", people[4:8]),
        ("mar-10", "ACC-ETU", "etude", people[8:]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    for name in ("lecture", "autre"):
        add_account(name, "teacher", staff=made.staff[name])
    return made


def session_of(services: Services, need: str, on: date = TUESDAY) -> dict:
    rows = queries.sessions(services.store, PILOT, first=on, last=on).filter(pl.col("need") == need)
    return rows.row(0, named=True)


def panel(client: Client, what: str, key: object = "") -> str:
    opened = {"id": OPENED, "property": "data", "value": {"what": what, "key": str(key), "at": 1}}
    answer = call(client, inputs=[opened])
    return answer.get_data(as_text=True).encode().decode("unicode_escape", errors="ignore")


def make(client: Client, gesture: str, key: object, *, agreed: bool = False, **fields: object) -> str:
    """Press the button of a gesture, its fields filled; return what the browser receives."""

    def part(agenda: str, prop: str, value: object = None, **more: object) -> dict:
        return {"id": {"agenda": agenda, "gesture": gesture, **more}, "property": prop, "value": value}

    filled = [part("field", "value", value, name=name.replace("_", "-")) for name, value in fields.items()]
    boxes = [part("agreed", "value", True)] if agreed else []
    inputs = [[part("do", "n_clicks", 1, key=str(key))]]
    told = [part("said", "children")]
    state = [filled, boxes, {"id": "url", "property": "search", "value": WEEK}]
    return pressed(client, inputs, state, told)


def pressed(client: Client, inputs: list, state: list, told: list) -> str:
    cookie = client.get_cookie("_csrf_token")
    known = client.get("/_dash-dependencies").get_json()
    output = next(one["output"] for one in known if '"said"' in one["output"] and '"agenda"' in one["output"])
    outputs = [
        told if name.startswith("{") else {"id": name, "property": prop}
        for name, prop in (part.rsplit(".", 1) for part in output.strip(".").split("..."))
    ]
    first = inputs[0][0]
    changed = json.dumps(first["id"], sort_keys=True, separators=(",", ":")) + "." + first["property"]
    body = {
        "output": output,
        "outputs": outputs,
        "inputs": inputs,
        "state": state,
        "changedPropIds": [changed],
    }
    answer = client.post("/_dash-update-component", json=body, headers={"X-CSRFToken": cookie.value})
    return answer.get_data(as_text=True).encode().decode("unicode_escape", errors="ignore")


def test_the_week_of_the_pilot_shows_every_session(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/seances", WEEK)
    assert f"3{NBSP}séances du 23 au 27{NBSP}nov." in page
    assert "Semaine A" in page
    for words in ("2AP02", "Atelier lecture", "Mme LECTURE", "Prévue", "data-agenda"):
        assert words in page
    assert "Atelier lecture" not in open_page(client, "/seances", f"{WEEK}&adulte={school.staff['calcul']}")
    assert "/appel?seance=" in open_page(client, "/seances", "?date=2026-11-17")


def test_a_teacher_sees_their_own_sessions_and_changes_none(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lecture")
    page = open_page(client, "/seances", WEEK)
    assert "Atelier lecture" in page
    assert "Atelier calcul" not in page
    assert "data-agenda" not in page
    session = session_of(services, "REM-LEC")["session"]
    assert "Déplacer" not in panel(client, "session", session)
    assert "Séance introuvable" in panel(client, "session", session_of(services, "REM-MAT")["session"])
    assert "Geste réservé" in panel(client, "add")
    assert "Geste réservé" in make(client, "cancel", session, why="INT")
    assert "Adresse incomplète" in open_page(client, "/seances", "?vue=absence")
    enter_demo(client, "autre")
    assert "Aucune séance" in open_page(client, "/seances", f"{WEEK}&miennes=0")


def test_holidays_and_empty_weeks_say_why(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/seances", "?date=2026-10-20")
    assert "Toussaint" in page
    assert f"Séances du 3{NBSP}nov." in page
    assert "Date illisible" in open_page(client, "/seances", "?date=demain")
    assert "Aucune séance avec ces filtres" in open_page(client, "/seances", f"{WEEK}&niveau=Tle")


def test_a_session_is_moved_from_the_panel_and_brought_back(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    session = session_of(services, "REM-LEC")["session"]
    shown = panel(client, "session", session)
    for words in ("Déplacer ou reporter", "Réunir à une autre séance", "4 + 4 élèves", "Historique (1)"):
        assert words in shown
    asked = {"day": "2026-11-26", "hour": "14:00", "minutes": 55, "room": str(school.rooms["B12"])}
    assert "Jour sans cours" in make(client, "move", session, **asked | {"day": "2026-12-25"})
    assert "Il manque une heure" in make(client, "move", session, **asked | {"hour": ""})
    assert "Séance déplacée" in make(client, "move", session, **asked)
    assert session_of(services, "REM-LEC", date(2026, 11, 26))["room_code"] == "B12"
    assert "Déplacée du mardi 24" in open_page(client, "/seances", WEEK)
    assert "Annuler le dernier geste" in panel(client, "session", session)
    assert "Geste annulé" in make(client, "undo", session)
    assert session_of(services, "REM-LEC")["session"] == session


def test_the_other_gestures_of_the_panel(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    session, study = session_of(services, "REM-LEC")["session"], session_of(services, "ACC-ETU")["session"]
    free = str(school.staff["autre"])
    assert "Adulte remplacé" in make(client, "staff", session, first=free, second="")
    assert session_of(services, "REM-LEC")["staff_names"] == "Mme AUTRE"
    assert "Adulte déjà pris" in make(client, "staff", session, first=str(school.staff["calcul"]))
    assert "Adulte remplacé" in make(client, "staff", session, first="groupe")
    assert "Salle changée" in make(client, "room", session, room=str(school.rooms["B12"]))
    assert "Salle déjà prise" in make(client, "room", study, room=str(school.rooms["B12"]))
    assert "Séances réunies" in make(client, "join", session, host=str(study))
    assert "Avec 2AP01" in open_page(client, "/seances", WEEK)
    assert "Séance rétablie" in make(client, "restore", session)
    assert "Il manque le motif" in make(client, "cancel", session, why="")
    assert "Séance non tenue" in make(client, "cancel", session, why="EXAM")
    assert f"Non tenue{NBSP}: examen" in open_page(client, "/seances", WEEK)
    past = session_of(services, "REM-LEC", date(2026, 11, 17))["session"]
    assert "Séance notée tenue" in make(client, "hold", past)
    assert "Geste inconnu" in make(client, "danser", session)


def test_a_session_and_a_common_action_are_added(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    assert "Ses élèves et ses adultes sont ceux du groupe" in panel(client, "add", "2026-11-26")
    group = str(session_of(services, "REM-LEC")["ap_group"])
    asked = {"group": group, "day": "2026-11-26", "hour": "14:00", "minutes": 55, "room": ""}
    assert "Séance ajoutée" in make(client, "add", 0, **asked)
    assert "Ajoutée" in open_page(client, "/seances", WEEK)
    assert "Forum" not in panel(client, "action", "2026-11-25")
    said = {
        "label": "Forum des métiers", "divisions": [str(school.divisions["2TNE"])], "axis": "ORI", "place": "Mairie",
        "counts": ["1"], "day_0_0": "2026-11-25", "hour_0_0": "09:00", "minutes_0_0": 120,
    }  # fmt: skip
    assert "Il manque les divisions" in make(client, "action", 0, **said | {"divisions": []})
    assert "Action commune créée" in make(client, "action", 0, **said)
    rows = queries.sessions(services.store, PILOT, first=TUESDAY, last=date(2026, 11, 27)).drop_nulls(
        "action"
    )
    action, session = rows["action"].item(), rows["session"].item()
    assert "Modifier l’action" in panel(client, "session", session)
    assert "Forum des métiers" in panel(client, "change-action", action)
    again = said | {"label": "Forum", f"day_0_{session}": "2026-11-25"}
    dated = {f"hour_0_{session}": "10:00", f"minutes_0_{session}": 60, "day_0_0": ""}
    assert "Action commune modifiée" in make(client, "remake", action, **again | dated)
    changed = queries.sessions(services.store, PILOT, first=TUESDAY, last=date(2026, 11, 27)).drop_nulls(
        "action"
    )
    assert changed.select("session", "label", "minutes").rows() == [(session, "Forum", 60)]
    assert "1 date annulée" in make(client, "stop", changed["action"].item(), why="EVE").replace(NBSP, " ")


def test_an_absence_is_settled_meeting_by_meeting(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    assert "Qui est absent" in open_page(client, "/seances", "?vue=absence")
    search = f"?vue=absence&adulte={school.staff['calcul']}&du=2026-11-19&au=2026-12-02"
    page = open_page(client, "/seances", search)
    assert f"2{NBSP}séances du 19" in page
    assert "Réunir à 2AP01" in page
    assert "Remplacer par Mme AUTRE" in page
    assert "Remplacer par Mme LECTURE" not in page
    first, second = (session_of(services, "REM-MAT", on)["session"] for on in (TUESDAY, date(2026, 12, 1)))
    host = session_of(services, "ACC-ETU", date(2026, 12, 1))["session"]
    fates = [
        {"id": {"agenda": "fate", "session": key}, "property": "value", "value": value}
        for key, value in ((first, "annuler"), (second, f"reunir-{host}"))
    ]
    inputs = [{"id": SETTLE, "property": "n_clicks", "value": 1}]
    state = [fates, {"id": "url", "property": "search", "value": search}]
    answer = call(client, inputs=inputs, state=state).get_data(as_text=True)
    assert "Absence r" in answer
    assert session_of(services, "REM-MAT")["why"] == "INT"
    assert session_of(services, "REM-MAT", date(2026, 12, 1))["host"] == host
    assert "Non tenue, non remplacée" in open_page(client, "/seances", WEEK)
    assert "Avec 2AP01" in open_page(client, "/seances", search)


def test_what_is_not_held_is_counted_in_the_title(client: Client, services: Services, school: School) -> None:
    session = session_of(services, "REM-LEC")["session"]
    cancel_sessions(services.store, PILOT, services.reference, sessions=[session], why="INT", now=NOW)
    enter_demo(client, "pilote")
    assert f"dont 1{NBSP}non tenue" in open_page(client, "/seances", WEEK)


def test_before_any_band_the_page_says_what_to_do(
    client: Client, services: Services, add_account: Callable
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    assert "Aucune bande cette année" in open_page(client, "/seances")
