"""Runs one command and turns what happened into an exit code: 0 done, 1 data refused, 2 command not understood."""

import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from apdash.cli.parser import build_parser
from apdash.errors import ApdashError

DONE, REFUSED = 0, 1
BROKEN = 70  # a defect of the program itself
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; what is refused is told on the error stream."""
    try:
        chosen = build_parser().parse_args(argv)
    except SystemExit as stop:  # argparse has already said what was wrong, or shown its help
        return int(stop.code or DONE)
    try:
        chosen.do(chosen)
    except ApdashError as error:
        print(f"{error.title} {error.message}".strip(), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("Interrompu : rien n’est resté à moitié fait.", file=sys.stderr)
        return INTERRUPTED
    return DONE


def run(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave the process with its exit code."""
    _stop_as_asked()
    try:
        code = main(argv)
    except Exception:
        logging.getLogger("apdash").exception("Erreur inattendue")
        code = BROKEN
    sys.stdout.flush()
    sys.stderr.flush()
    # Not sys.exit: as the interpreter winds down, the engine's binding prints a page of harmless "leaks".
    os._exit(code)


def _stop_as_asked() -> None:
    """Let a closed window or a machine that shuts down stop the command as Ctrl + C does, the file closed whole."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        asked = getattr(signal, name, None)
        if asked is not None and signal.getsignal(asked) == signal.SIG_DFL:
            signal.signal(asked, signal.default_int_handler)
