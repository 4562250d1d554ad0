"""solve(): the best regrouping found in the time given, and the proof of how good it is.

A problem with few possible seats goes straight to the exact model. Otherwise a tree of relaxations of the
need model gives the bound, and whenever it comes to whole counts these are turned into groups; counts that
lose points on the way are set apart and the search goes on, until bound and best proposal meet or time is
out.
"""

import math
import threading
from collections.abc import Sequence
from functools import partial

from optimizer.conflict import conflict_and_loosening
from optimizer.facts import Facts, Group
from optimizer.group_columns import candidates
from optimizer.linear import Bench, form_of
from optimizer.model import group_model
from optimizer.need_columns import NeedModel
from optimizer.plan import plan_in, unchanged
from optimizer.problem import Problem
from optimizer.program import Limits, Verdict, run
from optimizer.relaxation import need_model
from optimizer.search import Listener, Search
from optimizer.solution import Solution
from optimizer.split import plan_of, seated, staffed, start_of
from optimizer.tree import Tree, frame_of

TIME_LIMIT = 30.0
GAP = 0.001
FEW_SEATS = 600
_GRACE = 10.0
_CLOSE = 1e-4


def solve(
    problem: Problem,
    *,
    time_limit: float = TIME_LIMIT,
    gap: float = GAP,
    seed: int = 0,
    threads: int = 1,
    on_progress: Listener | None = None,
    stop: threading.Event | None = None,
) -> Solution:
    """The best proposal found within `time_limit` seconds, stopping once within `gap` of the bound.

    `on_progress` hears of each better score or bound; setting `stop` ends the search with the best
    proposal so far. The same problem and seed give the same answer unless the clock or `stop` ends it.
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
    )
    if proven_impossible(search):
        conflict, loosening = conflict_and_loosening(search, proven_impossible)
        return search.impossible(conflict, loosening)
    return search.solution()


def proven_impossible(search: Search) -> bool:
    """Search for the best proposal, kept in `search`; True when it is proven that there is none."""
    search.offer(unchanged(search.facts))
    search.offer({})
    if search.done:
        return False
    seats = sum(len(entries) for needs in search.facts.doors.values() for entries in needs.values())
    if seats <= FEW_SEATS:
        return exactly(search)
    return by_need(search) or (_unfinished(search) and exactly(search))


def _unfinished(search: Search) -> bool:
    return not search.done and not search.out_of_time


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
    """Search the need model and turn what it finds into groups; True when it is proven that nothing is lawful."""
    model = need_model(search.facts, aim=search.aim)
    form = form_of(model.program)
    bench = Bench(form, threads=search.threads, seed=search.seed)
    try:
        tree = Tree(frame_of(model, bench, search, reach=partial(reach, search, model)))
        return tree.run(form.low[form.whole], form.high[form.whole])
    finally:
        bench.close()


def reach(search: Search, model: NeedModel, values: Sequence[float]) -> float:
    """Turn the counts of the need model into groups, offered to the search.

    The most that any groups with these counts can give: −inf when they are proven impossible.
    """
    model.program.take(values)
    limits = search.grace(_GRACE)
    verdict, groups = staffed(model, limits)
    if verdict is not Verdict.BEST:
        return -math.inf if verdict is Verdict.IMPOSSIBLE else math.inf
    hoped = model.program.lp.objective.value()
    near = seated(model)
    if near is not None:
        worth = placed(search, near, groups, limits)
        if worth >= hoped - _CLOSE or search.within(search.rounded(hoped)):
            return hoped
    return placed(search, search.facts, groups, limits)


def placed(search: Search, facts: Facts, groups: tuple[Group, ...], limits: Limits) -> float:
    """Place the students in these groups, offered to the search; the most that it can be worth."""
    exact = group_model(facts, groups, decided=True, aim=search.aim)
    outcome = run(exact.program, limits)
    if outcome.found:
        search.offer(plan_of(exact))
    return outcome.bound
