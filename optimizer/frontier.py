"""The dial: need served against moves, as proposals that are each the best for their number of moves.

The first is the lawful plan with the fewest moves (changing nothing is usually unlawful), the reference. It
may leave students without a group: the others go from the calmest plan that leaves as few as can be to the best
plan whatever its moves.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from optimizer.aims import Aim
from optimizer.check import moves
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Listener, Search
from optimizer.solution import Solution, Status
from optimizer.solve import GAP, proven_impossible, searching, solve

FORMAT = "apdash-frontier/1"
POINTS = 7
TIME_LIMIT = 120.0


@dataclass(frozen=True, slots=True)
class Point:
    """A proposal, the best found for its `max_moves`, and the moves it makes."""

    max_moves: int
    moves: int
    solution: Solution


@dataclass(frozen=True, slots=True)
class Frontier:
    """The points by growing `max_moves`, the first being the reference; without points, `refusal` says why."""

    points: tuple[Point, ...]
    fewest_proven: bool
    """Whether it is proven that no lawful plan makes fewer moves than the first point."""
    refusal: Solution | None = None

    def to_json(self) -> dict[str, object]:
        """The frontier as a JSON object."""
        return {
            "format": FORMAT,
            "fewest_proven": self.fewest_proven,
            "points": [
                {"max_moves": point.max_moves, "moves": point.moves, **point.solution.to_json()}
                for point in self.points
            ],
            "refusal": None if self.refusal is None else self.refusal.to_json(),
        }


def frontier(
    problem: Problem,
    *,
    points: int = POINTS,
    time_limit: float = TIME_LIMIT,
    gap: float = GAP,
    seed: int = 0,
    threads: int = 1,
    on_progress: Listener | None = None,
    on_point: Callable[[Point], None] | None = None,
    stop: threading.Event | None = None,
) -> Frontier:
    """The best proposals for `points` numbers of moves; fewer when there are not so many numbers.

    on_point: told of each point as it is found, the freest first; the frontier returned may better some.
    """
    signal = stop or threading.Event()
    share = time_limit / (points + 2)

    def begin(variant: Problem, *, aim: Aim = Aim.SCORE) -> Search:
        return Search(
            variant,
            time_limit=share,
            gap=gap if aim is Aim.SCORE else 0.0,
            seed=seed,
            threads=threads,
            on_progress=on_progress if aim is Aim.SCORE else None,
            stop=signal,
            aim=aim,
        )

    calmest = begin(problem, aim=Aim.KEPT)
    if proven_impossible(calmest):
        refusal = solve(problem, time_limit=share, gap=gap, seed=seed, threads=threads, stop=signal)
        return Frontier(points=(), fewest_proven=True, refusal=refusal)
    if calmest.best is None:
        return Frontier(points=(), fewest_proven=False, refusal=calmest.solution())
    fewest, plan = moves(problem, calmest.best), plan_in(calmest.best)
    settled = begin(problem, aim=Aim.CALM)
    settled.offer(plan)
    proven_impossible(settled)
    found = [begin(problem)]
    with searching(found[0]) as look:
        found[0].offer(plan)
        look(found[0])
        _tell(on_point, found[0])
        for limit in reversed(_limits(fewest, _moves(settled), _moves(found[0]), points)[:-1]):
            search = begin(replace(problem, rules=replace(problem.rules, max_moves=limit)))
            search.offer(plan)
            search.offer(plan_in(settled.best) if settled.best else plan)
            # What is out of reach with more moves is out of reach with fewer.
            search.lower(found[-1].bound)
            look(search)
            found.append(search)
            _tell(on_point, search)
    return Frontier(points=_rising(found[::-1]), fewest_proven=calmest.done)


def _moves(search: Search) -> int:
    return 0 if search.best is None else moves(search.problem, search.best)


def _tell(on_point: Callable[[Point], None] | None, search: Search) -> None:
    if on_point is not None and search.best is not None:
        made, limit = _moves(search), search.problem.rules.max_moves
        on_point(Point(max_moves=made if limit is None else limit, moves=made, solution=search.solution()))


def _limits(fewest: int, settled: int, most: int, points: int) -> list[int]:
    """Numbers of moves: the fewest, then from those of the settled plan to the most, as evenly as can be."""
    first = [fewest] if fewest < settled else []
    low = min(settled, most)
    steps = max(1, min(points - 1 - len(first), most - low))
    return list(
        dict.fromkeys([*first, *(low + round((most - low) * step / steps) for step in range(steps + 1))])
    )


def _rising(searches: list[Search]) -> tuple[Point, ...]:
    """The points, each at least as good as the one before: its proposal is lawful with more moves too."""
    found: list[Point] = []
    for search in searches:
        if found:
            search.offer(plan_in(found[-1].solution))
        solution = search.solution()
        if solution.status is Status.NONE:
            continue
        made = _moves(search)
        # The last point has no limit of its own: the moves it makes stand for it.
        limit = made if search is searches[-1] else search.problem.rules.max_moves
        found.append(Point(max_moves=made if limit is None else limit, moves=made, solution=solution))
    return tuple(found)
