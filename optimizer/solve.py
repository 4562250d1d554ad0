"""solve(): the best regrouping found in the time given, and the proof of how good it is.

A problem with few possible seats goes straight to the exact model. Otherwise the need model gives
the bound and each of its solutions is split into groups. Counts that lose points in the split are
forbidden, and the need model asked again, until the bound and the best proposal meet or time is out.
"""

import math
import threading
from functools import partial

from optimizer.conflict import conflict_and_loosening
from optimizer.group_columns import candidates
from optimizer.model import group_model
from optimizer.need_columns import NeedModel, deciding, forbid
from optimizer.plan import plan_in, unchanged
from optimizer.problem import Problem
from optimizer.program import Limits, Verdict, run, value
from optimizer.relaxation import need_model
from optimizer.search import Listener, Search
from optimizer.solution import Solution
from optimizer.split import plan_of, staffed, start_of

TIME_LIMIT = 30.0
GAP = 0.001
_FEW_SEATS = 600
_GRACE = 2.0
_ROUNDS = 4


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
    if seats <= _FEW_SEATS:
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
    """Run the need model and split what it finds; True when it is proven that nothing is lawful.

    After each round the counts found are forbidden: what they can give is known (`explored`), and the
    bound of the whole problem is the larger of that and of the need model without them.
    """
    model = need_model(search.facts, aim=search.aim)
    explored = -math.inf
    for _ in range(_ROUNDS):
        outcome = run(
            model.program,
            search.limits(),
            on_bound=partial(_enough, search, explored),
            on_solution=partial(_split_if_better, search, model),
        )
        search.lower(max(outcome.bound, explored))
        if outcome.verdict is Verdict.IMPOSSIBLE:
            return search.best is None and math.isinf(explored) and explored < 0
        if not outcome.found:
            return False
        ones = [column for column in deciding(model) if value(column) > 0.5]
        explored = max(explored, _split(search, model, search.grace(_GRACE)))
        if not _unfinished(search):
            return False
        forbid(model, ones)
    return False


def _enough(search: Search, explored: float, bound: float) -> bool:
    return search.hear(max(bound, explored))


def _split_if_better(search: Search, model: NeedModel) -> None:
    if model.program.lp.objective.value() > search.value:
        _split(search, model, search.grace(_GRACE))


def _split(search: Search, model: NeedModel, limits: Limits) -> float:
    """Turn the counts of the need model into groups, offered to the search.

    The most that any groups with these counts can give: −inf when they are proven impossible.
    """
    verdict, groups = staffed(model, limits)
    if verdict is not Verdict.BEST:
        return -math.inf if verdict is Verdict.IMPOSSIBLE else math.inf
    exact = group_model(search.facts, groups, decided=True, aim=search.aim)
    outcome = run(exact.program, limits)
    if outcome.found:
        search.offer(plan_of(exact))
    return outcome.bound
