"""What a repair may touch: who may move and which groups may be open, more and more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from optimizer.aims import seat_value
from optimizer.facts import Facts, Group, Place
from optimizer.group_columns import candidates
from optimizer.plan import Plan

_OTHER_NEEDS = 4
"""Needs without a free seat that somebody who need not move may go to in the first attempt: to keep it small."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The facts with the doors left, and the groups; `decided`: all of them open."""

    facts: Facts
    groups: tuple[Group, ...]
    decided: bool
    everything: bool = False
    """Whether nothing is left out."""


def seats_in(plan: Plan) -> dict[Place, Group]:
    """The group of each place of a plan."""
    return {(student, group[0]): group for group, students in plan.items() for student in students}


def leaving(facts: Facts, plan: Plan) -> frozenset[Place]:
    """The places that cannot stay as they are: each is a change that no repair can spare."""
    return frozenset(
        place
        for place, group in seats_in(plan).items()
        if group[2] not in facts.doors.get(place, {}).get(group[1], ())
    )


def unspared(facts: Facts, plan: Plan, gone: frozenset[Place]) -> int:
    """Changes that no repair can spare: whoever cannot stay, and whoever a pin pushes out of a full group."""
    named = {
        (student, (slot, pin.need, pin.staff))
        for (student, slot), pins in facts.pins.items()
        for pin in pins
        if pin.staff is not None
    }
    pushed = 0
    for group, students in plan.items():
        inside = {student for student in students if (student, group[0]) not in gone}
        inside |= {student for student, asked in named if asked == group}
        pushed += max(0, len(inside) - facts.needs[group[1]].max_size)
    return len(gone) + pushed


def widening(facts: Facts, plan: Plan, gone: frozenset[Place]) -> Iterator[Scope]:
    """First the groups of the plan with few people moving, at last everybody and any group."""
    every = candidates(facts)
    asked = {(pin.slot, pin.need) for pins in facts.pins.values() for pin in pins}
    open_still = tuple(group for group in every if group in plan)
    near = tuple(group for group in every if group in plan or group[:2] in asked)
    around = _around(facts, plan, gone)
    if asked <= {group[:2] for group in open_still}:
        yield Scope(_worthwhile(around, plan, gone), open_still, decided=True)
    yield Scope(around, near, decided=False)
    yield Scope(facts, near, decided=False)
    yield Scope(facts, every, decided=False, everything=True)


def _around(facts: Facts, plan: Plan, gone: frozenset[Place]) -> Facts:
    """The facts with everybody held in place but those who leave, the unplaced, and the groups left or joined."""
    seat = seats_in(plan)
    touched = {seat[place] for place in gone if place in seat}
    asked = {
        (pin.slot, pin.need)
        for place, pins in facts.pins.items()
        if place in gone or place not in seat
        for pin in pins
    }
    touched |= {group for group in plan if group[:2] in asked}
    held = {
        place for place in facts.doors if place in seat and place not in gone and seat[place] not in touched
    }
    doors = {
        place: {seat[place][1]: (seat[place][2],)} if place in held else needs
        for place, needs in facts.doors.items()
    }
    return replace(facts, doors=doors)


def _worthwhile(facts: Facts, plan: Plan, gone: frozenset[Place]) -> Facts:
    """The facts where whoever need not move has only a few other doors: the needs worth most, or with a free seat."""
    seat, where = seats_in(plan), {group[:2] for group in plan}
    roomy = {
        group[:2]
        for group, students in plan.items()
        if sum((student, group[0]) not in gone for student in students) < facts.needs[group[1]].max_size
    }

    def few(place: Place, needs: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if place in gone or place not in seat:
            return needs
        own = seat[place][1]
        others = [need for need in needs if need != own and (place[1], need) in where]
        others.sort(key=lambda need: -seat_value(facts, place, need=need, staff=None))
        kept = {own, *others[:_OTHER_NEEDS], *(need for need in others if (place[1], need) in roomy)}
        return {need: led for need, led in needs.items() if need in kept}

    return replace(facts, doors={place: few(place, dict(needs)) for place, needs in facts.doors.items()})
