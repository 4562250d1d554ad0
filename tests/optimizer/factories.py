"""Problems for the tests: the smallest ones, spelled out, and seeded ones that look like schools."""

import random
from collections.abc import Mapping

RECEPTION = "acc-etu"
NEEDS = (
    ("rem-lec", 4, 10, 2, 4),
    ("rem-ecr", 5, 12, 1, 3),
    ("rem-mat", 5, 12, 1, 3),
    ("rem-lve", 6, 14, 1, 3),
    ("rem-pro", 5, 12, 1, 3),
    ("rem-met", 6, 16, 1, 2),
    ("app-cul", 8, 20, 1, 3),
    ("app-sup", 8, 24, 1, 3),
    ("ori-chx", 6, 16, 1, 2),
    ("ori-ent", 6, 16, 1, 2),
    ("dev-cnf", 5, 12, 1, 3),
    ("dev-sui", 4, 10, 2, 6),
)
KINDS = {
    "lettres": ("rem-lec", "rem-ecr", "app-cul", "dev-cnf"),
    "maths": ("rem-mat", "app-sup", "rem-met"),
    "langues": ("rem-lve", "rem-lec", "app-cul"),
    "pro": ("rem-pro", "ori-ent", "app-sup", "rem-mat"),
    "doc": ("rem-lec", "app-cul", "rem-met", RECEPTION),
    "cpe": ("dev-sui", "dev-cnf", "ori-chx", "rem-met", RECEPTION),
    "gestion": ("rem-mat", "ori-ent", "rem-pro", "ori-chx"),
    "psy": ("ori-chx", "dev-cnf", "dev-sui"),
}


def school(
    seed: int,
    *,
    students: int = 96,
    slots: int = 2,
    adults: int | None = None,
    divisions: int = 4,
    rooms: bool = False,
    max_needs_open: int = 7,
    pairs: int = 2,
    caps: int = 3,
    pins: int = 3,
    bans: int = 3,
    co_led: bool = False,
    away: float = 0.1,
    max_moves: int | None = None,
) -> dict[str, object]:
    """A band as a school has it, as a problem file: correlated needs, last period's groups, statements."""
    rng = random.Random(seed)
    slot_ids = [f"s{place}" for place in range(slots)]
    staff = _staff(rng, adults or max(3, round(students / 13)), slot_ids)
    people = [_student(rng, place, divisions, slot_ids, away) for place in range(students)]
    if co_led:
        staff.append(
            {
                "id": "duo",
                "needs": ["dev-cnf", "app-cul"],
                "slots": slot_ids,
                "cost": 20,
                "members": [staff[0]["id"], staff[1]["id"]],
            }
        )
    needs = [
        {
            "id": need,
            "min_size": low,
            "max_size": high,
            "floor": 25,
            "max_per_student": times,
            "max_periods": last,
        }
        for need, low, high, times, last in NEEDS
    ]
    needs.append(
        {"id": RECEPTION, "min_size": 4, "max_size": 30, "max_per_student": slots, "reception": True}
    )
    current = _current(rng, people, staff, slot_ids)
    return {
        "format": "apdash-problem/2",
        "slots": [{"id": slot} for slot in slot_ids],
        "needs": needs,
        "staff": staff,
        "rooms": _rooms(rng, len(staff), slot_ids) if rooms else [],
        "students": people,
        "current": current,
        "pins": _pins(rng, people, staff, pins),
        "bans": _bans(rng, people, bans),
        "pairs": _pairs(rng, people, pairs),
        "caps": _caps(rng, people, caps),
        "rules": {
            "max_needs_open": max_needs_open,
            "max_division_share": 0.6,
            "max_periods": 3,
            "urgent_from": 75,
            "period_sessions": 6,
            "max_moves": max_moves,
        },
        "weights": {"unplaced": 1000, "urgent": 150, "change_need": 25, "change_staff": 4, "group": 15},
    }


def _staff(rng: random.Random, adults: int, slots: list[str]) -> list[dict[str, object]]:
    kinds = list(KINDS)
    found: list[dict[str, object]] = []
    for place in range(adults):
        kind = kinds[place % len(kinds)]
        here = slots if rng.random() < 0.85 else [rng.choice(slots)]
        found.append(
            {"id": f"t{place}", "needs": list(KINDS[kind]), "slots": here, "cost": rng.choice([0, 0, 15])}
        )
    # Somebody can always hold the reception, everywhere.
    found[0]["needs"] = [*KINDS["lettres"], RECEPTION]
    found[0]["slots"] = slots
    return found


def _student(
    rng: random.Random, place: int, divisions: int, slots: list[str], away: float
) -> dict[str, object]:
    difficulty, project, trust = (rng.gauss(0, 1) for _ in range(3))
    base = {"rem": difficulty, "app": -difficulty, "ori": project, "dev": 0.6 * trust + 0.4 * difficulty}
    intensity = {}
    for need, *_ in NEEDS:
        level = round(50 + 20 * base[need[:3]] + rng.gauss(0, 12))
        if level > 0 and rng.random() > 0.08:
            intensity[need] = min(100, level)
    intensity[RECEPTION] = 25
    row: dict[str, object] = {
        "id": f"e{place:03d}",
        "division": f"d{place % divisions}",
        "priority": 1.15 if rng.random() < 0.15 else 1.0,
        "intensity": intensity,
    }
    if rng.random() < away:
        row["sessions"] = {slot: rng.choice([0, 2, 3, 4]) for slot in slots}
    return row


def _current(
    rng: random.Random, people: list[dict], staff: list[dict], slots: list[str]
) -> list[dict[str, object]]:
    """Last period's groups: each adult led one need a slot, and students joined by need, more or less."""
    found = []
    for slot in slots:
        led = [(entry["id"], rng.choice(entry["needs"])) for entry in staff if slot in entry["slots"]]
        size = dict.fromkeys(led, 0)
        for person in people:
            if rng.random() < 0.06:
                continue
            free = [group for group in led if size[group] < 16]
            if not free:
                continue
            best = max(free, key=lambda group: person["intensity"].get(group[1], 0) + rng.gauss(0, 15))
            size[best] += 1
            found.append(
                {
                    "student": person["id"],
                    "slot": slot,
                    "need": best[1],
                    "staff": best[0],
                    "need_periods": rng.choice([1, 1, 2, 3]),
                }
            )
    return found


def _rooms(rng: random.Random, adults: int, slots: list[str]) -> list[dict[str, object]]:
    sizes = [30, 24, 18, 16, 16, 14, 12, 12, 10]
    return [
        {"id": f"r{place}", "capacity": sizes[place % len(sizes)], "slots": slots} for place in range(adults)
    ]


def _pins(rng: random.Random, people: list[dict], staff: list[dict], number: int) -> list[dict[str, object]]:
    found: dict[tuple[str, str], dict[str, object]] = {}
    there = [person for person in people if "sessions" not in person]
    for _ in range(number if there else 0):
        person, entry = rng.choice(there), rng.choice(staff)
        slot = rng.choice(entry["slots"])
        strong = max(entry["needs"], key=lambda need: person["intensity"].get(need, 0))
        found[person["id"], slot] = {"student": person["id"], "slot": slot, "need": strong}
    once = {}
    for pin in found.values():
        once.setdefault((pin["student"], pin["need"]), pin)
    return list(once.values())


def _bans(rng: random.Random, people: list[dict], number: int) -> list[dict[str, object]]:
    found = {}
    for _ in range(number):
        person = rng.choice(people)
        found[person["id"]] = {
            "student": person["id"],
            "slot": None,
            "need": rng.choice(NEEDS)[0],
            "staff": None,
        }
    return list(found.values())


def _pairs(rng: random.Random, people: list[dict], number: int) -> list[dict[str, object]]:
    there = [person["id"] for person in people if "sessions" not in person]
    rng.shuffle(there)
    return [
        {"students": there[2 * place : 2 * place + 2], "kind": "together"}
        for place in range(min(number, len(there) // 2))
    ]


def _caps(rng: random.Random, people: list[dict], number: int) -> list[dict[str, object]]:
    ids = [person["id"] for person in people]
    found = []
    for place in range(number):
        size = 2 if place % 2 == 0 else min(8, len(ids))
        found.append(
            {"students": rng.sample(ids, size), "at_most": 1 if size == 2 else 3, "need": None, "slot": None}
        )
    return found


def tiny(**changes: object) -> dict[str, object]:
    """A problem of one slot, one need and one adult without students, to be completed by a test."""
    data: dict[str, object] = {
        "format": "apdash-problem/2",
        "slots": [{"id": "mar"}],
        "needs": [{"id": "lec", "min_size": 1, "max_size": 4}],
        "staff": [{"id": "t1", "needs": ["lec"], "slots": ["mar"], "cost": 0}],
        "rooms": [],
        "students": [],
        "current": [],
        "pins": [],
        "bans": [],
        "pairs": [],
        "caps": [],
        "rules": {
            "max_needs_open": 9,
            "max_division_share": 1.0,
            "max_periods": 3,
            "urgent_from": 75,
            "period_sessions": 6,
            "max_moves": None,
        },
        "weights": {"unplaced": 1000, "urgent": 150, "change_need": 25, "change_staff": 4, "group": 15},
    }
    return data | changes


def pupil(name: str, division: str = "d0", **intensity: int) -> dict[str, object]:
    """A student row with these intensities."""
    return {"id": name, "division": division, "intensity": dict(intensity)}


def with_rules(data: Mapping[str, object], **rules: object) -> dict[str, object]:
    """The same problem with some rules changed."""
    return {**data, "rules": {**data["rules"], **rules}}


def scramble(seed: int, *, seats: int = 6) -> dict[str, object]:
    """A tiny problem in which anything may happen, small enough to try every arrangement."""
    rng = random.Random(seed)
    slots = [f"s{place}" for place in range(rng.choice([1, 1, 2]))]
    needs = [f"n{place}" for place in range(rng.choice([2, 3]))]
    adults = [f"t{place}" for place in range(rng.choice([2, 3]))]
    names = [f"e{place}" for place in range(max(2, seats // len(slots)))]
    staff = [
        {
            "id": name,
            "needs": rng.sample(needs, rng.randint(1, len(needs))),
            "slots": rng.sample(slots, rng.randint(1, len(slots))),
            "max_groups": rng.choice([None, None, 1]),
            "cost": rng.choice([0, 15, 40]),
        }
        for name in adults
    ]
    if rng.random() < 0.4:
        duo = {"id": "duo", "needs": [rng.choice(needs)], "slots": slots, "members": rng.sample(adults, 2)}
        staff.append(duo)
    everybody = [entry["id"] for entry in staff]
    low = rng.choice([1, 1, 2])
    return {
        "format": "apdash-problem/2",
        "slots": [{"id": slot, "max_groups": rng.choice([None, None, 1, 2])} for slot in slots],
        "needs": [
            {
                "id": need,
                "min_size": low,
                "max_size": rng.randint(low, 4),
                "floor": rng.choice([0, 0, 30]),
                "max_per_student": rng.choice([1, 1, 2]),
                "max_periods": rng.choice([2, 3]),
                "max_division_share": rng.choice([0.5, 0.6, 1.0]),
                "reception": place == 0 and rng.random() < 0.3,
            }
            for place, need in enumerate(needs)
        ],
        "staff": staff,
        "rooms": [
            {"id": f"r{place}", "capacity": rng.randint(1, 4), "slots": slots}
            for place in range(rng.choice([0, 0, 2]))
        ],
        "students": [
            {
                "id": name,
                "division": f"d{place % rng.choice([1, 3])}",
                "priority": rng.choice([1.0, 1.15]),
                "intensity": {need: rng.randint(0, 100) for need in needs if rng.random() < 0.85},
                "sessions": {slot: rng.choice([0, 2, 3, 6, 6, 6]) for slot in slots},
            }
            for place, name in enumerate(names)
        ],
        "current": [
            {
                "student": name,
                "slot": slot,
                "need": rng.choice(needs),
                "staff": rng.choice(everybody),
                "need_periods": rng.randint(1, 3),
            }
            for name in names
            for slot in slots
            if rng.random() < 0.6
        ],
        **_tiny_statements(rng, names, slots, needs, everybody),
        "rules": {
            "max_needs_open": rng.choice([1, 2, 3]),
            "max_division_share": 0.6,
            "max_periods": 3,
            "urgent_from": 75,
            "period_sessions": 6,
            "max_moves": rng.choice([None, None, 0, 1, 2]),
        },
        "weights": {
            "unplaced": rng.choice([5, 100, 1000]),
            "urgent": rng.choice([0, 150]),
            "change_need": rng.choice([0, 25, 120]),
            "change_staff": rng.choice([0, 4, 60]),
            "group": 15,
        },
    }


def _tiny_statements(
    rng: random.Random, names: list[str], slots: list[str], needs: list[str], staff: list[str]
) -> dict[str, object]:
    some = [None, None]
    pin = {
        "student": rng.choice(names),
        "slot": rng.choice(slots),
        "need": rng.choice(needs),
        "staff": rng.choice([*some, *staff]),
    }
    ban = {
        "student": rng.choice(names),
        "slot": rng.choice([*some, *slots]),
        "need": rng.choice([*some, *needs]),
        "staff": rng.choice([*some, *staff]),
    }
    cap = {
        "students": rng.sample(names, 2),
        "at_most": 1,
        "need": rng.choice([*some, *needs]),
        "slot": rng.choice([*some, *slots]),
    }
    return {
        "pins": [pin] if rng.random() < 0.4 else [],
        "bans": [ban] if rng.random() < 0.4 else [],
        "pairs": [{"students": rng.sample(names, 2), "kind": "together"}] if rng.random() < 0.4 else [],
        "caps": [cap] if rng.random() < 0.4 else [],
    }
