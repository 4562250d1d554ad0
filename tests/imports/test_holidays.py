"""The ministry's calendar, as a table of its open data and as an ICS file: the zone, the year, the days off."""

from datetime import date

import pytest

from apdash.errors import ApdashError
from apdash.imports.holidays import read_holidays

YEAR = {"year": 2026, "first": date(2026, 9, 1), "last": date(2027, 7, 3)}
HEAD = "description;population;start_date;end_date;location;zones;annee_scolaire"
ROWS = (
    "Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Lille;Zone B;2026-2027",
    "Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Rennes;Zone B;2026-2027",
    "Vacances de Noël;-;2026-12-18T23:00:00+00:00;2027-01-03T23:00:00+00:00;Lille;Zone B;2026-2027",
    "Vacances d'Hiver;-;2027-02-05T23:00:00+00:00;2027-02-21T23:00:00+00:00;Lyon;Zone A;2026-2027",
    "Vacances d'Hiver;-;2027-02-19T23:00:00+00:00;2027-03-07T23:00:00+00:00;Lille;Zone B;2026-2027",
    "Prérentrée des enseignants;Enseignants;2026-08-30T22:00:00+00:00;2026-08-31T22:00:00+00:00;Lille;Zone B;2026-2027",
    "Vacances d'Été;Élèves;2027-07-02T22:00:00+00:00;2027-08-31T22:00:00+00:00;Lille;Zone B;2026-2027",
    "Vacances de la Toussaint;-;2025-10-17T22:00:00+00:00;2025-11-02T23:00:00+00:00;Lille;Zone B;2025-2026",
)
TABLE = "\n".join((HEAD, *ROWS)).encode("utf-8-sig")
EXPECTED = [
    ("Vacances de la Toussaint", date(2026, 10, 17), date(2026, 11, 1)),
    ("Vacances de Noël", date(2026, 12, 19), date(2027, 1, 3)),
    ("Vacances d'Hiver", date(2027, 2, 20), date(2027, 3, 7)),
]


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def calendar(*events: str) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//essai//FR")
    return ("\r\n".join((*head, *events, "END:VCALENDAR")) + "\r\n").encode()


def off(title: str, first: str, end: str) -> str:
    """Return an event of whole days, from the first to the day before the end."""
    return event(f"UID:{first}", f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{end}")


ICS = calendar(
    event("UID:1", "SUMMARY:Rentrée scolaire des élèves", "DTSTART;VALUE=DATE:20260901"),
    off("Vacances de la Toussaint - Zone B", "20261017", "20261102"),
    off("Vacances de Noël", "20261219", "20270104"),
    off("Vacances d'Hiver - Zones A et C", "20270206", "20270222"),
    event(
        "UID:5",
        "SUMMARY:Vacances d'Hiver",
        "LOCATION:Zones B\\, C",
        "DTSTART:20270219T230000Z",
        "DTEND:20270307T230000Z",
    ),
)


@pytest.mark.parametrize("data", [TABLE, ICS, TABLE.replace(b";", b",")])
def test_the_days_off_of_the_zone_are_read(data: bytes) -> None:
    found = read_holidays("calendrier", data, zone="B", **YEAR).rows()
    assert [row for row in found if row[0] != "Vacances d'Été"] == EXPECTED


def test_summer_is_cut_where_the_year_ends_and_another_year_is_left_out() -> None:
    found = read_holidays("c.csv", TABLE, zone="B", **YEAR | {"last": date(2027, 7, 4)}).rows()
    assert found[-1] == ("Vacances d'Été", date(2027, 7, 3), date(2027, 7, 4))
    assert read_holidays("c.csv", TABLE, zone="A", **YEAR)["starts_on"].to_list() == [date(2027, 2, 6)]


def test_of_dates_that_overlap_those_of_most_places_are_kept() -> None:
    other = "Pont;-;2027-05-05T22:00:00+00:00;2027-05-{}T22:00:00+00:00;{};Zone B;2026-2027"
    rows = [other.format("09", "Lille"), other.format("09", "Nice"), other.format("08", "Rennes")]
    data = "\n".join((HEAD, *rows)).encode()
    assert read_holidays("c.csv", data, zone="B", **YEAR).rows() == [
        ("Pont", date(2027, 5, 6), date(2027, 5, 9))
    ]


@pytest.mark.parametrize(
    ("data", "zone", "words"),
    [
        (TABLE, None, "Zone inconnue"),
        (TABLE, "C", "n’a aucune vacance de la zone C en 2026-2027"),
        (b"INE;Nom\n1;ABADIE", "B", "Fichier non reconnu"),
        (b"", "B", "Fichier non reconnu"),
        (b"%PDF-1.7 \x00\x01\x02", "B", "."),
        (
            calendar(event("UID:1", "SUMMARY:Réunion", "DTSTART;VALUE=DATE:20261017")),
            "B",
            "Fichier non reconnu",
        ),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nn'importe quoi\r\n", "B", "."),
        (calendar(event("UID:1", "SUMMARY:Vacances")), "B", "Fichier non reconnu"),
        (
            TABLE.replace(b"2026-10-16T22:00:00+00:00", b"le 16"),
            "B",
            "ligne 2 : « le 16 » n’est pas une date",
        ),
        (b"x" * 6_000_000, "B", "Fichier trop grand"),
    ],
)
def test_a_wrong_file_is_refused_in_words(data: bytes, zone: str | None, words: str) -> None:
    with pytest.raises(ApdashError, match=words):
        read_holidays("fichier", data, zone=zone, **YEAR)
