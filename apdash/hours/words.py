"""What is said of hours, the same on the pages, in the files and on the command line."""

from apdash.hours.forecast import WEEKS_BEFORE
from apdash.labels import NBSP, duration, number, spaced

PLACES = spaced(
    "Prévu, tenu et suivi se comptent pour chaque élève attendu : ni en PFMP, ni à une action commune "
    "à cette heure."
)
RULE = spaced(
    "Prévision = heures tenues + taux de séances tenues × (séances encore prévues cette année, PFMP déduites, et "
    "séances passées dont rien n’est dit) + le même taux × les heures de la grille pour les années qui restent."
)
GRID = spaced(
    "L’enveloppe est la grille d’une classe, à partir de l’entrée de l’élève ; ce n’est pas un dû personnel."
)
STATES = {"planned": "prévue", "held": "tenue", "not_held": "non tenue"}
PRESENCES = {"present": "présent", "absent": "absent", "late": "en retard", "excused": "excusé"}


def too_early(weeks: float) -> str:
    """Return why there is no forecast yet."""
    left = max(1, round(WEEKS_BEFORE - weeks))
    weeks_words = f"encore {left} semaine{'s' if left > 1 else ''} de classe"
    return f"Pas de prévision avant {WEEKS_BEFORE} semaines de classe{NBSP}: {weeks_words}."


def gap_words(gap: int | None, due: int | None, *, share: float) -> str:
    """Return a gap in words: `il manque 14 h`, `conforme, − 1 h`, `12 h au-dessus`."""
    if gap is None or not due:
        return "sans prévision"
    if gap < -share * due:
        return f"il manque {duration(-gap)}"
    if gap > share * due:
        return f"{duration(gap)} au-dessus"
    sign = f"+{NBSP}" if gap > 0 else ""
    return f"conforme, {sign}{duration(gap)}"


def rate_words(rate: float) -> str:
    """Return a rate of held sessions as a percentage with one decimal where it matters."""
    return f"{number(100 * rate, 0 if round(1000 * rate) % 10 == 0 else 1)}{NBSP}%"
