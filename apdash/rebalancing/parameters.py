"""What the pilot may set before a search; what is left empty is the band's or the published default."""

from dataclasses import dataclass, field
from datetime import date

WEIGHTS: dict[str, float] = {
    "unplaced": 1000,
    "urgent": 150,
    "change_need": 25,
    "change_staff": 4,
    "group": 15,
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """Settings of one search.

    last: last day the groups are for (None: end of the period); max_moves: at most so many places change (None: as many
    as it takes); the three rules: the band's when None; floor, urgent_from: intensities, the published ones when None;
    limits: for a need, some of its own limits (min_size, max_size…) over those of besoins.csv; weights: points by name,
    over the published ones; time_limit: seconds; gap: where to stop (0.001 is 0.1 %); seed: same seed, same answer.
    after: the proposal on screen when the search was asked for; near: change as little of it as can be.
    history: whether who was not served last time weighs more; a named decision on a priority always holds.
    """

    last: date | None = None
    max_moves: int | None = None
    max_needs_open: int | None = None
    max_division_share: float | None = None
    max_periods: int | None = None
    floor: int | None = None
    urgent_from: int | None = None
    limits: dict[str, dict[str, float]] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    time_limit: float = 30.0
    gap: float = 0.001
    seed: int = 1
    label: str = ""
    after: int | None = None
    near: bool = False
    history: bool = True
