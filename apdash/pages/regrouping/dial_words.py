"""Why a point of the dial is recommended, in sentences."""

from itertools import pairwise

from apdash.labels import NBSP, count, percent
from apdash.rebalancing.dial import Choice, Dial
from apdash.rebalancing.quality import Figures

_MANY = 5  # points: with fewer, it is said why


def recommendation(dial: Dial, choice: Choice) -> list[str]:
    """Return what is recommended, then why: what it costs to seat everybody, what a move brings, what is impossible."""
    points = dial.points
    point = points[choice.place]
    covered = percent(point.figures.covered, 1)
    served = f"{point.figures.served_urgent} élèves prioritaires servis sur{NBSP}{point.figures.urgent}"
    parts = [
        f"Recommandé\u00a0: {count(point.moves, 'déplacement')}, {covered} du besoin couvert, {served}.",
        choice.words,
        *_fuller(dial, choice),
    ]
    if any(_falls(before.figures, after.figures) for before, after in pairwise(points)):
        parts.append("Où la courbe descend, un élève prioritaire de plus est servi.")
    if len(points) < _MANY:
        parts.append(f"{len(points)} points seulement\u00a0: entre eux, rien de mieux n’a été trouvé.")
    if points[0].moves > 0 and dial.fewest_proven:
        first = points[0].moves
        less = "sans déplacement" if first == 1 else f"à moins de {count(first, 'déplacement')}"
        parts.append(f"Hachures\u00a0: {less}, aucune composition ne respecte les règles.")
    return parts


def _fuller(dial: Dial, choice: Choice) -> list[str]:
    """Return what covers more need than the point recommended, and what speaks against it all the same."""
    best, told = dial.points[choice.place].figures, []
    leaving = [point for point in dial.points[: choice.place] if point.figures.unplaced > best.unplaced]
    fuller = max(leaving, key=lambda point: point.figures.covered, default=None)
    if fuller is not None and fuller.figures.covered > best.covered:
        left = count(fuller.figures.unplaced - best.unplaced, "place")
        told.append(
            f"{count(fuller.moves, 'déplacement')} couvriraient davantage ({percent(fuller.figures.covered, 1)}), en "
            f"laissant {left} de plus sans groupe\u00a0: nous donnons d’abord une place à chacun. Si vous l’acceptez, "
            f"choisissez {fuller.moves}."
        )
    if dial.before.covered > best.covered:
        left = count(dial.before.unplaced, "place")
        told.append(
            f"Les groupes actuels couvrent {percent(dial.before.covered, 1)}, avec {dial.before.served_urgent} élèves "
            f"prioritaires servis sur {dial.before.urgent} et {left} sans groupe."
        )
    return told


def _falls(before: Figures, after: Figures) -> bool:
    """Tell whether less need is covered for more moves, though nobody more is seated."""
    return after.covered < before.covered and after.unplaced >= before.unplaced
