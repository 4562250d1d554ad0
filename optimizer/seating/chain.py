"""The best chain of exchanges: a party takes a seat, whoever had it takes another, until a seat is free."""

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.seating.table import Party, Table

_LOOKS = 400
"""Parties whose next seat a chain looks for."""
_FEW_LOOKS = 30
"""The same for a party that has a seat."""
_LENGTH = 8
_SCARCE = 0.8
"""A division beyond that part of what the tables allow it has to be shared out among them."""
_ENOUGH = 1e-6
_SLACK = 3.0
"""How far hopes may be from points."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A party that needs a seat, and how it came to that."""

    party: Party
    table: int | None
    """The one it had to leave; None: it had no seat."""
    gain: float
    hope: float
    """As `gain`, in the likings of the relaxation."""
    before: "Step | None"
    length: int

    def path(self) -> Iterator["Step"]:
        """This step and those before."""
        step: Step | None = self
        while step is not None:
            yield step
            step = step.before


@dataclass(frozen=True, slots=True)
class Chain:
    """Moves to make: each party with the table where it sits down; what they gain."""

    moves: tuple[tuple[Party, int], ...]
    gain: float


@dataclass(slots=True, eq=False)
class Hall:
    """The tables of a slot."""

    tables: Sequence[Table]
    fault: float
    """What a fault takes off."""

    def make(self, chain: Chain) -> None:
        """Let everybody of a chain take their new seats."""
        for party, _ in chain.moves:
            if party.at is not None:
                self.tables[party.at].seat(party, sign=-1)
        for party, table in chain.moves:
            party.at = table
            self.tables[table].seat(party)

    def chain(self, party: Party, first: int | None = None) -> Chain | None:
        """The best chain found that begins with this party, at a given table or any; None: none gains.

        The parties that come to need a seat are taken up in the order of what is hoped of them.
        """
        start = self._start(party)
        least = -math.inf if party.at is None else _ENOUGH
        best: Chain | None = None
        waiting: list[tuple[float, int, int, Step]] = [(-start.hope, 0, 0, start)]
        pushed = 0
        reached: dict[int, float] = {party.rank: start.hope}
        looks = _LOOKS if party.at is None else _FEW_LOOKS
        while waiting and looks and -waiting[0][0] > least:
            step = heapq.heappop(waiting)[3]
            if step.hope < reached[step.party.rank]:
                continue
            looks -= 1
            passed = {one.table for one in step.path()}
            for rank in step.party.worth if first is None or step is not start else (first,):
                if rank == step.table or (rank in passed and rank != start.table):
                    continue
                found = self._ending(step, start, rank)
                if found is not None and found.gain > (best.gain if best else _ENOUGH):
                    best, least = found, max(least, step.hope + step.party.liking[rank] - _SLACK)
                if step.length < _LENGTH and rank not in passed:
                    for other in self._others(step, rank, least, reached):
                        reached[other.party.rank] = other.hope
                        pushed += 1
                        heapq.heappush(waiting, (-other.hope, other.length, pushed, other))
        return best

    def _start(self, party: Party) -> Step:
        if party.at is None:
            return Step(party, None, 0.0, 0.0, None, 1)
        table = self.tables[party.at]
        eased = self.fault * (table.faults() - table.faults(gone=party))
        hope = eased - party.liking[party.at]
        return Step(party, party.at, eased - party.worth[party.at], hope, None, 1)

    def _others(self, step: Step, rank: int, least: float, reached: Mapping[int, float]) -> Iterator[Step]:
        """Those who may have to leave a table so that the party of a step sits there, if there is hope for them."""
        table, party = self.tables[rank], step.party
        hope, gain = step.hope + party.liking[rank], step.gain + party.worth[rank]
        before = table.faults()
        for other in table.parties.values():
            hoped = hope - other.liking[rank]
            known = reached.get(other.rank, least)
            if hoped + before * self.fault <= max(least, known) or not table.takes(party, other):
                continue
            lost = self.fault * (table.faults(party, other) - before)
            if hoped - lost > max(least, known):
                worth = gain - other.worth[rank] - lost
                yield Step(other, rank, worth, hoped - lost, step, step.length + 1)

    def _ending(self, step: Step, start: Step, rank: int) -> Chain | None:
        """The chain that ends with the party of a step at a table, if there is room for it."""
        table, party = self.tables[rank], step.party
        gone = start.party if rank == start.table and step is not start else None
        if not table.takes(party, gone):
            return None
        gain = step.gain + party.worth[rank]
        if gone is None:
            gain -= self.fault * (table.faults(party) - table.faults())
        else:
            gain -= self.fault * (table.faults(party, gone) - table.faults(gone=gone))
        moves: list[tuple[Party, int]] = []
        for one in step.path():
            moves.append((one.party, rank))
            if one.table is not None:
                rank = one.table
        return Chain(tuple(moves), gain)

    def seat(self, party: Party, rank: int) -> None:
        """Give a party without seat one."""
        party.at = rank
        self.tables[rank].seat(party)

    def share_out(self, ranks: Sequence[int], parties: Sequence[Party]) -> None:
        """Set what each of these tables is to hold of the largest division of these parties, and of the others."""
        counts = sum((Counter(party.divisions) for party in parties), Counter[str]())
        if counts:
            division, number = max(counts.items(), key=lambda one: (one[1], one[0]))
            others = counts.total() - number
            scarce = number > _SCARCE * sum(self.tables[rank].allowed for rank in ranks)
            for rank in ranks if scarce else ():
                self.tables[rank].portion = (
                    division,
                    math.ceil(number / len(ranks)),
                    math.ceil(others / len(ranks)),
                )

    def welcomes(self, party: Party, rank: int, *, shared: bool) -> bool:
        """Whether a table has seats for a party, also once it is full of others; within its portion if `shared`."""
        table = self.tables[rank]
        return table.takes(party) and table.shares(party) and (not shared or table.in_portion(party))

    def crowd(self, party: Party, rank: int) -> tuple[int, int]:
        """How many of their divisions, and how many in all, a table has."""
        table = self.tables[rank]
        return table.mates(party), table.size

    def evict(self) -> None:
        """Let those get up who are too many of a division, or too few for a group."""
        for table in self.tables:
            while table.faults():
                for party in table.in_excess() or list(table.parties.values()):
                    table.seat(party, sign=-1)
                    party.at = None
