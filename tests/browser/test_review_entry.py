"""Filling a bilan in a browser: keyboard, paste, undo, two adults at once, a network that fails, a phone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apdash.services import open_services
from apdash.settings import Settings
from tests.browser.conftest import serve, watched
from tests.factories import tiny_school

GRID = "/bilans?division=2TNE"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[str]:
    """The address of a tiny school with a bilan open, served for one test."""
    path = tmp_path / "school.duckdb"
    services = open_services(Settings(db=path))
    made = tiny_school(services.store)
    accounts = {"pilote": ("pilot", None), "lettres": ("teacher", "lettres"), "maths": ("teacher", "maths")}
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui'), ('today', '2026-11-10')")
        for login, (role, staff) in accounts.items():
            tx.run(
                "insert into user_account (login, name, role, staff, created_at) "
                "values ($login, $name, $role, $staff, $now)",
                login=login, name=login.capitalize(), role=role, staff=made.staff.get(staff), now=datetime(2026, 9, 1),
            )  # fmt: skip
    services.store.close()
    yield from serve(path)


@pytest.fixture
def colleague(browser: Browser, school: str) -> Iterator[Page]:
    """The window of somebody else."""
    yield from watched(browser, school, width=1440, height=900)


def enter(page: Page, name: str, to: str = GRID) -> None:
    """Sign in as somebody and open the grid."""
    page.goto(to)
    page.get_by_role("button", name=name).click()
    page.wait_for_selector("td[role=gridcell], .entry-list, #page .state")


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(".entry tbody tr").nth(row).locator("td[role=gridcell]").nth(column)


def saved(page: Page) -> None:
    expect(page.locator("#review-grid-status")).to_contain_text("Enregistré à")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def test_a_division_is_filled_from_the_keyboard_and_still_there_after_a_reload(page: Page) -> None:
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    for key in ("3", "Enter", "1", "ArrowRight", "a", "ArrowUp", "4"):
        page.keyboard.press(key)
    expect(page.locator(".entry tbody tr").nth(0).locator("td").last).to_have_text("2 / 2")
    saved(page)
    page.reload()
    for place, words in (((0, 0), "3"), ((1, 0), "1"), ((1, 1), "A"), ((0, 1), "4"), ((2, 0), "")):
        expect(cell(page, *place)).to_have_text(words)
    family = page.locator(".entry tbody th").first.inner_text()
    words = f"{family}\u00a0; Lire et comprendre\u00a0; 3, maîtrisé"
    expect(cell(page, 0, 0)).to_have_attribute("aria-label", words)


def test_enter_at_the_bottom_goes_to_the_next_competency_and_delete_empties(page: Page) -> None:
    enter(page, "Lettres")
    cell(page, 2, 0).click()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(cell(page, 0, 1)).to_be_focused()
    cell(page, 2, 0).click()
    page.keyboard.press("Delete")
    expect(cell(page, 2, 0)).to_have_text("")


def test_the_upper_row_of_a_french_keyboard_needs_no_shift(page: Page) -> None:
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    page.evaluate(
        """() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key: '"', code: "Digit3", bubbles: true, cancelable: true}))"""
    )
    expect(cell(page, 0, 0)).to_have_text("3")


def test_a_block_from_a_spreadsheet_fills_from_the_cell_and_is_undone_at_once(page: Page) -> None:
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    paste(page, "1\t4\n2\tAbs\n")
    expect(cell(page, 1, 1)).to_have_text("A")
    expect(cell(page, 0, 1)).to_have_text("4")
    page.keyboard.press("Control+z")
    expect(cell(page, 0, 0)).to_have_text("")
    expect(cell(page, 1, 1)).to_have_text("")


def test_a_cell_that_is_no_level_is_refused_before_anything_is_filled(page: Page) -> None:
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    paste(page, "3\t12,5\n2\tdys")
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("2 cellules refusées")
    expect(cell(page, 0, 0)).to_have_text("")
    panel.get_by_role("button", name="Remplir 2 cases").click()
    expect(cell(page, 0, 0)).to_have_text("3")
    expect(cell(page, 1, 0)).to_have_text("2")
    expect(cell(page, 0, 1)).to_have_text("")


def test_letters_ask_which_scale_they_are_of(page: Page) -> None:
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    paste(page, "B\nA\nD")
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name="Remplir 3 cases").click()
    for row, words in enumerate(("3", "4", "1")):
        expect(cell(page, row, 0)).to_have_text(words)


def test_names_in_the_first_column_lead_each_row_to_its_student(page: Page) -> None:
    enter(page, "Lettres")
    last = page.locator(".entry tbody th").nth(2).inner_text()
    cell(page, 0, 0).click()
    paste(page, f"{last}\t4\t1")
    expect(cell(page, 2, 0)).to_have_text("4")
    expect(cell(page, 2, 1)).to_have_text("1")


def test_a_name_borne_by_two_students_leads_to_neither(page: Page) -> None:
    enter(page, "Lettres")
    laid = page.evaluate(
        """() => window.apdashReviews.layPaste("ROUX Léa\\t3\\nROUX Tom\\t2\\nROUX Léa\\t1", {
            scales: {manquant: [], mots: {}}, chosen: "niveaux",
            students: [[1, "ROUX Léa (née le 02/03)"], [2, "ROUX Léa (née le 05/06)"], [3, "ROUX Tom"]],
            competencies: [{label: "Lire"}], carries: () => true, top: 0, left: 0})"""
    )
    assert [(change["row"], change["value"]["level"]) for change in laid["changes"]] == [(2, 2)]
    assert [refusal["where"] for refusal in laid["refusals"]] == ["ROUX Léa", "ROUX Léa"]
    assert "plusieurs élèves portent ce nom" in laid["refusals"][0]["why"]


def test_what_is_pasted_is_counted_beside_what_it_changes(page: Page) -> None:
    enter(page, "Lettres")
    said = page.evaluate(
        "() => [[4, 4], [1, 1], [4, 1], [4, 3], [4, 0]].map((n) => window.apdashReviews.pasted(...n))"
    )
    assert said == [
        "4 cases collées",
        "1 case collée",
        "4 cases collées, dont 1 changée",
        "4 cases collées, dont 3 changées",
        "4 cases collées, rien de changé",
    ]


def test_the_share_under_the_grid_says_of_what(page: Page) -> None:
    enter(page, "Lettres")
    expect(page.locator("tfoot .rest")).to_contain_text("attendu")
    page.goto(f"{GRID}&competences=toutes")
    expect(page.locator("tfoot .rest")).to_contain_text("des 24")


def test_a_column_filled_by_default_is_marked_until_a_value_is_typed(page: Page) -> None:
    enter(page, "Lettres")
    page.locator(".colhead").first.click()
    page.get_by_role("button", name="Remplir les cases vides\u00a0: 3").click()
    expect(cell(page, 2, 0)).to_have_class("sep lv-3 bydefault")
    saved(page)
    cell(page, 2, 0).click()
    page.keyboard.press("3")
    saved(page)
    expect(cell(page, 2, 0)).to_have_class("sep lv-3")


def test_a_colleague_is_seen_and_my_cursor_stays(page: Page, colleague: Page) -> None:
    enter(page, "Lettres", GRID + "&competences=toutes")
    enter(colleague, "Maths")
    cell(page, 1, 1).click()
    cell(colleague, 0, 0).click()
    colleague.keyboard.press("2")
    expect(page.locator("#review-grid-status")).to_contain_text("saisit aussi cette classe")
    calculer = page.locator(".colhead", has_text="Calculer").evaluate(
        "one => one.closest('th').cellIndex - 1"
    )
    expect(cell(page, 0, calculer)).to_contain_text("2")
    expect(cell(page, 1, 1)).to_be_focused()


def test_two_windows_of_one_account_end_up_with_the_later_value(page: Page) -> None:
    enter(page, "Lettres")
    other = page.context.new_page()
    other.goto(GRID)
    other.wait_for_selector("td[role=gridcell]")
    cell(page, 0, 0).click()
    page.keyboard.press("1")
    expect(cell(other, 0, 0)).to_have_text("1")
    cell(other, 0, 0).click()
    other.keyboard.press("4")
    expect(cell(page, 0, 0)).to_have_text("4")


def test_what_the_network_refuses_waits_and_is_sent_when_it_comes_back(browser: Browser, school: str) -> None:
    context = browser.new_context(base_url=school, locale="fr-FR", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    context.set_offline(True)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    expect(page.locator("#review-grid-status")).to_contain_text("2\u00a0saisies en attente")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "Ana" not in kept
    assert "LIR" in kept
    context.set_offline(False)
    saved(page)
    page.reload()
    expect(cell(page, 0, 0)).to_have_text("2")
    expect(cell(page, 1, 0)).to_have_text("3")
    context.close()


def test_closing_the_window_with_values_unsent_asks_first(browser: Browser, school: str) -> None:
    context = browser.new_context(base_url=school, locale="fr-FR")
    page = context.new_page()
    enter(page, "Lettres")
    cell(page, 0, 0).click()
    context.set_offline(True)
    page.keyboard.press("2")
    expect(page.locator("#review-grid-status")).to_contain_text("en attente")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    context.close()


def test_on_a_phone_one_competency_at_a_time_with_buttons_for_a_thumb(phone: Page) -> None:
    enter(phone, "Lettres")
    first = phone.locator(".entry-list li").first
    button = first.get_by_role("button").nth(2)
    box = button.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    saved(phone)
    first.get_by_role("combobox").select_option("absent")
    expect(button).to_have_attribute("aria-pressed", "false")
    saved(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_pilot_reads_without_typing_and_closes_after_hearing_the_cost(page: Page) -> None:
    enter(page, "Pilote")
    cell(page, 0, 0).click()
    page.keyboard.press("3")
    expect(cell(page, 0, 0)).to_have_text("")
    page.get_by_role("button", name="Clore le bilan de la 2TNE").click()
    expect(page.get_by_role("dialog")).to_contain_text("non calculables")
    page.get_by_role("button", name="Clore en l’état").click()
    expect(page.get_by_role("button", name="Rouvrir la saisie")).to_be_visible()
