"""An objective set and agreed, the workshop bilan filled from the keyboard, what it moves, the line that is copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apdash.services import open_services
from apdash.settings import Settings
from tests.browser.conftest import serve
from tests.school_factory import School
from tests.store.workshop_school import NOW, group_of, workshop_school

TODAY = "2026-11-12"


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, School, int]:
    """The school of `workshop_school`, its bilan open, everybody at level 3 in reading: file, numbers, group."""
    path = tmp_path / "school.duckdb"
    services = open_services(Settings(db=path))
    school = workshop_school(services)
    with services.store.write() as tx:
        tx.run("update review_division set closed_at = null")
        tx.run("delete from intensity")
        tx.run("insert into setting values ('demo', 'oui'), ('today', $today)", today=TODAY)
        for login, role in (("pilote", "pilot"), ("lecture", "teacher")):
            tx.run(
                "insert into user_account (login, name, role, staff, created_at) "
                "values ($login, $name, $role, $staff, $now)",
                login=login, name=login.capitalize(), role=role, staff=school.staff.get(login), now=NOW,
            )  # fmt: skip
    rows = [
        {"review": school.review, "student": one, "competency": code, "assessor": "test:x", "source": "test",
         "state": "level", "level": 3.0, "recorded_at": NOW, "recorded_by": "pilote"}
        for one in school.students
        for code in ("LIR", "CON", "RCH")
    ]  # fmt: skip
    school.add("assessment", *rows)
    group = group_of(services, "REM-LEC")
    services.store.close()
    return path, school, group


@pytest.fixture
def school(made: tuple[Path, School, int]) -> Iterator[str]:
    yield from serve(made[0])


def enter(page: Page, name: str, to: str) -> None:
    page.goto(to)
    page.get_by_role("button", name=name).click()
    page.wait_for_selector("#page h1")


def test_from_the_objective_to_the_line_of_the_bulletin(page: Page, made: tuple[Path, School, int]) -> None:
    _, school, group = made
    zoe = f"/eleve?id={school.students[0]}&besoin=REM-LEC"
    enter(page, "Lecture", zoe)
    expect(page.locator("#pourquoi")).to_contain_text("De quoi est fait le 25")
    page.get_by_text("Fixer un objectif…").click()
    page.get_by_label("Modèle (facultatif)").select_option("2")
    expect(page.get_by_label("L’objectif, en une phrase")).to_have_value(
        "Je lis seul une fiche technique d’une page et j’y réponds"
    )
    page.get_by_label("D’accord").select_option("student")
    page.get_by_role("button", name="Fixer l’objectif").click()
    expect(page.locator(".aim")).to_contain_text("l’élève, le 12\u00a0nov., noté par Lecture")

    page.goto(f"/ateliers?groupe={group}")
    expect(page.locator(".workshop tbody tr").first.locator("td").first).to_be_focused()
    for key in ("a", "3", "e", "2", "p", "1", "a", "4"):
        page.keyboard.press(key)
    expect(page.locator("#workshop-grid-count")).to_have_text("4\u00a0élèves sur 4.")
    expect(page.locator("#workshop-grid-status")).to_contain_text("Enregistré à")
    page.keyboard.press("Control+z")
    expect(page.locator(".workshop tbody tr").last).not_to_have_class("done")
    page.keyboard.press("4")
    expect(page.locator("#workshop-grid-status")).to_contain_text("Enregistré à")

    page.goto(zoe)
    expect(page.locator("#pourquoi")).to_contain_text("De quoi est fait le 0")
    expect(page.locator("#pourquoi")).to_contain_text("Objectif de l’atelier atteint, Période 1")
    expect(page.locator(".aim").first).to_contain_text("Atteint")

    page.context.clear_cookies()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, "Pilote", f"/ateliers?vue=bulletins&division={school.divisions['2TNE']}")
    page.locator(".ws-copy .copy").nth(1).click()
    line = "Accompagnement personnalisé\u00a0: atelier lecture, objectif atteint. Implication régulière."
    page.wait_for_function("async (line) => (await navigator.clipboard.readText()) === line", arg=line)
