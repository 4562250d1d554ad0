"""Why a strong need is not served, in words, and what would have to change for it to be."""

from collections.abc import Mapping, Sequence
from typing import Any

from apdash.alphabet import folded
from apdash.labels import NBSP, count, listed, signed
from apdash.pages.regrouping.names import Names
from apdash.pages.regrouping.words import short_name

WHY: dict[str, str] = {
    "cost": "une place y coûterait plus aux autres qu’elle n’apporte",
    "full": "le groupe est complet",
    "division": "sa division y est déjà au plus",
    "room": "la salle est pleine",
    "left_too_small": "le groupe quitté passerait sous son minimum",
    "cap": "une règle posée par la direction s’y oppose",
    "together": "une demande garde des élèves ensemble",
    "moves": "le nombre de déplacements permis est atteint",
    "per_student": "ce besoin est déjà suivi à un autre créneau",
    "needs_open": "ce besoin n’est pas ouvert, et le nombre de besoins ouverts est atteint",
    "slot_full": "le nombre de groupes du créneau est atteint",
    "min_size": "trop peu d’élèves pour ouvrir un groupe",
    "busy": "ceux qui peuvent l’animer animent un autre groupe",
    "not_opened": "ouvrir un groupe coûterait plus qu’il n’apporte",
    "no_staff": "personne ne l’anime à ce créneau",
    "worn": "la durée maximale y est atteinte",
    "floor": "l’intensité est sous le minimum",
    "ban": "une demande l’en exclut",
    "pin": "sa place est fixée ailleurs à la demande",
}
BY_HAND = "fixer sa place à la main"
CHANGE: dict[str, str] = {
    "cost": BY_HAND,
    "full": "une place de plus par groupe",
    "division": "permettre une plus grande part d’une même division",
    "room": "une salle plus grande",
    "left_too_small": "baisser le minimum du groupe quitté",
    "cap": "en parler avec la direction",
    "together": "lever la demande qui garde ensemble",
    "moves": "permettre davantage de déplacements",
    "per_student": "permettre ce besoin à deux créneaux",
    "needs_open": "permettre un besoin ouvert de plus",
    "slot_full": "permettre un groupe de plus à ce créneau",
    "min_size": "baisser le minimum de ce besoin",
    "busy": BY_HAND,
    "not_opened": BY_HAND,
    "no_staff": "trouver quelqu’un qui l’anime à ce créneau",
    "worn": f"{BY_HAND}, malgré la durée",
    "floor": f"{BY_HAND}, malgré l’intensité",
    "ban": "lever la demande qui l’en exclut",
    "pin": "lever la demande qui fixe sa place",
}

TRIED = {"needs_open": "need_open", "full": "seat", "room": "room"}  # changes that are levers, tried as such

Gain = Mapping[str, Any]


def lever_words(gain: Gain, names: Names, *, wanted: Sequence[str] = ()) -> str:
    """Return what there would be one more of. wanted: the needs to name first among those an adult could lead."""
    slot = f", {names.slots.get(gain['slot'], gain['slot'])}" if gain["slot"] else ""
    match gain["kind"]:
        case "staff":
            led = [need for need in gain["needs"] if need in wanted] or [
                need for need in gain["needs"] if names.axis(need) != "none"
            ]
            what = _either([names.short(need) for need in led[:3]]) or "étude"
            like = names.staff.get(gain["like"] or "", "")
            return f"une heure de plus en {what}{slot}" + (f" (comme {like})" if like else "")
        case "room":
            return f"une salle de plus{slot}"
        case "need_open":
            return "un besoin ouvert de plus"
    return f"une place de plus par groupe en {listed([names.short(need) for need in gain['needs']])}"


def _either(words: Sequence[str]) -> str:
    """Return `Lecture, Calcul ou Langues`."""
    return " ou ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def gain_words(gain: Gain) -> str:
    """Return what it would bring: students served, and points of the whole."""
    least = "" if gain["exact"] else "au moins "
    plural = "s" if abs(gain["least"]) > 1 else ""
    points = f"{least}{signed(gain['least'])}{NBSP}point{plural}"
    if not gain["serves"]:
        return f"{points}, sans servir un élève prioritaire de plus"
    served = count(
        len(gain["serves"]), "élève prioritaire servi de plus", "élèves prioritaires servis de plus"
    )
    lost = f", {count(gain['loses'], 'autre')} ne le serait plus" if gain["loses"] == 1 else ""
    if gain["loses"] > 1:
        lost = f", {gain['loses']} autres ne le seraient plus"
    unknown = not gain["exact"] and gain["least"] == 0
    return f"{served}{lost}" if unknown else f"{served}{lost}, {points}"


def people_words(students: Sequence[str], names: Names, *, most: int = 3) -> str:
    """Return the names of students, the first of them when they are many."""
    people = [names.person(key) for key in students]
    shown = sorted((short_name(who.last_name, who.first_name) for who in people), key=folded)
    if len(shown) <= most:
        return listed(shown)
    return f"{', '.join(shown[:most])} et {count(len(shown) - most, 'autre')}"
