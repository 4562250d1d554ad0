"""What is asked for in a band, in the words of the problem file; what comes from whom is kept beside it."""

import json
from dataclasses import dataclass, field

import polars as pl

from apdash.rebalancing.people import Adults
from apdash.rights import CONSOLE
from apdash.store.queries.bands import statements
from apdash.store.store import Store


@dataclass(frozen=True, slots=True)
class Demands:
    """pins, bans, pairs and caps of the file; for each part the statements they come from, and the secret places."""

    parts: dict[str, list[dict]] = field(
        default_factory=lambda: {"pins": [], "bans": [], "pairs": [], "caps": []}
    )
    ids: dict[str, list[int]] = field(
        default_factory=lambda: {"pins": [], "bans": [], "pairs": [], "caps": []}
    )
    secret: dict[str, list[int]] = field(
        default_factory=lambda: {"pins": [], "bans": [], "pairs": [], "caps": []}
    )
    notes: list[str] = field(default_factory=list)


def demands_of(
    store: Store,
    *,
    band: int,
    present: pl.DataFrame,
    slots: pl.DataFrame,
    adults: Adults,
    typed: dict | None = None,
) -> Demands:
    """Return the statements about students of the problem. present: student, slot_code of those who are there.

    typed: one more, not recorded yet, last.
    """
    found = Demands()
    codes = dict(slots.select("slot", "code").iter_rows())
    there = set(present.select("student", "slot_code").iter_rows())
    known = {student for student, _ in there}
    recorded = statements(store, CONSOLE, band=band).rows(named=True)
    for row in [*recorded, *([] if typed is None else [typed])]:
        slot = codes.get(row["slot"])
        here = [student for student in row["students"] if student in known]
        if slot is not None:
            here = [student for student in here if (student, slot) in there]
        for part, item in _items(row, here, slot=slot, adults=adults, notes=found.notes):
            _add(found, part, item, row)
    return found


def _items(
    row: dict, here: list[int], *, slot: str | None, adults: Adults, notes: list[str]
) -> list[tuple[str, dict]]:
    """Return the parts of the file that a statement becomes; none when those it is about are not there."""
    names = [str(student) for student in here]
    whole = len(here) == len(row["students"])
    match row["kind"]:
        case "pin" if whole:
            return [("pins", _pin(row, names[0], slot=slot, adults=adults, notes=notes))]
        case "ban" if whole:
            entries = [None] if row["staff"] is None else [*adults.with_adult.get(row["staff"], ())]
            return [
                ("bans", {"student": names[0], "slot": slot, "need": row["need"], "staff": one})
                for one in entries
            ]
        case "together" if whole:
            return [("pairs", {"students": names, "kind": "together"})]
        case "apart" if whole:
            return [("caps", {"students": names, "at_most": 1, "need": None, "slot": slot})]
        case "cap" if len(here) > row["at_most"]:
            return [
                ("caps", {"students": names, "at_most": row["at_most"], "need": row["need"], "slot": slot})
            ]
        case _:
            return []


def _pin(row: dict, student: str, *, slot: str | None, adults: Adults, notes: list[str]) -> dict:
    staff = None
    if row["staff"] is not None and slot is not None:
        staff = adults.at.get((row["staff"], slot))
        if staff is None:
            notes.append(
                f"{row['staff_name']} n’est pas libre à {slot} : l’élève épinglé ira à un autre adulte."
            )
    return {"student": student, "slot": slot, "need": row["need"], "staff": staff}


def _add(found: Demands, part: str, item: dict, row: dict) -> None:
    """Add an item once: a demand made twice is one for the optimiser, secret if one of the two is."""
    same = [place for place, other in enumerate(found.parts[part]) if _same(other, item)]
    if same:
        place = same[0]
    else:
        place = len(found.parts[part])
        found.parts[part].append(item)
        found.ids[part].append(row["statement"])
    if row["by_direction"] and place not in found.secret[part]:
        found.secret[part].append(place)


def _same(one: dict, other: dict) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
