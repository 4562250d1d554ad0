"""Changing groups: each gesture through its dialog, the journal, and what it takes back."""

from datetime import date

import pytest

from apdash.services import Services
from apdash.store.queries.groups import acts, members
from tests.conftest import Client, enter_demo, open_page
from tests.pages.dialog import confirm, open_dialog, send
from tests.pages.groups.acts import DAY, group_of
from tests.school_factory import PILOT, School


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
