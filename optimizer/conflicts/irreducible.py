"""Irreducible sets of statements: withdrawn one after the other, as long as the rest still cannot hold together."""

from collections.abc import Sequence

from optimizer.conflicts.court import Court
from optimizer.conflicts.demands import Ranks

_ASKING = ("pin", "max_moves")
"""What asks for groups: by these all others come to matter."""


def irreducible(court: Court, ranks: Ranks) -> tuple[tuple[int, ...], bool]:
    """Statements that cannot hold together at these ranks, all others withdrawn; whether that is proven of each.

    A pin also allows what a floor forbids: withdrawing one may make others needless, hence another round.
    """
    kept: Sequence[int] = _reduced(court, ranks, court.standing(ranks))
    while True:
        size, proven = len(kept), True
        for place in list(kept):
            if place in kept:
                verdict, kept = _without(court, ranks, kept, {place})
                proven = proven and verdict is not None
        if len(kept) == size:
            return tuple(sorted(kept)), proven


def _reduced(court: Court, ranks: Ranks, kept: Sequence[int]) -> Sequence[int]:
    """The statements left when whole kinds of them are withdrawn, then what asks for groups."""
    kept = court.reason(ranks, kept) or kept
    kinds: dict[str, set[int]] = {}
    for place in kept:
        kinds.setdefault(court.items[place].kind, set()).add(place)
    asking = [{place} for place in kept if court.items[place].kind in _ASKING]
    for chunk in (*kinds.values(), *asking):
        if chunk.intersection(kept):
            _, kept = _without(court, ranks, kept, chunk)
    return kept


def _without(
    court: Court, ranks: Ranks, kept: Sequence[int], chunk: set[int]
) -> tuple[bool | None, Sequence[int]]:
    """Whether the statements kept still cannot hold together without these, and what is to be kept."""
    verdict, why = court.verdict(ranks, [place for place in kept if place not in chunk])
    return verdict, (why if verdict else kept)
