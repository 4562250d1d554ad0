"""Sign-in and sign-out, and the guard that closes everything else to whoever has not signed in."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import flask
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect, generate_csrf

from apdash.passwords import hash_password, is_right
from apdash.rights import Role, Viewer
from apdash.services import Services
from apdash.store import Store

PUBLIC = ("/connexion", "/healthz", "/vendor/", "/assets/", "/_dash-component-suites/", "/_favicon.ico")
CSRF_COOKIE = "_csrf_token"
_LOOPBACK = ("127.0.0.1", "::1")
# Verified when a login is unknown, so that an unknown name takes as long as a wrong password.
_NOBODY = hash_password(secrets.token_hex(16))


@dataclass(frozen=True)
class Account(UserMixin):
    """An account as flask-login wants it, around the viewer the rest of the code knows."""

    id: str
    viewer: Viewer


def set_up(server: flask.Flask, services: Services) -> None:
    """Install the session, the guard, the protection against forged requests and the sign-in pages."""
    server.secret_key = _secret_key(services.store)
    server.config.update(
        SESSION_COOKIE_NAME="apdash",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
    )
    manager = LoginManager(server)
    manager.user_loader(lambda account_id: _load(services.store, account_id))
    # Before the check of forged requests: an anonymous call must hear "sign in", not "bad token".
    server.before_request(_guard)
    CSRFProtect(server)
    server.after_request(_send_token)
    _add_routes(server, services)


def _guard() -> flask.typing.ResponseReturnValue | None:
    path = flask.request.path
    if path in PUBLIC or path.startswith(tuple(prefix for prefix in PUBLIC if prefix.endswith("/"))):
        return None
    if path.startswith("/connexion/") or current_user.is_authenticated:
        return None
    if flask.request.method == "GET" and "text/html" in flask.request.headers.get("Accept", ""):
        return flask.redirect(flask.url_for("sign_in", suite=flask.request.full_path.rstrip("?")))
    return {"erreur": "Connectez-vous."}, 401


def _send_token(response: flask.Response) -> flask.Response:
    """Hand the page the token its callbacks send back; renewed with the session."""
    if current_user.is_authenticated and response.mimetype == "text/html":
        response.set_cookie(CSRF_COOKIE, generate_csrf(), samesite="Lax", secure=flask.request.is_secure)
    return response


def _add_routes(server: flask.Flask, services: Services) -> None:
    @server.get("/connexion")
    def sign_in() -> flask.typing.ResponseReturnValue:
        return _sign_in_page(services)

    @server.post("/connexion")
    def enter() -> flask.typing.ResponseReturnValue:
        account = _verified(
            services.store, flask.request.form.get("login", ""), flask.request.form.get("password", "")
        )
        if account is None:
            return _sign_in_page(services, error="Identifiant ou mot de passe incorrect."), 401
        return _welcome(account)

    @server.post("/connexion/demo")
    def enter_demo() -> flask.typing.ResponseReturnValue:
        account = _demo_account(services, flask.request.form.get("login", ""))
        return flask.abort(404) if account is None else _welcome(account)

    @server.post("/deconnexion")
    def sign_out() -> flask.typing.ResponseReturnValue:
        logout_user()
        flask.session.clear()
        return flask.redirect(flask.url_for("sign_in"))


def _sign_in_page(services: Services, error: str = "") -> str:
    roles = _demo_accounts(services) if _may_demo(services) else []
    return flask.render_template("connexion.html", error=error, roles=roles, suite=_next_page())


def _welcome(account: Account) -> flask.typing.ResponseReturnValue:
    flask.session.clear()
    login_user(account)
    flask.session.permanent = True
    return flask.redirect(_next_page())


def _next_page() -> str:
    """Return where to go after signing in: a page of ours, never another site."""
    wanted = flask.request.values.get("suite", "/")
    parts = urlsplit(wanted)
    ours = (
        not parts.scheme
        and not parts.netloc
        and wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
    )
    return wanted if ours and not wanted.startswith("/_dash") else "/"


def _may_demo(services: Services) -> bool:
    near = services.settings.is_loopback and flask.request.remote_addr in _LOOPBACK
    return near and services.is_demo()


def _demo_accounts(services: Services) -> list[dict[str, str]]:
    return services.store.read(
        "select login, name, role from user_account where active and password_hash is null order by role, name"
    ).to_dicts()


def _demo_account(services: Services, login: str) -> Account | None:
    row = _row(services.store, "login = $value", login)
    return _account(row) if _may_demo(services) and row and row["password_hash"] is None else None


def _verified(store: Store, login: str, password: str) -> Account | None:
    row = _row(store, "login = $value", login.strip().lower())
    hashed = row["password_hash"] if row and row["password_hash"] else _NOBODY
    return _account(row) if is_right(hashed, password) and row else None


def _load(store: Store, account_id: str) -> Account | None:
    row = _row(store, "id = try_cast($value as bigint)", account_id)
    return _account(row) if row else None


def _row(store: Store, condition: str, value: str) -> dict | None:
    found = store.read(
        f"select id, login, name, role, staff, password_hash from user_account where active and {condition}",
        value=value,
    )
    return found.row(0, named=True) if found.height else None


def _account(row: dict) -> Account:
    viewer = Viewer(login=row["login"], name=row["name"], role=Role(row["role"]), staff=row["staff"])
    return Account(id=str(row["id"]), viewer=viewer)


def _secret_key(store: Store) -> str:
    """Return the key that signs sessions, made once for each school file."""
    with store.write() as tx:
        tx.run(
            "insert into setting values ('secret_key', $key) on conflict do nothing",
            key=secrets.token_hex(32),
        )
        return tx.read("select value from setting where key = 'secret_key'").item()
