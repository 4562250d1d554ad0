"""The main job on a school's own files: import, set up, enter a bilan, ask for groups, put them in force."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apdash.passwords import hash_password
from apdash.rights import CONSOLE, Role
from apdash.services import open_services
from apdash.settings import Settings
from apdash.store.commands.accounts import add_account
from tests.browser.conftest import serve, watched
from tests.imports.builders import SAMPLES, Roster, children

PHRASE = "quatre pommes et un vélo"
SEARCH = 90_000
NAMES = {"BESSON": "BESSON Claire", "FAURE": "FAURE Idris"}
NEEDS_LED = {"BESSON": "Lecture", "FAURE": "Calcul", "KOWALSKI": "Étude"}
NEED_OF_ONE_ADULT = ("FAURE", "Calculer")
DIVISIONS = ("2AGO1", "2MEL")
# What each teacher types for the twelve students of a division, one competency after the other.
BESSON = "111122223334"
FAURE = "334412211234"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[str]:
    """The address of an empty school, on the day its files were exported, with an account for the direction."""
    path = tmp_path / "lycee.duckdb"
    services = open_services(Settings(db=path))
    with services.store.write() as tx:
        tx.run("insert into setting values ('today', '2025-09-22')")
    add_account(
        services.store, CONSOLE, login="direction", name="Mme Lemaire", role=Role.DIRECTION,
        password_hash=hash_password(PHRASE), staff=None, now=datetime(2025, 9, 1),
    )  # fmt: skip
    services.store.close()
    yield from serve(path)


def enter(page: Page, login: str) -> None:
    page.goto("/connexion")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill(PHRASE)
    page.get_by_role("button", name="Entrer").click()
    expect(page.locator("#page h1")).to_contain_text("Bonjour")


def card(page: Page, title: str) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=title, exact=True))


def told(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def import_files(page: Page, folder: Path) -> None:
    """Import a SIECLE file of 24 students and the STS file of the same school."""
    people = (*children(12, DIVISIONS[0]), *children(12, DIVISIONS[1], start=13))
    (folder / "eleves.xml").write_bytes(Roster(people).file().data)
    page.goto("/importer")
    button = page.get_by_role("button", name="fichiers").first
    expect(button).to_be_visible()
    with page.expect_file_chooser() as chooser:
        button.click()
    chooser.value.set_files([folder / "eleves.xml", SAMPLES / "sts_emp_9990001X_2025.xml"])
    expect(page.locator("#page h1")).to_contain_text("24")
    page.wait_for_load_state("networkidle")  # the preview on screen is the one the server keeps
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.locator("#page h1")).to_contain_text("Import terminé")


def set_up_the_year(page: Page) -> None:
    page.goto("/reglages?partie=annee")
    periods = card(page, "Périodes")
    rows = (("P0", "Accueil", "2025-09-01", "2025-10-03"), ("P1", "Période 1", "2025-10-06", "2025-11-21"))
    for line, row in enumerate(rows, start=1):
        for title, value in zip(("Code", "Nom", "Du", "Au (inclus)"), row, strict=True):
            periods.get_by_label(f"{title}, ligne {line}").fill(value)
    periods.get_by_role("button", name="Enregistrer").click()
    told(page, "Périodes enregistrées")

    page.goto("/reglages?partie=bandes")
    band = card(page, "Nouvelle bande")
    band.get_by_label("Code", exact=True).fill("2-A")
    band.get_by_label("Nom", exact=True).fill("Secondes, mardi 10 h")
    for division in DIVISIONS:
        band.get_by_label(division).check()
    band.get_by_label("Code (court, neutre), ligne 1").fill("mar-10")
    band.get_by_label("Jour, ligne 1").select_option("mardi")
    band.get_by_label("Début, ligne 1").fill("10:10")
    band.get_by_label("Minutes, ligne 1").fill("55")
    band.get_by_role("button", name="Enregistrer la bande").click()
    told(page, "Bande enregistrée")

    page.goto("/reglages?partie=adultes")
    for adult, need in NEEDS_LED.items():
        line = page.locator("table.adults tbody tr", has_text=adult)
        line.get_by_role("checkbox", name="mardi").check()
        line.get_by_role("checkbox", name=need).check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".adults-told")).to_contain_text("6 cases enregistrées à")
    adult, need = NEED_OF_ONE_ADULT
    page.locator("table.adults tbody tr", has_text=adult).get_by_role("link", name="Modifier").click()
    page.get_by_label(need).check()
    page.get_by_role("button", name="Enregistrer").click()
    told(page, "Besoins enregistrés")

    page.goto("/reglages?partie=bilans")
    page.get_by_role("button", name="Ouvrir le bilan").click()
    told(page, "Bilan ouvert")


def give_accounts(page: Page) -> None:
    """Give the two teachers of the STS file an account of their own."""
    page.goto("/reglages?partie=comptes")
    for adult in ("BESSON", "FAURE"):
        form = card(page, "Nouveau compte")
        form.get_by_label("Nom affiché").fill(adult.capitalize())
        form.get_by_label("Nouvel identifiant").fill(adult.lower())
        form.get_by_label("Adulte de l’établissement").select_option(label=NAMES[adult])
        form.get_by_label("Premier mot de passe").fill(PHRASE)
        form.get_by_role("button", name="Ajouter le compte").click()
        expect(page.locator("table.tbl")).to_contain_text(adult.lower())


def type_a_bilan(page: Page, login: str, levels: str) -> None:
    """Sign in as a teacher and fill every cell asked of them in both divisions, from the keyboard alone."""
    enter(page, login)
    for division in DIVISIONS:
        page.goto(f"/bilans?bilan=B0&division={division}")
        cell = page.locator(".entry tbody tr").first.locator("td[role=gridcell]").first
        cell.click()
        for _ in range(page.locator(".entry thead .colhead").count()):
            for level in levels:
                page.keyboard.press(level)
                page.keyboard.press("Enter")
        expect(page.locator("#review-grid-status")).to_contain_text("Enregistré à")


def close_the_bilan(page: Page) -> None:
    for division in DIVISIONS:
        page.goto(f"/bilans?bilan=B0&division={division}")
        page.get_by_role("button", name=f"Clore le bilan de la {division}").click()
        page.get_by_role("dialog").get_by_role("button", name="Clore").last.click()
        expect(page.get_by_role("button", name="Rouvrir la saisie")).to_be_visible()


def regroup(page: Page) -> None:
    """Search, propose, validate, publish and put in force, as the direction may."""
    page.goto("/regroupement?bande=2-A")
    page.get_by_role("button", name="Chercher les groupes").click()
    page.get_by_role("link", name="Ajuster cette proposition").click(timeout=SEARCH)
    page.get_by_role("link", name="Passer à Valider").click()
    for words, then in (
        ("Proposer à la direction", "valider"),
        ("Valider", "Il reste à la publier"),
        ("Publier", "Il reste à la mettre en vigueur"),
        ("Mettre en vigueur", "Groupes mis en vigueur"),
    ):
        page.locator(".rg-col").get_by_role("button", name=words).click()
        expect(page.get_by_text(then, exact=False).first).to_be_visible()


def test_from_the_school_s_files_to_groups_in_force(
    page: Page, browser: Browser, school: str, tmp_path: Path
) -> None:
    enter(page, "direction")
    import_files(page, tmp_path)
    set_up_the_year(page)
    give_accounts(page)
    for teacher, levels in (("BESSON", BESSON), ("FAURE", FAURE)):
        for window in watched(browser, school, width=1440, height=900):
            type_a_bilan(window, teacher.lower(), levels)
    close_the_bilan(page)
    regroup(page)
    page.goto("/groupes?date=2025-10-06")
    expect(page.locator("#page")).to_contain_text("Atelier lecture")
    expect(page.locator("#page")).to_contain_text("BESSON")
    expect(page.locator("#page")).to_contain_text("ÉLÈVEB")
