"""The numbers of the published rule, by name: thresholds, factors of age and source, effects of corrections."""

from dataclasses import dataclass, fields

import polars as pl

from apdash.reference.reading import Problem, refuse


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers of reglages.csv. Shares are 0 to 1, levels of need and percentages 0 to 100."""

    coverage_min: float
    corrections_bound: float
    strong_from: float
    floor: float
    reception: float
    priority_unserved: float
    wishes_max: float
    choice_confirmed: float
    choice_ongoing: float
    choice_answers_min: float
    profile_limit: float
    profile_needs: float
    spread_alert: float
    arrival_weeks: float
    arrival_after_weeks: float
    placement_weeks: float
    division_complete: float
    student_complete: float
    competencies_per_adult: float
    move_gain_min: float


SETTINGS: dict[str, str] = {
    "couverture_min": "coverage_min",
    "borne_corrections": "corrections_bound",
    "besoin_fort": "strong_from",
    "plancher": "floor",
    "accueil": "reception",
    "priorite_non_servi": "priority_unserved",
    "voeux_max": "wishes_max",
    "choix_confirme": "choice_confirmed",
    "choix_en_cours": "choice_ongoing",
    "choix_reponses_min": "choice_answers_min",
    "profil_limite": "profile_limit",
    "profil_besoins": "profile_needs",
    "ecart_entre_evaluateurs": "spread_alert",
    "arrivee_semaines": "arrival_weeks",
    "arrivee_apres_semaines": "arrival_after_weeks",
    "stage_semaines": "placement_weeks",
    "bilan_complet": "division_complete",
    "eleve_complet": "student_complete",
    "competences_par_adulte": "competencies_per_adult",
    "gain_par_deplacement": "move_gain_min",
}

AGES = ("COURANT", "PRECEDENT", "ANCIEN", "ANNEE_PRECEDENTE")
SOURCES = ("ADULTE", "TEST", "NOTE", "ELEVE", "INCHANGE")
CORRECTIONS = (
    "VOEU",
    "CHOIX-CONSTRUIRE",
    "CHOIX-COURS",
    "SANS-STAGE",
    "OBJ-MANQUE",
    "OBJ-ENCORE",
    "OBJ-ATTEINT",
    "ARRIVEE",
)


def rules_from(frames: dict[str, pl.DataFrame]) -> Rules:
    """Return the numbers of reglages.csv under their English names.

    Raises `ApdashError` when a number, a factor or a correction the rule needs is missing or unknown.
    """
    _exactly("reglages.csv", frames["settings"], tuple(SETTINGS))
    _exactly("corrections.csv", frames["corrections"], CORRECTIONS)
    for family, codes in (("AGE", AGES), ("SOURCE", SOURCES)):
        _exactly("facteurs.csv", frames["factors"].filter(family=family), codes)
    values = dict(frames["settings"].select("code", "value").iter_rows())
    named = {name: values[code] for code, name in SETTINGS.items()}
    return Rules(**{field.name: named[field.name] for field in fields(Rules)})


def _exactly(file: str, rows: pl.DataFrame, codes: tuple[str, ...]) -> None:
    """Refuse codes the rule does not know, and the absence of those it needs."""
    unknown = rows.filter(~pl.col("code").is_in(codes))
    words = f"un code parmi {', '.join(codes)} est attendu,"
    problems = [
        Problem(line, "code", f"{words} « {code} » a été lu.")
        for line, code in unknown.select("line", "code").iter_rows()
    ]
    absent = [code for code in codes if code not in rows["code"].to_list()]
    last = int(rows["line"].max() or 1)  # type: ignore[arg-type]
    refuse(file, problems + [Problem(last + 1, "code", f"la ligne « {code} » manque.") for code in absent])
