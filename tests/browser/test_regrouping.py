"""From a closed bilan to groups in force, in a real browser: the pilot prepares and adjusts, the direction decides."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in, watched

LONG = 90_000  # a search may take its 30 seconds, on a machine that does other things


def test_groups_are_found_adjusted_validated_and_put_in_force(
    page: Page, browser: Browser, school: str
) -> None:
    sign_in(page, "Pilote", to="/regroupement?bande=1-A")
    expect(page.get_by_role("heading", name="Les séances de la période")).to_be_visible()
    page.get_by_role("button", name="Chercher les groupes").click()
    expect(page.get_by_role("link", name="Ajuster cette proposition")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Aucune autre répartition respectant vos règles")).to_be_visible()
    expect(page.get_by_text(re.compile("Recommandé"))).to_be_visible(timeout=LONG)

    page.get_by_role("link", name="Ajuster cette proposition").click()
    student = fix_the_first_student(page)
    page.get_by_role("button", name="Recalculer autour de mes choix").click()
    expect(page.get_by_text("Proposition B", exact=False).first).to_be_visible(timeout=LONG)
    chip = page.locator("#rg-board .chip", has_text=student).first
    expect(chip.get_by_label("place fixée")).to_be_visible()

    page.get_by_role("link", name="Passer à Valider").click()
    page.get_by_role("button", name="Proposer à la direction").click()
    expect(page.get_by_text("La direction doit maintenant la valider")).to_be_visible()
    for other in watched(browser, school, width=1440, height=900):
        decide_as_direction(other, page.url)
    reject_the_other(page)


def test_a_point_of_the_dial_becomes_the_proposal_and_a_student_is_moved_by_hand(page: Page) -> None:
    sign_in(page, "Pilote", to="/regroupement?bande=2-B1")
    page.get_by_role("button", name="Chercher les groupes").click()
    points = page.get_by_role("group", name="Points du cadran")
    expect(points).to_be_visible(timeout=LONG)
    points.get_by_role("button", name=re.compile("recommandé")).click()
    expect(page.locator(".badge2", has_text="recommandée")).to_be_visible()
    page.get_by_role("link", name="Ajuster cette proposition").click()

    name = drag_with_the_mouse(page)
    waiting = page.locator(".rg-bar .badge2.watch")
    expect(waiting).to_have_text(re.compile("^1\\schoix à calculer"))
    expect(page.locator("#rg-board .chip:focus")).to_contain_text(name)
    page.keyboard.press("Control+z")
    expect(waiting).to_be_hidden()

    name = drag_with_the_keyboard(page)
    expect(waiting).to_be_visible()
    page.get_by_role("button", name="Recalculer autour de mes choix").click()
    since = page.locator(".rg-since")
    expect(since).to_contain_text("Depuis la proposition", timeout=LONG)
    expect(since.locator("li", has_text=name)).to_contain_text("votre choix")
    expect(waiting).to_be_hidden()


def drag_with_the_mouse(page: Page) -> str:
    """Take the first student who may go elsewhere, see what each group costs, let them go there; return the name."""
    expect(page.locator("#rg-board button.chip").first).to_be_visible()
    for chip in page.locator("#rg-board button.chip").all():
        box = chip.bounding_box()
        assert box
        page.mouse.move(box["x"] + 20, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, box["y"] + 24, steps=4)
        expect(page.locator(".gcard[data-drop='home'] .rg-cost")).to_have_text("sa place")
        expect(page.locator(".gcard[data-drop='wait']")).to_have_count(0)
        free = page.locator(".gcard[data-drop='free']")
        if free.count():
            break
        page.mouse.move(box["x"] + 20, box["y"] + 8)
        page.mouse.up()
    expect(free.first.locator(".rg-cost")).to_have_text(re.compile("points?, .*libre"))
    name = page.locator(".chip.held .nm").inner_text()
    target = free.first.bounding_box()
    assert target
    page.mouse.move(target["x"] + 60, target["y"] + 40, steps=6)
    expect(page.locator(".gcard.over")).to_have_count(1)
    page.mouse.up()
    return name


def drag_with_the_keyboard(page: Page) -> str:
    """Take the first chip with Entrée, let it go with Échap, then put it in the next group that takes it."""
    chip = page.locator("#rg-board button.chip").first
    name = chip.locator(".nm").inner_text()
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip.held")).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(page.locator(".chip.held")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".gcard[data-drop='wait']")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    over = page.locator(".gcard.over")
    expect(over).not_to_have_attribute("data-drop", "home")
    title = over.locator(".t span").nth(1).inner_text()
    expect(page.locator("#rg-said")).to_contain_text(title)
    page.keyboard.press("Enter")
    return name


def reject_the_other(page: Page) -> None:
    """Reject the proposal left aside, with a reason typed in its box; read the reason in the list."""
    page.get_by_role("link", name=re.compile("Propositions")).click()
    page.locator("tbody").get_by_role("link", name=re.compile("Proposition A")).click()
    expect(page.get_by_text("Proposition A, brouillon")).to_be_visible()
    page.get_by_role("link", name="Valider").click()
    page.get_by_text("Rejeter…").click()
    page.get_by_label(re.compile("Motif")).fill("Trop de changements")
    page.get_by_role("button", name=re.compile("^Rejeter")).click()
    expect(page.get_by_text("Proposition rejetée", exact=False).first).to_be_visible()
    page.get_by_role("link", name=re.compile("Propositions")).click()
    expect(page.get_by_text("Trop de changements")).to_be_visible()


def fix_the_first_student(page: Page) -> str:
    """Open the panel of the first chip, close and reopen it with the keyboard, fix the place; return the name shown."""
    chip = page.locator("#rg-board .chip").first
    name = chip.locator(".nm").inner_text()
    chip.click()
    panel = page.get_by_role("complementary", name=re.compile("Pourquoi ici"))
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(chip).to_be_focused()
    page.keyboard.press("Space")
    expect(panel).to_be_visible()
    page.keyboard.press("p")
    expect(page.locator(".rg-bar").get_by_text("choix à calculer")).to_be_visible()
    return name


def decide_as_direction(page: Page, address: str) -> None:
    """Validate, publish and put in force the proposal of an address, then see it so."""
    sign_in(page, "Direction", to="/" + address.split("/", 3)[3])
    for words, then in (
        ("Valider", "Il reste à la publier"),
        ("Publier", "Il reste à la mettre en vigueur"),
        ("Mettre en vigueur", "Groupes mis en vigueur"),
    ):
        page.locator(".rg-col").get_by_role("button", name=re.compile(f"^{words}")).click()
        expect(page.get_by_text(then, exact=False).first).to_be_visible()
    expect(page.get_by_role("link", name="Listes à distribuer")).to_be_visible()
    page.get_by_role("link", name=re.compile("Propositions")).click()
    expect(page.locator("tbody tr").first).to_contain_text("en vigueur")
