"""One more adult as a few bounds: a need model that holds an adult for anything at each slot, shut as things are."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from optimizer.beside import look_beside
from optimizer.branching import Losses
from optimizer.counting import frame_of
from optimizer.facts import facts_of
from optimizer.levers import Lever, double
from optimizer.linear import Task
from optimizer.parts import Proof, proven, where_to_look
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.settle import settle
from optimizer.sheet import Bounds, Sheet, as_things_are, counts_of, sheet_of
from optimizer.solve import exactly
from optimizer.tree import Tree

_PROOF_SHARE = 0.4
"""Of the time, at most, to go through the proof of the best score with the adults that there could be."""
_PROMISE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Hired:
    """The model with an adult for anything at each slot, and the proof of the best score without them."""

    base: Search
    sheet: Sheet
    proof: Proof
    losses: Losses
    hopes: dict[Lever, float]
    """What the relaxation of the whole gains by each."""
    limits: dict[Lever, float]
    """What no proposal with one more can exceed."""

    def look(self, search: Search, lever: Lever) -> None:
        """Search the best with one more adult."""
        search.lower(self.limits.get(lever, np.inf))
        bounds = _opened(self.base.problem, self.sheet, lever)
        before = plan_in(self.base.best) if self.base.best is not None else {}
        frame = frame_of(
            self.sheet.model,
            self.sheet.bench,
            search,
            self.losses,
            fixed=bounds.fixed,
            how=partial(settle, search, self.sheet.model, before),
        )
        if not search.out_of_time:
            look_beside(frame, self.sheet, bounds, counts_of(self.sheet, tuple(before)), lever.slot or "")
        nodes = where_to_look(self.sheet, self.proof, frame, bounds, wider=True)
        Tree(frame, nearby=False).resume(nodes, bounds.low, bounds.high)
        if not search.done and not search.out_of_time:
            exactly(search)


@contextmanager
def hiring(base: Search, levers: Sequence[Lever], *, seconds: float) -> Iterator[Hired]:
    """The model of these adults, with the proof gone through again; its bench is closed at the end."""
    problem = base.problem
    doubles = {one.id: one for one in (double(problem, lever) for lever in levers)}
    needs = tuple(need.id for need in problem.needs)
    anybody = tuple(replace(one, needs=needs) for one in doubles.values())
    facts = facts_of(replace(problem, staff=(*problem.staff, *anybody)))
    sheet = sheet_of(facts, threads=base.threads, seed=base.seed, apart=set(doubles))
    try:
        search = base.trial(problem, seconds=_PROOF_SHARE * seconds, aim=base.aim, facts=base.facts)
        if base.best is not None:
            search.offer(plan_in(base.best))
        closed = _closed(sheet, doubles)
        losses = Losses(len(sheet.rank))
        proof = proven(frame_of(sheet.model, sheet.bench, search, losses, fixed=closed.fixed), closed)
        hired = Hired(base, sheet, proof, losses, {}, {})
        if levers:
            _promise(hired, levers, closed)
        yield hired
    finally:
        sheet.bench.close()


def _closed(sheet: Sheet, doubles: Collection[str]) -> Bounds:
    """As things are: nobody more."""
    bounds = as_things_are(sheet)
    bounds.high[
        [sheet.rank[column] for (team, *_), column in sheet.model.fresh.items() if team[0] in doubles]
    ] = 0
    return bounds


def _opened(problem: Problem, sheet: Sheet, lever: Lever) -> Bounds:
    """With one more adult: of the groups that they could lead, one."""
    hired = double(problem, lever)
    fresh, (slot,) = sheet.model.fresh, hired.slots
    theirs = [
        sheet.rank[fresh[(hired.id,), slot, need]]
        for need in hired.needs
        if ((hired.id,), slot, need) in fresh
    ]
    bounds = _closed(
        sheet, [team[0] for team, *_ in fresh if team[0] not in {one.id for one in problem.staff}]
    )
    bounds.high[theirs] = 1
    return replace(bounds, opened=tuple(theirs))


def _promise(hired: Hired, levers: Sequence[Lever], closed: Bounds) -> None:
    """Take note of what the relaxation of the whole promises of each adult more."""
    base, sheet, basis = hired.base, hired.sheet, hired.proof.basis
    bounds = [closed, *(_opened(base.problem, sheet, lever) for lever in levers)]
    tasks = [Task(one.low, one.high, basis) for one in bounds]
    here, *answers = sheet.bench.solve(tasks, seconds=_PROMISE_SECONDS, fixed=closed.fixed)
    for lever, answer in zip(levers, answers, strict=True):
        if np.isfinite(answer.bound) and np.isfinite(here.bound):
            hired.limits[lever] = answer.bound
            hired.hopes[lever] = max(0.0, answer.bound - here.bound)
