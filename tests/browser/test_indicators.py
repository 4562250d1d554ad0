"""Indicators under a hand: from a count to its list, to a student and back, and the paper without names."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in


def test_a_count_opens_its_list_and_the_list_its_students(page: Page) -> None:
    sign_in(page, "Pilote")
    page.get_by_role("link", name="Indicateurs").click()
    point = page.locator(".ind-points tr", has_text="Peu renseigné")
    counted = point.get_by_role("link")
    expect(counted).to_be_visible(timeout=20_000)
    words = counted.inner_text()
    counted.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(words)
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename.startswith("apdash-vigilance-peu-renseigne")
    first = page.locator(".ind-list tbody a").first
    name = first.inner_text().split(",")[0].split()[-1]
    first.click()
    expect(heading).to_contain_text(name)
    page.go_back()
    page.get_by_role("link", name="Tous les indicateurs").click()
    page.get_by_role("link", name="Évaluation à imprimer").click()
    expect(heading).to_have_text("Évaluation de l’accompagnement", timeout=20_000)
    assert "vue=evaluation" in page.url
