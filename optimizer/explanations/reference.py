"""What proposals are compared with: "changing nothing", the lawful plan with the fewest moves, the best among those."""

from dataclasses import replace

from optimizer.aims import Aim
from optimizer.check import moves
from optimizer.plan import plan_in
from optimizer.search import Search
from optimizer.solution import Solution
from optimizer.solve import proven_impossible


def fewest_moves(search: Search, *, time_limit: float) -> tuple[Solution | None, bool]:
    """The lawful plan with the fewest moves, the best for the score among those found; whether fewest is proven."""
    calmest = search.trial(search.problem, seconds=time_limit / 2, aim=Aim.KEPT)
    proven_impossible(calmest)
    if calmest.best is None:
        return None, False
    limit = moves(search.problem, calmest.best)
    calm = replace(search.problem, rules=replace(search.problem.rules, max_moves=limit))
    best = search.trial(calm, seconds=time_limit / 2, aim=Aim.SCORE)
    best.offer(plan_in(calmest.best))
    proven_impossible(best)
    return best.best or calmest.best, calmest.done
