"""The groups page in a real browser: a gesture from the keyboard, its undoing, a file, a phone."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in


def test_a_student_is_moved_from_the_keyboard_and_the_move_taken_back(page: Page) -> None:
    sign_in(page, "Pilote", to="/groupes")
    page.wait_for_selector(".gcard")
    opener = page.locator(".gcard .chip:not(.away) .gp-move").first
    label = opener.get_attribute("aria-label") or ""
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(label)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name=label)).to_be_focused()

    page.keyboard.press("Enter")
    choices = dialog.locator(".dg-field-group select")
    choices.wait_for()
    expect(choices.locator("option").nth(1)).to_be_attached()
    values = choices.locator("option").evaluate_all("all => all.map(one => one.value).filter(Boolean)")
    choices.select_option(values[0])
    expect(dialog.locator(".dg-said > *").first).to_be_visible()
    dialog.get_by_role("button", name="Changer de groupe").click()
    expect(dialog).to_contain_text("Il manque le motif")
    dialog.locator(".dg-field-reason select").select_option("ELEV")
    expect(dialog.locator(".dg-said")).not_to_contain_text("Il manque le motif")
    box = dialog.get_by_label("J’en tiens compte")
    if box.count():
        box.check()
    dialog.locator(".btn-primary").click()
    expect(page.locator(".toasts")).to_contain_text("Groupe changé")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name=label)).to_be_focused()

    page.get_by_role("link", name="Journal").click()
    page.locator(".gp-journal tbody tr").first.get_by_role("button", name=re.compile("Annuler")).click()
    expect(dialog).to_contain_text("Ce qu’il a remplacé redevient vrai")
    dialog.locator(".btn-primary").click()
    expect(page.locator(".gp-journal tbody tr").first).to_contain_text("Annulation")


def test_a_list_is_downloaded_and_a_student_opened_without_a_reload(page: Page) -> None:
    sign_in(page, "Pilote", to="/groupes?vue=listes")
    page.wait_for_selector(".gp-sheet")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Télécharger")).first.click()
    assert re.fullmatch(r"apdash-edt-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    text = Path(download.value.path()).read_bytes().decode("cp1252")
    assert text.startswith("INE;Nom;Prénom;Né(e) le;Classe;Groupe;Début;Fin\r\n")
    page.get_by_role("link", name="Groupes", exact=True).last.click()
    page.evaluate("window.stayed = true")
    page.locator(".gcard .chip a").first.click()
    page.wait_for_url("**/eleve?id=*")
    assert page.evaluate("window.stayed")


def test_on_a_phone_cards_stand_in_one_column_with_large_targets(phone: Page) -> None:
    sign_in(phone, "Pilote", to="/groupes")
    phone.wait_for_selector(".gcard")
    wide = phone.evaluate("document.querySelector('#page').scrollWidth - innerWidth")
    assert wide <= 0
    lefts = phone.locator(".gcard").evaluate_all("all => new Set(all.map(one => one.offsetLeft)).size")
    assert lefts == 1
    heights = phone.locator(".gcard .chip a, .gcard .gp-move, .gcard summary").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
