"""Setting a year up in the browser's words: what is saved, refused, and closed to teachers."""

from collections.abc import Callable

import polars as pl
import pytest

from apdash.components.entry_table import entered
from apdash.errors import ApdashError
from apdash.pages.settings import tables
from apdash.passwords import is_right
from apdash.services import Services
from apdash.store.queries import bands, calendar
from apdash.store.queries import reviews as review_queries
from tests.conftest import Client, call, enter_demo, open_page
from tests.school_factory import PILOT, School, make_school


@pytest.fixture
def school(services: Services, add_account: Callable) -> School:
    made = make_school(services.store)
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-18')")
    add_account("pilote", "pilot")
    add_account("prof", "teacher")
    return made


def cells(table: str, columns: tuple, *rows: tuple) -> list[dict]:
    return [
        {"id": {"table": table, "row": number, "column": column.key}, "property": "value", "value": value}
        for number, row in enumerate(rows)
        for column, value in zip(columns, row, strict=True)
    ]


def save_table(client: Client, name: str, state: list[dict]) -> str:
    answer = call(
        client,
        inputs=[{"id": f"save-{name}", "property": "n_clicks", "value": 1}],
        state=[state],
    )
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("part", ["annee", "bandes", "adultes", "bilans"])
def test_each_part_opens_for_the_pilot_and_not_for_a_teacher(
    client: Client, school: School, part: str
) -> None:
    enter_demo(client, "pilote")
    assert "Réglages" in open_page(client, "/reglages", f"?partie={part}")
    enter_demo(client, "prof")
    page = open_page(client, "/reglages", f"?partie={part}")
    assert "Geste réservé" in page
    assert "save-" not in page


def test_an_empty_school_is_told_to_import_first(
    client: Client, services: Services, add_account: Callable
) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
    add_account("pilote", "pilot")
    enter_demo(client, "pilote")
    assert "Commencez par importer" in open_page(client, "/reglages")


def test_an_address_that_leads_nowhere_is_refused_in_words(client: Client, school: School) -> None:
    enter_demo(client, "pilote")
    assert "Adresse incomplète" in open_page(client, "/reglages", "?partie=bilans&bilan=<script>")


def test_lines_left_blank_are_left_out_and_half_filled_ones_refused() -> None:
    rows = (("Noël", "2026-12-19", "2027-01-03"), ("", "", None))
    state = cells("closures", tables.CLOSURES, *rows)
    assert [row["label"] for row in entered(state, tables.CLOSURES)] == ["Noël"]
    with pytest.raises(ApdashError, match="Ligne 1 : « Au"):
        entered(cells("closures", tables.CLOSURES, ("Noël", "2026-12-19", "")), tables.CLOSURES)
    with pytest.raises(ApdashError, match="ne se lit pas"):
        entered(cells("closures", tables.CLOSURES, ("Noël", "2026-12-19", "demain")), tables.CLOSURES)


def test_a_band_has_new_slots_once_saved(client: Client, services: Services, school: School) -> None:
    enter_demo(client, "pilote")
    fields = {
        "label": "Secondes du mardi",
        "divisions": list(school.divisions.values()),
        "max_needs_open": "6",
        "share": "50",
        "max_periods": 3,
    }
    described = [
        {"id": {"band": school.band, "field": key}, "property": "value", "value": value}
        for key, value in fields.items()
    ]
    slots = cells(
        f"slots-{school.band}",
        tables.SLOTS,
        ("mar-10", "mardi", "10:10", 55, "A"),
        ("jeu-14", "jeudi", "14:00", "55", ""),
    )
    press = [{"id": {"save": "band", "band": school.band}, "property": "n_clicks", "value": 1}]
    answer = call(
        client,
        inputs=[press],
        state=[described, slots],
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    row = bands.band(services.store, band=school.band)
    assert (row["label"], row["max_needs_open"], row["max_division_share"]) == ("Secondes du mardi", 6, 0.5)
    assert bands.band_slots(services.store, band=school.band).select("code", "weeks").rows() == [
        ("mar-10", "A"),
        ("jeu-14", None),
    ]


def tick(client: Client, body: object) -> tuple[int, dict]:
    cookie = client.get_cookie("_csrf_token")
    answer = client.post("/reglages/adultes", json=body, headers={"X-CSRFToken": cookie.value})
    return answer.status_code, answer.get_json()


def test_the_adults_of_a_band_are_saved_in_one_go(client: Client, services: Services, school: School) -> None:
    slot = school.slots["mar-10"]
    first, second = school.add_staff("Vidal", ["REM-LEC"], []), school.add_staff("Roche", [], ["mar-10"])
    enter_demo(client, "pilote")
    body = {
        "free": [[str(first), str(slot), True], [str(second), str(slot), False]],
        "led": [
            [str(first), "REM-LEC", False],
            [str(first), "REM-ECR", True],
            [str(second), "REM-MAT", True],
        ],
    }
    status, said = tick(client, body)
    assert status == 200
    assert "h" in said["at"]
    assert bands.needs_led(services.store) == {first: ["REM-ECR"], second: ["REM-MAT"]}
    assert bands.band_staff(services.store, band=school.band)["staff"].to_list() == [first]


def test_nothing_is_saved_of_a_table_that_names_an_unknown_adult_slot_or_need(
    client: Client, services: Services, school: School
) -> None:
    adult = str(school.add_staff("Vidal", [], []))
    enter_demo(client, "pilote")
    fine = [adult, "REM-LEC", True]
    for free, led in (
        ([], [fine, ["999999", "REM-LEC", True]]),
        ([], [fine, [adult, "RIEN", True]]),
        ([[adult, "999999", True]], [fine]),
        ([[adult, "x", True]], [fine]),
        ([], [fine, [adult, "REM-ECR", "oui"]]),
        (None, [fine]),
    ):
        assert tick(client, {"free": free, "led": led})[0] == 422
    assert tick(client, [])[0] == 422
    assert bands.needs_led(services.store) == {}
    enter_demo(client, "prof")
    assert tick(client, {"free": [], "led": [fine]})[0] == 422
    assert bands.needs_led(services.store) == {}


def test_a_proposal_is_marked_and_nothing_is_chosen_for_anybody(
    client: Client, services: Services, school: School
) -> None:
    adult = school.add_staff("Vidal", [], [])
    with services.store.write() as tx:
        tx.run("update staff set discipline = 'Lettres-histoire' where id = $adult", adult=adult)
    enter_demo(client, "pilote")
    page = open_page(client, "/reglages", "?partie=adultes")
    assert "Proposer les besoins d’après les disciplines" in page
    box = page[page.index("Lecture, Mme VIDAL") - 400 : page.index("Lecture, Mme VIDAL") + 100]
    assert "data-could" in box
    assert bands.needs_led(services.store) == {}


def test_a_bilan_opens_with_what_services_suggest(client: Client, services: Services, school: School) -> None:
    adult = school.add_staff("Vidal", [], [])
    division = school.divisions["2TNE"]
    with services.store.write() as tx:
        tx.run("insert into subject (code, label) values ('061300', 'Mathématiques')")
        tx.run(
            "insert into service values (2026, $division, $staff, '061300')", division=division, staff=adult
        )
    period = calendar.periods(services.store, year=2026)["id"][1]
    values = ["B2", "Bilan 2", "intermediate", str(period), "2027-01-01", "2027-01-05", "", [division]]
    names = ("code", "label", "kind", "period", "opens", "closes", "effective", "divisions")
    enter_demo(client, "pilote")
    answer = call(
        client,
        inputs=[{"id": "open-review", "property": "n_clicks", "value": 1}],
        state=[
            {"id": f"review-{n}", "property": "value", "value": v} for n, v in zip(names, values, strict=True)
        ],
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    review = review_queries.reviews(services.store, year=2026).row(
        by_predicate=pl.col("code") == "B2", named=True
    )
    asked = review_queries.expected_of(services.store, PILOT, review=review["review"])
    assert "CAL" in asked["competency"].to_list()
    assert set(asked["staff"]) == {adult}


def test_accounts_are_the_direction_s_business(
    client: Client, services: Services, school: School, add_account: Callable
) -> None:
    enter_demo(client, "pilote")
    page = open_page(client, "/reglages", "?partie=comptes")
    assert "Geste réservé" in page
    assert "Identifiant" not in page
    add_account("direction", "direction")
    enter_demo(client, "direction")
    assert "Nouveau compte" in open_page(client, "/reglages", "?partie=comptes")


def test_an_account_is_added_closed_and_never_one_s_own(
    client: Client, services: Services, school: School, add_account: Callable
) -> None:
    add_account("direction", "direction")
    adult = school.add_staff("Vidal", [], [])
    enter_demo(client, "direction")
    fields = {
        "name": "Mme Vidal",
        "login": "Vidal",
        "role": "teacher",
        "staff": str(adult),
        "password": "trop court",
    }

    def add() -> str:
        state = [
            {"id": f"account-{key}", "property": "value", "value": value} for key, value in fields.items()
        ]
        pressed = [{"id": "add-account", "property": "n_clicks", "value": 1}]
        return call(client, inputs=pressed, state=state).get_data(as_text=True)

    add()
    known = (
        "select login, staff, active, starts_with(password_hash, '$argon2id$') as hashed from user_account "
    )
    assert services.store.read(known + "where login = 'vidal'").is_empty()
    fields["password"] = "quatre pommes et un vélo"
    add()
    assert services.store.read(known + "where login = 'vidal'").rows() == [("vidal", adult, True, True)]
    close(client, services, "vidal")
    close(client, services, "direction")
    closed = services.store.read("select login from user_account where not active order by login")
    assert closed["login"].to_list() == ["vidal"]


def test_a_forgotten_password_is_replaced_by_the_direction(
    client: Client, services: Services, school: School, add_account: Callable
) -> None:
    add_account("direction", "direction")
    add_account("vidal", "teacher")
    enter_demo(client, "direction")
    assert "Mot de passe oublié" in open_page(client, "/reglages", "?partie=comptes")
    state = [
        {"id": "password-login", "property": "value", "value": "vidal"},
        {"id": "password-new", "property": "value", "value": "quatre pommes et un vélo"},
    ]
    pressed = [{"id": "change-password", "property": "n_clicks", "value": 1}]
    assert "Mot de passe changé" in str(call(client, inputs=pressed, state=state).get_json())
    sql = "select password_hash from user_account where login = 'vidal'"
    assert is_right(services.store.read(sql).item(), "quatre pommes et un vélo")


def close(client: Client, services: Services, login: str) -> None:
    number = services.store.read("select id from user_account where login = $login", login=login).item()
    pressed = [[{"id": {"account": number, "active": False}, "property": "n_clicks", "value": 1}]]
    call(client, inputs=pressed)
