"""Third story: Mme Rivet is on leave from 12 November; nobody for eight days, then M. Tahar, on Tuesdays only."""

from datetime import date, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from apdash.rights import CONSOLE
from apdash.services import Services
from apdash.store.commands.envelopes import set_envelope
from tests.browser.story import SEARCH, entered, hold, it_is, line, open_doors, option, served, told, written
from tests.school_factory import P1, School, adopted, make_school

LEAVE = date(2026, 11, 12)


def test_the_only_maths_teacher_is_replaced(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "school.duckdb"
    with written(path) as services:
        made = only_one_counts(services)
    away = f"/seances?vue=absence&adulte={made.staff['rivet']}&du=2026-11-12&au=2026-11-20"
    with served(path) as address, entered(browser, address, "pilote", away) as page:
        choose_meeting_by_meeting(page)
        see_what_was_not_held(page)
        replace_on_tuesdays(page, made.students[0])
        close_thursday(page)
        search_without_blaming_students(page)
        page.goto(f"/bilans?bilan={made.review}&division={made.divisions['2TNE']}")
        expect(page.get_by_role("gridcell", name="A. RIVET : 1").first).to_be_visible()


def choose_meeting_by_meeting(page: Page) -> None:
    expect(page.locator("#page h1")).to_contain_text("3 séances du 12 nov. au 20 nov.")
    tuesday = line(page, "mardi 17 nov.").get_by_role("combobox")
    expect(tuesday).to_contain_text("atelier organisation", ignore_case=True)
    expect(tuesday).to_contain_text("Étude accompagnée")
    page.get_by_role("link", name="Toutes non tenues").click()
    expect(tuesday).to_have_value("annuler")
    study = line(page, "jeudi 19 nov.").get_by_role("combobox")
    study.select_option(label=option(study, "Étude accompagnée"))
    page.get_by_role("button", name="Enregistrer les choix").click()
    told(page, "3 séances réglées du 12 nov. 2026 au 20 nov. 2026")


def see_what_was_not_held(page: Page) -> None:
    page.goto("/heures?par=groupes")
    lost = line(page.locator(".hr-table"), "2AP02").get_by_role("cell").nth(5)
    expect(lost).to_have_text("0 h 55")
    expect(page.locator("#page")).to_contain_text("Enveloppe")


def replace_on_tuesdays(page: Page, student: int) -> None:
    page.goto("/groupes")
    page.locator("summary[title='Gestes sur 2AP02']").click()
    page.get_by_role("article", name="2AP02").get_by_role("button", name="Remplacer, ajouter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Qui vient").select_option(label=option(dialog, "TAHAR"))
    dialog.get_by_label("À partir du").fill("2026-11-24")
    dialog.get_by_role("button", name="Enregistrer").click()
    told(page, "à partir du 24 nov. 2026 : M. TAHAR")
    page.goto("/groupes?date=2026-11-24")
    group = page.get_by_role("article", name="2AP02 Atelier calcul et mesure 1, M. TAHAR")
    expect(group).to_contain_text("9 / 12")
    expect(group).to_contain_text("2 périodes")
    page.goto(f"/eleve?id={student}")
    expect(page.locator("#page")).to_contain_text("Depuis le 5 oct.")


def close_thursday(page: Page) -> None:
    page.goto("/groupes")
    page.locator("summary[title='Gestes sur 2AP05']").click()
    page.get_by_role("article", name="2AP05").get_by_role("button", name="Fermer…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_have_count(9)
    expect(dialog.get_by_role("listitem").first).to_contain_text("Organisation 66")
    dialog.get_by_label("À partir du").fill("2026-11-23")
    dialog.get_by_label("Motif").select_option("INT")
    dialog.get_by_role("button", name="Fermer le groupe").click()
    told(page, "est fermé à partir du 23 nov. 2026 : 9 élèves à placer")
    page.goto("/groupes?date=2026-11-26")
    expect(page.locator(".gp-lone")).to_contain_text("9 élèves sans groupe")
    expect(page.locator(".gp-lone").get_by_role("listitem")).to_have_count(9)


def search_without_blaming_students(page: Page) -> None:
    page.goto("/regroupement?bande=2-A")
    page.get_by_role("button", name="Chercher les groupes").click()
    expect(page.get_by_role("link", name="Ajuster cette proposition")).to_be_visible(timeout=SEARCH)
    expect(page.locator(".kv", has_text="Changent seulement d’adulte")).to_have_text(
        "Changent seulement d’adulte0"
    )


def only_one_counts(services: Services) -> School:
    """Two divisions on Tuesdays and Thursdays: Mme Rivet leads calculation at both, alone to do so."""
    made = make_school(services.store, slots=("mar-10", "jeu-14"))
    first, second = made.add_students("2TNE", 12), made.add_students("2MRC", 9)
    both = ["mar-10", "jeu-14"]
    for name, need in (("rivet", "REM-MAT"), ("olive", "REM-MET"), ("nguyen", "ACC-ETU")):
        made.add_staff(name, [need], both)
    made.add_staff("tahar", ["REM-MAT"], ["mar-10"])
    groups = [
        ("mar-10", "REM-MAT", "rivet", first[:9]),
        ("mar-10", "REM-MET", "olive", [*first[9:], *second[:3]]),
        ("mar-10", "ACC-ETU", "nguyen", second[3:]),
        ("jeu-14", "REM-MAT", "rivet", second),
        ("jeu-14", "REM-MET", "olive", first[:6]),
        ("jeu-14", "ACC-ETU", "nguyen", first[6:]),
    ]
    made.know(first, {"REM-MAT": 85, "REM-MET": 60, "DEV-CNF": 40})
    made.know(second, {"REM-MAT": 85, "REM-MET": 66, "DEV-CNF": 40})
    said = {
        "competency": "CAL",
        "assessor": f"staff:{made.staff['rivet']}",
        "source": "adult",
        "state": "level",
    }
    at = {"recorded_at": datetime(2026, 11, 9, 18), "recorded_by": "rivet"}
    made.add(
        "assessment",
        *({"review": made.review, "student": one, "level": 1.0} | said | at for one in made.students),
    )
    made.add(
        "expected",
        *({"review": made.review, "division": one, "staff": made.staff["rivet"], "competency": "CAL"}
          for one in made.divisions.values()),
    )  # fmt: skip
    adopted(services, made, groups, on=P1[0], now=datetime(2026, 10, 1, 9))
    set_envelope(
        services.store, CONSOLE, services.reference, entry_year=2026, cycle="bac pro", envelope="2009"
    )
    with services.store.write() as tx:
        tx.run("update staff set title = 'M.' where id = $id", id=made.staff["tahar"])
        tx.run("delete from band_staff where staff = $id", id=made.staff["rivet"])
        tx.run("update review_division set closed_at = $at", at=datetime(2026, 11, 10, 18))
    open_doors(services, made)
    hold(services, before=LEAVE)
    it_is(services, LEAVE)
    return made
