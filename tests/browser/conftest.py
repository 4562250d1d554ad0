"""A served school, a real browser, and pages that fail on a console error or a request to another host."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from apdash.demo import make_demo
from tests.browser import chromium

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000  # milliseconds to wait for what must be on screen: a busy machine lays out slowly


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.HOW_TO, pytrace=False)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration school, made once; copy it before changing it."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    make_demo(path)
    return path


@pytest.fixture(scope="module")
def school(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh copy of the demonstration school, served for the tests of one file."""
    path = tmp_path_factory.mktemp("school") / "school.duckdb"
    shutil.copy2(demo_file, path)
    yield from serve(path)


def serve(path: Path) -> Iterator[str]:
    """Serve a school file in a process of its own; yield its address, then stop it.

    Fail on anything it wrote to its error stream. Warnings are errors there as here: a file or a socket left
    to the garbage collector is told there too.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "error", "-m", "apdash", "serve", "--db", str(path), "--port", str(port)]
    log = path.with_suffix(".log")
    with log.open("wb") as errors, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as server:
        try:
            assert server.stdout
            assert address.encode() in server.stdout.readline(), log.read_text(errors="replace")
            yield address
            # Answered in its turn, hence after all that a page gone since had asked for.
            urlopen(f"{address}/healthz").close()
        finally:
            server.terminate()
    assert log.read_text(errors="replace") == ""
    assert server.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def page(browser: Browser, school: str) -> Iterator[Page]:
    """A page of 1440 × 900 pixels in French, signed in as nobody yet."""
    yield from watched(browser, school, width=1440, height=900)


@pytest.fixture
def phone(browser: Browser, school: str) -> Iterator[Page]:
    """A page of 390 × 844 pixels with touch."""
    yield from watched(browser, school, width=390, height=844)


def watched(browser: Browser, school: str, *, width: int, height: int, touch: bool = False) -> Iterator[Page]:
    """Yield a page; afterwards fail on any console error and on any request to another host. touch: by finger too."""
    host = urlsplit(school).netloc
    errors: list[str] = []
    strangers: list[str] = []
    context = browser.new_context(
        base_url=school,
        locale="fr-FR",
        viewport={"width": width, "height": height},
        accept_downloads=True,
        has_touch=touch,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request", lambda request: strangers.append(request.url) if _elsewhere(request.url, host) else None
    )
    yield page
    context.close()
    assert errors == []
    assert strangers == []


def sign_in(page: Page, role: str, *, to: str = "/") -> None:
    """Enter the demonstration by the door of a role (Direction, Pilote, Enseignant), then open a page."""
    page.goto(to)
    page.get_by_role("button", name=role).first.click()
    page.wait_for_selector("#page h1, #page .state")


def _elsewhere(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob", "about") and parts.netloc != host
