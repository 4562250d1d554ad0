"""solve(): the best regrouping found in the time given, and the proof of how good it is.

A problem with few possible seats goes straight to the exact model. Otherwise a tree of relaxations of the
need model gives the bound, and whenever it comes to whole counts these are turned into groups; counts that
lose points on the way are set apart and the search goes on, until bound and best proposal meet or time is
out.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from optimizer.conflicts.conflict import refusal_of
from optimizer.conflicts.ground_rows import ground_of
from optimizer.conflicts.grounds import Grounds
from optimizer.conflicts.statements import items
from optimizer.counted.counting import Counting, counting
from optimizer.counted.split import plan_of, start_of
from optimizer.group_columns import candidates
from optimizer.model import group_model
from optimizer.plan import plan_in, unchanged
from optimizer.problem import Problem
from optimizer.program import Verdict, run
from optimizer.search import Listener, Search
from optimizer.solution import Solution

TIME_LIMIT = 30.0
GAP = 0.001
FEW_SEATS = 600
_FIRST_LOOK = 40
"""Simplex iterations for each place before a search that found nothing asks whether there is anything."""
_MANY_PLACES = 1_000
"""Beyond, any proposal takes nearly as long to find as a good one."""


def solve(
    problem: Problem,
    *,
    time_limit: float = TIME_LIMIT,
    gap: float = GAP,
    seed: int = 0,
    threads: int = 1,
    work_limit: int | None = None,
    on_progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Solution:
    """The best proposal found within `time_limit` seconds, stopping once within `gap` of the bound.

    `on_progress` hears of each better score or bound; setting `stop` ends the search with the best
    proposal so far. The same problem and seed give the same answer unless the clock or `stop` ends it:
    `work_limit`, in simplex iterations, ends a search at the same place whatever the load of the machine;
    by default it is what an ordinary machine does within `time_limit`.
    An infeasible problem is an answer: status `infeasible`, with a conflict and a loosening.
    """
    search = Search(
        problem,
        time_limit=time_limit,
        gap=gap,
        seed=seed,
        threads=threads,
        on_progress=on_progress,
        stop=stop,
        work_limit=work_limit,
    )
    if _impossible(search):
        return refusal_of(search, proven_impossible)
    return search.solution()


def _impossible(search: Search) -> bool:
    """Search for the best proposal; True when it is proven that there is none.

    Where a first look finds none, it is asked whether there is any at all before the search goes on.
    """
    with searching(search) as look:
        most, search.work_limit = search.work_limit, _first_look(search)
        if look(search):
            return True
        search.work_limit = most
        if search.best is None and not search.out_of_time and _nothing_lawful(search):
            return True
        return not search.done and not search.out_of_time and look(search)


def _first_look(search: Search) -> int:
    return min(search.work_limit, _FIRST_LOOK * len(search.facts.places))


def _nothing_lawful(search: Search) -> bool:
    """Look for anything that is lawful; True when it is proven that nothing is."""
    if len(search.facts.places) > _MANY_PLACES:
        return False
    said = items(search.problem)
    model = ground_of(search.facts, said, [0] * len(said))
    grounds = Grounds(model, seed=search.seed, stop=search.stop)
    seconds = search.time_limit - search.elapsed
    return grounds.against(range(len(said)), lawful=search.offer, seconds=seconds) is not None


def proven_impossible(search: Search) -> bool:
    """Search for the best proposal, kept in `search`; True when it is proven that there is none."""
    with searching(search) as look:
        return look(search)


@contextmanager
def searching(first: Search) -> Iterator[Callable[[Search], bool]]:
    """A way to search a problem, again and again with other aims and `max_moves`; True when proven impossible."""
    seats = sum(len(entries) for needs in first.facts.doors.values() for entries in needs.values())
    if seats <= FEW_SEATS:
        yield lambda search: not _known(search) and exactly(search)
        return
    with counting(first) as counted:
        yield lambda search: not _known(search) and _counted(counted, search)


def _counted(counted: Counting, search: Search) -> bool:
    if counted.run(search):
        return True
    unfinished = not search.done and not search.out_of_time
    return unfinished and exactly(search)


def _known(search: Search) -> bool:
    """Offer what needs no search; whether that is good enough."""
    search.offer(unchanged(search.facts))
    search.offer({})
    return search.done


def exactly(search: Search) -> bool:
    """Run the exact model; True when it is proven that nothing is lawful."""
    model = group_model(search.facts, candidates(search.facts), decided=False, aim=search.aim)
    start = None
    if search.best is not None:
        start = start_of(model, plan_in(search.best))
    outcome = run(
        model.program,
        search.limits(),
        start=start,
        on_bound=search.hear,
        on_solution=lambda: search.offer(plan_of(model)),
    )
    if outcome.verdict is Verdict.IMPOSSIBLE:
        return search.best is None
    if outcome.found:
        search.offer(plan_of(model))
    search.lower(outcome.bound)
    return False


def by_need(search: Search) -> bool:
    """Search the need model; True when it is proven that nothing is lawful."""
    with counting(search) as counted:
        return counted.run(search)
