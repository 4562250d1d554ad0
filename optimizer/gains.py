"""Where one more would help most: what each lever brings to the best score, exactly where the time suffices.

One more adult is a few bounds of one need model that holds an adult for anything at each slot, shut as things
are: what the proof of the best score went through says at once where one more can help, as for a wish. The other
levers change rules, and each is searched as a problem of its own.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from optimizer.branching import Losses
from optimizer.counting import frame_of
from optimizer.facts import facts_of
from optimizer.levers import Kind, Lever, double, levers_of, pulled
from optimizer.linear import Numbers, Task
from optimizer.parts import Proof, proven, where_to_look
from optimizer.plan import plan_in
from optimizer.problem import Problem
from optimizer.search import Search
from optimizer.settle import settle
from optimizer.sheet import Bounds, Sheet, as_things_are, counts_of, sheet_of
from optimizer.solution import Solution
from optimizer.solve import exactly, proven_impossible
from optimizer.tree import Frame, Tree
from optimizer.unserved import Unserved, unserved_in

_LEAST_SECONDS = 0.05
_PROOF_SHARE = 0.4
"""Of the time, at most, to go through the proof of the best score with the adults that there could be."""
_RULE_SHARE = 0.05
"""Of the time left, at most, for a lever that changes a rule."""
_NEARBY_RELAXATIONS = 20
_PROMISE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Gain:
    """What a lever brings to the best score, and to whom."""

    lever: Lever
    least: int | float
    most: int | float | None
    """None: not known."""
    serves: tuple[str, ...]
    """Students whose strong need is unserved in the proposal and served in the best one found with the lever."""
    loses: int
    """Students the other way round."""
    estimate: float | None
    """What the relaxation promised, which is only good for choosing what to try."""

    def to_json(self) -> dict[str, object]:
        """The gain as a JSON object."""
        lever = self.lever
        return {
            "kind": lever.kind.value,
            "slot": lever.slot,
            "needs": list(lever.needs),
            "like": lever.like,
            "least": self.least,
            "most": self.most,
            "exact": self.least == self.most,
            "serves": list(self.serves),
            "loses": self.loses,
            "estimate": self.estimate,
        }


def gains(
    problem: Problem,
    solution: Solution,
    missing: Sequence[Unserved],
    *,
    base: Search,
    time_limit: float,
) -> tuple[Gain, ...]:
    """What one more of each brings, the best first, as far as the time goes; `base`: the best score as things are.

    Those that the time does not suffice for are intervals.
    """
    end = time.monotonic() + time_limit
    levers = list(levers_of(problem, missing))
    found = []
    with _hiring(base, [lever for lever in levers if lever.kind is Kind.STAFF], seconds=time_limit) as hired:
        order = sorted(levers, key=lambda lever: (lever.kind is Kind.STAFF, -hired.hopes.get(lever, 0.0)))
        for rank, lever in enumerate(order):
            left = max(0.0, end - time.monotonic())
            part = min(1.0, 4 / (len(order) - rank)) if lever.kind is Kind.STAFF else _RULE_SHARE
            share = max(_LEAST_SECONDS, part * left) if left else 0.0
            if base.stopped:
                break
            search = base.trial(pulled(base.problem, lever), seconds=share, aim=base.aim)
            for plan in (solution, base.best):
                if plan is not None:
                    search.offer(plan_in(plan))
            if lever.kind is Kind.STAFF:
                hired.look(search, lever)
            elif share:
                proven_impossible(search)
            found.append(_gain(solution, lever, search, base=base, hope=hired.hopes.get(lever)))
    return tuple(sorted(found, key=lambda one: (-one.least, -(one.most or 0), -len(one.serves))))


def _gain(solution: Solution, lever: Lever, search: Search, *, base: Search, hope: float | None) -> Gain:
    best = search.best or solution
    before, after = (set(unserved_in(search.facts, one)) for one in (base.best or solution, best))
    return Gain(
        lever=lever,
        least=max(0, search.value - base.bound),
        most=None if np.isinf(search.bound) else search.bound - base.value,
        serves=tuple(name for name in search.facts.strong if name in before - after),
        loses=len(after - before),
        estimate=None if hope is None else round(hope, 1),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Hired:
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
            _beside(frame, self.sheet, bounds, counts_of(self.sheet, tuple(before)), lever.slot or "")
        nodes = where_to_look(self.sheet, self.proof, frame, bounds, wider=True)
        Tree(frame, nearby=False).resume(nodes, bounds.low, bounds.high)
        if not search.done and not search.out_of_time:
            exactly(search)


@contextmanager
def _hiring(base: Search, levers: Sequence[Lever], *, seconds: float) -> Iterator[_Hired]:
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
        hired = _Hired(base, sheet, proof, losses, {}, {})
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


def _beside(frame: Frame, sheet: Sheet, bounds: Bounds, counts: Numbers, slot: str) -> None:
    """Search the groups there are, with one more at the slot of the adult more."""
    high = counts.copy()
    for (where, _), column in sheet.model.groups.items():
        high[sheet.rank[column]] += where == slot
    high[list(bounds.opened)] = 1
    high[[sheet.rank[column] for column in sheet.model.opened.values()]] = 1
    low = np.where(np.isnan(counts), bounds.low, np.maximum(bounds.low, counts))
    high = np.where(np.isnan(high), bounds.high, np.minimum(bounds.high, high))
    if (low <= high).all():
        Tree(frame, budget=_NEARBY_RELAXATIONS).run(low, high)


def _promise(hired: _Hired, levers: Sequence[Lever], closed: Bounds) -> None:
    """Take note of what the relaxation of the whole promises of each adult more."""
    base, sheet, basis = hired.base, hired.sheet, hired.proof.basis
    bounds = [closed, *(_opened(base.problem, sheet, lever) for lever in levers)]
    tasks = [Task(one.low, one.high, basis) for one in bounds]
    here, *answers = sheet.bench.solve(tasks, seconds=_PROMISE_SECONDS, fixed=closed.fixed)
    for lever, answer in zip(levers, answers, strict=True):
        if np.isfinite(answer.bound) and np.isfinite(here.bound):
            hired.limits[lever] = answer.bound
            hired.hopes[lever] = max(0.0, answer.bound - here.bound)
