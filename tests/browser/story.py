"""What the acceptance stories share: a small school told in a few lines, its doors, and the day it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import polars as pl
from playwright.sync_api import Browser, Locator, Page, expect

from apdash.rights import CONSOLE
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store.commands.records import revise
from tests.browser.conftest import serve, watched
from tests.school_factory import School

DOORS = {"proviseure": "direction", "pilote": "pilot"}
SEARCH = 90_000  # milliseconds: a search may take its time on a machine that does other things
served = contextmanager(serve)


@contextmanager
def written(path: Path) -> Iterator[Services]:
    """Open the file of a school to write in it; no server has it open meanwhile."""
    services = open_services(Settings(db=path))
    yield services
    services.store.close()


def open_doors(services: Services, school: School, *teachers: str) -> None:
    """Let the direction, the pilot and some of the adults in without a password."""
    people = {login: (role, None) for login, role in DOORS.items()}
    people |= {name: ("teacher", school.staff[name]) for name in teachers}
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")
        for login, (role, staff) in people.items():
            tx.run(
                "insert into user_account (login, name, role, staff, created_at) "
                "values ($login, $name, $role, $staff, $now)",
                login=login, name=login.capitalize(), role=role, staff=staff, now=datetime(2026, 9, 1),
            )  # fmt: skip


def it_is(services: Services, day: date) -> None:
    """Make it that day in the school."""
    with services.store.write() as tx:
        tx.run(
            "insert into setting values ('today', $day) on conflict (key) do update set value = excluded.value",
            day=day.isoformat(),
        )


def hold(services: Services, *, before: date) -> None:
    """Note as held the sessions planned before a day."""
    rows = services.store.read(
        "select * exclude (recorded_at, recorded_by, replaced_at) from session "
        "where replaced_at is null and state = 'planned' and on_day < $day",
        day=before,
    )
    with services.store.write() as tx:
        held = rows.with_columns(state=pl.lit("held"))
        revise(
            tx, "session", ("id",), held, viewer=CONSOLE, now=datetime.combine(before, datetime.min.time())
        )


@contextmanager
def entered(browser: Browser, address: str, who: str, to: str) -> Iterator[Page]:
    """Open a window, come in by somebody's door, stand on a page; the window must close without any error."""
    window = watched(browser, address, width=1440, height=900)
    page = next(window)
    page.goto(to)
    page.get_by_role("button", name=who.capitalize(), exact=False).first.click()
    page.wait_for_selector("#page h1, #page .state")
    yield page
    next(window, None)


def card(page: Page, title: str) -> Locator:
    """Return the card of a title."""
    return page.locator("section.card", has=page.get_by_role("heading", name=title))


def line(page: Page | Locator, words: str) -> Locator:
    """Return the line of a table that has these words."""
    return page.get_by_role("row").filter(has_text=words)


def option(box: Locator, words: str) -> str:
    """Return the whole label of the option that has these words."""
    return box.locator("option", has_text=words).first.inner_text()


def told(page: Page, words: str) -> None:
    """Expect a message of the page."""
    expect(page.locator("#toasts")).to_contain_text(words)
