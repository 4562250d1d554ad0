"""The dial: need served against moves, as proposals that are each the best for their number of moves.

The first is the lawful plan with the fewest moves (changing nothing is usually unlawful), the reference. It
may leave students without a group: the others go from the calmest plan that leaves as few as can be to the best
plan whatever its moves.

One need model serves all of them. Points are searched from the freest down: each plan shows where to look for the
next one, and what is out of reach with more moves is out of reach with fewer. A plan that makes fewer moves than it
was allowed is the best for the moves it makes, so no plan comes twice.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from optimizer.aims import Aim
from optimizer.check import moves
from optimizer.choice import LEAST, Choice, Step, choice
from optimizer.plan import Plan, plan_in
from optimizer.problem import Problem
from optimizer.search import Listener, Search
from optimizer.solution import Solution
from optimizer.solve import GAP, searching, solve

FORMAT = "apdash-frontier/1"
POINTS = 7
TIME_LIMIT = 120.0
_CLOSER = 6
"""What part of a point's time a second, closer look at it may take."""


@dataclass(frozen=True, slots=True)
class Point:
    """A proposal, the best found for its `max_moves`, which are the moves it makes."""

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

    def chosen(self, *, least: float = LEAST) -> Choice | None:
        """The point to choose, where a move more must bring so many points; None without points."""
        return choice([_step(point) for point in self.points], least=least) if self.points else None

    def to_json(self, *, least: float = LEAST) -> dict[str, object]:
        """The frontier as a JSON object, with the point to choose and why."""
        chosen = self.chosen(least=least)
        return {
            "format": FORMAT,
            "fewest_proven": self.fewest_proven,
            "chosen": None
            if chosen is None
            else {
                "point": chosen.place,
                "max_moves": self.points[chosen.place].max_moves,
                "least": chosen.least,
                "brings_before": chosen.before,
                "brings_after": chosen.after,
                "words": chosen.words,
            },
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

    def begin(limit: int | None, aim: Aim = Aim.SCORE, *, closer: bool = False) -> Search:
        exact = closer or aim is not Aim.SCORE
        return Search(
            problem if limit is None else replace(problem, rules=replace(problem.rules, max_moves=limit)),
            time_limit=share / _CLOSER if closer else share,
            gap=0.0 if exact else gap,
            seed=seed,
            threads=threads,
            on_progress=on_progress if aim is Aim.SCORE else None,
            stop=signal,
            aim=aim,
        )

    settled = begin(None, Aim.CALM)
    with searching(settled) as look:
        if look(settled):
            refusal = solve(problem, time_limit=share, gap=gap, seed=seed, threads=threads, stop=signal)
            return Frontier(points=(), fewest_proven=True, refusal=refusal)
        if settled.best is None:
            return Frontier(points=(), fewest_proven=False, refusal=settled.solution())
        calmest = begin(None, Aim.KEPT)
        calmest.offer(plan_in(settled.best))
        look(calmest)
        descent = _Descent(begin, look, on_point, starts=_plans(settled, calmest))
        descent.down(_moves(settled), points - int(_moves(calmest) < _moves(settled)))
        if descent.found and _moves(calmest) < descent.reached:
            descent.search(_moves(calmest))
        descent.better(points)
    return Frontier(points=_rising(descent.found[::-1]), fewest_proven=calmest.done)


@dataclass(slots=True)
class _Descent:
    """Searches with fewer and fewer moves, the freest first."""

    begin: Callable[..., Search]
    look: Callable[[Search], bool]
    on_point: Callable[[Point], None] | None
    starts: Sequence[Plan]
    """Plans with few moves."""
    found: list[Search] = field(default_factory=list)

    @property
    def reached(self) -> int:
        """The moves of the last point."""
        return _moves(self.found[-1])

    def search(self, limit: int | None) -> bool:
        """Find the point with so many moves; whether there is one."""
        search = self.begin(limit)
        for plan in self.starts:
            search.offer(plan)
        if self.found:
            # What is out of reach with more moves is out of reach with fewer.
            search.lower(self.found[-1].bound)
        self.look(search)
        if search.best is None:
            return False
        self.found.append(search)
        if self.on_point is not None:
            self.on_point(_point(search))
        return True

    def down(self, fewest: int, points: int) -> None:
        """Go from the freest point to the one of `fewest` moves, in even steps."""
        going = self.search(None)
        while going and self.reached > fewest and len(self.found) < points:
            steps = points - len(self.found)
            going = self.search(self.reached - max(1, round((self.reached - fewest) / steps)))

    def better(self, points: int) -> None:
        """Where points are missing, look once more for those that fewer moves did as well as."""
        for rank in range(1, len(self.found)):
            freer, calmer = self.found[rank - 1], self.found[rank]
            if calmer.value >= freer.value and len(_rising(self.found[::-1])) < points:
                search = self.begin(freer.problem.rules.max_moves, closer=True)
                for plan in _plans(calmer):
                    search.offer(plan)
                search.lower(freer.bound)
                self.look(search)
                self.found[rank - 1] = search


def _step(point: Point) -> Step:
    terms = point.solution.terms
    worth = 0.0 if terms is None else terms.served - terms.unplaced - terms.urgent - terms.group
    return Step(moves=point.moves, worth=worth, left=len(point.solution.unplaced))


def _plans(*searches: Search) -> tuple[Plan, ...]:
    return tuple(plan_in(search.best) for search in searches if search.best is not None)


def _moves(search: Search) -> int:
    return 0 if search.best is None else moves(search.problem, search.best)


def _point(search: Search) -> Point:
    made = _moves(search)
    return Point(max_moves=made, moves=made, solution=search.solution())


def _rising(searches: Sequence[Search]) -> tuple[Point, ...]:
    """The points by growing moves, but for those that fewer moves do as well as."""
    found: list[Point] = []
    for point in map(_point, searches):
        scores = [one.solution.score for one in found]
        if all(
            score is None or point.solution.score is None or score < point.solution.score for score in scores
        ):
            found.append(point)
    return tuple(found)
