"""What no proposal can exceed after a repair: as it was known before the statements, or by the root relaxation."""

from dataclasses import replace

from optimizer.aims import Aim
from optimizer.counted.relaxation import need_model
from optimizer.facts import facts_of
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.search_tree.form import form_of
from optimizer.search_tree.linear import Bench, Task
from optimizer.solution import Solution


def inherited(problem: Problem, earlier: Problem, proposal: Solution) -> float | None:
    """The bound of a proposal for an earlier problem, where the problem only adds statements to it; otherwise None.

    A pin may open a door that rules kept shut: then nothing is known.
    """
    statements = {"pins": (), "bans": (), "pairs": (), "caps": ()}
    if replace(problem, **statements) != replace(earlier, **statements) or proposal.bound is None:
        return None
    if any(not set(getattr(earlier, name)) <= set(getattr(problem, name)) for name in statements):
        return None
    doors = facts_of(earlier).doors
    added = set(problem.pins) - set(earlier.pins)
    known = all(pin.need in doors.get((pin.student, pin.slot), {}) for pin in added)
    return proposal.bound if known else None


def relaxed(search: Search) -> float:
    """The root relaxation of the need model: some tenths of a second for a few hundred students."""
    form = form_of(need_model(search.facts, aim=Aim.SCORE).program)
    bench = Bench(form, threads=1, seed=search.seed)
    task = Task(form.low[form.whole], form.high[form.whole], long=True)
    (answer,) = bench.solve([task], seconds=search.time_limit - search.elapsed)
    return answer.bound
