"""The words of objectives: their state, their agreement, what was seen of them in class."""

from collections.abc import Mapping, Sequence

from apdash.labels import NBSP, short_day

STATES = {
    "attained": ("check-circle-fill", "atteint"),
    "in_progress": ("circle-half", "en cours"),
    "not_yet": ("arrow-repeat", "pas encore atteint"),
    None: ("circle", "à venir"),
}
AGREED_WITH = {"student": "l’élève", "family": "la famille", "both": "l’élève et la famille"}
SHORT_AGREED = {"student": "l’élève", "family": "la famille", "both": "les deux"}
INVOLVED = {1: "à construire", 2: "irrégulière", 3: "régulière", 4: "soutenue"}


def agreement_words(row: Mapping) -> str:
    """Return with whom an objective was agreed, when and noted by whom."""
    if not row["agreed_with"]:
        return "accord à recueillir"
    by = f", noté par {row['agreed_by']}" if row["agreed_by"] else ""
    return f"d’accord{NBSP}: {AGREED_WITH[row['agreed_with']]}, le {short_day(row['agreed_on'])}{by}"


def seen_words(rows: Sequence[Mapping]) -> str:
    """Return what teachers said of an objective in their own lessons."""
    if not rows:
        return "jamais revu en classe"
    seen = [row for row in rows if row["seen"]]
    if seen:
        return f"revu en classe par {seen[0]['staff_name']}, le {short_day(seen[0]['answered_on'])}"
    last = rows[-1]
    if last["seen"] is None:
        return f"demandé à {last['staff_name']} le {short_day(last['asked_on'])}, sans réponse encore"
    return f"pas vu en classe par {last['staff_name']}, le {short_day(last['answered_on'])}"
