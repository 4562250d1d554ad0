"""What the commands share: how one is added, the options they take, the values these allow, the words of a refusal."""

import argparse
from collections.abc import Callable
from pathlib import Path

DONE, REFUSED, USAGE, IMPOSSIBLE, NOTHING_YET = 0, 1, 2, 3, 4
_CODES = f"""codes de sortie\u00a0:
  {DONE}  une proposition est écrite (check\u00a0: elle respecte les règles et ce qu’elle annonce est exact)
  {REFUSED}  fichier refusé, le champ est nommé (check\u00a0: les écarts sont listés)
  {USAGE}  commande mal écrite
  {IMPOSSIBLE}  aucune proposition possible, le conflit et un assouplissement sont dans le fichier
  {NOTHING_YET}  temps écoulé avant la première proposition
"""
_FRENCH = {
    "usage: ": "emploi\u00a0: ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "affiche cette aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s\u00a0: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s\u00a0: %(message)s",
    "the following arguments are required: %s": "il manque %s",
    "unrecognized arguments: %s": "argument inconnu\u00a0: %s",
    "expected one argument": "une valeur est attendue",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n’est pas prévu (au choix\u00a0: %(choices)s)",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu (%(matches)s)",
}
_SEEDS = 2**31 - 1
_MOST_THREADS = 256
_MOST_WORK = 10**12
_MOST = 1_000_000

Run = Callable[[argparse.Namespace], int]
Commands = argparse._SubParsersAction


def parser_of(add: Callable[[Commands], None], names: str) -> argparse.ArgumentParser:
    """The parser, in French, with the commands that `add` adds."""
    # argparse asks for its sentences under this name; Python comes without French catalogues of them.
    argparse._ = lambda words: _FRENCH.get(words, words)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser(
        prog="python -m optimizer",
        description="Regrouper les élèves d’une barrette\u00a0: proposition, preuve, vérification.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add(parser.add_subparsers(required=True, metavar=names))
    return parser


def add_command(commands: Commands, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    """Add a command about a problem; what else it takes is added to it."""
    command = commands.add_parser(
        name, help=words, epilog=_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    command.add_argument("problem", type=Path, metavar="PROBLEM.json")
    return command


def add_output(command: argparse.ArgumentParser, *, time_limit: float) -> None:
    """Where the answer goes, and the time it may take."""
    command.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.json")
    command.add_argument("--time-limit", type=positive, default=time_limit, metavar="S", help="secondes")


def add_search(command: argparse.ArgumentParser) -> None:
    """How a search is led."""
    command.add_argument("--seed", type=_seed, default=0, metavar="N", help="graine du hasard")
    command.add_argument("--threads", type=_threads, default=2, metavar="N", help="processeurs")


def positive(text: str) -> float:
    """A number of seconds."""
    return _number(text, low=0.001, high=_MOST)


def share(text: str) -> float:
    """A part of a whole."""
    return _number(text, low=0, high=1)


def gain(text: str) -> float:
    """A number of points."""
    return _number(text, low=0, high=_MOST)


def work(text: str) -> int:
    """A number of iterations."""
    return _whole(text, low=1, high=_MOST_WORK)


def _seed(text: str) -> int:
    return _whole(text, low=0, high=_SEEDS)


def _threads(text: str) -> int:
    return _whole(text, low=1, high=_MOST_THREADS)


def _number(text: str, *, low: float, high: float) -> float:
    try:
        number = float(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"«\u00a0{text}\u00a0» n’est pas un nombre") from wrong
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} n’est pas entre {low:g} et {high:.0f}")
    return number


def _whole(text: str, *, low: int, high: int) -> int:
    try:
        number = int(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"«\u00a0{text}\u00a0» n’est pas un nombre entier") from wrong
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"{text} n’est pas entre {low} et {high}")
    return number
