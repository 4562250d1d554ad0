"""Why no proposal exists: an irreducible set of statements, and the smallest loosening that works.

A set is reduced by withdrawing statements as long as the rest is still proven impossible. Each set found so
stands for all the loosenings that leave it standing: the smallest loosening is looked for among the others, the
cheapest first, and a loosening is only returned once a lawful proposal was found for the loosened problem.
"""

import heapq
from collections.abc import Sequence

import numpy as np

from optimizer.court import Court, Prover
from optimizer.demands import Ranks
from optimizer.needed import cells_needed
from optimizer.search import Search
from optimizer.solution import Loosening, Solution, Status
from optimizer.statements import A_CHANGE, Item, original, statement


def refusal_of(search: Search, prove: Prover) -> Solution:
    """The answer to a problem proven impossible, within what is left of its time."""
    court = Court(search, prove, until=search.time_limit)
    own = np.zeros_like(court.last)
    court.declare(own)
    for place, item in enumerate(court.items):
        if item.kind == "max_moves":
            # Known first, it is a loosening to fall back upon.
            court.fewest_moves(own, place)
    conflict, irreducible = _irreducible(court, own)
    ranks, smallest = _smallest(court, conflict)
    changed = [(court.items[place], int(ranks[place])) for place in np.flatnonzero(ranks)]
    return Solution(
        Status.INFEASIBLE,
        round(search.elapsed, 3),
        conflict=tuple(statement(court.problem, court.items[place]) for place in conflict),
        irreducible=irreducible,
        loosening=tuple(_change(court, item, rank) for item, rank in changed),
        smallest=smallest,
    )


def _change(court: Court, item: Item, rank: int) -> Loosening:
    new = [] if item.kind == "rooms" else item.values[rank]
    return Loosening(path=item.path, old=original(court.problem, item), new=new)


def _irreducible(court: Court, ranks: Ranks) -> tuple[tuple[int, ...], bool]:
    """Statements that cannot hold together at these ranks, all others withdrawn; whether it is irreducible.

    Kinds of statements are withdrawn first, then pins and moves, by which all others come to matter.
    """
    kept = [place for place in range(len(ranks)) if ranks[place] < court.last[place]]
    kinds: dict[str, list[int]] = {}
    for place in kept:
        kinds.setdefault(court.items[place].kind, []).append(place)
    kept = _flat(_filtered(court, ranks, list(kinds.values()), []))
    asking = [place for place in kept if court.items[place].kind in ("pin", "max_moves")]
    others = [place for place in kept if place not in asking]
    asking = _flat(_filtered(court, ranks, [[place] for place in asking], others))
    others = _that_matter(court, ranks, asking, others)
    others = _flat(_filtered(court, ranks, [[place] for place in others], asking))
    return _checked(court, ranks, sorted(others + asking))


def _flat(chunks: Sequence[Sequence[int]]) -> list[int]:
    return [place for chunk in chunks for place in chunk]


def _with_only(court: Court, ranks: Ranks, kept: Sequence[int]) -> Ranks:
    """These ranks for the statements kept, all others withdrawn."""
    found = court.last.copy()
    found[list(kept)] = ranks[list(kept)]
    return found


def _filtered(court: Court, ranks: Ranks, chunks: list[list[int]], others: Sequence[int]) -> list[list[int]]:
    """The chunks left once those that can be withdrawn beside `others` are; large parts are tried first."""
    size = max(1, len(chunks) // 2)
    while size:
        start = 0
        while start < len(chunks):
            rest = chunks[:start] + chunks[start + size :]
            if court.impossible(_with_only(court, ranks, _flat(rest) + list(others)), quickly=True):
                chunks = rest
            else:
                start += size
        size = 0 if size == 1 else min(size // 2, max(1, len(chunks) // 2))
    return chunks


def _that_matter(court: Court, ranks: Ranks, asking: list[int], others: list[int]) -> list[int]:
    """The statements that say something where groups may be needed; the rest is withdrawn without a search."""
    cells = cells_needed(court.variant(_with_only(court, ranks, [*asking, *others])))
    slots, needs = {slot for slot, _ in cells}, {need for _, need in cells}

    def matters(item: Item) -> bool:
        if item.part in ("slots", "needs") and item.place is not None:
            return getattr(court.problem, item.part)[item.place].id in (slots | needs)
        if item.part == "staff" and item.place is not None:
            entry = court.problem.staff[item.place]
            return any(slot in entry.slots and need in entry.needs for slot, need in cells)
        if item.part in ("caps", "bans") and item.place is not None:
            row = getattr(court.problem, item.part)[item.place]
            return any(row.slot in (None, slot) and row.need in (None, need) for slot, need in cells)
        return True

    return [place for place in others if matters(court.items[place])]


def _checked(court: Court, ranks: Ranks, kept: list[int]) -> tuple[tuple[int, ...], bool]:
    """The set once no statement of it can be withdrawn, and whether that is proven for each.

    A pin also allows what a floor forbids: withdrawing one may make others needless, hence another round.
    """
    while True:
        proven, size = True, len(kept)
        for place in list(kept):
            rest = [one for one in kept if one != place]
            verdict = court.impossible(_with_only(court, ranks, rest))
            kept = rest if verdict else kept
            proven = proven and verdict is not None
        if len(kept) == size:
            return tuple(kept), proven


def _smallest(court: Court, conflict: Sequence[int]) -> tuple[Ranks, bool]:
    """The smallest loosening that works, and whether that is proven.

    Loosenings are tried from the cheapest. `walls` are loosenings that do not work: whatever exceeds one in no
    statement does not work either, so that a loosening has to go over them all.
    """
    own = np.zeros_like(court.last)
    walls = [_with_only(court, own, conflict)]
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
    return _with_only(court, wall, _irreducible(court, wall)[0])


def _highest(court: Court, ranks: Ranks, place: int) -> int:
    """The highest rank of a statement, as far as it can be found, at which nothing is lawful beside these ranks."""
    trial = ranks.copy()
    low, high = int(ranks[place]), int(court.last[place]) + 1
    trial[place] = court.last[place]
    if court.items[place].kind == "max_moves":
        low = max(low, court.fewest_moves(ranks, place) - 1)
    while high - low > 1:
        # The last rank first: withdrawn, the statement may change nothing.
        trial[place] = high - 1 if high > court.last[place] else (low + high) // 2
        verdict = court.impossible(trial)
        if verdict is None:
            break
        if verdict:
            low = int(trial[place])
        else:
            high = court.least(trial, place)
    return low


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
