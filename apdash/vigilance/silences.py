"""When a rule has nothing to look at yet: said in words, so that silence does not pass for good news."""

from collections.abc import Callable

import polars as pl

from apdash.vigilance.look import Look
from apdash.vigilance.of_hours import no_forecast

_NO_GROUP = "aucun groupe n’est en vigueur"


def _no_group(look: Look) -> str:
    return _NO_GROUP if look.groups.is_empty() else ""


def _no_session(look: Look) -> str:
    return "aucune séance n’a encore eu lieu" if look.met.is_empty() else ""


def _nothing_told(look: Look) -> str:
    told = look.sessions.filter(pl.col("state") != "planned")
    return "aucune séance n’est encore dite tenue ou non tenue" if told.is_empty() else ""


def _no_roll(look: Look) -> str:
    return "aucun appel n’est encore enregistré" if look.presences.is_empty() else ""


def _no_bilan(look: Look) -> str:
    return "aucun bilan n’est encore clos" if look.intensities.is_empty() else ""


def _no_bilan_in_force(look: Look) -> str:
    in_force = look.intensities.filter(pl.col("effective_on") <= look.on)
    return "aucun bilan n’a encore décidé de groupes" if in_force.is_empty() else ""


def _too_early(look: Look) -> str:
    number = int(look.threshold("SANS-OUVERTURE"))
    return "l’année est trop peu avancée" if look.periods.height < number else _no_bilan(look)


def _no_review(look: Look) -> str:
    return "aucun bilan n’est encore ouvert" if look.bilan is None else ""


def _no_workshop_bilan(look: Look) -> str:
    return "aucun bilan d’atelier n’est encore enregistré" if not look.workshop_results else ""


SILENCES: dict[str, Callable[[Look], str]] = {
    "TROP-ACTIONS": _no_group,
    "SANS-OBJECTIF": _no_session,
    "GROUPE-FIGE": _no_group,
    "MOUVANT": _no_group,
    "NON-SERVI": _no_bilan_in_force,
    "OBJECTIF-CLASSE": _no_workshop_bilan,
    "INCOMPLET": _no_review,
    "SOUS-MINIMUM": _no_session,
    "SEANCES-PERDUES": _nothing_told,
    "ASSIDUITE": _no_roll,
    "ENVELOPPE": no_forecast,
    "DESEQUILIBRE": _no_group,
    "SANS-OUVERTURE": _too_early,
    "PEU-RENSEIGNE": _no_bilan,
}
