"""How this page names people, lengths and steps."""

from collections.abc import Mapping

from apdash.labels import NBSP, count, number

REASONS = {
    "stays": "garde son tuteur",
    "wish-1": "premier vœu",
    "wish-2": "deuxième vœu",
    "wish-3": "troisième vœu",
    "principal": "son professeur principal",
    "teaches": "l’a en classe",
    "anybody": "a de la place",
    "nobody": "personne n’a de place",
}
KINDS = {"remise_a_niveau": "Remise à niveau", "passerelle": "Passerelle"}
OUTCOMES = {
    "done": "suivi en entier",
    "partly": "suivi en partie",
    "left": "abandonné",
    "passed_over": "a changé de formation",
}
READ = "L’élève et sa famille peuvent lire ce texte."


def student_words(row: Mapping) -> str:
    """Return `DURAND Léa`."""
    return f"{row['last_name']} {row['first_name']}"


def length(minutes: int) -> str:
    """Return `2 h`, `1 h 30` or `45 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{number(hours)}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def load_words(followed: int, most: int) -> str:
    """Return `6 élèves sur 8`, or what is said when nothing was agreed."""
    return f"{count(followed, 'élève')} sur {most}" if most else count(followed, "élève")
