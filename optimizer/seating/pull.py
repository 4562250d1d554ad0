"""Two students at once into a table with free seats: the first makes the second one's division welcome.

Where a division is as much of a group as it may be, a free seat is of no use to it until somebody of another
division comes too: no chain of exchanges finds that.
"""

from collections.abc import Sequence

from optimizer.seating.chain import Chain, Hall
from optimizer.seating.table import Party

_FIRST = 8
"""Those tried as the first to come."""
_ENOUGH = 1e-6


def pulled(hall: Hall, parties: Sequence[Party], rank: int) -> float:
    """Let two come to a table, as often as that gains; what it gained."""
    gained = 0.0
    table = hall.tables[rank]
    while table.part < table.whole and table.size + 1 < table.most and not table.eases():
        outside = [party for party in parties if rank in party.worth and party.at != rank]
        more = _two(hall, outside, rank)
        if not more:
            break
        gained += more
    return gained


def _two(hall: Hall, outside: Sequence[Party], rank: int) -> float:
    """Let the best two come, if they gain."""
    gains = {party.rank: _gain(hall, party, rank) for party in outside}
    for first in sorted(outside, key=lambda party: -gains[party.rank])[:_FIRST]:
        left, gain = first.at, gains[first.rank]
        if gain == -float("inf"):
            return 0.0
        hall.make(Chain(((first, rank),), gain))
        second = max(outside, key=lambda party: -float("inf") if party is first else _gain(hall, party, rank))
        more = -float("inf") if second is first else _gain(hall, second, rank)
        if gain + more > _ENOUGH:
            hall.make(Chain(((second, rank),), more))
            return gain + more
        hall.tables[rank].seat(first, sign=-1)
        first.at = left
        if left is not None:
            hall.tables[left].seat(first)
    return 0.0


def _gain(hall: Hall, party: Party, rank: int) -> float:
    """What it gains that a party comes to a table; −inf: it has no seat for them."""
    table = hall.tables[rank]
    if not table.takes(party):
        return -float("inf")
    gain = party.worth[rank] - hall.fault * (table.faults(party) - table.faults())
    if party.at is None:
        return gain
    old = hall.tables[party.at]
    return gain - party.worth[party.at] + hall.fault * (old.faults() - old.faults(gone=party))
