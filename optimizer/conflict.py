"""Why no proposal exists: an irreducible set of statements, and the smallest loosening that works.

A set is reduced by withdrawing statements as long as the rest is still proven impossible. A loosening
is only returned once a lawful proposal was found for the loosened problem.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from optimizer.aims import Aim
from optimizer.check import moves, violations
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.solution import Loosening, Solution, Statement
from optimizer.statements import Item, Value, items, original, statement, with_values

_LEAST_SECONDS = 8.0
_ONE_TEST = 10.0
_SHARE_STEP = 0.05
_WITHDRAWN = 3.0
"""What withdrawing a statement counts for, against 1 for each unit of a number."""

Prover = Callable[[Search], bool]
"""Searches for a proposal; True when it is proven that there is none."""


@dataclass(slots=True)
class Court:
    """Answers whether variants of a problem have a lawful proposal, remembering those it saw."""

    search: Search
    prove: Prover
    until: float
    seen: list[Solution] = field(default_factory=list)

    @property
    def late(self) -> bool:
        """Whether the time for the explanation is used up."""
        return self.search.elapsed >= self.until or self.search.stopped

    def best(self, problem: Problem, aim: Aim = Aim.ANYTHING) -> tuple[bool, Solution | None]:
        """(proven impossible, the proposal found): both False and None when time ran out."""
        if aim is Aim.ANYTHING:
            for proposal in self.seen:
                if not violations(problem, proposal):
                    return False, proposal
        seconds = min(_ONE_TEST, self.until - self.search.elapsed)
        trial = self.search.trial(problem, seconds=seconds, aim=aim)
        impossible = self.prove(trial)
        if trial.best is not None:
            self.seen.append(trial.best)
        return impossible, trial.best

    def impossible(self, problem: Problem) -> bool:
        """Whether it is proven that the problem has no lawful proposal."""
        return self.best(problem)[0]

    def possible(self, problem: Problem) -> bool:
        """Whether a lawful proposal was found."""
        return self.best(problem)[1] is not None


def conflict_and_loosening(
    search: Search, prove: Prover
) -> tuple[tuple[Statement, ...], tuple[Loosening, ...]]:
    """The conflict of an impossible problem and a loosening that works, within what is left of the time."""
    court = Court(search, prove, until=max(search.time_limit, search.elapsed + _LEAST_SECONDS))
    problem = search.problem
    conflict = _reduced(court, problem, {}, items(problem))
    values = _loosened(court, problem, conflict)
    return (
        tuple(statement(problem, item) for item in conflict),
        tuple(
            Loosening(path=item.path, old=original(problem, item), new=[] if item.kind == "rooms" else value)
            for item, value in values.items()
        ),
    )


def _reduced(
    court: Court, problem: Problem, values: dict[Item, Value], found: Iterable[Item]
) -> tuple[Item, ...]:
    """A subset of the statements that is still impossible: irreducible unless time ran out."""
    everything = items(problem)
    rest = [item for item in found if item not in values]

    def without(kept: list[Item]) -> Problem:
        gone = {item: item.free for item in everything if item not in kept and item not in values}
        return with_values(problem, {**gone, **values})

    size = len(rest)
    while size >= 1 and not court.late:
        start = 0
        while start < len(rest) and not court.late:
            kept = rest[:start] + rest[start + size :]
            if court.impossible(without(kept)):
                rest = kept
            else:
                start += size
        size = min(size // 2, len(rest)) if size > 1 else 0
    return tuple(rest)


def _loosened(court: Court, problem: Problem, conflict: tuple[Item, ...]) -> dict[Item, Value]:
    """Values that make the problem possible; the last resort withdraws all that was decided by hand."""
    values: dict[Item, Value] = {}
    while conflict and not court.late:
        options = [_smallest(court, problem, values, item) for item in conflict]
        working = [option for option in options if option is not None]
        if working:
            item, value = min(working, key=lambda option: _size(*option))
            return {**values, item: value}
        item = min(conflict, key=lambda one: _size(one, one.free))
        values[item] = item.free
        conflict = _reduced(court, problem, values, items(problem))
    hand = [item for item in items(problem) if item.kind in ("pin", "max_moves")]
    return {item: item.free for item in hand}


def _size(item: Item, value: Value) -> float:
    """How large a change is: units of a number, `_WITHDRAWN` for a statement withdrawn."""
    if item.old is None or value is None:
        return _WITHDRAWN
    step = _SHARE_STEP if item.kind == "max_division_share" else 1
    return abs(value - item.old) / step


def _smallest(
    court: Court, problem: Problem, values: dict[Item, Value], item: Item
) -> tuple[Item, Value] | None:
    """The value of one statement, nearest to its own, that makes the whole problem possible; None if none."""
    if court.late:
        return None
    if item.kind == "max_moves":
        freed = with_values(problem, {**values, item: None})
        proposal = court.best(freed, Aim.KEPT)[1]
        return None if proposal is None else (item, moves(freed, proposal))
    if not court.possible(with_values(problem, {**values, item: item.free})):
        return None
    steps = _steps(item)
    low, high = 0, len(steps) - 1
    while low < high and not court.late:
        middle = (low + high) // 2
        if court.possible(with_values(problem, {**values, item: steps[middle]})):
            high = middle
        else:
            low = middle + 1
    return item, steps[high]


def _steps(item: Item) -> list[Value]:
    """The values to try, from the nearest to the one that says nothing any more."""
    if item.old is None:
        return [item.free]
    if item.kind == "max_division_share":
        count = round((1 - item.old) / _SHARE_STEP)
        nearest = [round(item.old + _SHARE_STEP * step, 4) for step in range(1, count)]
        return [*[share for share in nearest if share < 1], 1.0]
    old = int(item.old)
    if item.kind in ("slot_groups", "staff_groups"):
        return [*range(old + 1, old + 20), None]
    return [*range(old - 1, -1, -1)] if item.free == 0 else [*range(old + 1, int(item.free or 0) + 1)]
