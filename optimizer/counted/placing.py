"""Students into decided groups, part by part: for bands whose placing is too large for one programme.

The counts by need say who attends which need; who then sits with whom is a small question for each need of a
slot. Students whom that leaves without a group get one where others of a few needs make room.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from optimizer.aims import Aim
from optimizer.counted.need_columns import NeedModel
from optimizer.counted.split import plan_of
from optimizer.doors import inseparable
from optimizer.facts import Facts, Group, Place
from optimizer.model import group_model
from optimizer.plan import Plan
from optimizer.problem import Room
from optimizer.program import Limits, run, value

Spot = tuple[str, str]
"""A slot and a need."""
Doors = Mapping[Place, Mapping[str, tuple[str, ...]]]

_LEAST_SHARE = 1e-6
_OTHER_NEEDS = 3
_TRIES = 40
_SECOND_TRIES = 10
_WHO_MAY_LEAVE = 20


def by_parts(
    model: NeedModel, groups: Sequence[Group], *, aim: Aim, limits: Limits, over: Callable[[], bool]
) -> Iterator[Plan]:
    """Better and better plans with the groups of a solved need model: first one with nearly all students.

    Once it is `over`, what there is will do. Lawful but for `max_moves` and for groups that came out too small:
    the referee decides.
    """
    by_spot: dict[Spot, list[Group]] = defaultdict(list)
    for group in groups:
        by_spot[group[:2]].append(group)
    needs = _needs_of(model)
    placing = _Placing(model.facts, aim, limits, needs=needs, groups=by_spot, rooms=_rooms_given(model))
    for spot, doors in _parts(model.facts, needs).items():
        placing.seat(doors, [spot])
    tries = _TRIES
    for place, need in needs.items():
        for spots in _around(placing, place, need):
            if place in placing.seats or not tries or over():
                break
            placing.seat(_doors_within(placing, place[1], spots), spots)
            tries -= 1
    yield placing.plan()
    tries = _SECOND_TRIES
    vain: set[frozenset[Spot]] = set()
    for place, need in needs.items():
        group = placing.seats.get(place)
        spots = [] if group is None else [group[:2], (place[1], need)]
        if group is None or group[1] == need or frozenset(spots) in vain or not tries:
            continue
        before = placing.plan()
        placing.seat(_doors_within(placing, place[1], spots), spots)
        tries -= 1
        if placing.plan() == before:
            vain.add(frozenset(spots))
        yield placing.plan()


@dataclass(slots=True)
class _Placing:
    """The groups, and who sits where so far."""

    facts: Facts
    aim: Aim
    limits: Limits
    needs: Mapping[Place, str]
    """Where the counts send each place."""
    groups: Mapping[Spot, Sequence[Group]]
    rooms: Mapping[Spot, Sequence[Room]]
    seats: dict[Place, Group] = field(default_factory=dict)

    def plan(self) -> Plan:
        """The students of each group."""
        found: dict[Group, list[str]] = defaultdict(list)
        for place in self.facts.places:
            if place in self.seats:
                found[self.seats[place]].append(place[0])
        return {group: tuple(students) for group, students in found.items()}

    def capacity(self, spot: Spot) -> int:
        """The seats of a need at a slot."""
        most = self.facts.needs[spot[1]].max_size
        if self.facts.problem.rooms:
            return sum(min(room.capacity, most) for room in self.rooms.get(spot, ()))
        return most * len(self.groups.get(spot, ()))

    def seat(self, doors: Doors, spots: Sequence[Spot]) -> None:
        """Seat anew all students of these needs of a slot, the best way through these doors."""
        groups = tuple(group for spot in spots for group in self.groups.get(spot, ()))
        model = group_model(self._part(doors, spots), groups, decided=True, aim=self.aim)
        if not run(model.program, self.limits).found:
            return
        for place in doors:
            self.seats.pop(place, None)
        for group, students in plan_of(model).items():
            self.seats |= {(student, group[0]): group for student in students}

    def _part(self, doors: Doors, spots: Sequence[Spot]) -> Facts:
        """The facts of these students and needs, all else being as it is."""
        facts = self.facts
        students = {student for student, _ in doors}
        served = {
            place[0]
            for place, group in self.seats.items()
            if place not in doors and group[1] in facts.strong.get(place[0], ())
        }
        problem = replace(
            facts.problem,
            rooms=tuple(room for spot in spots for room in self.rooms.get(spot, ())),
            rules=replace(facts.problem.rules, max_moves=None),
        )
        return replace(
            facts,
            problem=problem,
            places=tuple(doors),
            doors=doors,
            current={place: row for place, row in facts.current.items() if place in doors},
            pins={place: pins for place, pins in facts.pins.items() if place in doors},
            strong={one: needs for one, needs in facts.strong.items() if one in students - served},
        )


def _needs_of(model: NeedModel) -> dict[Place, str]:
    """The need that most of a place is sent to."""
    largest: dict[Place, tuple[float, str]] = {}
    for (student, slot, need), column in model.attends.items():
        share = value(column)
        if share > max(_LEAST_SHARE, largest.get((student, slot), (0.0, ""))[0]):
            largest[student, slot] = (share, need)
    return {place: need for place, (_, need) in largest.items()}


def _parts(facts: Facts, needs: Mapping[Place, str]) -> Mapping[Spot, Doors]:
    """For each need of a slot its students, as often as they may attend the need."""
    times: Counter[tuple[str, str]] = Counter()
    found: dict[Spot, dict[Place, Mapping[str, tuple[str, ...]]]] = defaultdict(dict)
    for place, need in needs.items():
        times[place[0], need] += 1
        if times[place[0], need] <= facts.needs[need].max_per_student:
            found[place[1], need][place] = {need: facts.doors[place][need]}
    return found


def _rooms_given(model: NeedModel) -> dict[Spot, list[Room]]:
    """Rooms of the capacities that the counts give each need of a slot."""
    found: dict[Spot, list[Room]] = defaultdict(list)
    for slot in model.facts.problem.slots:
        free: dict[int, list[Room]] = defaultdict(list)
        for room in model.facts.problem.rooms:
            if slot.id in room.slots:
                free[room.capacity].append(room)
        for (where, need), given in model.given.items():
            for capacity, column in given.items() if where == slot.id else ():
                found[where, need] += [free[capacity].pop() for _ in range(round(value(column)))]
    return found


def _around(placing: _Placing, place: Place, need: str) -> Iterator[list[Spot]]:
    """Needs of the place's slot whose students may make room: with its own need one other, then several."""
    student, slot = place
    doors = placing.facts.doors[place]
    filled = Counter(group[:2] for group in placing.seats.values())

    def promise(spot: Spot) -> tuple[bool, bool, int]:
        free = filled[spot] < placing.capacity(spot)
        return free, spot[1] in doors, placing.facts.points.get((student, slot, spot[1]), 0)

    others = [spot for spot in placing.groups if spot[0] == slot and spot[1] != need]
    others = sorted(others, key=promise, reverse=True)[:_OTHER_NEEDS]
    for other in others:
        yield [(slot, need), other]
    if len(others) > 1:
        yield [(slot, need), *others]


def _doors_within(placing: _Placing, slot: str, spots: Collection[Spot]) -> Doors:
    """Doors to these needs of a slot: all of them for places without seat and those inseparable of them.

    Those who sit there keep their need; only those who lose least by it may change.
    """
    facts = placing.facts
    free = {
        other
        for other, need in placing.needs.items()
        if other[1] == slot and (slot, need) in spots and other not in placing.seats
    }
    for mates in inseparable(facts.problem, slot):
        if not free.isdisjoint((mate, slot) for mate in mates):
            free |= {(mate, slot) for mate in mates}
    times = Counter((one, group[1]) for (one, at), group in placing.seats.items() if at != slot)
    here = {other: group[1] for other, group in placing.seats.items() if group[:2] in spots}
    doors: dict[Place, dict[str, tuple[str, ...]]] = {other: {} for other in (*here, *free)}
    for _, need in spots:
        able = [
            other
            for other in doors
            if need in facts.doors[other] and times[other[0], need] < facts.needs[need].max_per_student
        ]
        able.sort(key=lambda other: _loss(facts, other, here.get(other, need), need))
        leaving = Counter[str]()
        for other in able:
            stays = here.get(other) == need
            leaving[here.get(other, need)] += 1
            if stays or other in free or leaving[here[other]] <= _WHO_MAY_LEAVE:
                doors[other][need] = facts.doors[other][need]
    return doors


def _loss(facts: Facts, place: Place, need: str, other: str) -> int:
    return facts.points[*place, need] - facts.points[*place, other]
