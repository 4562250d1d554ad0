"""Fixtures every folder of tests may use: an empty school file, its services, a client that can sign in."""

import atexit
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import flask.testing
import pytest

from apdash.reference import Reference
from apdash.services import Services, open_services
from apdash.settings import Settings
from apdash.store import open_store
from apdash.web import build_app

Client = flask.testing.FlaskClient


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep on one worker the journeys in the demonstration, made once; the stories; the year of the hours."""
    for item in items:
        if "browser" in item.path.parts:
            alone = item.path.name.startswith("test_story")
            item.add_marker(pytest.mark.xdist_group("stories" if alone else "browser"))
        elif "hours" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("hours"))


@atexit.register
def _say_no_more() -> None:
    """As the interpreter winds down, the engine's binding prints a page of harmless "leaks": nobody needs it."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@pytest.fixture(scope="session")
def empty_school(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Reference]:
    """A new, empty school file, made once to be copied, and the reference data it was opened with."""
    path = tmp_path_factory.mktemp("empty") / "school.duckdb"
    opened = open_services(Settings(db=path))
    opened.store.close()
    return path, opened.reference


@pytest.fixture
def services(tmp_path: Path, empty_school: tuple[Path, Reference]) -> Iterator[Services]:
    """Services on a new, empty school file."""
    made, reference = empty_school
    path = Path(shutil.copy(made, tmp_path / "school.duckdb"))
    opened = Services(settings=Settings(db=path), store=open_store(path), reference=reference)
    yield opened
    opened.store.close()


@pytest.fixture
def add_account(services: Services) -> Callable[..., None]:
    """A function that adds an account: login, role, staff, password hash (none: a demonstration account)."""

    def add(login: str, role: str, *, staff: int | None = None, password_hash: str | None = None) -> None:
        with services.store.write() as tx:
            tx.run(
                "insert into user_account (login, name, role, staff, password_hash, created_at) "
                "values ($login, $name, $role, $staff, $hash, $now)",
                login=login,
                name=login.capitalize(),
                role=role,
                staff=staff,
                hash=password_hash,
                now=datetime(2026, 9, 1),
            )

    return add


@pytest.fixture
def client(services: Services) -> Client:
    """A client of the whole application, guard included, not signed in."""
    return build_app(services).server.test_client()


def token_of(response: flask.Response | str) -> str:
    """Return the anti-forgery token of a sign-in page."""
    text = response if isinstance(response, str) else response.get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found, "no token in the page"
    return found.group(1)


def enter_demo(client: Client, login: str) -> None:
    """Sign in to a demonstration school by one of its doors."""
    token = token_of(client.get("/connexion"))
    answer = client.post("/connexion/demo", data={"login": login, "csrf_token": token})
    assert answer.status_code == 302


def call(
    client: Client, *, inputs: list, state: list | None = None, output: str = "", changed: str = ""
) -> flask.Response:
    """Call a callback the way the page does, token included.

    inputs, state: {id, property, value}, or a list of them where the callback takes ALL. output: needed only when
    the callback is not told by its inputs.
    """
    client.get("/", headers={"Accept": "text/html"})
    cookie = client.get_cookie("_csrf_token")
    output = output or _output_of(client, inputs)
    described = [
        {"id": name, "property": prop}
        for name, prop in (part.rsplit(".", 1) for part in output.strip(".").split("..."))
    ]
    first = inputs[0][0] if isinstance(inputs[0], list) else inputs[0]
    name = (
        first["id"]
        if isinstance(first["id"], str)
        else json.dumps(first["id"], sort_keys=True, separators=(",", ":"))
    )
    body = {
        "output": output,
        "outputs": described if output.startswith("..") else described[0],
        "inputs": inputs,
        "state": state or [],
        "changedPropIds": [changed or f"{name}.{first['property']}"],
    }
    headers = {"X-CSRFToken": cookie.value} if cookie else {}
    return client.post("/_dash-update-component", json=body, headers=headers)


def _output_of(client: Client, inputs: list) -> str:
    """Return the output of the callback that listens to exactly these inputs."""
    known = client.get("/_dash-dependencies").get_json() or []
    found = [one["output"] for one in known if _listens(one["inputs"], inputs)]
    assert len(found) == 1, f"{len(found)} callbacks listen to {inputs}"
    return found[0]


def _listens(declared: list[dict], inputs: list) -> bool:
    heads = [one[0] if isinstance(one, list) else one for one in inputs]
    return len(declared) == len(heads) and all(
        one["property"] == head["property"] and _same_id(one["id"], head["id"])
        for one, head in zip(declared, heads, strict=True)
    )


def _same_id(declared: str, given: str | dict) -> bool:
    if isinstance(given, str):
        return declared == given
    if not declared.startswith("{"):
        return False
    pattern = json.loads(declared)
    return pattern.keys() == given.keys() and all(
        isinstance(value, list) or value == given[key] for key, value in pattern.items()
    )


def open_page(client: Client, path: str, search: str = "") -> str:
    """Return the text the router sends for an address: shell and page, as JSON."""
    inputs = [
        {"id": "url", "property": "pathname", "value": path},
        {"id": "url", "property": "search", "value": search},
    ]
    answer = call(client, output="..shell.children...page.children..", inputs=inputs)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    return answer.get_data(as_text=True).encode().decode("unicode_escape", errors="ignore")
