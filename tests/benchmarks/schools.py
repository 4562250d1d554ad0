"""Seeded bands that look like schools, for the measures: `instance(seed, size, variant)`.

Every student has a latent profile (and divisions are not alike), so needs go together; last period's groups
come from an earlier diagnosis; adults lead what their discipline leads; a division is on placement for part
of the period. Statements (pins, pairs, caps, bans, max_moves) are only made where a plan that the referee
finds lawful respects them: every problem has a solution, and `witness` is one.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer import Problem, Solution
from tests.benchmarks.variants import VARIANTS, Size, Variant, variant_of
from tests.benchmarks.witness import with_statements
from tests.optimizer.factories import KINDS, NEEDS, RECEPTION

PROFILES = {
    "lecture fragile": {
        "rem-lec": 34,
        "rem-ecr": 28,
        "rem-met": 10,
        "dev-cnf": 8,
        "app-sup": -40,
        "app-cul": -20,
    },
    "maths fragiles": {"rem-mat": 38, "rem-pro": 14, "rem-met": 12, "app-sup": -35},
    "langue fragile": {"rem-lve": 34, "rem-lec": 12, "app-cul": -12},
    "en retrait": {"dev-cnf": 32, "dev-sui": 30, "ori-ent": 16, "rem-met": 18, "app-sup": -25},
    "sans projet": {"ori-chx": 36, "ori-ent": 26, "dev-cnf": 8},
    "à l’aise": {
        "app-cul": 30,
        "app-sup": 36,
        "rem-lec": -35,
        "rem-ecr": -30,
        "rem-mat": -32,
        "dev-sui": -35,
    },
}
LARGE = {"app-cul": 20, "app-sup": 24, "rem-met": 16, "ori-chx": 16, "ori-ent": 16}


STATEMENTS = ("pins", "pairs", "caps", "bans")


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem and a plan that is lawful for it."""

    name: str
    problem: Problem
    witness: Solution


@dataclass(frozen=True, slots=True)
class Draft:
    """What a band is made of."""

    rng: random.Random
    size: Size
    variant: Variant


def instance(seed: int, size: Size, variant: str | None = None) -> Instance:
    """The band of this seed and size; the variant is that of the seed unless named."""
    name = variant or variant_of(seed)
    draft = Draft(random.Random(f"{seed} {size.name} {name}"), size, VARIANTS[name])
    asked = {key: max(1, round(getattr(draft.variant, key) * size.students / 100)) for key in STATEMENTS}
    moves_allowed = draft.variant.moves_allowed
    problem, witness = with_statements(draft.rng, _data(draft), asked, moves_allowed=moves_allowed)
    return Instance(f"{size.name} {name} {seed}", problem, witness)


def _data(draft: Draft) -> dict[str, object]:
    """The problem file without its statements."""
    slots = [f"s{place}" for place in range(draft.size.slots)]
    staff = _staff(draft, slots)
    students = _students(draft, slots)
    most = len(staff) - max(1, len(staff) // 12) if draft.variant.slot_limit else None
    return {
        "format": "apdash-problem/2",
        "slots": [{"id": slot, "max_groups": most} for slot in slots],
        "needs": _needs(draft.variant, draft.size.slots),
        "staff": staff,
        "rooms": _rooms(draft, slots),
        "students": students,
        "current": _current(draft, staff, students, slots),
        **{name: [] for name in STATEMENTS},
        "rules": {
            "max_needs_open": draft.variant.max_needs_open,
            "max_division_share": 0.6,
            "max_periods": 3,
            "urgent_from": 75,
            "period_sessions": 6,
            "max_moves": None,
        },
        "weights": {"unplaced": 1000, "urgent": 150, "change_need": 25, "change_staff": 4, "group": 15},
    }


def _needs(variant: Variant, slots: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {
            "id": need,
            "min_size": low if not variant.narrow else high - 4,
            "max_size": high if variant.narrow else LARGE.get(need, high + 2),
            "floor": 25,
            "max_per_student": times,
            "max_periods": last,
        }
        for need, low, high, times, last in NEEDS
    ]
    reception = {"id": RECEPTION, "min_size": 4, "max_size": 24 if variant.narrow else 30}
    return [*found, {**reception, "max_per_student": slots, "reception": True}]


def _staff(draft: Draft, slots: list[str]) -> list[dict[str, object]]:
    kinds, rng = list(KINDS), draft.rng
    found: list[dict[str, object]] = []
    for place in range(max(4, round(draft.size.students / draft.variant.students_per_adult))):
        somewhere = rng.random() < draft.variant.one_slot_only
        found.append(
            {
                "id": f"t{place}",
                "needs": list(KINDS[kinds[place % len(kinds)]]),
                "slots": [rng.choice(slots)] if somewhere else slots,
                "cost": rng.choice([0, 0, 15, 30]),
            }
        )
    # Somebody can always hold the reception, everywhere.
    found[0] |= {"needs": [*KINDS["lettres"], RECEPTION], "slots": slots}
    if draft.variant.co_led:
        pair = {"needs": ["dev-cnf", "app-cul"], "slots": slots, "cost": 20}
        found.append({"id": "duo", **pair, "members": [found[0]["id"], found[1]["id"]]})
    return found


def _rooms(draft: Draft, slots: list[str]) -> list[dict[str, object]]:
    if not draft.variant.rooms:
        return []
    sizes = [30, 24, 20, 18, 18, 16, 16, 14, 14, 12, 12, 10]
    number = round(draft.size.students / draft.variant.students_per_adult) + 1
    return [
        {"id": f"r{place}", "capacity": sizes[place % len(sizes)], "slots": slots} for place in range(number)
    ]


def _students(draft: Draft, slots: list[str]) -> list[dict[str, object]]:
    """The students, division by division: each division has its own mix of profiles and its placements."""
    rng, variant = draft.rng, draft.variant
    divisions = max(4, round(draft.size.students / 26))
    mixes = [[rng.gammavariate(1.2, 1) for _ in PROFILES] for _ in range(divisions)]
    gone = [rng.random() < variant.on_placement for _ in range(divisions)]
    placements = [{slot: rng.choice([2, 3, 4]) for slot in slots} for _ in range(divisions)]
    found = []
    for place in range(draft.size.students):
        division = place % divisions
        if variant.largest_division is not None:
            small = rng.randrange(1, divisions)
            division = 0 if place < variant.largest_division * draft.size.students else small
        (profile,) = rng.choices(list(PROFILES), mixes[division])
        row: dict[str, object] = {
            "id": f"e{place:04d}",
            "division": f"d{division}",
            "priority": 1.15 if rng.random() < 0.12 else 1.0,
            "intensity": _intensities(rng, PROFILES[profile]),
        }
        if gone[division]:
            row["sessions"] = placements[division]
        elif rng.random() < variant.away:
            row["sessions"] = {slot: rng.choice([0, 2, 3, 4]) for slot in slots}
        found.append(row)
    return found


def _intensities(rng: random.Random, profile: Mapping[str, int]) -> dict[str, int]:
    """Needs of one profile: a difficulty of the student's own moves them all."""
    difficulty = rng.gauss(0, 9)
    found = {}
    for need, *_ in NEEDS:
        towards = -difficulty if need.startswith("app") else difficulty
        level = round(42 + 0.85 * profile.get(need, 0) + towards + rng.gauss(0, 11))
        if level > 0 and rng.random() > 0.06:
            found[need] = min(100, level)
    return found | {RECEPTION: 25}


def _current(
    draft: Draft, staff: list[dict], students: list[dict], slots: list[str]
) -> list[dict[str, object]]:
    """Last period's groups: each adult led what an earlier diagnosis asked for most, students joined by need."""
    rng = draft.rng
    before = {
        row["id"]: {need: level + rng.gauss(0, 9) for need, level in row["intensity"].items()}
        for row in students
    }
    found = []
    for slot in slots:
        left = {row["id"]: row["intensity"] for row in students if rng.random() > 0.06}
        for entry in rng.sample(staff, len(staff)):
            if slot not in entry["slots"] or "members" in entry:
                continue
            fit = {
                need: sorted(left, key=lambda name, need=need: -before[name].get(need, 0))[:12]
                for need in entry["needs"]
            }
            need = max(
                fit, key=lambda need: sum(before[name].get(need, 0) for name in fit[need]) + rng.gauss(0, 40)
            )
            for name in fit[need]:
                del left[name]
                row = {"student": name, "slot": slot, "need": need, "staff": entry["id"]}
                found.append({**row, "need_periods": rng.choice([1, 1, 1, 2, 2, 3])})
    return found
