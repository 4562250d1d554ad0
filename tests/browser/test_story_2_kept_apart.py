"""Second story: two students of 2MRC are to be kept apart on Fridays; nobody but the direction ever reads it."""

from datetime import date, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from apdash.services import Services
from tests.browser.story import SEARCH, card, entered, it_is, open_doors, option, served, told, written
from tests.school_factory import P1, School, adopted, make_school

FRIDAY = date(2026, 11, 20)
PREPARE, MONDAY = "/regroupement?bande=2-A&etape=preparer", "/groupes?bande=2-A&date=2026-11-23"
ZOE, NOE = "ABADIE-A Zoé", "BOULANGER-A Noé"
STUDY, READING = "2AP01", "2AP02"


def test_two_students_are_kept_apart(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "school.duckdb"
    with written(path) as services:
        together_in_study(services)
    with served(path) as address:
        with entered(browser, address, "proviseure", PREPARE) as page:
            keep_apart(page)
            dialog = change_group(page, NOE, READING)
            dialog.get_by_label("Motif").select_option("DIR")
            dialog.get_by_label("À partir du").fill("2026-11-23")
            accept(dialog)
            told(page, f"est dans {READING} Atelier lecture à partir du 23 nov. 2026")
        with entered(browser, address, "roussel", MONDAY) as page:
            expect(page.get_by_role("article", name=READING)).to_contain_text(NOE)
            nothing_is_told(page, MONDAY, f"{MONDAY}&vue=listes", "/regroupement")
        with entered(browser, address, "pilote", MONDAY) as page:
            dialog = change_group(page, NOE, STUDY)
            expect(dialog).to_contain_text("Une règle posée par la direction s’y oppose")
            expect(dialog).not_to_contain_text(ZOE)
            page.keyboard.press("Escape")
            page.goto(PREPARE)
            page.get_by_role("button", name="Chercher les groupes").click()
            expect(page.get_by_role("link", name="Ajuster cette proposition")).to_be_visible(timeout=SEARCH)
            everywhere = (PREPARE, f"{MONDAY}&vue=listes", "/groupes?vue=journal")
            nothing_is_told(page, *everywhere, "/regroupement?bande=2-A&etape=propositions")


def keep_apart(page: Page) -> None:
    page.get_by_text("Ajouter une demande").click()
    page.get_by_role("radio", name="Séparer").check()
    form = page.locator(".rg-form")
    expect(form).to_contain_text("visible de la direction seule, sans motif")
    expect(form.get_by_label("Motif")).to_have_count(0)
    page.locator("#rg-state-students").click()
    for name in (ZOE, NOE):
        page.get_by_role("option", name=f"{name} (2MRC)").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    told(page, f"Ils sont aujourd’hui ensemble dans {STUDY} Étude accompagnée")
    expect(card(page, "Les demandes")).to_contain_text(f"{ZOE} et {NOE} dans deux groupes différents")


def change_group(page: Page, name: str, code: str) -> Locator:
    page.goto(MONDAY)
    page.get_by_role("button", name=f"Changer {name} de groupe").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nouveau groupe").select_option(label=option(dialog, code))
    return dialog


def accept(dialog: Locator) -> None:
    expect(dialog.locator(".dg-said > *").first).to_be_visible()
    box = dialog.get_by_label("J’en tiens compte")
    if box.count():
        box.check()
    dialog.get_by_role("button", name="Changer de groupe").click()


def nothing_is_told(page: Page, *addresses: str) -> None:
    """Open pages: none says that two students are kept apart."""
    for address in addresses:
        page.goto(address)
        page.wait_for_selector("#page h1, #page .state")
        words = page.locator("#page").inner_text().lower()
        assert not [one for one in ("groupes différents", "sépar", "posée par la direction") if one in words]


def together_in_study(services: Services) -> School:
    """Fridays at 10 h 10: ten in accompanied study, the two first of 2MRC among them; six read, six count."""
    made = make_school(services.store, slots=("ven-10",))
    tne, mrc = made.add_students("2TNE", 10), made.add_students("2MRC", 12)
    for name, need in (("roussel", "REM-LEC"), ("bernard", "REM-MAT"), ("nguyen", "ACC-ETU")):
        made.add_staff(name, [need], ["ven-10"])
    made.know(made.students, {"REM-LEC": 60, "REM-MAT": 50, "ACC-ETU": 25})
    groups = [
        ("ven-10", "REM-LEC", "roussel", [*tne[:3], *mrc[6:9]]),
        ("ven-10", "REM-MAT", "bernard", [*tne[3:6], *mrc[9:]]),
        ("ven-10", "ACC-ETU", "nguyen", [*tne[6:], *mrc[:6]]),
    ]
    november, made.review = made.review, next(made.ids)
    september = {"id": made.review, "year": 2026, "code": "B0", "label": "Bilan de septembre"}
    dates = {"opens_on": date(2026, 9, 7), "closes_on": date(2026, 9, 29), "effective_from": P1[0]}
    made.add("review", september | {"kind": "initial", "period": 101} | dates)
    adopted(services, made, groups, on=P1[0], now=datetime(2026, 10, 1, 9))
    made.review = november
    open_doors(services, made, "roussel", "nguyen")
    it_is(services, FRIDAY)
    return made
