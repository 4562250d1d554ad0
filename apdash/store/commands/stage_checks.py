"""What a stage and each step towards it must be: refused in words otherwise."""

from datetime import date, datetime

from apdash import labels
from apdash.errors import ApdashError
from apdash.store.store import Transaction

KINDS = ("remise_a_niveau", "passerelle")
TEXT = 200


def check_stage(row: dict) -> None:
    """Refuse a stage with a part missing or out of its limits."""
    if row["kind"] not in KINDS:
        raise ApdashError("Stage inconnu.", "Remise à niveau ou passerelle.")
    if not 1 <= len(row["label"]) <= 80 or len(row["content"]) > TEXT or len(row["place"]) > 80:
        raise ApdashError(
            "Stage incomplet.", "Il lui faut un nom (80 caractères au plus) ; son contenu en tient 200."
        )
    if row["ends_on"] < row["starts_on"]:
        raise ApdashError("Dates inversées.", "La fin vient avant le début.")
    if not 30 <= row["minutes"] <= 12_000 or not 1 <= row["seats"] <= 100:
        raise ApdashError("Nombre refusé.", "De 30 minutes à 200 heures, et de 1 à 100 places.")
    if (row["kind"] == "passerelle") != (row["to_mef"] is not None):
        raise ApdashError(
            "Formation visée.", "Une passerelle mène à une formation ; une remise à niveau, à aucune autre."
        )


def check_year(tx: Transaction, year: int, starts_on: date, ends_on: date) -> None:
    """A stage may be held in the holidays, the summer after the year included."""
    known = tx.read("select starts_on from school_year where year = $year", year=year)
    if known.is_empty():
        raise ApdashError("Année inconnue.", f"L’année {year}-{year + 1} n’a pas encore de dates.")
    if starts_on < known.item() or ends_on > date(year + 1, 8, 31):
        words = f"Du {labels.day(known.item())} au {labels.day(date(year + 1, 8, 31))}."
        raise ApdashError("Stage hors de l’année.", words)


def check_present(tx: Transaction, students: list[int], *, on: date) -> None:
    """Refuse students who are not in the school that day."""
    here = tx.read(
        "select distinct student from enrolment where student in (select unnest($students::bigint[])) "
        "and starts_on <= $on and (ends_on is null or ends_on >= $on)",
        students=students,
        on=on,
    )
    if here.height < len(set(students)):
        raise ApdashError("Élève absent de l’établissement.", f"L’un d’eux n’y est pas le {labels.day(on)}.")


def check_done(row: dict, before: str | None, *, on: date, now: datetime) -> None:
    """Refuse a step without the one before it, dated before it, or not yet come."""
    words = {
        "recommended_on": "La recommandation du conseil de classe",
        "informed_on": "L’information de l’élève et de sa famille",
        "consent_on": "L’accord",
        "enrolled_on": "L’inscription",
    }
    if on > now.date():
        raise ApdashError("Date refusée.", f"Le {labels.day(on)} n’est pas encore passé.")
    if before is None:
        return
    if row[before] is None:
        raise ApdashError("Étape manquante.", f"{words[before]} vient d’abord.")
    if on < row[before]:
        raise ApdashError(
            "Date refusée.", f"{words[before]} est du {labels.day(row[before])}, après cette date."
        )


def check_of_age(tx: Transaction, student: int, *, on: date) -> None:
    """Refuse that a student who was under age that day answers alone; an unknown birthday is no proof."""
    born = tx.read("select born_on from student where id = $student", student=student)["born_on"]
    if not is_of_age(born[0] if born.len() else None, on):
        raise ApdashError("Accord de la famille attendu.", "L’élève n’avait pas dix-huit ans ce jour-là.")


def is_of_age(born: date | None, on: date) -> bool:
    """True for who was eighteen on a day."""
    return born is not None and on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= 18
