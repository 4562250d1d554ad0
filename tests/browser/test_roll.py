"""The roll on a phone: twelve students in a few presses, a network that fails, two people at once."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from apdash.services import open_services
from apdash.settings import Settings
from apdash.store.queries.sessions import sessions
from tests.browser.conftest import serve, watched
from tests.school_factory import P1, PILOT, adopted, make_school

ROLL = "/appel?seance={session}"


@pytest.fixture
def session(tmp_path: Path) -> int:
    """A group of twelve on Tuesdays and its first session, in a file of its own."""
    services = open_services(Settings(db=tmp_path / "school.duckdb"))
    made = make_school(services.store)
    made.add_students("2TNE", 8)
    made.add_students("2MRC", 6)
    made.add_staff("lecture", ["REM-LEC"], ["mar-10"])
    made.know(made.students, {"REM-LEC": 60})
    groups = [("mar-10", "REM-LEC", "lecture", made.students[:12])]
    adopted(services, made, groups, on=P1[0], now=datetime(2026, 10, 1, 9))
    accounts = {"pilote": ("pilot", None), "lecture": ("teacher", made.staff["lecture"])}
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-10-06')")
        for login, (role, staff) in accounts.items():
            tx.run(
                "insert into user_account (login, name, role, staff, created_at) "
                "values ($login, $name, $role, $staff, $now)",
                login=login, name=login.capitalize(), role=role, staff=staff, now=datetime(2026, 9, 1),
            )  # fmt: skip
    found = sessions(services.store, PILOT, first=P1[0], last=P1[1])["session"][0]
    services.store.close()
    return found


@pytest.fixture
def school(tmp_path: Path, session: int) -> Iterator[str]:
    """Its address, served for one test."""
    yield from serve(tmp_path / "school.duckdb")


@pytest.fixture
def colleague(browser: Browser, school: str) -> Iterator[Page]:
    """The window of somebody else."""
    yield from watched(browser, school, width=1440, height=900)


def enter(page: Page, name: str, session: int) -> None:
    page.goto(ROLL.format(session=session))
    page.get_by_role("button", name=name).click()
    expect(page.locator(".roll-list .roll-row")).to_have_count(12)


def row(page: Page, at: int) -> Locator:
    return page.locator(".roll-list .roll-row").nth(at)


def answer(page: Page, at: int, mark: str) -> None:
    row(page, at).locator(f"[data-mark={mark}]").click()


def saved(page: Page) -> None:
    expect(page.locator(".roll-status")).to_contain_text("Enregistré à")


def test_twelve_students_are_called_with_a_thumb(phone: Page, session: int) -> None:
    enter(phone, "Lecture", session)
    boxes = [one.bounding_box() for one in row(phone, 0).locator("[data-mark]").all()]
    assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    presses, began = 0, time.monotonic()
    for press in (
        phone.get_by_role("button", name="Tous présents"),
        row(phone, 2).locator("[data-mark=absent]"),
        row(phone, 6).locator("[data-mark=late]"),
        row(phone, 6).locator("[data-late='10']"),
        row(phone, 9).locator("[data-mark=excused]"),
        phone.get_by_role("button", name="Valider l’appel"),
    ):
        press.click()
        presses += 1
    expect(phone.locator(".roll-said-foot")).to_contain_text("la séance est tenue")
    saved(phone)
    print(f"12 students: {presses} presses, {time.monotonic() - began:.1f} s")
    assert presses < 8
    assert phone.locator("body").evaluate("one => one.scrollWidth") <= 390
    phone.get_by_role("button", name="Lire une notice à voix haute").click()
    expect(phone.locator(".roll-done-told")).to_contain_text("Noté à")
    phone.reload()
    expect(row(phone, 6).locator(".roll-said")).to_have_text("en retard, 10\u00a0min")
    expect(phone.locator(".roll-counts")).to_contain_text("9 présents")
    expect(phone.locator(".roll-done")).to_have_value("Lire une notice à voix haute, chacun son tour")


def test_the_keyboard_calls_the_roll(page: Page, session: int) -> None:
    enter(page, "Lecture", session)
    row(page, 0).locator("[data-mark=present]").focus()
    for key in ("p", "a", "r", "1", "5", "ArrowDown", "e", "t", "Control+Enter"):
        page.keyboard.press(key)
    saved(page)
    said = [one.inner_text() for one in page.locator(".roll-said").all()]
    assert said[:5] == ["présent", "absent", "en retard, 15\u00a0min", "excusé", "présent"]
    expect(page.locator(".roll-said-foot")).to_contain_text("la séance est tenue")


def test_a_roll_called_without_network_is_sent_once_it_is_back(
    browser: Browser, school: str, session: int
) -> None:
    context = browser.new_context(base_url=school, locale="fr-FR", viewport={"width": 390, "height": 844})
    page = context.new_page()
    enter(page, "Lecture", session)
    context.set_offline(True)
    answer(page, 0, "absent")
    answer(page, 1, "present")
    expect(page.locator(".roll-status")).to_contain_text("Hors connexion\u00a0: 2 à envoyer")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "ABADIE" not in kept
    assert "lecture" not in kept
    context.set_offline(False)
    context.route("**/appel/saisie", lambda route: route.abort())
    page.reload()  # the page comes, what it sends does not go
    expect(page.locator(".roll-status")).to_contain_text("Hors connexion\u00a0: 2 à envoyer")
    expect(row(page, 0).locator(".roll-said")).to_have_text("absent")
    page.get_by_role("button", name="10 autres présents").click()
    page.get_by_role("button", name="Valider l’appel").click()
    expect(page.locator(".roll-said-foot")).to_contain_text("dès que le réseau revient")
    context.unroute("**/appel/saisie")
    saved(page)
    expect(page.locator(".roll-said-foot")).to_contain_text("la séance est tenue")
    assert (
        page.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('apdash-appel')).length") == 0
    )
    page.reload()
    expect(page.locator(".roll-counts")).to_contain_text("11 présents")
    expect(row(page, 0).locator(".roll-said")).to_have_text("absent")
    context.close()


def test_an_answer_lost_on_the_way_back_is_written_once(browser: Browser, school: str, session: int) -> None:
    context = browser.new_context(base_url=school, locale="fr-FR")
    page = context.new_page()
    enter(page, "Lecture", session)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        response = route.fetch()
        lost.append(response.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=response)

    context.route("**/appel/saisie", lose_the_first)
    answer(page, 0, "absent")
    expect(page.locator(".roll-status")).to_contain_text("Hors connexion")
    saved(page)
    assert lost[:2] == [200, 200]
    expect(row(page, 0).locator(".roll-conflict")).to_be_hidden()
    context.close()


def test_two_people_on_one_roll_see_what_the_other_said(phone: Page, colleague: Page, session: int) -> None:
    enter(phone, "Lecture", session)
    enter(colleague, "Pilote", session)
    answer(phone, 0, "absent")
    saved(phone)
    answer(colleague, 0, "present")
    answer(colleague, 1, "present")
    told = row(colleague, 0).locator(".roll-conflict")
    expect(told).to_contain_text("Lecture a noté «\u00a0absent\u00a0»")
    expect(told).to_contain_text("vous «\u00a0présent\u00a0»")
    told.get_by_role("button", name="Garder «\u00a0présent\u00a0»").click()
    expect(told).to_be_hidden()
    saved(colleague)
    phone.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(row(phone, 0).locator(".roll-said")).to_have_text("présent (Pilote)")
    expect(row(phone, 1).locator(".roll-said")).to_have_text("présent (Pilote)")
    colleague.reload()
    expect(colleague.locator(".roll-traces")).to_contain_text("absent → présent")


def test_somebody_unexpected_is_added_from_the_band(phone: Page, session: int) -> None:
    enter(phone, "Lecture", session)
    phone.locator(".roll-add").select_option(index=1)
    saved(phone)
    phone.reload()
    expect(phone.locator(".roll-list .roll-row")).to_have_count(13)
    expect(phone.locator(".roll-list")).to_contain_text("non attendu")
