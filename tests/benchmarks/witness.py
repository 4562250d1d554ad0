"""A lawful plan near last period's groups, and the statements that it respects."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice

from optimizer import Problem, Solution, violations
from optimizer.check import moves
from optimizer.facts import Facts, Group, facts_of
from optimizer.plan import proposal

Members = dict[Group, set[str]]
Row = dict[str, object]


def with_statements(
    rng: random.Random, data: Row, asked: dict[str, int], *, moves_allowed: float | None
) -> tuple[Problem, Solution]:
    """The problem with about as many statements as asked for, and a plan that is lawful for it."""
    facts = facts_of(Problem.from_json(data))
    plan = _lawful(facts)
    data |= {
        "pairs": list(islice(_pairs(rng, facts, plan), asked["pairs"])),
        "caps": list(islice(_caps(rng, facts, plan), asked["caps"])),
        "bans": list(islice(_bans(rng, facts, plan), asked["bans"])),
    }
    held = {name for pair in data["pairs"] for name in pair["students"]}
    held |= {name for cap in data["caps"] for name in cap["students"]}
    held |= {ban["student"] for ban in data["bans"]}
    data["pins"] = list(islice(_pins(rng, facts, plan, held), asked["pins"]))
    problem = Problem.from_json(data)
    witness = _written(problem, plan)
    if moves_allowed is not None:
        allowed = moves(problem, witness) + round(moves_allowed * len(problem.current))
        problem = Problem.from_json({**data, "rules": {**data["rules"], "max_moves": allowed}})
    broken = violations(problem, witness)
    if broken:
        raise ValueError(f"the witness is not lawful: {broken[0]}")
    return problem, witness


def _written(problem: Problem, plan: Members) -> Solution:
    written = proposal(
        problem,
        {group: tuple(sorted(names)) for group, names in plan.items()},
        [(student.id, slot) for student in problem.students for slot, n in student.sessions.items() if n > 0],
    )
    if written is None:
        raise ValueError("the witness has no rooms")
    return written


def _lawful(facts: Facts) -> Members:
    """Last period's groups, less all that is not lawful any more."""
    plan: Members = defaultdict(set)
    attended: Counter[tuple[str, str]] = Counter()
    for (student, slot), row in facts.current.items():
        allowed = row.staff in facts.doors[student, slot].get(row.need, ())
        if allowed and attended[student, row.need] < facts.needs[row.need].max_per_student:
            attended[student, row.need] += 1
            plan[slot, row.need, row.staff].add(student)
    weight = Counter(dict.fromkeys(facts.needs, 0))
    for group, names in plan.items():
        weight[group[1]] += len(names)
    kept = [need for need, _ in weight.most_common() if not facts.needs[need].reception]
    closed = set(kept[facts.problem.rules.max_needs_open :])
    limits = {slot.id: slot.max_groups for slot in facts.problem.slots}
    found: Members = {}
    opened: Counter[str] = Counter()
    for group in sorted(plan, key=lambda one: (-len(plan[one]), one)):
        limit, names = limits[group[0]], set(plan[group])
        if group[1] in closed or (limit is not None and opened[group[0]] >= limit):
            continue
        _trim(facts, group, names)
        if _large_enough(facts, group, names) and _has_rooms(facts, {**found, group: names}, group[0]):
            found[group] = names
            opened[group[0]] += 1
    return found


def _trim(facts: Facts, group: Group, names: set[str]) -> None:
    """Take students out until the group has a free seat for a pin and is not too much of one division."""
    need = facts.needs[group[1]]
    while len(names) >= need.max_size:
        names.remove(max(names))
    while names and _crowded(facts, group, names):
        (division, _), *_ = Counter(facts.students[name].division for name in sorted(names)).most_common()
        names.remove(max(name for name in names if facts.students[name].division == division))


def _crowded(facts: Facts, group: Group, names: set[str]) -> bool:
    need = facts.needs[group[1]]
    if need.reception or group[0] not in facts.mixed:
        return False
    most = max(Counter(facts.students[name].division for name in names).values())
    return most > need.max_division_share * len(names) + 1e-9


def _large_enough(facts: Facts, group: Group, names: set[str]) -> bool:
    return sum((name, group[0]) in facts.half_present for name in names) >= facts.needs[group[1]].min_size


def _has_rooms(facts: Facts, plan: Members, slot: str) -> bool:
    if not facts.problem.rooms:
        return True
    sizes = sorted((len(names) for group, names in plan.items() if group[0] == slot), reverse=True)
    rooms = sorted((room.capacity for room in facts.problem.rooms if slot in room.slots), reverse=True)
    return len(sizes) <= len(rooms) and all(size <= room for size, room in zip(sizes, rooms, strict=False))


def _pairs(rng: random.Random, facts: Facts, plan: Members) -> Iterator[Row]:
    """Friends of one division, there at the same slots, whom the plan has together or both unplaced."""
    at, taken = _where(facts, plan), set()
    names = rng.sample(list(facts.students), len(facts.students))
    for rank, one in enumerate(names):
        for other in names[rank + 1 :]:
            if {one, other} & taken or at[one] != at[other]:
                continue
            if facts.students[one].division == facts.students[other].division and _shared(facts, one, other):
                taken |= {one, other}
                yield {"students": [one, other], "kind": "together"}


def _shared(facts: Facts, one: str, other: str) -> bool:
    """Whether two students are there at the same slots and have a need in common to be placed in."""
    return all(
        ((one, slot.id) in facts.doors) == ((other, slot.id) in facts.doors)
        and bool(facts.doors.get((one, slot.id), {}).keys() & facts.doors.get((other, slot.id), {}).keys())
        for slot in facts.problem.slots
    )


def _where(facts: Facts, plan: Members) -> dict[str, tuple[Group, ...]]:
    found: dict[str, list[Group]] = {name: [] for name in facts.students}
    for group in sorted(plan):
        for name in plan[group]:
            found[name].append(group)
    return {name: tuple(groups) for name, groups in found.items()}


def _caps(rng: random.Random, facts: Facts, plan: Members) -> Iterator[Row]:
    """Two students kept apart, or at most three of eight of a division together, as the plan has them."""
    made: set[tuple[str, ...]] = set()
    for turn in range(20 * len(facts.students)):
        number, most = ((2, 1), (8, 3))[turn % 2]
        one = rng.choice(list(facts.students))
        mates = [name for name, row in facts.students.items() if row.division == facts.students[one].division]
        names = set(rng.sample(mates, min(number, len(mates))))
        key = tuple(sorted(names))
        if key not in made and all(len(names & group) <= most for group in plan.values()):
            made.add(key)
            yield {"students": list(key), "at_most": most}


def _bans(rng: random.Random, facts: Facts, plan: Members) -> Iterator[Row]:
    """A need or an adult that a student is not to have, and does not have in the plan."""
    at = _where(facts, plan)
    for turn, name in enumerate(rng.sample(list(facts.students), len(facts.students))):
        need, entry = rng.choice(list(facts.needs)), rng.choice(list(facts.staff))
        if turn % 2 == 0 and all(group[1] != need for group in at[name]):
            yield {"student": name, "need": need}
        elif turn % 2 == 1 and all(group[2] != entry for group in at[name]):
            yield {"student": name, "staff": entry}


def _pins(rng: random.Random, facts: Facts, plan: Members, held: set[str]) -> Iterator[Row]:
    """A student moved by hand into a group of the plan that serves a need of theirs; the plan follows."""
    pinned: set[str] = set()
    places = [place for place in facts.places if place[0] not in held and facts.doors[place]]
    for student, slot in rng.sample(places, len(places)):
        for group in _choices(facts, plan, (student, slot)):
            if student not in pinned and _moved(facts, plan, student, group):
                pinned.add(student)
                named = group[2] if len(pinned) % 2 else None
                yield {"student": student, "slot": slot, "need": group[1], "staff": named}


def _choices(facts: Facts, plan: Members, place: tuple[str, str]) -> list[Group]:
    """The groups that a student could be moved into, the one that serves them best first."""
    doors = facts.doors[place]
    here = [group for group in plan if group[0] == place[1] and place[0] not in plan[group]]
    found = [group for group in here if group[2] in doors.get(group[1], ())]
    return sorted(found, key=lambda one: (-facts.points[*place, one[1]], one))


def _moved(facts: Facts, plan: Members, student: str, group: Group) -> bool:
    """Move a student in the plan if that stays lawful; whether it did."""
    need = facts.needs[group[1]]
    after = {one: names - {student} if one[0] == group[0] else names for one, names in plan.items()}
    after[group] = after[group] | {student}
    times = sum(student in names for one, names in after.items() if one[1] == group[1])
    fits: list[Callable[[], bool]] = [
        lambda: len(after[group]) <= need.max_size and times <= need.max_per_student,
        lambda: all(
            _large_enough(facts, one, names) and not _crowded(facts, one, names)
            for one, names in after.items()
            if one == group or names != plan[one]
        ),
        lambda: _has_rooms(facts, after, group[0]),
    ]
    if not all(check() for check in fits):
        return False
    plan.update(after)
    return True
