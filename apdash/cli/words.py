"""The sentences of argparse, in French."""

import argparse

_FRENCH = {
    "usage: ": "emploi : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "affiche cette aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque %s",
    "unrecognized arguments: %s": "argument inconnu : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n’est pas prévu (au choix : %(choices)s)",
    "invalid %(type)s value: %(value)r": "%(value)r n’est pas une valeur possible",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu (%(matches)s)",
}


def speak_french() -> None:
    """Make argparse speak French.

    It asks gettext for its sentences under a name of the module; French catalogues of Python are not shipped with it,
    so that name is answered here.
    """
    argparse._ = lambda words: _FRENCH.get(words, words)  # type: ignore[attr-defined]
