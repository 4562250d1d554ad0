"""Rooms after a repair: groups that go on keep theirs, where it still does."""

from dataclasses import replace

from optimizer.check import violations
from optimizer.facts import Group
from optimizer.problem import Problem
from optimizer.solution import GroupPlan, Solution


def with_rooms_of(problem: Problem, before: Solution, after: Solution) -> Solution:
    """The proposal `after` with the rooms of `before` for the groups that are in both, slot by slot where possible."""
    if not problem.rooms:
        return after
    held = {(group.slot, group.need, group.staff): group.room for group in before.groups}
    for slot in problem.slots:
        here = [group for group in after.groups if group.slot == slot.id]
        rooms = _given(problem, slot.id, here, held)
        if rooms is None:
            continue
        groups = tuple(
            replace(group, room=rooms[_key(group)]) if group.slot == slot.id else group
            for group in after.groups
        )
        kept = replace(after, groups=groups)
        after = after if violations(problem, kept) else kept
    return after


def _key(group: GroupPlan) -> Group:
    return group.slot, group.need, group.staff


def _given(
    problem: Problem, slot: str, groups: list[GroupPlan], held: dict[Group, str | None]
) -> dict[Group, str] | None:
    """A room for each group of a slot, its own first, then the smallest that will do; None when that fails."""
    capacity = {room.id: room.capacity for room in problem.rooms if slot in room.slots}
    found: dict[Group, str] = {}
    for group in groups:
        room = held.get(_key(group))
        if room in capacity and capacity[room] >= len(group.students):
            found[_key(group)] = room
    free = sorted(capacity.keys() - found.values(), key=lambda room: (capacity[room], room))
    for group in sorted(groups, key=lambda one: len(one.students)):
        if _key(group) not in found:
            room = next((room for room in free if capacity[room] >= len(group.students)), None)
            if room is None:
                return None
            free.remove(room)
            found[_key(group)] = room
    return found
