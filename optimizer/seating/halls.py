"""The tables and parties of each slot, from the groups of a solved need model."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from optimizer.aims import Aim, left_out, seat_value
from optimizer.doors import inseparable
from optimizer.facts import Facts, Group, Place, share_within
from optimizer.seating.chain import Hall
from optimizer.seating.table import Party, Table

_FAULT = 1000.0

Spot = tuple[str, str]
"""A slot and a need."""


def halls_of(facts: Facts, groups: Sequence[Group], seats: Mapping[Group, int], aim: Aim) -> dict[str, Hall]:
    """By slot, the tables of these groups, with so many seats."""
    fault = 2 * (_FAULT + max(facts.problem.weights.unplaced, left_out(facts, aim)))
    found: dict[str, list[Table]] = {slot.id: [] for slot in facts.problem.slots}
    for group in groups:
        found[group[0]].append(_table(facts, group, seats[group]))
    return {slot: Hall(tables, fault) for slot, tables in found.items()}


def _table(facts: Facts, group: Group, seats: int) -> Table:
    slot, name, _ = group
    need = facts.needs[name]
    shared = not need.reception and slot in facts.mixed
    part, whole = share_within(need) if shared else (1, 1)
    caps = {
        rank: cap.at_most
        for rank, cap in enumerate(facts.problem.caps)
        if cap.slot in (None, slot) and cap.need in (None, name)
    }
    return Table(group, min(seats, need.max_size), need.min_size, part, whole, caps)


def parties_of(facts: Facts, slot: str) -> list[Party]:
    """Those who sit together at a slot."""
    named: dict[str, list[int]] = defaultdict(list)
    for rank, cap in enumerate(facts.problem.caps):
        for student in cap.students:
            named[student].append(rank)
    friends = {mates[0]: mates for mates in inseparable(facts.problem, slot)}
    followers = {mate for mates in friends.values() for mate in mates[1:]}
    found = []
    for student, at in facts.places:
        if at == slot and student not in followers:
            students = friends.get(student, (student,))
            found.append(
                Party(
                    rank=len(found),
                    students=students,
                    present=sum((one, slot) in facts.half_present for one in students),
                    divisions=Counter(facts.students[one].division for one in students),
                    caps=Counter(cap for one in students for cap in named[one]),
                )
            )
    return found


class Worths:
    """What seats are worth, with what students attend at other slots."""

    __slots__ = ("_aim", "_elsewhere", "_facts", "_lost", "_prices", "_urgent", "for_kept")

    def __init__(
        self,
        facts: Facts,
        aim: Aim,
        prices: Mapping[tuple[str, str, str], float] | None,
        urgent: Mapping[str, float],
        for_kept: float,
    ) -> None:
        self.for_kept = for_kept
        """What a place of today that is kept is worth beside its points, where moves are limited."""
        self._facts = facts
        self._aim = aim
        self._lost = left_out(facts, aim)
        self._prices = prices
        self._urgent = urgent
        self._elsewhere: dict[str, dict[str, str]] = defaultdict(dict)

    def note(self, slot: str, tables: Sequence[Table]) -> None:
        """Take note of who attends what at a slot."""
        for attended in self._elsewhere.values():
            attended.pop(slot, None)
        for table in tables:
            for party in table.parties.values():
                for student in party.students:
                    self._elsewhere[student][slot] = table.group[1]

    def give(self, slot: str, party: Party, by_need: Mapping[str, Sequence[tuple[int, Table]]]) -> None:
        """Work out where a party may sit, and what each seat is worth."""
        party.worth, party.liking = {}, {}
        places = [(student, slot) for student in party.students]
        for need in self._facts.doors[places[0]]:
            if need not in by_need or any(self._barred(place, need) for place in places):
                continue
            worths = {
                rank: sum(self._seat(place, table.group) for place in places)
                for rank, table in by_need[need]
                if all(table.group[2] in self._facts.doors[place].get(need, ()) for place in places)
            }
            if worths:
                best = max(worths.values())
                price = self._price(places, need)
                party.worth |= worths
                party.liking |= {rank: price + worth - best for rank, worth in worths.items()}
        if self._prices is None and party.worth:
            best = max(party.worth.values())
            party.liking = {rank: worth - best for rank, worth in party.worth.items()}

    def _price(self, places: Sequence[Place], need: str) -> float:
        if self._prices is None:
            return 0.0
        return sum(self._prices[*place, need] + self._unforeseen(place, need) for place in places)

    def _unforeseen(self, place: Place, need: str) -> float:
        """What a strong need is worth here beside what the relaxation thought."""
        if self._aim is not Aim.SCORE or need not in self._facts.strong.get(place[0], ()):
            return 0.0
        return self._for_strong(place) - self._urgent[place[0]]

    def _for_strong(self, place: Place) -> float:
        """What a strong need is worth beside its points: much, where none is attended at another slot."""
        strong = self._facts.strong[place[0]]
        others = self._elsewhere[place[0]]
        served = any(need in strong and at != place[1] for at, need in others.items())
        return 0.0 if served else self._facts.problem.weights.urgent

    def _barred(self, place: Place, need: str) -> bool:
        student, slot = place
        times = sum(other == need and at != slot for at, other in self._elsewhere[student].items())
        return times >= self._facts.needs[need].max_per_student or need not in self._facts.doors[place]

    def _seat(self, place: Place, group: Group) -> float:
        facts = self._facts
        pinned = 10 * _FAULT if place in facts.pins else 0.0
        kept = place in facts.current and facts.group_of(place) == group
        if self._aim is not Aim.SCORE:
            return pinned + self._lost + float(kept)
        worth = pinned + self.for_kept * kept + seat_value(facts, place, need=group[1], staff=group[2])
        return worth + (self._for_strong(place) if group[1] in facts.strong.get(place[0], ()) else 0.0)
