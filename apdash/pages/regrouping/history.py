"""What last time weighs in a proposal, as a sentence."""

from collections.abc import Mapping
from typing import Any

from apdash.labels import NBSP, count, number, signed
from apdash.rebalancing.plan import Document


def history_words(parameters: Document, problem: Document, past: Mapping[str, Any] | None) -> str:
    """Return who weighs more and what it changes; past: as the optimiser tells it, None while unknown."""
    if parameters.get("history") is False:
        return "Les élèves non servis la dernière fois ne comptent pas davantage\u00a0: c’est un réglage."
    weights = {student["id"]: float(student.get("priority", 1)) for student in problem["students"]}
    raised = parameters.get("waited")
    if raised is None:
        raised = [student for student, weight in weights.items() if weight > 1]
    if not raised:
        return "Personne n’attendait depuis la dernière fois\u00a0: tous comptent autant."
    weight = number(max(weights.get(student, 1.0) for student in raised), 2)
    who = "L’élève non servi" if len(raised) == 1 else f"Les {len(raised)} élèves non servis"
    told = "compte" if len(raised) == 1 else "comptent"
    return f"{who} la dernière fois {told} davantage (×{NBSP}{weight}). {_effect(past)}".strip()


def _effect(past: Mapping[str, Any] | None) -> str:
    if past is None:
        return ""
    moved = len(past["moved"])
    if moved == 0:
        return "Sans cela, les groupes seraient les mêmes."
    gained = past["points_gained"]
    also = f" ceux qui attendaient y gagnent {signed(gained)}{NBSP}points de besoin." if gained > 0 else ""
    placed = count(moved, "élève serait placé autrement", "élèves seraient placés autrement")
    return f"Sans cela, {placed}{NBSP};{also}" if also else f"Sans cela, {placed}."
