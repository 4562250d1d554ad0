"""The home page: what must be legible on the line of the year."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

# A bilan may close in the middle of any period: its diamond is laid there, then compared with the name.
_HIDDEN = """() => {
    const bilan = document.querySelector(".year-line .bilan");
    return [...document.querySelectorAll(".year-line .bar")].filter((bar) => {
        bilan.style.left = bar.offsetLeft + bar.offsetWidth / 2 + "px";
        const mark = bilan.querySelector(".diamond").getBoundingClientRect();
        return mark.bottom > bar.querySelector(".b").getBoundingClientRect().top + 1;
    }).map((bar) => bar.textContent);
}"""


def test_no_diamond_hides_the_name_of_a_period(page: Page) -> None:
    sign_in(page, "Pilote")
    expect(page.locator(".year-line .diamond").first).to_be_visible()
    assert page.evaluate(_HIDDEN) == []


def test_on_a_phone_the_pages_are_behind_a_menu_that_closes_behind_you(phone: Page) -> None:
    sign_in(phone, "Enseignant")
    pages = phone.get_by_role("navigation", name="Principale")
    expect(pages).to_be_hidden()
    phone.get_by_text("Menu").click()
    pages.get_by_role("link", name="Groupes").click()
    expect(phone.locator("#page h1")).to_contain_text("groupes")
    expect(pages).to_be_hidden()
