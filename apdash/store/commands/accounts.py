"""Accounts: who may enter, and as what."""

from datetime import datetime

from apdash.errors import ApdashError
from apdash.rights import Action, Role, Viewer
from apdash.store.store import Store


def add_account(
    store: Store,
    viewer: Viewer,
    *,
    login: str,
    name: str,
    role: Role,
    staff: int | None,
    password_hash: str | None,
    now: datetime,
) -> None:
    """Add an account; without a password it can only enter a demonstration, by choosing its role.

    Raises `ApdashError` when the login is empty or taken, or when nobody in the school has that number.
    """
    viewer.require(Action.MANAGE_ACCOUNTS)
    login = login.strip().lower()
    if not login or not name.strip():
        raise ApdashError("Compte refusé.", "Il faut un identifiant et un nom.")
    with store.write() as tx:
        if tx.read("select login from user_account where login = $login", login=login).height:
            raise ApdashError("Identifiant déjà pris.", f"« {login} » a déjà un compte.")
        if staff is not None and tx.read("select id from staff where id = $staff", staff=staff).is_empty():
            raise ApdashError(
                "Adulte inconnu.", f"Aucun adulte de l’établissement ne porte le numéro {staff}."
            )
        tx.run(
            "insert into user_account (login, name, role, staff, password_hash, created_at) "
            "values ($login, $name, $role, $staff, $hash, $now)",
            login=login,
            name=name.strip(),
            role=role.value,
            staff=staff,
            hash=password_hash,
            now=now,
        )


def set_password(store: Store, viewer: Viewer, *, login: str, password_hash: str) -> None:
    """Give an account another password, forgotten or given away; raises `ApdashError` when it is unknown."""
    viewer.require(Action.MANAGE_ACCOUNTS)
    login = login.strip().lower()
    with store.write() as tx:
        if tx.read("select id from user_account where login = $login", login=login).is_empty():
            raise ApdashError("Compte inconnu.", f"« {login} » n’a pas de compte.")
        tx.run(
            "update user_account set password_hash = $hash where login = $login",
            hash=password_hash,
            login=login,
        )


def set_account_active(store: Store, viewer: Viewer, *, account: int, active: bool) -> None:
    """Close an account, or open it again; raises `ApdashError` when it is unknown or one's own."""
    viewer.require(Action.MANAGE_ACCOUNTS)
    with store.write() as tx:
        found = tx.read("select login from user_account where id = $account", account=account)
        if found.is_empty():
            raise ApdashError("Compte inconnu.", "Il n’existe pas, ou plus : rechargez la page.")
        if found.item() == viewer.login:
            raise ApdashError("C’est votre compte.", "Demandez à quelqu’un d’autre de le fermer.")
        tx.run("update user_account set active = $active where id = $account", active=active, account=account)
