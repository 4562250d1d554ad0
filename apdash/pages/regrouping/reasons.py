"""Why a place changes or stays, in facts: intensities, periods already spent, demands. Nothing is guessed."""

from collections.abc import Mapping

import polars as pl

from apdash.labels import NBSP, count
from apdash.pages.regrouping.names import Names
from apdash.rebalancing.plan import Plan, strong_from

Levels = Mapping[tuple[str, str], int]


def levels_of(plan: Plan) -> dict[tuple[str, str], int]:
    """Return the intensity of each (student, need) that has one."""
    return {(student, need): value for student, need, value in plan.intensities.iter_rows()}


def pinned_places(plan: Plan) -> frozenset[tuple[str, str]]:
    """Return the (student, slot) that were fixed by hand when the proposal was computed."""
    return frozenset((pin["student"], pin["slot"]) for pin in plan.problem.get("pins", []))


def move_reason(row: Mapping[str, object], *, plan: Plan, names: Names, levels: Levels) -> str:
    """Return why this place is as it is, in one line. row: as `plan.place_changes`."""
    student, after = str(row["student"]), row["need_after"]
    if (student, row["slot"]) in pinned_places(plan):
        return "place fixée à la demande"
    if after is None:
        return "aucune place ne convient dans les groupes ouverts"
    strength = _strength(student, str(after), plan=plan, names=names, levels=levels)
    match row["kind"]:
        case "staff":
            return "même atelier, autre adulte"
        case "need" | "left":
            return "; ".join(
                part for part in (_tired(row, plan=plan, names=names), strength) if part
            ).replace(";", f"{NBSP};")
    return strength


def facts(
    student: str, slot: str, *, rows: pl.DataFrame, plan: Plan, names: Names, levels: Levels
) -> list[str]:
    """Return the facts behind a student's place at a slot, the strongest first. rows: as `plan.place_changes`."""
    mine = rows.filter(pl.col("student") == student)
    here = mine.filter(pl.col("slot") == slot).row(0, named=True)
    found = []
    if (student, slot) in pinned_places(plan):
        found.append("Sa place est fixée à la demande.")
    if here["need_after"] is not None:
        found.append(
            _rank(student, here["need_after"], names=names, levels=levels, urgent=strong_from(plan.problem))
        )
    else:
        found.append("Sans groupe à ce créneau.")
    tired = _tired(here, plan=plan, names=names)
    if here["kind"] in ("need", "left") and tired:
        found.append(f"{tired[0].upper()}{tired[1:]}.")
    if here["kind"] == "same":
        found.append("Garde son groupe\u00a0: mêmes atelier et adulte qu’aujourd’hui.")
    if here["kind"] == "staff":
        found.append("Même atelier qu’aujourd’hui, avec un autre adulte.")
    now = here["staff_after"]
    elsewhere = mine.filter(pl.col("slot") != slot)["staff_before"].drop_nulls().to_list()
    if now in elsewhere:
        who = names.staff.get(str(here["staff_after"]), "")
        found.append(f"Connaît déjà {who}, à un autre créneau.")
    return found


def _rank(student: str, need: str, *, names: Names, levels: Levels, urgent: int) -> str:
    value = levels.get((student, need))
    name = names.short(need)
    if names.axis(need) == "none":
        return (
            f"{name}\u00a0: aucun autre groupe ouvert ne répond mieux à ses besoins, compte tenu des places."
        )
    if value is None:
        return f"{name}\u00a0: intensité à confirmer."
    higher = sum(
        1 for (who, other), level in levels.items() if who == student and level > value and other != need
    )
    place = "son besoin le plus fort" if higher == 0 else f"son {higher + 1}{'e'} besoin"
    strong = ", donc prioritaire" if value >= urgent else ""
    return f"{name} est {place}\u00a0: {value}{strong}."


def _tired(row: Mapping[str, object], *, plan: Plan, names: Names) -> str:
    periods, need = row["need_periods"], row["need_before"]
    if need is None or not isinstance(periods, int):
        return ""
    default = plan.problem["rules"]["max_periods"]
    limit = next((n.get("max_periods", default) for n in plan.problem["needs"] if n["id"] == need), default)
    if periods < limit:
        return ""
    return f"{names.short(str(need))} suivi pendant {count(periods, 'période')}, la durée maximale"


def _strength(student: str, need: str, *, plan: Plan, names: Names, levels: Levels) -> str:
    if names.axis(need) == "none":
        return "aucun autre groupe ouvert ne répond mieux"
    value = levels.get((student, need))
    if value is None:
        return f"{names.short(need)} à confirmer"
    return f"{names.short(need)} {value}" + (", prioritaire" if value >= strong_from(plan.problem) else "")


def waiting_words(
    rows: pl.DataFrame, names: Names, *, students: Mapping[int, str]
) -> dict[tuple[str, str], str]:
    """Return, for each (student id of the problem, slot code or ""), what was asked and is not computed yet.

    rows: as `queries.bands.statements`; students: database id -> id of the problem.
    """
    found: dict[tuple[str, str], str] = {}
    for row in rows.iter_rows(named=True):
        need = names.short(str(row["need"])) if row["need"] else ""
        parts = [need, f"avec {row['staff_name']}" if row["staff_name"] else ""]
        verb = {"pin": "Demandé", "ban": "Interdit"}.get(str(row["kind"]), "Demande")
        words = " ".join([f"{verb}\u00a0:", *[part for part in parts if part]])
        for student in row["students"]:
            if student in students:
                found[students[student], str(row["slot_code"] or "")] = f"{words}, au prochain calcul"
    return found
