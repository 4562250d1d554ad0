"""How the page names slots, needs, adults and demands."""

from collections.abc import Mapping
from datetime import time

import polars as pl

from apdash.labels import NBSP, hour, listed, number

OUR_RULE = "règle posée par la direction"


def slot_name(day: str, starts_at: time) -> str:
    """Return `mardi 10 h 10`."""
    return f"{day}{NBSP}{hour(starts_at)}"


def slot_names(slots: pl.DataFrame) -> dict[str, str]:
    """Return the name of each slot by its code. slots: as `queries.bands.band_slots`."""
    return {
        code: slot_name(day, at) for code, day, at in slots.select("code", "day", "starts_at").iter_rows()
    }


def short_name(last_name: str, first_name: str) -> str:
    """Return `Moreau I.`, which fits a chip, and what tells homonyms apart; files write family names in capitals."""
    last, (first, mark) = proper(last_name), apart(first_name)
    return f"{last} {first[:1]}.{mark}" if first else last


def apart(first_name: str) -> tuple[str, str]:
    """Return a first name, and after it ` (né le 14/03)` where it is that of a homonym."""
    first, opened, mark = first_name.partition(" (")
    return first, opened + mark


def proper(name: str) -> str:
    """Return a name written in capitals with only its initials so: `LE GOFF-D’ARC` is `Le Goff-D’Arc`."""
    return name.title() if name.isupper() else name


def seconds(value: float) -> str:
    """Return `3,2 s`, or `24 s` from ten on."""
    return f"{number(value, 1 if value < 10 else 0)}{NBSP}s"


def statement_words(row: Mapping[str, object], *, needs: Mapping[str, str], slots: Mapping[str, str]) -> str:
    """Return a demand as a sentence, without who asked. row: as `queries.bands.statements`."""
    names = listed([str(name) for name in row["names"]])  # type: ignore[attr-defined]
    need = needs.get(str(row["need"]), "") if row["need"] else ""
    slot = slots.get(str(row["slot_code"]), "") if row["slot_code"] else ""
    staff = str(row["staff_name"]) if row["staff"] else ""
    match row["kind"]:
        case "pin":
            return f"{names}\u00a0: {need}" + (f" avec {staff}" if staff else "") + f", {slot}"
        case "ban":
            parts = [
                f"en {need}" if need else "",
                f"avec {staff}" if staff else "",
                f"le {slot}" if slot else "",
            ]
            return f"{names}\u00a0: pas " + ", ".join(part for part in parts if part)
        case "together":
            return f"{names} dans le même groupe"
        case "apart":
            return f"{names} dans deux groupes différents"
    where = f" de {need}" if need else ""
    return f"Au plus {row['at_most']} de {names} dans un même groupe{where}" + (f", {slot}" if slot else "")


STATEMENT_LABELS = {
    "pin": "Fixer",
    "ban": "Interdire",
    "together": "Ensemble",
    "apart": "Séparer",
    "cap": "Au plus",
}
STATEMENT_ICONS = {"pin": "pin-angle-fill", "ban": "slash-circle", "together": "people-fill",
                   "apart": "arrows-expand-vertical", "cap": "speedometer2"}  # fmt: skip
