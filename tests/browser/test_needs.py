"""The heat map under a hand: arrows, Enter, folding, and the way to a student's page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apdash.services import open_services
from apdash.settings import Settings
from tests.browser.conftest import serve, sign_in
from tests.pages.measured_school import measured_school


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the measured school, with the door of a pilot."""
    path: Path = tmp_path_factory.mktemp("needs") / "school.duckdb"
    services = open_services(Settings(db=path))
    measured_school(services)
    with services.store.write() as tx:
        tx.run(
            "insert into user_account (login, name, role, created_at) values ('pilote', 'Pilote', 'pilot', $now)",
            now=datetime(2026, 9, 1),
        )
    services.store.close()
    yield from serve(path)


def test_arrows_walk_over_the_numbers_and_enter_unfolds_one(page: Page) -> None:
    sign_in(page, "Pilote", to="/besoins")
    first = page.locator("#needs-heat td[tabindex='0']")
    expect(first).to_have_count(1)
    first.focus()
    page.keyboard.press("ArrowDown")
    reading = page.locator("#needs-reading")
    expect(reading).to_contain_text("NOMDRISS Driss")
    expect(reading).to_contain_text("67 sur 100, renseigné à 70")
    page.keyboard.press("Enter")
    panel = page.locator(".why-panel")
    expect(panel).to_contain_text("De quoi est fait ce 67")
    expect(panel).to_contain_text("Lire et comprendre")


def test_a_click_on_a_name_opens_the_page_of_the_student_and_the_way_back_returns(page: Page) -> None:
    sign_in(page, "Pilote", to="/besoins")
    page.get_by_role("link", name="NOMEMMA Emma").click()
    expect(page.locator("#page h1")).to_contain_text("Emma NOMEMMA")
    page.go_back()
    expect(page.locator("#page h1")).to_contain_text("premier besoin")


def test_a_division_unfolds_without_leaving_the_page(page: Page) -> None:
    sign_in(page, "Pilote", to="/besoins")
    expect(page.get_by_text("NOMANA Ana")).to_have_count(0)
    page.locator("#needs-heat a.unfold", has_text="2TNE").click()
    expect(page.get_by_text("NOMANA Ana")).to_be_visible()
    assert "ouvre=" in page.url


def test_the_map_scrolls_inside_itself_on_a_phone(phone: Page) -> None:
    sign_in(phone, "Pilote", to="/besoins")
    expect(phone.locator("#needs-heat")).to_be_visible()
    wider = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    inside = phone.evaluate("(e => e.scrollWidth > e.clientWidth)(document.getElementById('needs-heat'))")
    assert (wider, inside) == (0, True)


def test_a_student_is_found_as_their_name_is_typed(page: Page) -> None:
    sign_in(page, "Pilote", to="/eleves")
    page.get_by_label("Chercher").fill("chloe")
    expect(page.locator("#students-found tbody tr")).to_have_count(1)
    expect(page.locator("#students-found")).to_contain_text("NOMCHLOÉ")
