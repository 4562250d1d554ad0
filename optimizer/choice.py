"""Which proposal of the dial we would choose, and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEAST = 50.0
"""Points that a move more must bring to be worth it."""
_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Step:
    """What the choice looks at. worth: points, without what moves cost; left: places without a group."""

    moves: int
    worth: float
    left: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The place of the point to choose, and what speaks for it.

    before: points that a move more brings up to it, after: beyond it; None: there is no such point. seated: moves from
    which as few as can be are left without a group; left: how many more are with fewer moves.
    """

    place: int
    before: float | None
    after: float | None
    least: float
    seated: int
    left: int

    @property
    def words(self) -> str:
        """Why this point, in sentences."""
        told = []
        if self.left:
            stay = _count(self.left, "place reste", "places restent")
            less = "Sans déplacement" if self.seated == 1 else f"À moins de {_moves(self.seated)}"
            told.append(f"{less}, {stay} sans groupe (élève × créneau).")
        worth_it = self.before is not None and self.before > self.least
        if worth_it:
            told.append(f"Jusqu’à ce point, un déplacement de plus rapporte {_points(self.before)}.")
        if self.after is not None:
            brings = "il n’en rapporte que" if worth_it else "un déplacement de plus rapporte"
            after = _number(self.after) if worth_it else _points(self.after)
            told.append(f"Au-delà, {brings} {after}{_SPACE}: le seuil est {_number(self.least)}.")
        if self.before is None and self.after is None:
            told.append("C’est le seul point.")
        return " ".join(told)


def choice(steps: Sequence[Step], *, least: float = LEAST) -> Choice:
    """The last point where a move more still brings more than `least` points; `steps`: at least one, by growing moves.

    It never stops where somebody is without a group that a later point would seat.
    """
    fewest = min(step.left for step in steps)
    seated = next(place for place, step in enumerate(steps) if step.left == fewest)
    brought = gains(steps)
    place = max([seated, *(place for place, gain in enumerate(brought, start=1) if gain > least)])
    return Choice(
        place=place,
        before=brought[place - 1] if place else None,
        after=gains((steps[place], steps[-1]))[0] if place < len(brought) else None,
        least=least,
        seated=steps[seated].moves,
        left=steps[0].left - fewest,
    )


def gains(steps: Sequence[Step]) -> list[float]:
    """What each move brings, in points, from each point to the next."""
    return [
        (after.worth - before.worth) / max(1, after.moves - before.moves) for before, after in pairwise(steps)
    ]


def _moves(number: int) -> str:
    return _count(number, "déplacement", "déplacements")


def _points(value: float) -> str:
    return _count(round(value), "point", "points")


def _count(number: int, one: str, many: str) -> str:
    return f"{_number(number)}{_SPACE}{one if abs(number) < 2 else many}"


def _number(value: float) -> str:
    """As French writes it: thousands apart."""
    return f"{round(value):,}".replace(",", "\u202f").replace("-", "−")
