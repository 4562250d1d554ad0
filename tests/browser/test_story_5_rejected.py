"""Fifth story: on 19 November the team rejects a proposal that moves too many, then keeps the present groups."""

import random
import re
from datetime import date, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from apdash.services import Services
from tests.browser.story import SEARCH, card, entered, it_is, line, open_doors, served, told, written
from tests.school_factory import LAST_NAMES, P1, School, adopted, make_school

MEETING = date(2026, 11, 19)
NEEDS = ("REM-LEC", "REM-MAT", "DEV-CNF", "APP-CUL")
LATER = "/groupes?bande=2-A&date=2026-12-15"


def test_the_team_rejects_the_proposal(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "school.duckdb"
    with written(path) as services:
        three_divisions(services)
    with served(path) as address, entered(browser, address, "pilote", LATER) as page:
        before = groups_of(page)
        look_for_groups(page, "libre")
        expect(page.locator(".kpi", has_text="Déplacements")).to_contain_text(
            re.compile("Déplacements1[0-9]")
        )
        pin_six_names(page)
        forbid_keita_to_lead_speech(page)
        look_for_groups(page, "15 %")
        see_what_was_given_up(page)
        reject_and_prolong(page)
        page.goto(LATER)
        assert groups_of(page) == before
        expect(page.locator(".gcard").first).to_contain_text("2 périodes")
        read_the_minutes(page)


def groups_of(page: Page) -> list[str]:
    expect(page.locator(".gcard")).to_have_count(3)
    return page.locator(".gcard").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")


def look_for_groups(page: Page, dial: str) -> None:
    page.goto("/regroupement?bande=2-A&etape=preparer")
    page.get_by_role("radio", name=dial).check()
    page.get_by_role("button", name="Chercher les groupes").click()
    expect(page.get_by_role("link", name="Ajuster cette proposition")).to_be_visible(timeout=SEARCH)


def pin_six_names(page: Page) -> None:
    page.get_by_role("link", name="Ajuster cette proposition").click()
    staying = page.locator("#rg-board .chip:not(.in)")
    for place in range(6):
        staying.nth(place).focus()
        page.keyboard.press("p")
        expect(page.locator(".rg-bar .badge2.watch")).to_contain_text(re.compile(f"^{place + 1}\\s"))


def forbid_keita_to_lead_speech(page: Page) -> None:
    page.goto("/reglages?partie=adultes")
    page.get_by_role("checkbox", name="Parole, Mme KEITA A.").click()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".adults-told")).to_contain_text("enregistrée")


def see_what_was_given_up(page: Page) -> None:
    both = card(page, "Propositions côte à côte")
    expect(line(both, "Changements permis")).to_contain_text("15 %")
    expect(page.locator("#page")).to_contain_text("6 places fixées")
    unserved = page.locator("details", has_text="Qui n’est pas servi ?")
    expect(unserved).to_contain_text(re.compile(r"\d+\sélèves? prioritaires? sans réponse"), timeout=SEARCH)
    unserved.locator("summary").first.click()
    expect(unserved.locator(".rg-unserved > li").first).to_be_visible()


def reject_and_prolong(page: Page) -> None:
    page.goto("/regroupement?bande=2-A&etape=valider")
    page.get_by_text("Rejeter…").click()
    page.get_by_label("Motif").fill("On vient de commencer")
    page.get_by_role("button", name="prolonger les groupes actuels jusqu’au vendredi 8 janvier 2027").click()
    told(page, "Les groupes actuels continuent jusqu’au vendredi 8 janvier 2027")


def read_the_minutes(page: Page) -> None:
    page.goto("/regroupement?bande=2-A&etape=propositions")
    expect(line(page, "On vient de commencer")).to_contain_text("rejetée")
    minutes = card(page, "Propositions côte à côte")
    expect(minutes.get_by_role("columnheader", name=re.compile("Proposition [AB]"))).to_have_count(2)
    expect(page.get_by_role("button", name="Imprimer le compte rendu")).to_be_visible()
    words = page.locator("#page").inner_text().upper()
    assert not [name for name in LAST_NAMES if name in words]
    line(page, "On vient de commencer").get_by_role("link").click()
    expect(page.locator("#page")).to_contain_text("Proposition B, rejetée, demandée le 19 nov.")
    page.get_by_role("link", name="Valider").click()
    expect(page.locator("#page")).to_contain_text("Proposition rejetée le 19 nov.")


def three_divisions(services: Services) -> School:
    """Three divisions, three mixed groups since October, good for few of their students."""
    made = make_school(services.store, divisions=("2TNE", "2MRC", "2ASSP"))
    draw = random.Random(4)
    for division in made.divisions:
        for student in made.add_students(division, 8):
            made.know(student, {need: draw.randint(10, 95) for need in NEEDS} | {"ACC-ETU": 25})
    for name, need in zip(("roussel", "bernard", "keita", "tran"), NEEDS, strict=True):
        made.add_staff(name, [need], ["mar-10"])
    made.add_staff("nguyen", ["ACC-ETU", "DEV-CNF"], ["mar-10"])
    led = (("REM-LEC", "roussel"), ("REM-MAT", "bernard"), ("APP-CUL", "tran"))
    groups = [("mar-10", need, adult, made.students[rank::3]) for rank, (need, adult) in enumerate(led)]
    november, made.review = made.review, next(made.ids)
    september = {"id": made.review, "year": 2026, "code": "B0", "label": "Bilan de septembre"}
    dates = {"opens_on": date(2026, 9, 7), "closes_on": date(2026, 9, 29), "effective_from": P1[0]}
    made.add("review", september | {"kind": "initial", "period": 101} | dates)
    adopted(services, made, groups, on=P1[0], now=datetime(2026, 10, 1, 9))
    made.review = november
    open_doors(services, made)
    it_is(services, MEETING)
    return made
