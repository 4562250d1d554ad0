"""Exports: the very bytes other software reads, no formula, no name where none belongs."""

import io
import xml.etree.ElementTree as ET
from datetime import date, datetime, time

import fastexcel
import polars as pl
import pytest
from icalendar import Calendar

from apdash.errors import ApdashError
from apdash.exports import KINDS, export_notes, file_name, write_export
from apdash.exports.lists import gepi_activity_rows
from apdash.exports.tables import csv_bytes, xlsx_bytes
from apdash.services import Services
from apdash.store.commands.group_changes import change_room, merge_groups, suspend_group
from apdash.store.commands.groups import move_student
from apdash.store.commands.sessions import move_session
from apdash.store.queries.groups import groups_in_force
from apdash.store.queries.lists import dated_memberships
from apdash.store.queries.sessions import sessions
from tests.school_factory import NOW, P1, PILOT, School, adopted, make_school

START = P1[0]
DAY = date(2026, 11, 19)


@pytest.fixture
def school(services: Services) -> School:
    made = make_school(services.store)
    made.add_students("2TNE", 2)
    made.add_students("2MRC", 1)
    for name, need in (("lecture", "REM-LEC"), ("etude", "ACC-ETU")):
        made.add_staff(name, [need], ["mar-10"])
    groups = [
        ("mar-10", "REM-LEC", "lecture", made.students[:1]),
        ("mar-10", "ACC-ETU", "etude", made.students[1:]),
    ]
    adopted(services, made, groups, on=START, now=datetime(2026, 10, 1, 9, 0))
    move_student(
        services.store, PILOT, services.reference, student=made.students[2], group=group_of(services, "REM-LEC"),
        on=DAY, reason="ELEV", now=NOW, acknowledged=True,
    )  # fmt: skip
    return made


def group_of(services: Services, need: str) -> int:
    found = groups_in_force(services.store, PILOT, on=DAY).filter(pl.col("need") == need)
    return found["ap_group"].item()


def test_edt_gets_one_line_per_dated_membership(services: Services, school: School) -> None:
    lines = [
        "INE;Nom;Prénom;Né(e) le;Classe;Groupe;Début;Fin",
        "000000002AA;COURTOIS;Chloé;03/03/2010;2MRC;2AP01;05/10/2026;18/11/2026",
        "000000002AA;COURTOIS;Chloé;03/03/2010;2MRC;2AP02;19/11/2026;02/07/2027",
        "000000000AA;ABADIE;Zoé;01/01/2010;2TNE;2AP02;05/10/2026;02/07/2027",
        "000000001AA;BOULANGER;Noé;02/02/2010;2TNE;2AP01;05/10/2026;02/07/2027",
    ]
    expected = "".join(f"{line}\r\n" for line in lines)
    given = {"kind": "edt", "on": START}
    assert write_export(services, PILOT, **given) == expected.encode("cp1252")
    assert write_export(services, PILOT, kind="edt-utf8", on=START) == b"\xef\xbb\xbf" + expected.encode()
    later = write_export(services, PILOT, kind="edt", on=DAY).decode("cp1252").splitlines()
    assert later == [lines[0], *lines[2:]]


def test_while_merged_students_are_listed_in_the_other_group(services: Services, school: School) -> None:
    merge_groups(
        services.store, PILOT, services.reference, group=group_of(services, "REM-LEC"),
        into=group_of(services, "ACC-ETU"), first=date(2026, 11, 30), last=date(2026, 12, 11), now=NOW,
    )  # fmt: skip
    rows = dated_memberships(services.store, PILOT, year=2026, first=DAY).filter(
        pl.col("last_name") == "ABADIE"
    )
    assert rows.select("code", "starts_on", "ends_on").rows() == [
        ("2AP02", START, date(2026, 11, 29)),
        ("2AP01", date(2026, 11, 30), date(2026, 12, 11)),
        ("2AP02", date(2026, 12, 12), date(2027, 7, 2)),
    ]


def test_a_suspension_does_not_cut_a_membership_in_two(services: Services, school: School) -> None:
    suspend_group(
        services.store, PILOT, group=group_of(services, "REM-LEC"), first=date(2026, 11, 30),
        last=date(2026, 12, 11), now=NOW,
    )  # fmt: skip
    rows = dated_memberships(services.store, PILOT, year=2026, first=DAY).filter(
        pl.col("last_name") == "ABADIE"
    )
    assert rows.select("code", "starts_on", "ends_on").rows() == [("2AP02", START, date(2027, 7, 2))]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_can_be_taken_for_a_formula(start: str) -> None:
    frame = pl.DataFrame({"Nom": [f"{start}cmd|' /C calc'!A0"], "Né(e) le": [date(2010, 1, 2)]})
    line = csv_bytes(frame, encoding="utf-8-sig").decode("utf-8-sig").splitlines()[1]
    assert line.lstrip('"').startswith("'" + start)
    sheet = fastexcel.read_excel(xlsx_bytes(frame, title="Groupes", made_at=NOW)).load_sheet(0).to_polars()
    assert sheet["Nom"].item().startswith("'")
    assert b"<f>" not in xlsx_bytes(frame, title="Groupes", made_at=NOW)


def test_letters_unknown_to_windows_1252_lose_their_accents() -> None:
    frame = pl.DataFrame({"Nom": ["LEBŒUF Ÿlmaz Ștefănescu 李"]})
    assert csv_bytes(frame, encoding="cp1252") == "Nom\r\nLEBŒUF Ÿlmaz Stefanescu ?\r\n".encode("cp1252")


def test_a_separator_inside_a_cell_is_quoted() -> None:
    frame = pl.DataFrame({"Nom": ['D"A;B']})
    assert csv_bytes(frame, encoding="cp1252") == b'Nom\r\n"D""A;B"\r\n'


def test_a_spreadsheet_holds_real_dates_and_is_the_same_each_time(services: Services, school: School) -> None:
    data = write_export(services, PILOT, kind="edt-xlsx", on=START)
    sheet = fastexcel.read_excel(data).load_sheet(0).to_polars()
    assert sheet.columns == ["INE", "Nom", "Prénom", "Né(e) le", "Classe", "Groupe", "Début", "Fin"]
    assert sheet["Début"].cast(pl.Date).to_list()[0] == START
    frame = pl.DataFrame({"a": ["b"]})
    assert xlsx_bytes(frame, title="x", made_at=NOW) == xlsx_bytes(frame, title="x", made_at=NOW)


def test_gepi_reads_activities_and_groups(services: Services, school: School) -> None:
    activities = write_export(services, PILOT, kind="gepi-aid", on=DAY).decode("utf-8-sig").splitlines()
    assert activities[:2] == ["login élève;Nom complet de l'activité", "000000002AA;2AP02 Atelier lecture"]
    groups = write_export(services, PILOT, kind="gepi-groupes", on=DAY).decode("utf-8-sig").splitlines()
    assert groups == [
        "NOM_GROUPE;DESCRIPTION_GROUPE;ID_MATIERE_GEPI;NOM_DES_CLASSES;LOGIN_PROFS",
        "2AP01;Étude accompagnée;AP;2TNE;",
        "2AP02;Atelier lecture;AP;2MRC|2TNE;",
    ]
    rows = dated_memberships(services.store, PILOT, year=2026, first=DAY)
    logins = pl.DataFrame({"ine": ["000000002AA"], "login": ["courtois_c"]})
    assert gepi_activity_rows(rows, logins)["login élève"].to_list() == [
        "courtois_c",
        "000000000AA",
        "000000001AA",
    ]


@pytest.mark.parametrize(
    ("kind", "column", "lack"),
    [("gepi-aid", "ine", "faute d’INE"), ("siecle", "siecle_id", "faute de numéro SIECLE")],
)
def test_who_lacks_what_a_file_needs_is_left_out_and_told(
    services: Services, school: School, kind: str, column: str, lack: str
) -> None:
    with services.store.write() as tx:
        tx.run(f"update student set {column} = null where id = $one", one=school.students[0])
    data = write_export(services, PILOT, kind=kind, on=DAY).decode("utf-8-sig")
    notes = export_notes(services, PILOT, kind=kind, on=DAY)
    assert "\n;" not in data
    assert "000000000AA" not in data
    assert "ABADIE" not in data
    assert "1\u00a0élève n’est pas dans ce fichier" in notes
    assert lack in notes
    assert "ABADIE Zoé (2TNE)" in notes
    assert export_notes(services, PILOT, kind="edt", on=DAY) == ""


def test_siecle_gets_dated_groups_with_an_end(services: Services, school: School) -> None:
    root = ET.fromstring(write_export(services, PILOT, kind="siecle", on=START))
    assert root.findtext("PARAMETRES/DATE_IMPORT") == "05/10/2026"
    student = root.findall("DONNEES/ELEVES/ELEVE")[0]
    assert [child.text for child in student[:4]] == ["900002", "COURTOIS", "Chloé", "2010-03-03"]
    groups = [[part.text for part in group] for group in student.findall("GROUPES/GROUPE")]
    assert groups == [["2AP01", "2026-10-05", "2026-11-18"], ["2AP02", "2026-11-19", "2027-07-02"]]


def events_of(services: Services, **asked: object) -> dict[str, list]:
    """Return the events of the calendar, in order, by the code of their group."""
    data = write_export(services, PILOT, **{"kind": "calendrier", "on": START} | asked)
    found: dict[str, list] = {}
    for event in Calendar.from_ical(data).walk("VEVENT"):
        found.setdefault(str(event["summary"])[:5], []).append(event)
    return found


def days_of(events: list) -> list[date]:
    return [event.decoded("dtstart").date() for event in events]


def test_the_calendar_names_no_student_and_leaves_out_holidays(services: Services, school: School) -> None:
    school.add_room("B101", 20, ["mar-10"])
    reading = group_of(services, "REM-LEC")
    change_room(services.store, PILOT, group=reading, room=school.rooms["B101"], on=DAY, now=NOW)
    suspend_group(
        services.store, PILOT, group=reading, first=date(2026, 12, 7), last=date(2026, 12, 11), now=NOW
    )
    text = write_export(services, PILOT, kind="calendrier", on=START).decode()
    assert not any(name in text for name in ("ABADIE", "COURTOIS", "Chloé"))
    assert "BEGIN:VTIMEZONE" in text
    events = events_of(services, until=date(2027, 1, 8))
    study = events["2AP01"]
    assert str(study[0]["summary"]) == "2AP01 Étude accompagnée"
    assert study[0].decoded("dtstart").isoformat() == "2026-10-06T10:10:00+02:00"
    october = [date(2026, 10, 6), date(2026, 10, 13), date(2026, 11, 3)]
    december = [date(2026, 12, 8), date(2026, 12, 15), date(2027, 1, 5)]
    assert days_of(study)[:3] == october
    assert days_of(study)[-3:] == december
    reading_events = {event.decoded("dtstart").date(): event for event in events["2AP02"]}
    assert "location" not in reading_events[date(2026, 11, 17)]
    assert str(reading_events[date(2026, 11, 24)]["location"]) == "B101"
    assert str(reading_events[date(2026, 12, 8)]["status"]) == "CANCELLED"


def test_a_moved_session_keeps_its_event_and_a_joined_one_says_with_whom(
    services: Services, school: School
) -> None:
    tuesday, thursday = date(2026, 11, 24), date(2026, 11, 26)
    rows = sessions(services.store, PILOT, first=tuesday, last=tuesday)
    numbers = dict(rows.select("code", "session").iter_rows())
    before = events_of(services, on=tuesday, until=thursday)["2AP02"][0]
    hour = {"on_day": thursday, "starts_at": time(14, 0), "minutes": 55, "room": None}
    move_session(services.store, PILOT, session=numbers["2AP02"], now=NOW, **hour)
    after = events_of(services, on=tuesday, until=thursday)["2AP02"]
    assert days_of(after) == [thursday]
    assert after[0]["uid"] == before["uid"] == f"seance-{numbers['2AP02']}@9990001X.apdash"
    assert (before["sequence"], after[0]["sequence"]) == (0, 1)
    merge_groups(
        services.store, PILOT, services.reference, group=group_of(services, "REM-LEC"),
        into=group_of(services, "ACC-ETU"), first=date(2026, 11, 30), last=date(2026, 12, 11), now=NOW,
    )  # fmt: skip
    merged = events_of(services, on=date(2026, 12, 1), until=date(2026, 12, 1))
    assert [str(event["summary"]) for event in merged["2AP02"]] == ["2AP02 Atelier lecture (avec 2AP01)"]


def test_a_day_when_all_its_divisions_are_away_is_off_in_the_calendar(
    services: Services, school: School
) -> None:
    spans = {
        "2TNE": (date(2026, 11, 9), date(2026, 11, 20)),
        "2MRC": (date(2026, 11, 16), date(2026, 11, 27)),
    }
    for code, (first, last) in spans.items():
        school.add("placement", {"division": school.divisions[code], "starts_on": first, "ends_on": last})
    november = [on for on in days_of(events_of(services)["2AP01"]) if on.month == 11]
    assert november == [date(2026, 11, 3), date(2026, 11, 10), date(2026, 11, 24)]


def test_door_lists_show_places_and_neither_need_nor_level(services: Services, school: School) -> None:
    data = write_export(services, PILOT, kind="portes", on=DAY)
    sheet = fastexcel.read_excel(io.BytesIO(data).getvalue()).load_sheet(0).to_polars()
    assert sheet.columns == ["Jour", "Heure", "Salle", "Groupe", "Atelier", "Intervenant", "Élève", "Classe"]
    assert sheet.select("Heure", "Groupe", "Élève").rows() == [
        ("10:10", "2AP01", "BOULANGER Noé"),
        ("10:10", "2AP02", "ABADIE Zoé"),
        ("10:10", "2AP02", "COURTOIS Chloé"),
    ]


def test_only_the_direction_and_the_pilot_export(services: Services, school: School) -> None:
    for kind in KINDS:
        with pytest.raises(ApdashError, match="réservé"):
            write_export(services, school.teacher("lecture"), kind=kind, on=DAY)
    with pytest.raises(ApdashError, match="réservé"):
        dated_memberships(services.store, school.teacher("lecture"), year=2026, first=DAY)


def test_what_cannot_be_exported_is_said(services: Services, school: School) -> None:
    with pytest.raises(ApdashError, match="Export inconnu"):
        write_export(services, PILOT, kind="pdf", on=DAY)
    with pytest.raises(ApdashError, match="Rien à exporter"):
        write_export(services, PILOT, kind="portes", on=date(2026, 9, 2))
    assert file_name("edt", DAY) == "apdash-edt-2026-11-19.csv"
