"""Who can lead, and the groups there are, in the ids of the problem file.

An adult is their id; `12+34` is a pair who co-lead a present group; `12~ven-14` is adult 12 where they cost otherwise;
`parti-56` stands for the adults of group 56 when they are no longer free at its hour.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from apdash.rights import CONSOLE
from apdash.store.queries.bands import band_staff, first_meetings
from apdash.store.queries.groups import groups_in_force, members
from apdash.store.store import Store


@dataclass(frozen=True, slots=True)
class Adults:
    """Staff entries. of_group: ap_group -> entry; at: (adult, slot code) -> entry; with_adult: adult -> entries."""

    entries: tuple[dict[str, object], ...]
    of_group: dict[int, str]
    at: dict[tuple[int, str], str]
    with_adult: dict[int, tuple[str, ...]]


def current_groups(store: Store, *, band: int, on: date) -> pl.DataFrame:
    """Return the groups open on a day with their members: ap_group, slot_code, need, staff (ids), students (ids).

    staff: who leads at the first meeting from that day on.
    """
    groups = groups_in_force(store, CONSOLE, on=on, band=band).select(
        "ap_group", "slot", "slot_code", "need", "staff"
    )
    groups = _led_at_first(store, groups, band=band, on=on).drop("slot")
    seated = members(store, CONSOLE, on=on, band=band)
    held = seated.group_by("own_group", maintain_order=True).agg(students="student")
    return groups.join(
        held, left_on="ap_group", right_on="own_group", how="left", maintain_order="left"
    ).with_columns(pl.col("students").fill_null([]))


def _led_at_first(store: Store, groups: pl.DataFrame, *, band: int, on: date) -> pl.DataFrame:
    """Return the groups with the adults of the first meeting of their slot."""
    parts = [groups.clear()]
    days = first_meetings(store, band=band, on=on)
    for (slot,), rows in groups.group_by("slot", maintain_order=True):
        then = groups_in_force(store, CONSOLE, on=days.get(int(str(slot)), on), band=band)
        led = then.select("ap_group", then="staff")
        both = rows.join(led, on="ap_group", how="left", maintain_order="left")
        parts.append(both.with_columns(staff=pl.coalesce("then", "staff")).drop("then"))
    return pl.concat(parts)


def adults_of(store: Store, needs: list[str], *, band: int, groups: pl.DataFrame) -> Adults:
    """Return the staff entries of a band: each adult free, the pairs of present groups, and those who have left."""
    free = band_staff(store, band=band)
    entries: dict[str, dict[str, object]] = {}
    at: dict[tuple[int, str], str] = {}
    for (staff, cost), rows in free.sort("staff", "cost").group_by(["staff", "cost"], maintain_order=True):
        slots = rows["slot_code"].to_list()
        name = str(staff) if str(staff) not in entries else f"{staff}~{slots[0]}"
        led = [need for need in rows["needs"][0] if need in needs]
        entry = {"id": name, "needs": led, "slots": slots, "cost": cost, "members": [str(staff)]}
        most = rows["max_groups"].drop_nulls()
        entries[name] = entry | ({"max_groups": most.max()} if most.len() == rows.height else {})
        at |= {(int(str(staff)), slot): name for slot in slots}
    of_group = {row["ap_group"]: _leader(entries, at, row) for row in groups.iter_rows(named=True)}
    return Adults(tuple(entries.values()), of_group, at, _by_adult(entries))


def _leader(entries: dict[str, dict[str, object]], at: dict[tuple[int, str], str], group: dict) -> str:
    """Return the entry that leads a present group, adding a pair or somebody who has left when there is none."""
    staff, slot = sorted(group["staff"]), group["slot_code"]
    names = [at.get((adult, slot)) for adult in staff]
    if len(staff) == 1 and names[0] is not None:
        return names[0]
    if not staff or None in names:
        name = f"parti-{group['ap_group']}"
        entries[name] = {"id": name, "needs": [], "slots": [], "cost": 0, "members": [name]}
        return name
    name = "+".join(str(adult) for adult in staff)
    cost = sum(int(str(entries[one]["cost"])) for one in names if one is not None)
    known = entries.get(name)
    needs = sorted({*(known["needs"] if known else ()), group["need"]})  # type: ignore[misc]
    slots = sorted({*(known["slots"] if known else ()), slot})  # type: ignore[misc]
    together = [str(adult) for adult in staff]
    entries[name] = {"id": name, "needs": needs, "slots": slots, "cost": cost, "members": together}
    return name


def _by_adult(entries: dict[str, dict[str, object]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for name, entry in entries.items():
        for member in entry["members"]:  # type: ignore[attr-defined]
            if member.isdecimal():
                found.setdefault(int(member), []).append(name)
    return {adult: tuple(names) for adult, names in found.items()}
