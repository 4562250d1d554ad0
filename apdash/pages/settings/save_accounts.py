"""Adds an account, closes one, opens it again, gives one another password."""

from dash import ALL, Dash, Input, Output, State, ctx
from dash.development.base_component import Component

from apdash import current
from apdash.components.states import toast
from apdash.errors import ApdashError
from apdash.pages.page import only_when_pressed
from apdash.passwords import hash_password
from apdash.rights import Role
from apdash.store.commands import accounts as commands

_FIELDS = ("name", "login", "role", "staff", "password")


def register(app: Dash) -> None:
    """Register the form of a new account and the buttons of those there are."""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input("add-account", "n_clicks"),
        *(State(f"account-{field}", "value") for field in _FIELDS),
        prevent_initial_call=True,
    )
    def add_account(clicks: int, name: str, login: str, role: str, staff: str, password: str) -> tuple:
        only_when_pressed()
        services, viewer = current.services(), current.viewer()
        commands.add_account(
            services.store,
            viewer,
            login=login or "",
            name=name or "",
            role=Role(role),
            staff=int(staff) if staff else None,
            password_hash=hash_password(password or ""),
            now=services.now(),
        )
        return toast("info", "Compte ajouté."), f"?partie=comptes&ajoute={(login or '').strip().lower()}"

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("password-new", "value"),
        Input("change-password", "n_clicks"),
        State("password-login", "value"),
        State("password-new", "value"),
        prevent_initial_call=True,
    )
    def change_password(clicks: int, login: str, password: str) -> tuple[Component, str]:
        only_when_pressed()
        if not login:
            raise ApdashError("Il manque un choix.", "Choisissez le compte.")
        store, viewer = current.services().store, current.viewer()
        commands.set_password(store, viewer, login=login, password_hash=hash_password(password or ""))
        return toast("info", "Mot de passe changé."), ""

    @app.callback(
        Output("toasts", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input({"account": ALL, "active": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_or_close(clicks: list) -> tuple[Component, str]:
        only_when_pressed()
        account, active = ctx.triggered_id["account"], ctx.triggered_id["active"]
        commands.set_account_active(
            current.services().store, current.viewer(), account=account, active=active
        )
        words = "Compte rouvert." if active else "Compte fermé."
        return toast("info", words), f"?partie=comptes&compte={account}&ouvert={int(active)}"
