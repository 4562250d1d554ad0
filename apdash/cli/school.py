"""Commands on the school file as a whole: make a fictional one, serve, copy, put back, add an account."""

import argparse
import getpass
import os
import signal
import sys
from pathlib import Path

from apdash.backup import back_up
from apdash.backup import restore as put_back
from apdash.cli.opening import opened
from apdash.demo import make_demo
from apdash.errors import ApdashError
from apdash.progress import progress_bar
from apdash.rights import CONSOLE, Role
from apdash.services import Services
from apdash.settings import DEMO_DB, from_environment
from apdash.store import IN_USE, file_version
from apdash.store.commands.accounts import add_account, set_password

_ROLES = {"pilote": Role.PILOT, "enseignant": Role.TEACHER}


def demo(args: argparse.Namespace) -> None:
    """Make the fictional school; an existing file is only replaced when asked, once the new one is whole."""
    if args.db.exists() and not args.force:
        raise ApdashError(
            "Cette base existe déjà.", f"{args.db} est intact ; ajoutez --force pour le remplacer."
        )
    if args.db.exists():
        _check_not_served(args.db)
    _make_demo(args.db, seed=args.seed, students=args.students)
    print(f"Lycée de démonstration : {args.db}")


def _check_not_served(path: Path) -> None:
    try:
        file_version(path)
    except ApdashError as error:
        if error.title == IN_USE:
            raise


def _make_demo(path: Path, *, seed: int, students: int) -> None:
    with progress_bar() as report:
        make_demo(path, seed=seed, students=students, report=report)


def serve(args: argparse.Namespace) -> None:
    """Serve the pages until interrupted; without a file, the fictional school, made on the first time."""
    # The only command that needs the pages, which take a second to load.
    from apdash.web import serve as serve_pages

    # Whoever runs it as a service stops it so: the file is closed then too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = from_environment(db=args.db, host=args.host, port=args.port)
    if settings.db == DEMO_DB and not DEMO_DB.exists():
        print(
            "Fabrication du lycée de démonstration : une minute, la première fois seulement…", file=sys.stderr
        )
        _make_demo(DEMO_DB, seed=2026, students=288)
    serve_pages(settings)


def backup(args: argparse.Namespace) -> None:
    """Copy the file elsewhere."""
    back_up(args.db, args.output)
    print(f"Copie faite : {args.output}")


def restore(args: argparse.Namespace) -> None:
    """Put a copy back."""
    aside = put_back(args.backup, args.db)
    print(f"Copie remise en place : {args.db}" + (f" (la base d’avant : {aside})" if aside else ""))


def add_user(args: argparse.Namespace) -> None:
    """Add an account, in a new file if there is none yet."""
    from apdash.passwords import hash_password

    password_hash = hash_password(_password())
    with opened(args.db, new=True) as services:
        add_account(
            services.store,
            CONSOLE,
            login=args.login,
            name=args.name,
            role=_ROLES.get(args.role) or Role(args.role),
            staff=_staff(services, args.staff),
            password_hash=password_hash,
            now=services.now(),
        )
    print(f"Compte ajouté : {args.login.strip().lower()}")


def change_password(args: argparse.Namespace) -> None:
    """Give an account another password."""
    from apdash.passwords import hash_password

    with opened(args.db) as services:
        set_password(services.store, CONSOLE, login=args.login, password_hash=hash_password(_password()))
    print(f"Mot de passe changé : {args.login.strip().lower()}")


def _password() -> str:
    """Return the password: from APDASH_PASSWORD, else asked twice, else one line of the input of a script."""
    if given := os.environ.get("APDASH_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Encore une fois : ") != first:
        raise ApdashError("Les deux mots de passe diffèrent.", "Rien n’a été enregistré.")
    return first


def _staff(services: Services, wanted: str | None) -> int | None:
    """Return the id of the adult with that number or that family name."""
    if wanted is None:
        return None
    found = services.store.read(
        """
        select id from staff
        where ends_on is null and (cast(id as varchar) = $wanted or lower(last_name) = lower($wanted))
        order by id
        """,
        wanted=wanted.strip(),
    )
    if found.height != 1:
        raise ApdashError(
            "Adulte introuvable." if found.is_empty() else "Plusieurs adultes portent ce nom.",
            f"« {wanted} » : donnez le nom de famille ou le numéro d’un adulte de l’établissement.",
        )
    return int(found.item())
