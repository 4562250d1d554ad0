"""The rows of a ground that close doors or were asked by hand: floors, durations, bans, pins, pairs, caps, moves."""

from collections import defaultdict
from collections.abc import Iterator

from optimizer.conflicts.ground_columns import GroundModel
from optimizer.doors import banned
from optimizer.facts import Cell


def doors(model: GroundModel) -> None:
    """Floors and durations close a need to a student, unless a pin opens it."""
    pins = _pins(model)
    lasted: dict[tuple[str, str], int] = {}
    for row in model.facts.problem.current:
        pair = (row.student, row.need)
        lasted[pair] = max(lasted.get(pair, 0), row.need_periods)
    for group, seats in model.seats.items():
        slot, need, _ = group
        floor, longest = model.of_need("floor", need), model.of_need("max_periods", need)
        for student, column in seats.items():
            opening = tuple(pins.get((student, slot, need), ()))
            if floor and model.facts.students[student].intensity.get(need, 0) < floor[1]:
                model.ground.doors.append((column, floor[0], opening))
            if longest and lasted.get((student, need), -1) >= longest[1]:
                model.ground.doors.append((column, longest[0], opening))


def bans(model: GroundModel) -> None:
    """A ban closes the groups that it names."""
    for rank, position, _ in model.standing("ban"):
        ban = model.facts.problem.bans[rank]
        for group, seats in model.seats.items():
            if ban.student in seats and banned((ban,), group[0], need=group[1], staff=group[2]):
                model.ground.doors.append((seats[ban.student], position, ()))


def pins(model: GroundModel) -> None:
    """Σ seats in the groups that a pin allows + failed ≥ 1."""
    for rank, position, _ in model.standing("pin"):
        pin = model.facts.problem.pins[rank]
        allowed = [
            (seats[pin.student], 1.0)
            for group, seats in model.seats.items()
            if group[:2] == (pin.slot, pin.need) and pin.staff in (None, group[2]) and pin.student in seats
        ]
        failed = model.ground.failing(position)
        model.ground.at_least([*allowed, (failed, 1.0)], 1, (position,))


def together(model: GroundModel) -> None:
    """seats[i] = seats[j] in every group of a slot where both are."""
    for rank, position, _ in model.standing("together"):
        for seats in _of_both(model, rank):
            both = [(seats[0], 1.0), (seats[1], -1.0)]
            model.ground.at_most(both, 0, (position,))
            model.ground.at_least(both, 0, (position,))


def _of_both(model: GroundModel, rank: int) -> Iterator[tuple[int, int]]:
    one, other = model.facts.problem.pairs[rank].students
    for seats in model.seats.values():
        if one in seats and other in seats:
            yield seats[one], seats[other]


def caps(model: GroundModel) -> None:
    """Σ seats of those a cap names ≤ at_most × opened."""
    for rank, position, limit in model.standing("cap"):
        cap = model.facts.problem.caps[rank]
        for group, seats in model.seats.items():
            named = [(seats[student], 1.0) for student in cap.students if student in seats]
            concerned = cap.slot in (None, group[0]) and cap.need in (None, group[1])
            if concerned and len(named) > limit:
                model.ground.at_most([*named, (model.opened[group], -limit)], 0, (position,))


def moves(model: GroundModel) -> None:
    """Σ seats of those who stay + failed ≥ current rows of those there − max_moves."""
    for _, position, limit in model.standing("max_moves"):
        failed = model.ground.failing(position, len(model.facts.current))
        stays = [(column, 1.0) for column in model.stays().values()]
        model.ground.at_least([*stays, (failed, 1.0)], len(model.facts.current) - limit, (position,))


def uses(model: GroundModel) -> None:
    """Who neither stays nor is pinned only sits to fill a group, to mix divisions, or beside somebody else."""
    beside: dict[str, list[int]] = defaultdict(list)
    for rank, position, _ in model.standing("together"):
        for student in model.facts.problem.pairs[rank].students:
            beside[student].append(position)
    asked, stays = _pins(model), set(model.stays().values())
    for group, seats in model.seats.items():
        slot, need, _ = group
        kinds = [model.of_need(kind, need) for kind in ("min_size", "max_division_share")]
        filling = [found[0] for found in kinds if found]
        for student, column in seats.items():
            if column not in stays:
                found = [*filling, *beside.get(student, ()), *asked.get((student, slot, need), ())]
                model.ground.used_with(column, found)


def _pins(model: GroundModel) -> dict[Cell, list[int]]:
    """Positions of the pins that stand, by the cell they name."""
    found: dict[Cell, list[int]] = defaultdict(list)
    for rank, position, _ in model.standing("pin"):
        pin = model.facts.problem.pins[rank]
        found[pin.student, pin.slot, pin.need].append(position)
    return found


STATEMENTS = (doors, bans, pins, together, caps, moves, uses)
