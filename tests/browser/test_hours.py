"""Hours under a hand: a figure opens its list, « et si » answers at once, the way back returns."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apdash.services import open_services
from apdash.settings import Settings
from tests.browser.conftest import serve, sign_in
from tests.hours.held_school import held_school


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small school in December, with the door of a pilot."""
    path: Path = tmp_path_factory.mktemp("hours") / "school.duckdb"
    services = open_services(Settings(db=path))
    held_school(services)
    with services.store.write() as tx:
        tx.run(
            "insert into user_account (login, name, role, created_at) values ('pilote', 'Pilote', 'pilot', $now)",
            now=datetime(2026, 9, 1),
        )
    services.store.close()
    yield from serve(path)


def test_a_figure_opens_its_list_and_more_hours_change_the_forecast(page: Page) -> None:
    sign_in(page, "Pilote", to="/heures")
    expect(page.locator("#page h1")).to_contain_text("En 2de, il manquera")
    table = page.locator(".hr-table").first
    table.locator("tr", has_text="2TNE").get_by_role("link", name="6 h 25").first.click()
    expect(page.locator("#page h2").first).to_contain_text("2TNE : séances tenues")
    assert "liste=division" in page.url
    page.get_by_role("link", name="Fermer la liste").click()
    expect(page.locator("#page h2").first).to_contain_text("Heures par élève")
    answer = page.locator("#hours-what-if")
    expect(answer).to_contain_text("1 h de plus chaque jeudi")
    page.locator("#hours-if-minutes").fill("120")
    expect(answer).to_contain_text("2 h de plus chaque jeudi")
    page.get_by_label("Des blocs sur quelques jours").check()
    expect(answer).to_contain_text("2 séances de 3 h")
