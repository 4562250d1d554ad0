"""The page « Groupes »: who sees what, gestures through the dialog, lists, files, the journal."""

import base64
import json
from collections.abc import Callable
from datetime import date, datetime

import flask
import polars as pl
import pytest

from apdash.components.still import markup
from apdash.pages.gestures.ids import OPENED
from apdash.pages.groups.asked import Asked, asked
from apdash.pages.groups.board import lead, title
from apdash.pages.groups.lists import doors
from apdash.pages.groups.moves import flow_table, span
from apdash.pages.groups.picture import Picture, read_picture
from apdash.rights import Viewer
from apdash.services import Services
from apdash.store.commands.group_changes import merge_groups, suspend_group
from apdash.store.commands.groups import describe_group
from apdash.store.queries.bands import bands
from apdash.store.queries.groups import acts, groups_in_force, members
from tests.conftest import Client, call, enter_demo, open_page
from tests.school_factory import P1, P2, PILOT, YEAR, School, adopted, make_school

BEFORE = datetime(2026, 10, 1, 9, 0)
DAY = date(2026, 11, 18)
NBSP = "\u00a0"


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    """Seventeen students of two divisions, two groups and a study group since 5 October; one has none."""
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 9)
    for name, need in (("lecture", "REM-LEC"), ("calcul", "REM-MAT"), ("etude", "ACC-ETU")):
        made.add_staff(name, [need], ["mar-10"])
    made.add_staff("autre", [], [])
    people = made.students
    made.know(people, {"REM-LEC": 83, "REM-MAT": 61})
    groups = [
        ("mar-10", "REM-LEC", "lecture", people[:5]),
        ("mar-10", "REM-MAT", "calcul", people[5:10]),
        ("mar-10", "ACC-ETU", "etude", people[10:16]),
    ]
    adopted(services, made, groups, on=P1[0], now=BEFORE)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    for name in ("lecture", "calcul", "autre"):
        add_account(name, "teacher", staff=made.staff[name])
    return made


def group_of(services: Services, need: str) -> int:
    return int(
        groups_in_force(services.store, PILOT, on=DAY).filter(pl.col("need") == need)["ap_group"].item()
    )


def seen(services: Services, viewer: Viewer, **params: str) -> tuple[Asked, Picture]:
    known = bands(services.store, year=YEAR)
    at = asked(viewer, params, today=DAY, bands=known)
    return at, read_picture(services, viewer, at, bands=known, year=YEAR)


def open_dialog(client: Client, gesture: str, key: str, *, search: str = "") -> str:
    opened = {"id": OPENED, "property": "data", "value": {"gesture": gesture, "key": key, "at": 1}}
    search = {"id": "url", "property": "search", "value": search}
    return _text(call(client, inputs=[opened], state=[search]))


def confirm(client: Client, gesture: str, key: str, *, agreed: bool = False, **fields: str) -> str:
    """Press the button of a dialog filled with these fields; return what the browser receives."""
    of = {"gesture": gesture, "key": key}
    filled = [
        part("field", "value", value, **of, name=name.replace("_", "-")) for name, value in fields.items()
    ]
    boxes = [part("agreed", "value", True, **of)] if agreed else []
    state = [filled, boxes, {"id": "url", "property": "search", "value": "?bande=toutes&maj=3"}]
    return send(
        client, [[part("do", "n_clicks", 1, **of)]], state, {"said": [part("said", "children", **of)]}
    )


def part(dialog: str, prop: str, value: object = None, **more: str) -> dict:
    """Return a part of the page as a request describes it."""
    return {"id": {"dialog": dialog, **more}, "property": prop, "value": value}


def send(client: Client, inputs: list, state: list, patterns: dict[str, object]) -> str:
    """Call a callback whose outputs are patterns. patterns: what each of them stands for, by its `dialog`."""
    cookie = client.get_cookie("_csrf_token")
    heads = {json.dumps([*sorted(one[0]["id"]), one[0]["property"]]) for one in inputs}
    output = next(
        one["output"]
        for one in client.get("/_dash-dependencies").get_json()
        if {_head(told) for told in one["inputs"]} == heads
        and inputs[0][0]["id"]["dialog"] in one["inputs"][0]["id"]
    )
    outputs = []
    for told in output.strip(".").split("..."):
        name, prop = told.rsplit(".", 1)
        kind = json.loads(name)["dialog"] if name.startswith("{") else None
        outputs.append(patterns[kind] if kind else {"id": name, "property": prop})
    first = inputs[0][0]
    changed = json.dumps(first["id"], sort_keys=True, separators=(",", ":")) + "." + first["property"]
    body = {
        "output": output,
        "outputs": outputs,
        "inputs": inputs,
        "state": state,
        "changedPropIds": [changed],
    }
    return _text(client.post("/_dash-update-component", json=body, headers={"X-CSRFToken": cookie.value}))


def _head(declared: dict) -> str:
    name = declared["id"]
    keys = sorted(json.loads(name)) if name.startswith("{") else [name]
    return json.dumps([*keys, declared["property"]])


def _text(answer: flask.Response) -> str:
    return answer.get_data(as_text=True).encode().decode("unicode_escape", errors="ignore")


def test_the_title_says_how_many_groups_for_how_many_students(services: Services, school: School) -> None:
    at, picture = seen(services, PILOT)
    assert title(at, picture) == f"3{NBSP}groupes en vigueur pour 2-A, 16{NBSP}élèves"
    assert lead(at, picture) == f"Mercredi 18{NBSP}novembre 2026{NBSP}: 1{NBSP}élève sans groupe."
    at, picture = seen(services, PILOT, division=str(school.divisions["2MRC"]))
    assert title(at, picture) == f"Les 8{NBSP}élèves de 2MRC sont dans 2{NBSP}groupes"
    at, picture = seen(services, PILOT, date="2026-09-15")
    assert title(at, picture) == f"Aucun groupe en vigueur le 15{NBSP}sept. 2026"


def test_what_is_unusual_that_day_is_said(services: Services, school: School) -> None:
    now, reading, maths = (
        datetime(2026, 11, 16, 9),
        group_of(services, "REM-LEC"),
        group_of(services, "REM-MAT"),
    )
    study = group_of(services, "ACC-ETU")
    suspend_group(services.store, PILOT, group=maths, first=DAY, last=DAY, now=now)
    merge_groups(
        services.store, PILOT, services.reference, group=reading, into=study, first=DAY, last=DAY, now=now
    )
    school.add("placement", {"division": school.divisions["2TNE"], "starts_on": DAY, "ends_on": DAY})
    at, picture = seen(services, PILOT)
    assert title(at, picture) == f"2{NBSP}groupes en vigueur pour 2-A, 16{NBSP}élèves"
    assert lead(at, picture) == (
        f"Mercredi 18{NBSP}novembre 2026{NBSP}: 1{NBSP}groupe suspendu, 1{NBSP}groupe réuni à un autre, "
        f"8{NBSP}élèves en PFMP, 1{NBSP}élève sans groupe."
    )


def test_the_adult_of_a_group_sees_the_students_merged_into_it(services: Services, school: School) -> None:
    reading, maths = group_of(services, "REM-LEC"), group_of(services, "REM-MAT")
    merge_groups(
        services.store, PILOT, services.reference, group=reading, into=maths, first=DAY, last=DAY, now=BEFORE
    )
    found = members(services.store, school.teacher("calcul"), on=DAY, group=maths)
    assert set(found["student"]) == set(school.students[:10])


def test_the_pilot_reads_needs_and_intensities_and_may_act(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/groupes")
    assert "Lire et comprendre" in page
    assert "besoin 83 sur 100" in page
    assert "data-gesture=" in page
    assert "1\u00a0élève sans groupe" in page
    assert "Prolonger les groupes" in page


def test_a_teacher_opens_on_their_own_group_and_may_not_act(client: Client, school: School) -> None:
    enter_demo(client, "lecture")
    page = open_page(client, "/groupes")
    assert "Vous animez 1\u00a0groupe, 5\u00a0élèves" in page
    assert "ABADIE" in page
    assert "Lire et comprendre" in page
    assert "besoin 83 sur 100" in page
    assert "data-gesture=" not in page
    assert "JOLY" not in page


def test_somebody_else_s_group_shows_its_public_name_only(
    client: Client, services: Services, school: School
) -> None:
    service = {"year": YEAR, "division": school.divisions["2TNE"], "staff": school.staff["autre"]}
    school.add("service", service | {"subject": "M"})
    enter_demo(client, "autre")
    page = open_page(client, "/groupes", "?miens=0")
    assert "Vos 8\u00a0élèves sont dans 2\u00a0groupes" in page
    assert "Atelier lecture" in page
    for secret in ("Lire et comprendre", "besoin 83", "besoin 61", "ax-REM", "REM-LEC", "JOLY"):
        assert secret not in page


def test_a_teacher_without_students_sees_nobody(client: Client, school: School) -> None:
    enter_demo(client, "autre")
    for search in ("", "?miens=0", "?miens=0&bande=toutes", "?vue=listes&miens=0", "?vue=mouvements"):
        page = open_page(client, "/groupes", search)
        assert "ABADIE" not in page
        assert "2AP01" not in page
    assert "Geste réservé" in open_page(client, "/groupes", "?vue=journal")


def test_a_band_is_named_by_its_code_or_by_its_number(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    for band in ("2-A", school.band):
        assert "en vigueur pour 2-A" in open_page(client, "/groupes", f"?bande={band}")
    assert "Adresse incomplète" in open_page(client, "/groupes", "?bande=Z-9")


def test_an_address_that_leads_nowhere_is_refused_in_words(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    for search in ("?date=demain", "?vue=<script>", "?creneau=x", "?vue=listes&liste=x"):
        page = open_page(client, "/groupes", search)
        assert "Date illisible" in page or "Adresse incomplète" in page


def test_a_student_changes_group_once_the_warning_is_accepted(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    student, reading, maths = school.students[0], group_of(services, "REM-LEC"), group_of(services, "REM-MAT")
    asked_for = {"group": str(maths), "on": "2026-11-18", "reason": "PROG"}
    confirm(client, "move", f"{school.students[1]}-{reading}", **asked_for)
    key = f"{student}-{reading}"
    dialog = open_dialog(client, "move", key)
    assert "Changer ABADIE" in dialog
    assert "besoin 61" in dialog
    refused = confirm(client, "move", key, **asked_for)
    assert "n’aurait plus que 3\u00a0élèves" in refused
    assert "à accepter" in refused
    assert acts(services.store, PILOT)["kind"].to_list() == ["move", "adopt"]
    done = confirm(client, "move", key, agreed=True, **asked_for)
    assert "est dans 2AP03" in done
    assert "maj=4" in done
    inside = members(services.store, PILOT, on=DAY, group=maths)
    assert student in inside["student"].to_list()
    assert "PROG" in acts(services.store, PILOT)["reason"].to_list()


def test_the_dialog_says_what_stands_in_the_way_before_confirming(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    away = {"division": school.divisions["2TNE"], "starts_on": DAY, "ends_on": date(2026, 11, 27)}
    school.add("placement", away)
    of = {"gesture": "move", "key": f"{school.students[0]}-{group_of(services, 'REM-LEC')}"}
    values = {"group": str(group_of(services, "REM-MAT")), "on": "2026-11-18", "reason": ""}
    cells = [
        {"id": {"dialog": "field", **of, "name": name}, "property": "value", "value": value}
        for name, value in values.items()
    ]
    said = {"id": {"dialog": "said", **of}, "property": "children"}
    does = {"id": {"dialog": "do", **of}, "property": "disabled"}
    told = send(client, [cells], [], {"said": said, "do": does})
    assert "PFMP jusqu’au" in told
    assert '"disabled":true' in told


def test_a_gesture_without_its_reason_says_so_in_the_dialog(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    key = f"{school.students[0]}-{group_of(services, 'REM-LEC')}"
    told = confirm(client, "move", key, group=str(group_of(services, "REM-MAT")), on="2026-11-18", reason="")
    assert "Il manque le motif" in told
    assert '"is_open":true' in told


def test_a_replacement_says_until_when(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    told = confirm(
        client, "staff", str(group_of(services, "REM-LEC")), what="replace", leaving=str(school.staff["lecture"]),
        coming=str(school.staff["autre"]), on="2026-11-23", until="2026-12-04", reason="INT",
    )  # fmt: skip
    assert "du 23\u00a0nov. 2026 au 4\u00a0déc. 2026\u00a0: Mme AUTRE" in told


def test_flows_of_one_size_follow_the_order_of_needs() -> None:
    names = {"REM-LEC": "Lecture", "REM-ECR": "Écriture", "DEV-CNF": "Parole"}
    moves = pl.DataFrame(
        {
            "slot_code": "mar-10", "student": [1, 2, 3], "need_before": ["REM-LEC"] * 3,
            "need_after": ["DEV-CNF", None, "REM-ECR"], "move": ["need", "leaves", "need"],
        }
    )  # fmt: skip
    table = markup(flow_table(moves, names))
    assert table.index("Écriture") < table.index("Parole") < table.index("aucun groupe")


@pytest.mark.parametrize(
    ("gesture", "fields", "kind"),
    [
        ("suspend", {"first": "2026-11-23", "last": "2026-11-27", "reason": "INT"}, "suspend"),
        ("merge", {"into": "REM-MAT", "first": "2026-11-23", "last": "2026-11-27", "reason": "PFMP"}, "merge"),
        ("staff", {"what": "add", "coming": "autre", "on": "2026-11-23", "until": "", "reason": ""}, "staff"),
        (
            "staff",
            {"what": "replace", "leaving": "lecture", "coming": "autre", "on": "2026-11-23", "until": "2026-12-04",
             "reason": "INT"},
            "staff",
        ),
        ("staff", {"what": "remove", "leaving": "lecture", "on": "2026-11-23", "until": "", "reason": "INT"}, "staff"),
        ("room", {"room": "B12", "on": "2026-11-23"}, "staff"),
    ],
)  # fmt: skip
def test_each_gesture_on_a_group_is_one_act_that_the_journal_takes_back(
    client: Client, services: Services, school: School, gesture: str, fields: dict, kind: str
) -> None:
    enter_demo(client, "pilote")
    school.add_room("B12", 16, [])
    ids = {"autre": school.staff["autre"], "lecture": school.staff["lecture"], "B12": school.rooms["B12"],
           "REM-MAT": group_of(services, "REM-MAT")}  # fmt: skip
    key = str(group_of(services, "REM-LEC"))
    assert "2AP02 Atelier lecture" in open_dialog(client, gesture, key)
    answer = confirm(
        client, gesture, key, **{name: str(ids.get(value, value)) for name, value in fields.items()}
    )
    assert '"is_open":false' in answer, answer[:400]
    last = acts(services.store, PILOT).row(0, named=True)
    assert last["kind"] == kind
    assert "Annuler" in open_page(client, "/groupes", "?vue=journal")
    assert "Ce qu’il a remplacé" in open_dialog(client, "undo", str(last["act"]))
    confirm(client, "undo", str(last["act"]))
    assert acts(services.store, PILOT)["kind"].to_list() == ["undo", kind, "adopt"]


def test_an_act_others_rest_on_is_not_taken_back_and_says_which(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    key = f"{school.students[0]}-{group_of(services, 'REM-LEC')}"
    move = {"group": str(group_of(services, "REM-MAT")), "on": "2026-11-18", "reason": "PROG"}
    confirm(client, "move", key, agreed=True, **move)
    adoption = acts(services.store, PILOT)["act"].to_list()[-1]
    told = confirm(client, "undo", str(adoption))
    assert "Annulation impossible" in told
    assert "changement d’élève" in told


def test_an_arrival_is_placed_and_a_departure_ends_all_groups(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    arrived, band = school.students[16], school.band
    assert "Sans groupe" in open_dialog(client, "place", f"{arrived}-{band}")
    field = {f"slot_{school.slots['mar-10']}": str(group_of(services, "ACC-ETU"))}
    confirm(client, "place", f"{arrived}-{band}", agreed=True, on="2026-11-18", **field)
    assert arrived in members(services.store, PILOT, on=DAY)["student"].to_list()
    assert "Départ de" in open_dialog(client, "leave", str(arrived))
    confirm(client, "leave", str(arrived), last="2026-11-18", reason="DEP")
    after = members(services.store, PILOT, on=date(2026, 11, 19))
    assert arrived not in after["student"].to_list()


def test_prolonging_and_describing_are_told(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    assert "2027-01-08" in open_dialog(client, "prolong", str(school.band))
    assert "prolongés jusqu’au 8\u00a0janv. 2027" in confirm(
        client, "prolong", str(school.band), on="2026-11-18", until="2027-01-08"
    )
    confirm(
        client,
        "describe",
        str(group_of(services, "REM-LEC")),
        name="Lire",
        objective="Deux pages.",
        scheme="SOU",
    )
    page = open_page(client, "/groupes")
    assert "Deux pages." in page


def test_groups_that_are_still_to_come_are_prolonged_on_the_day_shown(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    with services.store.write() as tx:
        tx.run("update setting set value = '2026-10-02' where key = 'today'")
    opened = open_dialog(client, "prolong", str(school.band), search="?date=2026-10-05")
    assert "2026-10-05" in opened
    assert "aucun groupe ouvert" in confirm(
        client, "prolong", str(school.band), on="2026-10-02", until="2027-01-08"
    )
    assert "prolongés jusqu’au 8\u00a0janv. 2027" in confirm(
        client, "prolong", str(school.band), on="2026-10-05", until="2027-01-08"
    )


def test_a_teacher_may_neither_open_a_dialog_nor_act(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "lecture")
    reading = group_of(services, "REM-LEC")
    for gesture in ("suspend", "staff", "describe"):
        assert "Geste réservé" in open_dialog(client, gesture, str(reading))
    key = f"{school.students[0]}-{reading}"
    told = confirm(
        client,
        "move",
        key,
        agreed=True,
        group=str(group_of(services, "REM-MAT")),
        on="2026-11-18",
        reason="PROG",
    )
    assert "Geste réservé" in told
    assert acts(services.store, PILOT)["kind"].to_list() == ["adopt"]


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
    told = _text(give(client, "gepi-aid"))
    assert "Fichier incomplet" in told
    assert "faute d’INE" in told
    assert "apdash-gepi-aid" in told


@pytest.mark.parametrize("kind", ["edt", "portes", "calendrier"])
def test_a_teacher_gets_no_file_and_no_button(client: Client, school: School, kind: str) -> None:
    enter_demo(client, "lecture")
    told = _text(give(client, kind))
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


def test_moves_between_two_days_are_counted_and_named(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    key = f"{school.students[0]}-{group_of(services, 'REM-LEC')}"
    move = {"group": str(group_of(services, "REM-MAT")), "on": "2026-11-18", "reason": "PROG"}
    confirm(client, "move", key, agreed=True, **move)
    page = open_page(client, "/groupes", "?vue=mouvements&du=2026-11-17&au=2026-11-18")
    assert f"1{NBSP}déplacement sur 16{NBSP}places (6{NBSP}%)" in page
    assert "ABADIE" in page
    assert "2AP03 Atelier calcul et mesure" in page
    assert "Les groupes de l’année" in page
    assert f"mardi{NBSP}10{NBSP}h" in page
    assert "mar-10" not in page


def test_moves_are_counted_from_the_first_composition_then_from_the_eve_of_the_last(
    services: Services, school: School
) -> None:
    at, picture = seen(services, PILOT)
    assert span(at, picture) == (P1[0], DAY)
    seats = [("mar-10", "ACC-ETU", "etude", school.students)]
    adopted(services, school, seats, on=P2[0])
    at, picture = seen(services, PILOT, date="2026-11-25")
    assert span(at, picture) == (date(2026, 11, 22), date(2026, 11, 25))
    assert span(*seen(services, PILOT)) == (P1[0], DAY)


def test_a_school_without_bands_is_told_what_to_do(
    client: Client, services: Services, add_account: Callable
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    assert "Aucune bande cette année" in open_page(client, "/groupes")
