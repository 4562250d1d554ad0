"""Why no proposal exists: an irreducible set of statements, and the smallest loosening that works.

Each set of statements that cannot hold together (`irreducible.py`) stands for all the loosenings that leave it
standing: the smallest loosening is looked for among the others, the cheapest first, and a loosening is only
returned once a lawful proposal was found for the loosened problem.
"""

import heapq
from collections.abc import Sequence

import numpy as np

from optimizer.conflicts.court import Court, Prover
from optimizer.conflicts.demands import Ranks
from optimizer.conflicts.irreducible import irreducible
from optimizer.conflicts.statements import A_CHANGE, Item, original, statement
from optimizer.search import Search
from optimizer.solution import Loosening, Solution, Status


def refusal_of(search: Search, prove: Prover) -> Solution:
    """The answer to a problem proven impossible, within what is left of its time."""
    court = Court(search, prove, until=search.time_limit)
    own = np.zeros_like(court.last)
    court.declare(own)
    for place, item in enumerate(court.items):
        if item.kind == "max_moves":
            # Known first, it is a loosening to fall back upon.
            court.fewest_moves(own, place)
    conflict, proven = irreducible(court, own)
    ranks, smallest = _smallest(court, conflict)
    changed = [(court.items[place], int(ranks[place])) for place in np.flatnonzero(ranks)]
    return Solution(
        Status.INFEASIBLE,
        round(search.elapsed, 3),
        conflict=tuple(statement(court.problem, court.items[place]) for place in conflict),
        irreducible=proven,
        loosening=tuple(_change(court, item, rank) for item, rank in changed),
        smallest=smallest,
    )


def _change(court: Court, item: Item, rank: int) -> Loosening:
    new = [] if item.kind == "rooms" else item.values[rank]
    return Loosening(path=item.path, old=original(court.problem, item), new=new)


def _smallest(court: Court, conflict: Sequence[int]) -> tuple[Ranks, bool]:
    """The smallest loosening that works, and whether that is proven.

    Loosenings are tried from the cheapest. `walls` are loosenings that do not work: whatever exceeds one in no
    statement does not work either, so that a loosening has to go over them all.
    """
    own = np.zeros_like(court.last)
    walls = [court.with_only(own, conflict)]
    queue: list[tuple[float, tuple[int, ...], int]] = [(0.0, tuple(own.tolist()), 0)]
    seen = {queue[0][1]}
    while queue:
        _, key, raised = heapq.heappop(queue)
        ranks = np.array(key, np.int32)
        wall = next((wall for wall in walls if (ranks <= wall).all()), None)
        if wall is None:
            verdict = court.impossible(ranks)
            if verdict is None:
                break
            if not verdict:
                return _taken_back(court, ranks)
            wall = _wall(court, ranks, raised)
            walls.append(wall)
        enough = court.cost(court.cheapest())
        for place in np.flatnonzero(wall < court.last):
            higher = ranks.copy()
            higher[place] = wall[place] + 1
            child = tuple(higher.tolist())
            if child not in seen and court.cost(higher) <= enough:
                seen.add(child)
                heapq.heappush(queue, (court.cost(higher), child, int(place)))
    return court.cheapest(), False


def _wall(court: Court, ranks: Ranks, raised: int) -> Ranks:
    """A loosening that does not work and goes far beyond `ranks`, where only the statement raised last is changed.

    If no value of that statement helps, then all that has nothing to do with the reason is withdrawn too.
    """
    wall = ranks.copy()
    wall[raised] = _highest(court, ranks, raised)
    one_more = court.cost(ranks) + A_CHANGE
    if wall[raised] < court.last[raised] or one_more > court.cost(court.cheapest()):
        return wall
    return court.with_only(wall, irreducible(court, wall)[0])


def _highest(court: Court, ranks: Ranks, place: int) -> int:
    """The highest rank of a statement, as far as it matters, at which nothing is lawful beside these ranks.

    Beyond what makes the loosening larger than one that works, nothing matters.
    """
    trial = ranks.copy()
    low, high = int(ranks[place]), _too_dear(court, ranks, place)
    if court.items[place].kind == "max_moves":
        low = max(low, court.fewest_moves(ranks, place) - 1)
    whole = high
    while high - low > 1:
        # The last rank first: withdrawn, the statement may change nothing.
        trial[place] = high - 1 if high == whole else (low + high) // 2
        verdict = court.impossible(trial)
        if verdict is None:
            break
        if verdict:
            low = int(trial[place])
        else:
            high = court.least(trial, place)
    return low


def _too_dear(court: Court, ranks: Ranks, place: int) -> int:
    """The first rank of a statement that makes a loosening larger than the smallest known to work."""
    item = court.items[place]
    left = court.cost(court.cheapest()) - court.cost(ranks) + item.cost(int(ranks[place]))
    ranked = range(int(ranks[place]) + 1, item.last + 1)
    return next((rank for rank in ranked if item.cost(rank) > left), item.last + 1)


def _taken_back(court: Court, ranks: Ranks) -> tuple[Ranks, bool]:
    """A loosening that works, with every step taken back that can be."""
    while True:
        fewer = []
        for place in np.flatnonzero(ranks):
            less = ranks.copy()
            less[place] -= 1
            fewer.append(less)
        verdicts = [court.impossible(less) for less in fewer]
        working = next(
            (less for less, verdict in zip(fewer, verdicts, strict=True) if verdict is False), None
        )
        if working is None:
            return ranks, None not in verdicts
        ranks = working
