"""Bands made impossible in one known way, as problem files: seeded, from the schools of `factories.py`."""

import random
from collections.abc import Callable

from tests.optimizer.factories import NEEDS, school

File = dict[str, object]


def impossible(way: str, seed: int, *, students: int = 60) -> File:
    """A school of this size in which the `way`, one of `WAYS`, leaves nothing lawful."""
    rng = random.Random(f"{way}-{seed}-{students}")
    data = school(seed, students=students, adults=max(4, round(students / 13)), pins=0, bans=2)
    for person in data["students"]:  # type: ignore[attr-defined]
        person.pop("sessions", None)
    WAYS[way](data, rng)
    return data


def _pin(data: File, student: int, *, slot: str, need: str, staff: str | None = None) -> None:
    name = data["students"][student]["id"]  # type: ignore[index]
    row = {"student": name, "slot": slot, "need": need, "staff": staff}
    data["pins"].append(row)  # type: ignore[attr-defined]
    data["bans"] = [ban for ban in data["bans"] if ban["student"] != name]  # type: ignore[attr-defined]
    data["pairs"] = [pair for pair in data["pairs"] if name not in pair["students"]]  # type: ignore[attr-defined]


def _some(data: File, rng: random.Random, number: int) -> list[int]:
    return rng.sample(range(len(data["students"])), number)  # type: ignore[arg-type]


def _led(data: File, slot: str) -> dict[str, list[str]]:
    """Who can lead each need at a slot, as lists of staff entries; only needs that somebody leads."""
    found: dict[str, list[str]] = {}
    for entry in data["staff"]:  # type: ignore[attr-defined]
        for need in entry["needs"] if slot in entry["slots"] else ():
            found.setdefault(need, []).append(entry["id"])
    return {need: found[need] for need, *_ in NEEDS if need in found}


def _need(data: File, name: str) -> dict[str, object]:
    return next(need for need in data["needs"] if need["id"] == name)  # type: ignore[attr-defined]


def _few_adults(data: File, rng: random.Random) -> None:
    """One adult is asked for in two needs at one slot."""
    entry = rng.choice([one for one in data["staff"] if len(one["needs"]) > 1])  # type: ignore[attr-defined]
    slot = rng.choice(entry["slots"])
    for student, need in zip(_some(data, rng, 2), rng.sample(entry["needs"], 2), strict=True):
        _pin(data, student, slot=slot, need=need, staff=entry["id"])


def _min_size(data: File, rng: random.Random) -> None:
    """A need with a floor that few reach and a group that takes more."""
    slot = "s0"
    need = _need(data, rng.choice(list(_led(data, slot))))
    reach = sorted((p["intensity"].get(need["id"], 0) for p in data["students"]), reverse=True)  # type: ignore[attr-defined]
    need |= {"min_size": 8, "max_size": 16, "floor": reach[rng.choice([4, 5])] + 1}
    _pin(data, _some(data, rng, 1)[0], slot=slot, need=str(need["id"]))


def _max_size(data: File, rng: random.Random) -> None:
    """More pins than the adults of a need can hold."""
    slot = "s1"
    led = _led(data, slot)
    name = min(led, key=lambda need: (len(led[need]), rng.random()))
    need = _need(data, name)
    need |= {"min_size": 3, "max_size": 4}
    for student in _some(data, rng, 4 * len(led[name]) + rng.choice([1, 2])):
        _pin(data, student, slot=slot, need=name)


def _moves(data: File, rng: random.Random) -> None:
    """Fewer moves than what no longer holds today asks for."""
    data["rules"] = {**data["rules"], "max_moves": rng.choice([0, 1, 2])}  # type: ignore[dict-item]
    for row in rng.sample(data["current"], 6):  # type: ignore[arg-type]
        row["need_periods"] = 9


def _pair(data: File, rng: random.Random) -> None:
    """Two kept together, one of them pinned where the other is banned."""
    slot = "s0"
    one, other = _some(data, rng, 2)
    need = rng.choice(list(_led(data, slot)))
    _pin(data, one, slot=slot, need=need)
    _pin(data, other, slot="s1", need=rng.choice([name for name in _led(data, "s1") if name != need]))
    names = [data["students"][place]["id"] for place in (one, other)]  # type: ignore[index]
    data["pairs"].append({"students": names, "kind": "together"})  # type: ignore[attr-defined]
    data["bans"].append({"student": names[1], "slot": None, "need": need, "staff": None})  # type: ignore[attr-defined]


def _cap(data: File, rng: random.Random) -> None:
    """More of those that a cap names pinned in one need than its adults may hold."""
    slot = "s0"
    led = _led(data, slot)
    name = min(led, key=lambda need: (len(led[need]), rng.random()))
    chosen = _some(data, rng, len(led[name]) + 3)
    for student in chosen[: len(led[name]) + 1]:
        _pin(data, student, slot=slot, need=name)
    names = [data["students"][place]["id"] for place in chosen]  # type: ignore[index]
    data["caps"].append({"students": names, "at_most": 1, "need": None, "slot": None})  # type: ignore[attr-defined]


def _share(data: File, rng: random.Random) -> None:
    """A group full of pins of one division, with a share that does not allow it."""
    slot = "s1"
    led = _led(data, slot)
    name = min(led, key=lambda need: (len(led[need]), rng.random()))
    need = _need(data, name)
    need |= {"min_size": 4, "max_size": 8, "max_division_share": 0.5}
    division = [place for place, row in enumerate(data["students"]) if row["division"] == "d1"]  # type: ignore[arg-type]
    for student in rng.sample(division, min(len(division), 4 * len(led[name]) + 1)):
        _pin(data, student, slot=slot, need=name)


def _needs_open(data: File, rng: random.Random) -> None:
    """Pins in more needs than may be open."""
    names = rng.sample(list(_led(data, "s0")), 3)
    data["rules"] = {**data["rules"], "max_needs_open": 2}  # type: ignore[dict-item]
    for student, need in zip(_some(data, rng, 3), names, strict=True):
        _pin(data, student, slot="s0", need=need)


def _rooms(data: File, rng: random.Random) -> None:
    """Pins in two needs where one room is free."""
    data["rooms"] = [
        {"id": "r0", "capacity": 30, "slots": ["s0", "s1"]},
        {"id": "r1", "capacity": 20, "slots": ["s1"]},
    ]
    for student, need in zip(_some(data, rng, 2), rng.sample(list(_led(data, "s0")), 2), strict=True):
        _pin(data, student, slot="s0", need=need)


def _twice(data: File, rng: random.Random) -> None:
    """Two conflicts that have nothing to do with each other."""
    _share(data, rng)
    _few_adults(data, rng)


WAYS: dict[str, Callable[[File, random.Random], None]] = {
    "few adults": _few_adults,
    "min size": _min_size,
    "max size": _max_size,
    "moves": _moves,
    "pair": _pair,
    "cap": _cap,
    "share": _share,
    "needs open": _needs_open,
    "rooms": _rooms,
    "twice": _twice,
}
