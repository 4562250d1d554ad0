"""What a group can hold of one division: the edges allow every whole composition, and touch the largest ones."""

from fractions import Fraction

import pytest

from optimizer.facts import division_edges
from optimizer.problem import Need

SHARES = (0.0, 0.3, 0.3333333333333333, 0.5, 0.6, 0.8, 1.0)


def compositions(size: int, share: float) -> list[tuple[int, int]]:
    """(others, of the division) of every group of at most `size` students within the share."""
    most = Fraction(str(share)) + Fraction(1, 10**9)
    return [
        (others, own)
        for others in range(size + 1)
        for own in range(size - others + 1)
        if own <= most * (own + others)
    ]


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("size", [1, 4, 7, 10, 16, 24])
def test_the_edges_are_the_hull_of_the_compositions(size: int, share: float):
    edges = division_edges(Need("n", 1, size, 0, 1, 3, share, False))
    possible = compositions(size, share)
    for slope, level in edges:
        room = [slope * others + level - own for others, own in possible]
        assert min(room) == pytest.approx(0)
    assert bool(edges) == (share < 1)
