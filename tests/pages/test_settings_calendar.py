"""Holidays from a file, letters of weeks and slots in blocks, as a browser sets them."""

import base64
from collections.abc import Callable
from datetime import date, time

import pytest

from apdash.pages.settings import holidays_card, tables, weeks_card
from apdash.services import Services
from apdash.store.queries import bands, calendar
from tests.conftest import Client, call, enter_demo, open_page
from tests.imports.test_holidays import ICS, TABLE
from tests.pages.test_settings import cells
from tests.school_factory import YEAR, School, make_school

NBSP = "\u00a0"
SEARCH = {"id": "url", "property": "search", "value": "?partie=annee"}


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    made = make_school(services.store)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    add_account("prof", "teacher")
    return made


def give(client: Client, data: bytes, name: str = "calendrier.csv") -> dict:
    contents = "data:text/csv;base64," + base64.b64encode(data).decode()
    answer = call(
        client,
        inputs=[{"id": holidays_card.UPLOAD, "property": "contents", "value": contents}],
        state=[{"id": holidays_card.UPLOAD, "property": "filename", "value": name}],
    )
    return answer.get_json() or {}


def apply(client: Client, found: list) -> str:
    pressed = [{"id": holidays_card.APPLY, "property": "n_clicks", "value": 1}]
    held = {"id": holidays_card.FOUND, "property": "data", "value": found}
    return call(client, inputs=pressed, state=[held, SEARCH]).get_data(as_text=True)


@pytest.mark.parametrize("data", [TABLE, ICS])
def test_holidays_are_previewed_then_applied(
    client: Client, services: Services, school: School, data: bytes
) -> None:
    enter_demo(client, "pilote")
    before = calendar.closures(services.store, year=YEAR)
    shown = give(client, data)["response"]
    told = str(shown[holidays_card.PREVIEW])
    for words in ("Vacances d'Hiver", "à ajouter", "déjà là", "Aucune séance", "Appliquer"):
        assert words in told
    assert calendar.closures(services.store, year=YEAR).equals(before)
    assert "Vacances import" in apply(client, shown[holidays_card.FOUND]["data"])
    after = calendar.closures(services.store, year=YEAR)
    assert "Vacances d'Hiver" in after["label"].to_list()
    assert "11 novembre" in after["label"].to_list()
    again = str(give(client, data)["response"][holidays_card.PREVIEW])
    assert "ne change rien" in again


def test_a_wrong_file_is_refused_where_it_was_given(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    shown = give(client, b"INE;Nom\n1;ABADIE", "eleves.csv")["response"]
    assert "Fichier non reconnu" in str(shown[holidays_card.PREVIEW])
    assert shown[holidays_card.FOUND]["data"] is None
    with services.store.write() as tx:
        tx.run("update school set zone = null")
    assert "Zone inconnue" in str(give(client, TABLE)["response"])
    assert "Choisissez d’abord la zone" in open_page(client, "/reglages", "?partie=annee")


def test_a_teacher_neither_previews_nor_applies(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "prof")
    before = calendar.closures(services.store, year=YEAR)
    give(client, TABLE)
    apply(client, [{"label": "Grève", "starts_on": "2026-11-24", "ends_on": "2026-11-24"}])
    assert calendar.closures(services.store, year=YEAR).equals(before)


def test_the_letter_of_a_week_is_corrected_and_taken_back(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    letters = dict(calendar.week_letters(services.store, year=YEAR).iter_rows())
    monday = date(2026, 11, 16)
    other = "B" if letters[monday] == "A" else "A"
    for letter, wanted in ((other, other), ("retirer", letters[monday])):
        state = [
            {"id": weeks_card.WEEK, "property": "value", "value": monday.isoformat()},
            {"id": weeks_card.LETTER, "property": "value", "value": letter},
            SEARCH,
        ]
        pressed = [{"id": weeks_card.SAVE, "property": "n_clicks", "value": 1}]
        assert "Semaine corrig" in call(client, inputs=pressed, state=state).get_data(as_text=True)
        assert dict(calendar.week_letters(services.store, year=YEAR).iter_rows())[monday] == wanted
    assert f"cette semaine{NBSP}: {letters[monday]}" in open_page(client, "/reglages", "?partie=annee")


def save_band(client: Client, school: School, slots: list, blocks: list) -> str:
    fields = {"label": "Secondes", "divisions": list(school.divisions.values()), "max_needs_open": 7, "share": 60,
              "max_periods": 3}  # fmt: skip
    described = [
        {"id": {"band": school.band, "field": key}, "property": "value", "value": value}
        for key, value in fields.items()
    ]
    told = [
        *cells(f"slots-{school.band}", tables.SLOTS, *slots),
        *cells(f"blocks-{school.band}", tables.BLOCKS, *blocks),
    ]
    pressed = [{"id": {"save": "band", "band": school.band}, "property": "n_clicks", "value": 1}]
    return call(client, inputs=[pressed], state=[described, told]).get_data(as_text=True)


def test_a_slot_meets_in_blocks_once_its_dates_are_given(
    client: Client, services: Services, school: School
) -> None:
    enter_demo(client, "pilote")
    slot, block = ("mar-10", "mardi", "10:10", 55, "blocs"), ("mar-10", "2026-12-07", "08:00", 180)
    save_band(client, school, [slot], [("", "", "", "")])
    assert bands.band_blocks(services.store, band=school.band).is_empty()
    save_band(client, school, [(*slot[:4], "toutes")], [block])
    assert bands.band_blocks(services.store, band=school.band).is_empty()
    assert "Bande enregistr" in save_band(client, school, [slot], [block])
    assert bands.band_blocks(services.store, band=school.band).rows() == [
        ("mar-10", date(2026, 12, 7), time(8, 0), 180)
    ]
    assert "Dates des créneaux en blocs (1)" in open_page(client, "/reglages", "?partie=bandes")
