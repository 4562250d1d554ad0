"""Every command, its options and the function that does it."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from apdash.cli import agenda, groups, indicators, rows, school
from apdash.cli import hours as hours_command
from apdash.cli.words import speak_french
from apdash.demo.school import SMALLEST, STUDENTS
from apdash.exports import KINDS

_DEMO_SEED = 2026
_ROLES = ("direction", "pilot", "pilote", "teacher", "enseignant")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the parsed arguments hold in `do` the function to call with them."""
    speak_french()
    parser = argparse.ArgumentParser(
        prog="apdash",
        description="L’accompagnement personnalisé d’un lycée : du bilan aux groupes de besoins.",
        epilog="Sortie 0 : fait. 1 : données refusées, rien n’est écrit. 2 : commande mal formée.",
    )
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    _add_school(commands)
    _add_rows(commands)
    _add_groups(commands)
    _add_hours(commands)
    _add_agenda(commands)
    _add_copies(commands)
    return parser


def _add_school(commands: argparse._SubParsersAction) -> None:
    demo = _command(commands, "demo", school.demo, "fabrique un lycée fictif, le même pour une même graine")
    _db(demo)
    demo.add_argument("--seed", type=int, default=_DEMO_SEED, metavar="N", help=f"graine ({_DEMO_SEED})")
    demo.add_argument(
        "--students", type=_students, default=STUDENTS, metavar="N", help=f"élèves ({STUDENTS})"
    )
    demo.add_argument("--force", action="store_true", help="remplace la base si elle existe")
    serve = _command(
        commands, "serve", school.serve, "sert les pages, sur cette machine seulement par défaut"
    )
    serve.add_argument(
        "--db", metavar="BASE", help="la base du lycée (sans elle : le lycée de démonstration)"
    )
    serve.add_argument("--host", metavar="ADRESSE", help="adresse d’écoute (127.0.0.1)")
    serve.add_argument("--port", type=_port, metavar="N", help="port (8050)")
    user = commands.add_parser("user", help="gère les comptes", description="Gère les comptes.")
    users = user.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    add = _command(
        users, "add", school.add_user, "ajoute un compte ; le mot de passe est demandé sans être affiché"
    )
    _db(add)
    add.add_argument("--login", required=True, metavar="IDENTIFIANT", help="identifiant, en minuscules")
    add.add_argument("--name", required=True, metavar="NOM", help="nom affiché")
    add.add_argument("--role", required=True, choices=_ROLES, help="direction, pilote ou enseignant")
    add.add_argument("--staff", metavar="NOM|NUMÉRO", help="l’adulte de l’établissement dont c’est le compte")
    forgotten = _command(users, "password", school.change_password, "donne un autre mot de passe à un compte")
    _db(forgotten)
    forgotten.add_argument("--login", required=True, metavar="IDENTIFIANT", help="identifiant du compte")


def _add_rows(commands: argparse._SubParsersAction) -> None:
    words = "importe des fichiers de SIECLE, de STS-web, ou des tableaux"
    bring = _command(commands, "import", rows.import_files, words)
    bring.add_argument(
        "files", nargs="+", type=Path, metavar="FICHIER", help="fichiers, reconnus à leur contenu"
    )
    _db(bring)
    bring.add_argument(
        "--mapping", type=Path, metavar="M.toml", help="ce que disent les colonnes d’un tableau"
    )
    bring.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, n’écrit rien")
    bring.add_argument(
        "--skip-refused", action="store_true", help="laisse de côté les lignes refusées, écrit le reste"
    )
    bring.add_argument(
        "--confirm-departures", action="store_true", help="accepte que plus de 30 %% des élèves partent"
    )
    bring.add_argument("--other-year", action="store_true", help="accepte les fichiers d’une année passée")
    bring.add_argument("--review", metavar="BILAN", help="le bilan auquel vont les valeurs d’un tableau")
    bring.add_argument(
        "--assessor", metavar="QUI", help="qui a évalué : « staff:NUMÉRO », « student », « test:NOM »"
    )
    bring.add_argument(
        "--from", dest="first", type=_day, metavar="AAAA-MM-JJ", help="absences : premier jour des séances"
    )
    bring.add_argument("--to", dest="last", type=_day, metavar="AAAA-MM-JJ", help="absences : dernier jour")
    bring.add_argument("--on", type=_day, metavar="AAAA-MM-JJ", help="jour où les changements prennent effet")
    give = _command(commands, "export", rows.export, "écrit un fichier pour un autre logiciel")
    give.add_argument(
        "kind", choices=tuple(KINDS), help="; ".join(f"{kind} : {KINDS[kind]}" for kind in KINDS)
    )
    _db(give)
    give.add_argument("--output", required=True, type=Path, metavar="FICHIER", help="fichier à écrire")
    give.add_argument("--on", type=_day, metavar="AAAA-MM-JJ", help="les groupes de ce jour (aujourd’hui)")
    give.add_argument("--force", action="store_true", help="remplace le fichier s’il existe")


def _add_groups(commands: argparse._SubParsersAction) -> None:
    words = "dit les besoins que font apparaître les évaluations d’un bilan"
    diagnose = _command(commands, "diagnose", groups.diagnose, words)
    _db(diagnose)
    diagnose.add_argument("--review", required=True, metavar="BILAN", help="code (P1) ou numéro du bilan")
    words = "dit les points de vigilance et les indicateurs, un jour donné"
    told = _command(commands, "indicators", indicators.indicators, words)
    _db(told)
    told.add_argument(
        "--on", type=_day, metavar="AAAA-MM-JJ", help="tels qu’on les savait ce jour-là (aujourd’hui)"
    )
    words = "propose des groupes pour une bande ; rien n’est mis en vigueur"
    regroup = _command(commands, "regroup", groups.regroup, words)
    _db(regroup)
    regroup.add_argument("--band", required=True, metavar="BANDE", help="code de la bande (2-A)")
    regroup.add_argument("--review", required=True, metavar="BILAN", help="code (P1) ou numéro du bilan")
    regroup.add_argument(
        "--time-limit", type=_seconds, default=30.0, metavar="S", help="secondes de calcul (30)"
    )
    regroup.add_argument("--max-moves", type=_count, metavar="N", help="changements de groupe, au plus")
    regroup.add_argument(
        "--no-history",
        dest="history",
        action="store_false",
        help="qui n’a pas été servi la dernière fois ne compte pas davantage",
    )
    regroup.add_argument(
        "--effective-from", type=_day, metavar="AAAA-MM-JJ", help="premier jour des nouveaux groupes"
    )


def _add_hours(commands: argparse._SubParsersAction) -> None:
    words = "dit les heures prévues, tenues, suivies, et la prévision en fin de cycle"
    hours = _command(commands, "hours", hours_command.hours, words)
    _db(hours)
    hours.set_defaults(by="division")
    kinds = {"division": "division", "student": "élève", "group": "groupe", "staff": "adulte", "axis": "axe"}
    chosen = hours.add_mutually_exclusive_group()
    for kind, name in kinds.items():
        chosen.add_argument(
            f"--{kind}", dest="by", action="store_const", const=kind, help=f"une ligne par {name}"
        )
    hours.add_argument(
        "--known-at", type=_day, metavar="AAAA-MM-JJ", help="telles que connues à la fin de ce jour"
    )


def _add_agenda(commands: argparse._SubParsersAction) -> None:
    listed = _command(commands, "sessions", agenda.sessions, "dit les séances entre deux jours")
    _db(listed)
    listed.add_argument(
        "--from", dest="first", type=_day, metavar="AAAA-MM-JJ", help="premier jour (aujourd’hui)"
    )
    listed.add_argument(
        "--to", dest="last", type=_day, metavar="AAAA-MM-JJ", help="dernier jour (une semaine)"
    )
    listed.add_argument("--band", metavar="BANDE", help="code de la bande (2-A)")
    words = "le calendrier de l’année scolaire"
    calendar = commands.add_parser("calendar", help=words, description=f"{words[0].upper()}{words[1:]}.")
    calendars = calendar.add_subparsers(title="commandes", metavar="COMMANDE", required=True)
    words = "importe les vacances de la zone, d’un fichier du ministère (CSV ou ICS)"
    bring = _command(calendars, "import", agenda.import_holidays, words)
    bring.add_argument("file", type=Path, metavar="FICHIER", help="le calendrier scolaire")
    _db(bring)
    bring.add_argument("--zone", choices=("A", "B", "C"), help="une autre zone que celle de l’établissement")
    bring.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, n’écrit rien")


def _add_copies(commands: argparse._SubParsersAction) -> None:
    backup = _command(
        commands, "backup", school.backup, "copie la base, entière, pendant qu’elle n’est pas servie"
    )
    _db(backup)
    backup.add_argument("--output", required=True, type=Path, metavar="FICHIER", help="fichier à écrire")
    words = "remet une copie en place ; la base d’avant est gardée à côté"
    restore = _command(commands, "restore", school.restore, words)
    restore.add_argument("backup", type=Path, metavar="COPIE", help="la copie à remettre")
    _db(restore)


def _command(
    commands: argparse._SubParsersAction, name: str, do: Callable[[argparse.Namespace], None], words: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
    parser.set_defaults(do=do)
    return parser


def _db(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--db", required=True, type=Path, metavar="BASE", help="la base du lycée (un fichier)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas une date de la forme 2026-11-23") from error


def _students(text: str) -> int:
    return _whole(text, least=SMALLEST)


def _count(text: str) -> int:
    return _whole(text, least=0)


def _port(text: str) -> int:
    return _whole(text, least=1, most=65535)


def _whole(text: str, *, least: int, most: int = 100_000) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre entier de {least} à {most}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre de secondes, de 0 à 3600")
    return value
