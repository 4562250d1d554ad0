"""What a plan asks of each statement: the least that has to be loosened for it to be lawful."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimizer.conflicts.statements import Item, Value
from optimizer.doors import banned
from optimizer.facts import Facts, Group
from optimizer.plan import Plan, proposal

_SLACK = Fraction(1, 10**9)
Ranks = np.ndarray
"""For each statement, the rank of its value."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """The least ranks at which a plan is lawful, provided that some statements (pins) are not withdrawn."""

    plan: Plan
    ranks: Ranks
    held: Ranks
    """Positions of the pins that allow what floors and durations forbid."""

    def met(self, ranks: Ranks) -> bool:
        """Whether the plan is lawful at these ranks."""
        return bool((self.ranks <= ranks).all()) and not ranks[self.held].any()


def demand_of(facts: Facts, items: Sequence[Item], plan: Plan) -> Demand | None:
    """What a plan asks of the statements; None when no loosening of them makes it lawful."""
    reading = _Reading(facts, plan)
    ranks = []
    for item in items:
        rank = next((r for r, value in enumerate(item.values) if reading.bears(item, value)), None)
        if rank is None:
            return None
        ranks.append(rank)
    pins = {item.place: position for position, item in enumerate(items) if item.kind == "pin"}
    held = [pins[place] for place in sorted(reading.allowed)]
    return Demand(plan, np.array(ranks, np.int32), np.array(held, np.int32))


class _Reading:
    """The figures of a plan that statements limit."""

    __slots__ = ("_figures", "_problem", "_roomy", "_with", "allowed")

    def __init__(self, facts: Facts, plan: Plan) -> None:
        self._problem = facts.problem
        self._with = {(student, group[0]): group for group, students in plan.items() for student in students}
        self._roomy = proposal(facts.problem, plan, facts.places) is not None
        self.allowed: set[int] = set()
        """Places of the pins that allow what a floor or a duration forbids."""
        self._figures = self._read(facts, plan)

    def _read(self, facts: Facts, plan: Plan) -> dict[tuple[str, str], float | Fraction]:
        high: dict[tuple[str, str], float | Fraction] = defaultdict(int)
        least: dict[tuple[str, str], float | Fraction] = {}
        for group, students in plan.items():
            slot, need, entry = group
            present = sum((student, slot) in facts.half_present for student in students)
            least["min_size", need] = min(present, least.get(("min_size", need), present))
            high["max_size", need] = max(high["max_size", need], len(students))
            high["slot_groups", slot] += 1
            high["staff_groups", entry] += 1
            if slot in facts.mixed:
                most = max(Counter(facts.students[student].division for student in students).values())
                share = Fraction(most, len(students))
                high["max_division_share", need] = max(high["max_division_share", need], share)
        times = Counter((student, group[1]) for (student, _), group in self._with.items())
        for (_, need), number in times.items():
            high["max_per_student", need] = max(high["max_per_student", need], number)
        opened = {group[1] for group in plan if not facts.needs[group[1]].reception}
        high["max_needs_open", ""] = len(opened)
        high["max_moves", ""] = sum(self._with.get(place) != facts.group_of(place) for place in facts.current)
        return self._read_doors(facts, {**high, **least})

    def _read_doors(
        self, facts: Facts, figures: dict[tuple[str, str], float | Fraction]
    ) -> dict[tuple[str, str], float | Fraction]:
        lasted: dict[tuple[str, str], int] = {}
        for row in facts.problem.current:
            pair = (row.student, row.need)
            lasted[pair] = max(lasted.get(pair, 0), row.need_periods)
        for (student, slot), (_, need, _) in self._with.items():
            limits, level = facts.needs[need], facts.students[student].intensity.get(need, 0)
            pins = [
                place
                for place, pin in enumerate(facts.problem.pins)
                if (pin.student, pin.slot, pin.need) == (student, slot, need)
            ]
            # Without a row of today nothing has lasted: no number of periods refuses it.
            periods = lasted.get((student, need), -1) + 1
            refused = level < limits.floor or periods > limits.max_periods
            if pins and refused and not limits.reception:
                self.allowed.update(pins)
            elif not pins:
                figures["floor", need] = min(level, figures.get(("floor", need), level))
                figures["max_periods", need] = max(periods, figures.get(("max_periods", need), 0))
        return figures

    def bears(self, item: Item, value: Value) -> bool:
        """Whether the plan is lawful as far as this statement goes, at this value."""
        if item.field == "":
            return value is None or self._keeps(item)
        if value is None:
            return True
        if item.kind == "cap":
            return self._most_of(item.place or 0) <= value
        name = "" if item.part == "rules" else str(getattr(self._problem, item.part)[item.place].id)
        figure = self._figures.get((item.kind, name))
        if figure is None:
            return True
        if item.kind in ("min_size", "floor"):
            return value <= figure
        return figure <= Fraction(str(value)) + _SLACK

    def _keeps(self, item: Item) -> bool:
        if item.kind == "rooms":
            return self._roomy
        kept: dict[str, Callable[[int], bool]] = {
            "pin": self._pin,
            "ban": self._ban,
            "together": self._pair,
        }
        return kept[item.kind](item.place or 0)

    def _pin(self, place: int) -> bool:
        pin = self._problem.pins[place]
        _, need, staff = self._with.get((pin.student, pin.slot), ("", "", ""))
        return need == pin.need and pin.staff in (None, staff)

    def _ban(self, place: int) -> bool:
        ban = self._problem.bans[place]
        groups = (self._with.get((ban.student, slot.id)) for slot in self._problem.slots)
        return not any(group and banned((ban,), group[0], need=group[1], staff=group[2]) for group in groups)

    def _pair(self, place: int) -> bool:
        one, other = self._problem.pairs[place].students
        there = {
            student.id: student.sessions for student in self._problem.students if student.id in (one, other)
        }
        return all(
            self._with.get((one, slot.id)) == self._with.get((other, slot.id))
            for slot in self._problem.slots
            if there[one][slot.id] > 0 and there[other][slot.id] > 0
        )

    def _most_of(self, place: int) -> int:
        """The most of a cap's students in one group that it concerns."""
        cap = self._problem.caps[place]
        met: Counter[Group] = Counter(
            group
            for student in cap.students
            for slot in self._problem.slots
            if (group := self._with.get((student, slot.id)))
            and cap.slot in (None, slot.id)
            and cap.need in (None, group[1])
        )
        return max(met.values(), default=0)
