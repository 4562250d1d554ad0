"""First story: on 11 January, 1AGORA is away until the 29th and 1ASSP leaves on the 25th."""

from datetime import date, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from apdash.services import Services
from apdash.store.queries.sessions import sessions
from tests.browser.story import (
    SEARCH,
    card,
    entered,
    hold,
    it_is,
    line,
    open_doors,
    option,
    served,
    told,
    written,
)
from tests.school_factory import P2, PILOT, School, adopted, make_school

MONDAY, HOLIDAYS = date(2027, 1, 11), date(2027, 2, 20)
AWAY = {
    "1AGORA": (date(2027, 1, 4), date(2027, 1, 29)),
    "1ASSP": (date(2027, 1, 25), date(2027, 2, 19)),
}


def test_a_division_leaves_in_mid_period(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "school.duckdb"
    with written(path) as services:
        band_of_1re(services)
        december = sessions(services.store, PILOT, first=date(2026, 12, 17), last=date(2026, 12, 17))
    roll = f"/appel?seance={december['session'][0]}"
    with served(path) as address:
        with entered(browser, address, "roussel", roll) as page:
            call_the_roll(page)
        with entered(browser, address, "pilote", "/regroupement?bande=1-A&bilan=B2") as page:
            see_who_will_be_there(page)
            find_groups_that_live_with_it(page)
            merge_two_reading_groups_until_the_holidays(page)
            see_that_absence_in_company_is_no_loss(page)
            page.goto(roll)
            expect(page.locator(".roll-counts")).to_contain_text("7 présents")
            expect(page.locator(".roll-list .roll-row")).to_have_count(8)


def call_the_roll(page: Page) -> None:
    page.get_by_role("button", name="Tous présents").click()
    page.locator(".roll-list .roll-row").nth(2).locator("[data-mark=absent]").click()
    expect(page.locator(".roll-status")).to_contain_text("Enregistré à")


def see_who_will_be_there(page: Page) -> None:
    meetings = card(page, "Les séances de la période")
    expect(line(meetings, "1AGORA")).to_contain_text("3 sur 6")
    expect(line(meetings, "1ASSP")).to_contain_text("2 sur 6")
    expect(line(meetings, "1MELEC")).to_contain_text("6 sur 6")
    thin = card(page, "2 groupes passeraient sous le minimum")
    expect(thin).to_contain_text("lecture 1 1AP01 : aucun présent le 28 janv., pour 4 au moins")
    expect(thin).to_contain_text("lecture 2 1AP02 : 3 présents du 14 janv. au 21 janv., 2 présents le 28")


def find_groups_that_live_with_it(page: Page) -> None:
    page.get_by_role("button", name="Chercher les groupes").click()
    adjust = page.get_by_role("link", name="Ajuster cette proposition")
    expect(adjust).to_be_visible(timeout=SEARCH)
    expect(page.locator(".kv", has_text="Places sans groupe")).to_contain_text("aucune")
    adjust.click()
    reading = page.get_by_role("article", name="Atelier lecture, Mme Roussel")
    expect(reading).to_contain_text("8 / 10")
    expect(reading).to_contain_text(
        "4 présents du 14 janv. au 21 janv., aucun présent le 28 janv., 4 présents du"
    )
    expect(page.locator("#rg-board")).not_to_contain_text("sans groupe")


def merge_two_reading_groups_until_the_holidays(page: Page) -> None:
    page.goto("/groupes?bande=1-A")
    page.locator("summary[title='Gestes sur 1AP01']").click()
    page.get_by_role("article", name="1AP01").get_by_role("button", name="Fusionner…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Avec").select_option(label=option(dialog, "1AP02"))
    dialog.get_by_label("Du", exact=True).fill("2027-01-25")
    dialog.get_by_label("Au (inclus)").fill("2027-02-19")
    dialog.get_by_role("button", name="Fusionner").click()
    told(page, "1AP01 Atelier lecture 1 est réuni à 1AP02 du 25 janv. 2027 au 19 févr. 2027")
    page.goto("/seances?date=2027-01-28")
    expect(page.locator("#page h1")).to_contain_text("2 séances")
    expect(page.locator("#page")).not_to_contain_text("1AP01")
    page.goto("/seances?date=2027-03-11")
    expect(page.locator("#page h1")).to_contain_text("3 séances")
    expect(page.locator("#page")).to_contain_text("1AP01")


def see_that_absence_in_company_is_no_loss(page: Page) -> None:
    page.goto("/heures")
    for division, held in (("1AGORA", "3 h 40"), ("1MELEC", "4 h 35")):
        row = line(page.locator(".hr-table"), division)
        expect(row.get_by_role("cell").nth(2)).to_have_text(held)
        expect(row.get_by_role("cell").nth(5)).to_have_text("–")


def band_of_1re(services: Services) -> School:
    """Three divisions on Thursdays at 14 h, two reading groups and one of calculation since 23 November."""
    made = make_school(services.store, divisions=("1MELEC", "1AGORA", "1ASSP"), slots=("jeu-14",))
    with services.store.write() as tx:
        tx.run("update band set code = '1-A', label = 'Premières'")
        tx.run("update division set grade = '1re'")
    third = {"year": 2026, "id": 103, "code": "P3", "label": "Période 3", "starts_on": MONDAY}
    made.add("period", third | {"ends_on": date(2027, 2, 19)})
    winter = {"year": 2026, "label": "Hiver", "starts_on": HOLIDAYS, "ends_on": date(2027, 3, 7)}
    made.add("closure", winter)
    for code, (first, last) in AWAY.items():
        division = made.divisions[code]
        made.add("placement", {"division": division, "label": "PFMP", "starts_on": first, "ends_on": last})
    melec, agora, assp = (
        made.add_students(code, size) for code, size in (("1MELEC", 9), ("1AGORA", 8), ("1ASSP", 8))
    )
    readers, others = [*agora[:4], *assp[:4]], [*melec[:2], *agora[4:6], assp[4]]
    counting = [*melec[2:], *agora[6:], *assp[5:]]
    led = {"roussel": "REM-LEC", "bernard": "REM-LEC", "keita": "REM-MAT", "nguyen": "ACC-ETU"}
    for name, need in led.items():
        made.add_staff(name, [need], ["jeu-14"])
    made.know([*readers, *others], {"REM-LEC": 85, "REM-MAT": 30})
    made.know(counting, {"REM-LEC": 30, "REM-MAT": 85})
    groups = [
        ("jeu-14", "REM-LEC", "roussel", readers),
        ("jeu-14", "REM-LEC", "bernard", others),
        ("jeu-14", "REM-MAT", "keita", counting),
    ]
    adopted(services, made, groups, on=P2[0], now=datetime(2026, 11, 19, 9))
    _bilan_of_january(made, services)
    open_doors(services, made, "roussel")
    it_is(services, MONDAY)
    hold(services, before=MONDAY)
    return made


def _bilan_of_january(made: School, services: Services) -> None:
    """The bilan of P2 is closed with the needs of November."""
    before, made.review = made.review, next(made.ids)
    row = {"id": made.review, "year": 2026, "code": "B2", "label": "Bilan de janvier"}
    dates = {"opens_on": date(2026, 12, 14), "closes_on": date(2027, 1, 5), "effective_from": MONDAY}
    made.add("review", row | {"kind": "intermediate", "period": 102} | dates)
    for division in made.divisions.values():
        closing = {"review": made.review, "division": division, "closed_at": datetime(2027, 1, 5, 18)}
        made.add("review_division", closing | {"closed_by": "pilote"})
    with services.store.write() as tx:
        tx.run(
            "insert into intensity by name select * replace ($after as review) from intensity "
            "where review = $before",
            before=before,
            after=made.review,
        )
