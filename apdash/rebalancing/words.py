"""Conflicts and loosenings in words a pilot can act on: names for ids, and nothing of the direction's own rules."""

import re
from dataclasses import dataclass

from apdash import labels
from apdash.rebalancing.problem import Built
from apdash.reference import Reference
from apdash.store.queries.bands import band_slots, band_staff, students_in_band
from apdash.store.store import Store

HIDDEN = "Une règle posée par la direction"
LIMITS = {
    "rules.max_needs_open": "Besoins ouverts à la fois",
    "rules.max_division_share": "Part d’une division dans un groupe",
    "rules.max_periods": "Périodes de suite dans un besoin",
    "rules.max_moves": "Changements de groupe",
    "min_size": "Effectif minimum",
    "max_size": "Effectif maximum",
    "floor": "Plancher",
    "max_per_student": "Créneaux d’un élève",
    "max_periods": "Périodes de suite",
    "max_division_share": "Part d’une division",
    "max_groups": "Nombre de groupes",
    "capacity": "Places",
    "at_most": "Plafond",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids of a problem are called."""

    students: dict[str, str]
    staff: dict[str, str]
    needs: dict[str, str]
    slots: dict[str, str]


def names_of(store: Store, reference: Reference, *, band: int, built: Built) -> Names:
    """Return the names behind the ids of a problem."""
    people = students_in_band(store, band=band, on=built.first)
    adults = dict(band_staff(store, band=band).select("staff", "name").iter_rows())
    slots = band_slots(store, band=band).select("code", "day", "starts_at").iter_rows()
    called = people.select("student", "last_name", "first_name").iter_rows()
    return Names(
        students={str(key): f"{first} {last}" for key, last, first in called},
        staff={entry["id"]: _adults(entry["members"], adults) for entry in built.problem["staff"]},
        needs=dict(reference.needs.select("code", "public_name").iter_rows()),
        slots={code: f"{day} {labels.hour(at)}" for code, day, at in slots},
    )


def conflict_words(statement: dict, *, built: Built, names: Names) -> str:
    """Return one statement of a conflict. statement: kind, path, words of the solution file."""
    found = _listed(statement["path"])
    if found is None:
        words = renamed(statement["words"], names)
        return f"{words[:1].upper()}{words[1:]}."
    part, place = found
    return f"{demand_words(part, place, built=built, names=names)}."


def loosening_words(change: dict, *, built: Built, names: Names) -> str:
    """Return one loosening: the limit or the demand, and from what to what. change: path, from, to."""
    found = _listed(change["path"])
    if found is not None and found[1] in built.secret[found[0]]:
        return f"{HIDDEN} serait assouplie."
    if found is not None and change["to"] is None:
        part, place = found
        demand = demand_words(part, place, built=built, names=names)
        return f"Lever la demande{labels.NBSP}: {demand[:1].lower()}{demand[1:]}."
    limit = LIMITS.get(change["path"]) or LIMITS.get(change["path"].rsplit(".", 1)[-1], change["path"])
    about = _about(change["path"], built, names)
    after = "sans limite" if change["to"] is None else change["to"]
    return f"{limit}{about}{labels.NBSP}: {after} au lieu de {change['from']}."


def demand_words(part: str, place: int, *, built: Built, names: Names) -> str:
    """Return what a demand asks for; a rule of the direction is only that."""
    if place in built.secret[part]:
        return HIDDEN
    row = built.problem[part][place]
    who = [names.students.get(one, "un élève") for one in row.get("students", [row.get("student")])]
    where = f", {names.slots[row['slot']]}" if row.get("slot") else ""
    what = (
        f" en «{labels.NBSP}{names.needs.get(row['need'], row['need'])}{labels.NBSP}»"
        if row.get("need")
        else ""
    )
    adult = f" avec {names.staff.get(row['staff'], 'un adulte')}" if row.get("staff") else ""
    match part:
        case "pins":
            return f"Placer {who[0]}{what}{where}{adult}"
        case "bans":
            return f"Ne pas placer {who[0]}{what}{where}{adult}"
        case "pairs":
            return f"Garder ensemble {labels.listed(who)}"
        case _:
            return f"Au plus {row['at_most']} dans un groupe{what}{where}, parmi {labels.listed(who)}"


def _adults(members: list[str], known: dict[int, str]) -> str:
    gone = "un adulte parti"
    return labels.listed([known.get(int(one), gone) if one.isdecimal() else gone for one in members])


def _listed(path: str) -> tuple[str, int] | None:
    found = re.match(r"(pins|bans|pairs|caps)\[(\d+)\]", path)
    return (found.group(1), int(found.group(2))) if found else None


def _about(path: str, built: Built, names: Names) -> str:
    """Return the thing a limit is about: a need, a slot, an adult, a room."""
    found = re.match(r"(needs|slots|staff|rooms)\[(\d+)\]", path)
    if not found:
        return ""
    key = built.problem[found.group(1)][int(found.group(2))]["id"]
    known = {"needs": names.needs, "slots": names.slots, "staff": names.staff}.get(found.group(1), {})
    return f", {known.get(key, key)}"


def renamed(words: str, names: Names) -> str:
    """Return words in which ids between quotation marks have become names."""
    known = names.students | names.staff | names.needs | names.slots
    return re.sub(r"« ?([^»]+?) ?»", lambda found: f"« {known.get(found.group(1), found.group(1))} »", words)
