"""A school's first day: its files chosen in a real file chooser, what they would change, and its divisions after."""

import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from apdash.services import open_services
from apdash.settings import Settings
from tests.browser.conftest import serve, sign_in
from tests.imports.builders import SAMPLES

OFFICIAL = ("ElevesAvecAdresses.xml", "Structures.xml", "Nomenclature.xml", "sts_emp_9990001X_2025.xml")


@pytest.fixture
def school(tmp_path: Path) -> Iterator[str]:
    """The address of an empty school, with the door of a pilot."""
    path = tmp_path / "school.duckdb"
    services = open_services(Settings(db=path))
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2025-09-22')")
        tx.run(
            "insert into user_account (login, name, role, created_at) values ('pilote', 'Pilote', 'pilot', $now)",
            now=datetime(2025, 9, 1),
        )
    services.store.close()
    yield from serve(path)


def choose(page: Page, *files: Path) -> None:
    """Choose files the way a person does, by the button and the chooser it opens."""
    button = page.get_by_role("button", name="fichiers").first
    expect(button).to_be_visible()
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files(list(files))


def test_siecle_and_sts_fill_an_empty_school(page: Page) -> None:
    sign_in(page, "Pilote", to="/importer")
    choose(page, *(SAMPLES / name for name in OFFICIAL))
    expect(page.locator("#page h1")).to_contain_text("13\u00a0élèves à ajouter")
    page.locator(".im-tile", has_text="nouveaux").click()
    page.get_by_label("Chercher dans l’aperçu").fill("lebœuf")
    expect(page.locator("#importing-rows tbody tr")).to_have_count(1)
    expect(page.locator("#importing-rows")).to_contain_text("2AGO1")
    page.wait_for_load_state("networkidle")  # the preview on screen is the one the server keeps
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.locator("#page h1")).to_contain_text("Import terminé")
    page.goto("/reglages?partie=bandes")
    for division in ("2AGO1", "2MEL", "TAGO1"):
        expect(page.get_by_label(division).first).to_be_attached()


def test_files_too_heavy_together_are_told_before_they_are_read(page: Page, tmp_path: Path) -> None:
    heavy = []
    for name in ("a.xml", "b.xml", "c.xml"):
        heavy.append(tmp_path / name)
        heavy[-1].write_bytes(bytes(23 * 1024 * 1024))
    sent: list[int] = []
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    sign_in(page, "Pilote", to="/importer")
    choose(page, *heavy)
    expect(page.locator(".im-too-large")).to_contain_text("64\u00a0Mo au plus")
    assert max(sent) < 100_000


def test_the_bytes_of_a_file_travel_once(page: Page) -> None:
    size = (SAMPLES / OFFICIAL[0]).stat().st_size
    sent: list[int] = []
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    sign_in(page, "Pilote", to="/importer")
    choose(page, SAMPLES / OFFICIAL[0])
    expect(page.locator("#page h1")).to_contain_text("élèves à ajouter")
    page.get_by_role("button", name="Refaire l’aperçu").click()
    expect(page.locator("#importing-busy-look")).to_be_hidden()
    page.wait_for_load_state("networkidle")  # the preview on screen is the one the server keeps
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.locator("#page h1")).to_contain_text("Import terminé")
    assert len([length for length in sent if length > size]) == 1


def test_an_upload_cut_short_leaves_no_file_to_be_collected(school: str) -> None:
    head = b"POST /connexion HTTP/1.1\r\nHost: lycee\r\nContent-Length: 4000000\r\n\r\n"
    parts = urlsplit(school)
    with socket.create_connection((parts.hostname, parts.port)) as visitor:
        visitor.sendall(head + bytes(2_000_000))
        visitor.shutdown(socket.SHUT_WR)
        assert visitor.recv(1) == b""  # the server has let go; what it left behind would be told as it stops
