"""What is written about a student: short, and readable by the student and the family."""

import re

from apdash.errors import ApdashError

MOST = 200
REMINDER = "L’élève et sa famille peuvent lire ce texte."
# Words that call for another way of saying it: health, handicap, family, religion are never stored here.
WARNED = (
    "dys", "dyslexie", "dyslexique", "dyspraxie", "dyscalculie", "tdah", "tsa", "autisme", "autiste", "hpi", "mdph",
    "ulis", "segpa", "upe2a", "aesh", "pap", "pai", "pps", "foyer", "ase", "divorce", "religion", "traitement",
    "handicap", "dépression",
)  # fmt: skip


def checked_words(text: str, *, least: int = 0, what: str = "texte") -> str:
    """Return a text without the blanks around it; raises `ApdashError` when it is too short or too long."""
    words = " ".join(text.split())
    if len(words) > MOST:
        raise ApdashError(
            "Texte trop long.",
            f"{MOST} caractères au plus pour ce {what}\u00a0: {len(words)} ont été écrits.",
        )
    if len(words) < least:
        raise ApdashError(f"{what.capitalize()} attendu.", f"Il tient en {least} caractères au moins.")
    return words


def warned_words(text: str) -> list[str]:
    """Return the words of a text that speak of health, handicap, family or religion."""
    written = re.findall(r"[\w-]+", text.lower())
    return [word for word in dict.fromkeys(written) if word in WARNED]


def warning(text: str) -> str:
    """Return what to say of a text that holds such words; nothing for any other text."""
    found = warned_words(text)
    if not found:
        return ""
    named = ", ".join(f"«\u00a0{word}\u00a0»" for word in found)
    return f"Ce texte contient {named}. {REMINDER} Dites ce qu’il y a à faire, pas pourquoi."
