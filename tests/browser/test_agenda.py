"""The agenda in a real browser: a session moved from the keyboard and brought back, then the day on a phone."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

WEEK = "/seances?date=2026-11-24"


def test_a_session_is_moved_from_the_keyboard_and_brought_back(page: Page) -> None:
    sign_in(page, "Pilote", to=WEEK)
    opener = page.locator(".ag-day").nth(1).locator(".ag-more").first
    label = opener.get_attribute("aria-label") or ""
    opener.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.locator(".ag-facts")).to_contain_text("mardi 24")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name=label)).to_be_focused()

    page.keyboard.press("Enter")
    panel.get_by_text("Déplacer ou reporter").click()
    panel.get_by_label("Jour", exact=True).fill("2026-12-24")
    panel.get_by_role("button", name="Déplacer", exact=True).click()
    expect(panel.locator(".ag-said").first).to_contain_text("Jour sans cours")
    panel.get_by_label("Jour", exact=True).fill("2026-11-25")
    panel.get_by_role("button", name="Déplacer", exact=True).click()
    expect(page.locator(".toasts")).to_contain_text("Séance déplacée")
    expect(panel).to_have_count(0)
    moved = page.locator(".ag-hour li", has_text="Déplacée du mardi 24")
    expect(moved).to_have_count(1)

    moved.locator(".ag-more").click()
    panel.get_by_role("button", name=re.compile("Annuler le dernier geste")).click()
    expect(page.locator(".toasts")).to_contain_text("Geste annulé")
    expect(moved).to_have_count(0)


def test_on_a_phone_a_day_stands_alone_with_large_targets(phone: Page) -> None:
    sign_in(phone, "Pilote", to=WEEK)
    phone.wait_for_selector(".ag-tabs")
    expect(phone.locator(".ag-day:visible")).to_have_count(1)
    phone.locator(".ag-tabs a").first.click()
    expect(phone.locator(".ag-day:visible h2")).to_contain_text("Lundi")
    phone.locator(".ag-tabs a", has_text="mar").click()
    expect(phone.locator(".ag-day:visible h2")).to_contain_text("Mardi")
    expect(phone.get_by_role("button", name="Toutes (12)")).to_be_hidden()
    phone.get_by_text("Filtrer").click()
    expect(phone.get_by_role("button", name="Toutes (12)")).to_be_visible()
    heights = phone.locator(".ag-day:visible .ag-more, .ag-tabs > *, .filters .btn").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
    assert phone.evaluate("document.querySelector('#page').scrollWidth - innerWidth") <= 0
