"""The bands to measure: sizes, and what makes a band easy or hard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A size to measure: students, slots, and how long our search may take."""

    students: int
    slots: int
    patience: float

    @property
    def name(self) -> str:
        """As the tables name it."""
        return f"{self.students}x{self.slots}"


SIZES = {
    size.name: size
    for size in (Size(60, 2, 60), Size(120, 2, 60), Size(240, 2, 120), Size(1000, 2, 180), Size(2000, 3, 600))
}


@dataclass(frozen=True, slots=True)
class Variant:
    """What sets a band apart; the number of pairs, caps and so on is for 100 students."""

    students_per_adult: float = 14
    rooms: bool = False
    max_needs_open: int = 9
    pairs: int = 3
    caps: int = 3
    pins: int = 3
    bans: int = 3
    away: float = 0.05
    on_placement: float = 0.25
    """Share of the divisions that are on placement for part of the period."""
    one_slot_only: float = 0.15
    largest_division: float | None = None
    """Share of the students who are in the first division."""
    narrow: bool = False
    """Sizes so close to each other that the groups barely hold everybody."""
    co_led: bool = False
    moves_allowed: float | None = None
    """Moves above those of the witness, as a share of the current rows; None = no limit."""
    slot_limit: bool = False


VARIANTS: dict[str, Variant] = {
    "plain": Variant(),
    "rooms": Variant(rooms=True),
    "tight staff": Variant(students_per_adult=18, one_slot_only=0.3, slot_limit=True),
    "7 needs of 12": Variant(max_needs_open=7, students_per_adult=15),
    "many pairs": Variant(pairs=16, caps=10),
    "division of 60 %": Variant(largest_division=0.6),
    "sizes barely fit": Variant(narrow=True, students_per_adult=13, rooms=True),
    "max moves": Variant(moves_allowed=0.0),
    "placements": Variant(away=0.15, on_placement=0.5, co_led=True),
    "all at once": Variant(
        students_per_adult=16, rooms=True, max_needs_open=7, pairs=8, caps=8, pins=5, moves_allowed=0.25
    ),
}


def variant_of(seed: int) -> str:
    """The variant of a seed: ten seeds meet each of them once."""
    return list(VARIANTS)[seed % len(VARIANTS)]
