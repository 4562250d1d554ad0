"""Who may enter: nobody who has not signed in; the demonstration only from this machine."""

from collections.abc import Callable

import pytest

from apdash.errors import ApdashError
from apdash.passwords import hash_password
from apdash.services import Services
from tests.conftest import Client, call, enter_demo, open_page, token_of

PHRASE = "quatre pommes et un vélo"
URL = [{"id": "url", "property": "pathname", "value": "/"}, {"id": "url", "property": "search", "value": ""}]


def make_demo(services: Services) -> None:
    with services.store.write() as tx:
        tx.run("insert into setting values ('demo', 'oui')")


@pytest.mark.parametrize(
    "path", ["/", "/besoins", "/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/deconnexion"]
)
def test_nothing_answers_before_signing_in(client: Client, path: str) -> None:
    assert client.get(path).status_code in (401, 404, 405)
    assert client.get(path).status_code == 401


def test_a_callback_is_closed_before_signing_in(client: Client) -> None:
    answer = call(client, output="..shell.children...page.children..", inputs=URL)
    assert answer.status_code == 401


def test_a_browser_is_sent_to_the_sign_in_page_and_back_to_where_it_wanted_to_go(client: Client) -> None:
    answer = client.get("/besoins?division=3", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.location.startswith("/connexion?suite=")
    assert "besoins" in answer.location


def test_a_password_opens_the_page_and_a_wrong_one_does_not(client: Client, add_account: Callable) -> None:
    add_account("vasseur", "pilot", password_hash=hash_password(PHRASE))
    token = token_of(client.get("/connexion"))
    wrong = client.post(
        "/connexion", data={"login": "vasseur", "password": "autre chose", "csrf_token": token}
    )
    assert wrong.status_code == 401
    assert "incorrect" in wrong.get_data(as_text=True)
    right = client.post("/connexion", data={"login": "Vasseur", "password": PHRASE, "csrf_token": token})
    assert right.status_code == 302
    assert "Bonjour" in open_page(client, "/")


def test_an_unknown_login_is_refused_with_the_same_words(client: Client) -> None:
    token = token_of(client.get("/connexion"))
    answer = client.post("/connexion", data={"login": "personne", "password": PHRASE, "csrf_token": token})
    assert answer.status_code == 401
    assert "Identifiant ou mot de passe incorrect" in answer.get_data(as_text=True)


def test_a_demonstration_account_has_no_password_and_opens_by_its_door_only(
    client: Client, services: Services, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    token = token_of(client.get("/connexion"))
    by_form = client.post("/connexion", data={"login": "pilote", "password": "", "csrf_token": token})
    assert by_form.status_code == 401
    enter_demo(client, "pilote")
    assert "Bonjour" in open_page(client, "/")


def test_the_demonstration_door_does_not_exist_for_a_real_school(
    client: Client, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    token = token_of(client.get("/connexion"))
    answer = client.post("/connexion/demo", data={"login": "pilote", "csrf_token": token})
    assert answer.status_code == 404


def test_the_demonstration_door_does_not_exist_for_another_machine(
    client: Client, services: Services, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    page = client.get("/connexion", environ_overrides=elsewhere)
    assert "démonstration" not in page.get_data(as_text=True)
    data = {"login": "pilote", "csrf_token": token_of(page)}
    assert client.post("/connexion/demo", data=data, environ_overrides=elsewhere).status_code == 404


def test_a_forged_request_is_refused(client: Client, services: Services, add_account: Callable) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    enter_demo(client, "pilote")
    answer = client.post(
        "/_dash-update-component", json={"output": "x.y", "inputs": [], "changedPropIds": []}
    )
    assert answer.status_code == 400


def test_signing_out_closes_the_session(client: Client, services: Services, add_account: Callable) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    enter_demo(client, "pilote")
    client.get("/", headers={"Accept": "text/html"})
    cookie = client.get_cookie("_csrf_token")
    assert cookie
    client.post("/deconnexion", data={"csrf_token": cookie.value})
    assert client.get("/").status_code == 401


def test_a_closed_account_loses_its_session_at_once(
    client: Client, services: Services, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    enter_demo(client, "pilote")
    with services.store.write() as tx:
        tx.run("update user_account set active = false")
    assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "wanted", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example", "javascript:1"]
)
def test_signing_in_never_leads_to_another_site(
    client: Client, services: Services, add_account: Callable, wanted: str
) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    token = token_of(client.get("/connexion"))
    answer = client.post("/connexion/demo", data={"login": "pilote", "csrf_token": token, "suite": wanted})
    assert answer.location == "/"


def test_the_page_holds_no_name_and_allows_only_its_own_scripts(
    client: Client, services: Services, add_account: Callable
) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    enter_demo(client, "pilote")
    answer = client.get("/", headers={"Accept": "text/html"})
    assert "Pilote" not in answer.get_data(as_text=True)
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"].split("style-src")[0]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ApdashError, match="12 caractères"):
        hash_password("court")


def test_health_is_public_and_says_ready(client: Client) -> None:
    assert client.get("/healthz").json == {"etat": "pret"}


def test_an_unknown_page_is_told_in_words(client: Client, services: Services, add_account: Callable) -> None:
    add_account("pilote", "pilot")
    make_demo(services)
    enter_demo(client, "pilote")
    assert "Cette page n’existe pas" in open_page(client, "/nulle-part")


def test_the_session_key_survives_a_restart(services: Services) -> None:
    from apdash.auth import _secret_key

    assert _secret_key(services.store) == _secret_key(services.store)
