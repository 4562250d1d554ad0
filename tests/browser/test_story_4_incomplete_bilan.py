"""Fourth story: on 17 November four tenths of the bilan of 2ASSP are missing, and the pilot closes it as it is."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
from playwright.sync_api import Browser, Page, expect

from apdash.services import Services
from apdash.store.commands.closing import close_division
from apdash.store.commands.reviews import record_assessments
from tests.browser.story import card, entered, it_is, line, open_doors, served, told, written
from tests.school_factory import PILOT, School, make_school

CLOSING, LATER = date(2026, 11, 17), date(2026, 11, 25)
LETTRES, METIER = ("LIR", "ECR"), ("PRO", "DEM", "EXP", "DON")


def test_a_bilan_is_closed_six_tenths_complete(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "school.duckdb"
    with written(path) as services:
        made = half_a_bilan(services)
    grid = f"/bilans?bilan={made.review}&division={made.divisions['2ASSP']}"
    why = f"/eleve?id={made.students[0]}&besoin="
    with served(path) as address:
        with entered(browser, address, "maths", "/bilans") as page:
            expect(page.locator("#page")).not_to_contain_text("LETTRES")
        with entered(browser, address, "pilote", "/bilans") as page:
            see_what_is_missing(page, grid)
            close_as_it_is(page)
            see_half_weight(page, why)
    with written(path) as services:
        it_is(services, LATER)
        enter(services, made, "lettres", dict.fromkeys(LETTRES, 1), made.students[:3], at=LATER)
    with served(path) as address, entered(browser, address, "pilote", grid) as page:
        expect(page.locator(".notice.watch")).to_contain_text("Bilan clos le 17 nov.")
        expect(page.locator(".notice.watch")).to_contain_text(
            "3 élèves auraient changé avec les saisies arrivées depuis"
        )
        page.goto(f"{why}REM-LEC")
        expect(page.locator("#pourquoi")).to_contain_text("À confirmer")


def see_what_is_missing(page: Page, grid: str) -> None:
    expect(page.locator("#page h1")).to_contain_text("rempli à 60 %")
    expect(line(page, "2ASSP")).to_contain_text("60 %")
    late = card(page, "Ce qui manque, par adulte")
    expect(late).to_contain_text("LETTRES")
    expect(late).to_contain_text("2ASSP 132")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    late.locator(".copy").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('LETTRES')")
    page.goto(f"{grid}&vue=vides")
    trade = card(page, "Projet et orientation")
    expect(line(trade, "Faire des démarches")).to_contain_text("METIER")
    expect(line(trade, "Faire des démarches")).to_contain_text("toute la division")
    page.goto(grid)


def close_as_it_is(page: Page) -> None:
    page.get_by_role("button", name="Clore le bilan de la 2ASSP").click()
    cost = "4 besoins non calculables (lecture, écriture, métier, entreprise) pour 22 élèves."
    expect(page.get_by_role("dialog")).to_contain_text(cost)
    page.get_by_role("button", name="Clore en l’état").click()
    told(page, cost)


def see_half_weight(page: Page, why: str) -> None:
    page.goto(f"{why}REM-MAT")
    expect(page.locator("#pourquoi")).to_contain_text("Lire des données")
    expect(page.locator("#pourquoi")).to_contain_text("bilan précédent, compté pour moitié")
    expect(page.locator(".st-need .un")).to_have_count(4)
    page.goto(f"{why}REM-LEC")
    expect(page.locator("#pourquoi")).to_contain_text("trop peu pour donner un nombre")


def half_a_bilan(services: Services) -> School:
    """2ASSP: maths has entered its cells of November, lettres and the trade none; September knew more."""
    made = make_school(services.store, divisions=("2ASSP",))
    made.add_students("2ASSP", 22)
    for name in ("lettres", "maths", "metier"):
        made.add_staff(name, [], [])
    with services.store.write() as tx:
        tx.run("update review_division set closed_at = null, closed_by = null")
    november, made.review = made.review, next(made.ids)
    division = made.divisions["2ASSP"]
    row = {"id": made.review, "year": 2026, "code": "B0", "label": "Bilan de septembre", "kind": "initial"}
    dates = {
        "opens_on": date(2026, 9, 7),
        "closes_on": date(2026, 9, 29),
        "effective_from": date(2026, 10, 5),
    }
    made.add("review", row | {"period": 101} | dates)
    made.add("review_division", {"review": made.review, "division": division})
    enter(services, made, "metier", {"DON": 2}, made.students, at=date(2026, 9, 20))
    closed = datetime(2026, 9, 29, 18)
    close_division(
        services.store, PILOT, services.reference, review=made.review, division=division, now=closed
    )
    made.review = november
    codes = [one for one in services.reference.competencies["code"] if one not in (*LETTRES, *METIER)]
    wanted = {
        "maths": codes,
        "lettres": [*LETTRES, "ORA", "CON", "RCH", "MEM"],
        "metier": [*METIER, "ORG", "AUT"],
    }
    made.add(
        "expected",
        *(
            {"review": november, "division": division, "staff": made.staff[name], "competency": code}
            for name, given in wanted.items()
            for code in given
        ),
    )
    enter(services, made, "maths", dict.fromkeys(codes, 3), made.students, at=date(2026, 11, 12))
    open_doors(services, made, "maths")
    it_is(services, CLOSING)
    return made


def enter(
    services: Services, made: School, who: str, levels: dict[str, int], students: list[int], *, at: date
) -> None:
    """Record the levels an adult gives to students, as of a day."""
    rows = [(one, code, "level", float(level)) for one in students for code, level in levels.items()]
    entries = pl.DataFrame(rows, ["student", "competency", "state", "level"], orient="row")
    record_assessments(
        services.store, PILOT, review=made.review, assessor=f"staff:{made.staff[who]}", entries=entries,
        now=datetime.combine(at, datetime.min.time()),
    )  # fmt: skip
