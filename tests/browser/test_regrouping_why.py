"""What explains a proposal on screen, and who is without group put in one: with the mouse, a finger, a tap."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from apdash.rebalancing import Parameters, regroup
from apdash.rights import CONSOLE
from apdash.services import open_services
from apdash.settings import Settings
from apdash.store.queries.bands import bands
from apdash.store.queries.calendar import current_year
from apdash.store.queries.reviews import reviews
from tests.browser.conftest import serve, sign_in, watched
from tests.pages.regrouping.acts import left_out

LONG = 90_000  # an exact answer may take its 20 seconds, on a machine that does other things
BAND = "2-B1"
SLOW_COSTS = """() => {
    const fetched = window.fetch;
    let waiting = 0;
    window.fetch = async function (address, asked) {
        if (!String(asked && asked.body).includes("rg-exact-tick")) return fetched(address, asked);
        waiting += 1;
        document.body.dataset.costs = "asked";
        const answer = await fetched(address, asked);
        await new Promise(function (told) { setTimeout(told, 1500); });
        waiting -= 1;
        if (!waiting) document.body.dataset.costs = "told";
        return answer;
    };
}"""


@pytest.fixture(scope="module")
def school(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration school with a proposal for a band, and the same with one student left without group."""
    path = tmp_path_factory.mktemp("school") / "school.duckdb"
    shutil.copy2(demo_file, path)
    services = open_services(Settings(db=path))
    year = current_year(services.store, services.today()) or 0
    band = dict(bands(services.store, year=year).select("code", "band").iter_rows())[BAND]
    review = dict(reviews(services.store, year=year).select("code", "review").iter_rows())["P1"]
    label = Parameters(label="Proposition A")
    found = regroup(services, CONSOLE, band=band, review=review, parameters=label)
    left_out(services, found.proposal or 0)
    services.store.close()
    yield from serve(path)


def test_a_proposal_says_who_is_not_served_a_place_what_elsewhere_costs_and_a_group_why_it_is_open(
    page: Page,
) -> None:
    sign_in(page, "Pilote", to=f"/regroupement?bande={BAND}&etape=propositions")
    page.get_by_role("link", name="Proposition A").first.click()
    expect(page.locator("#rg-history-words")).to_contain_text("la dernière fois")
    page.get_by_role("heading", name="Qui n’est pas servi").click()
    page.get_by_role("heading", name="Équité").click()
    people = page.locator(".rg-unserved li")
    expect(people.first).to_be_visible(timeout=LONG)
    fares = page.locator("#rg-fair-body")
    expect(fares).to_contain_text("en changeant le moins possible", timeout=LONG)
    expect(fares.get_by_text("Par sexe")).to_be_visible()
    expect(fares.get_by_text("Par profil")).to_be_visible()
    expect(page.locator("#rg-unserved-body")).not_to_contain_text("calcul en cours", timeout=LONG)

    people.first.get_by_role("link").click()
    panel = page.get_by_role("complementary", name=re.compile("Pourquoi ici"))
    # All exact, or, on a busy machine, with a word on what the time left unproven.
    expect(panel).to_contain_text(re.compile("[Ll]es autres élèves replacés au mieux"), timeout=LONG)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.locator(".gwhy").first.click()
    group = page.get_by_role("complementary", name=re.compile("Pourquoi ce groupe"))
    expect(group.get_by_text("points de besoin")).to_be_visible()
    expect(group).to_contain_text(re.compile("Effet sur le total|ne coûterait rien|aucune"), timeout=LONG)
    close_before_its_answer(page, group)


def test_a_student_without_group_is_dragged_into_one_with_the_mouse(page: Page) -> None:
    apart = open_incomplete(page)
    box = apart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 24, steps=4)
    target = free_group(page).bounding_box()
    assert target
    page.mouse.move(target["x"] + 60, target["y"] + 40, steps=6)
    expect(page.locator(".gcard.over")).to_have_count(1)
    page.mouse.up()
    undo(page)


def test_a_student_without_group_is_put_in_one_with_a_finger_then_with_taps(
    browser: Browser, school: str
) -> None:
    for phone in watched(browser, school, width=390, height=844, touch=True):
        apart = open_incomplete(phone)
        drag_with_a_finger(phone, apart)
        undo(phone)
        phone.locator(".rg-left button.chip").tap()
        panel = phone.get_by_role("complementary", name=re.compile("Pourquoi ici"))
        panel.get_by_role("button", name=re.compile("^(Déplacer|Demander)")).first.tap()
        expect(phone.locator(".rg-left")).to_be_hidden()
        expect(phone.locator(".rg-bar")).to_contain_text(re.compile("1\\schoix à calculer"))


def close_before_its_answer(page: Page, group: Locator) -> None:
    """Close the panel of a student whose exact costs are under way; the answer comes late, and the page goes on."""
    page.keyboard.press("Escape")
    expect(group).to_be_hidden()
    page.evaluate(SLOW_COSTS)
    page.locator("#rg-board .chip").last.click()
    expect(page.locator("body")).to_have_attribute("data-costs", "asked")
    page.keyboard.press("Escape")
    expect(page.locator("body")).to_have_attribute("data-costs", "told")
    page.locator(".gwhy").first.click()
    expect(group.get_by_text("points de besoin")).to_be_visible()


def open_incomplete(page: Page) -> Locator:
    """Open the proposal that leaves a student without group; return their chip."""
    sign_in(page, "Pilote", to=f"/regroupement?bande={BAND}&etape=propositions")
    page.get_by_role("link", name="Proposition incomplète").first.click()
    page.get_by_role("link", name="Ajuster cette proposition").click()
    apart = page.locator(".rg-left button.chip")
    expect(apart).to_have_count(1)
    apart.scroll_into_view_if_needed()
    return apart


def free_group(page: Page) -> Locator:
    """Return the first group with room for the student who is held."""
    expect(page.locator(".gcard[data-drop='wait']")).to_have_count(0)
    free = page.locator(".gcard[data-drop='free']").first
    expect(free.locator(".rg-cost")).to_have_text(re.compile("points?, .*libre"))
    return free


def drag_with_a_finger(page: Page, chip: Locator) -> None:
    """Hold a finger on a chip, move it to a group that takes it, going down the page at its edge; lift it."""
    box = chip.bounding_box()
    assert box
    x, y = box["x"] + 60, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    expect(page.locator(".chip.held")).to_have_count(1)
    target = free_group(page)
    over = page.locator(".gcard.over[data-drop='free']")
    for step in range(300):
        seen = target.bounding_box()
        assert seen
        middle = seen["y"] + 60
        y = min(max(middle, 20.0), 830.0)
        touch("touchMove", {"x": x + step % 2, "y": y})
        if over.count():
            break
        page.wait_for_timeout(30)
    expect(over).to_have_count(1)
    touch("touchEnd")
    expect(page.get_by_text("Élève placé").first).to_be_visible()


def undo(page: Page) -> None:
    """See that the student is placed and the choice waits; take it back."""
    expect(page.locator(".rg-left")).to_be_hidden()
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.locator(".rg-left button.chip")).to_have_count(1)
