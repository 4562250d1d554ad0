"""The table of the adults of a band: proposals are marked until they are saved, and one save keeps everything."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in


def test_needs_are_proposed_confirmed_and_saved_in_one_go(page: Page) -> None:
    sign_in(page, "Pilote", to="/reglages?partie=adultes")
    line = page.locator("table.adults tbody tr").first
    ticked = line.locator('.tickbox[data-kind="need"][aria-checked="true"]')
    expect(line).to_be_visible()
    for _ in range(ticked.count()):
        ticked.first.click()
    expect(ticked).to_have_count(0)
    page.get_by_role("button", name="Proposer les besoins d’après les disciplines").click()
    told = page.locator(".adults-told")
    expect(told).to_contain_text("à confirmer")
    proposed = line.locator(".tickbox[data-proposed]")
    expect(proposed.first).to_have_attribute("title", "Proposé, à confirmer")
    proposed.first.click()
    kept = ticked.count()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(told).to_contain_text("enregistrée")
    expect(page.locator(".tickbox[data-proposed]")).to_have_count(0)
    page.reload()
    expect(ticked).to_have_count(kept)
