"""One more of something as a few bounds: a need model that holds an adult for anything at each slot, a room more
at each, a need more to open, all of it shut as things are."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from optimizer.counted.counting import frame_of
from optimizer.counted.need_columns import NeedModel
from optimizer.explanations.beside import look_beside
from optimizer.explanations.levers import Kind, Lever, double, pulled
from optimizer.explanations.parts import Proof, proven, where_to_look
from optimizer.explanations.settle import settle
from optimizer.explanations.sheet import Bounds, Sheet, as_things_are, counts_of, sheet_of
from optimizer.facts import facts_of, room_stock
from optimizer.plan import plan_in
from optimizer.program import Column
from optimizer.search import Search
from optimizer.search_tree.branching import Losses
from optimizer.search_tree.linear import Task
from optimizer.search_tree.tree import Tree
from optimizer.solve import exactly

_PROOF_SHARE = 0.4
"""Of the time, at most, to go through the proof of the best score with the adults that there could be."""
_PROMISE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Hired:
    """The model with one more of everything, and the proof of the best score without."""

    base: Search
    sheet: Sheet
    proof: Proof
    losses: Losses
    more: Mapping[Lever, Column]
    """1 when there is one more of what the lever says; adults have columns of their own."""
    hopes: dict[Lever, float]
    """What the relaxation of the whole gains by each."""
    limits: dict[Lever, float]
    """What no proposal with one more can exceed."""

    def look(self, search: Search, lever: Lever) -> None:
        """Search the best with one more of what the lever says."""
        search.lower(self.limits.get(lever, np.inf))
        bounds = _opened(self, lever)
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
            look_beside(frame, self.sheet, bounds, counts_of(self.sheet, tuple(before)), lever.slot)
        nodes = where_to_look(self.sheet, self.proof, frame, bounds, wider=True)
        Tree(frame, nearby=False).resume(nodes, bounds.low, bounds.high)
        if not search.done and not search.out_of_time:
            exactly(search)


@contextmanager
def hiring(base: Search, levers: Sequence[Lever], *, seconds: float) -> Iterator[Hired]:
    """The model of these levers, with the proof gone through again; its bench is closed at the end."""
    problem = base.problem
    doubles = {one.id: one for one in (double(problem, one) for one in levers if one.kind is Kind.STAFF)}
    needs = tuple(need.id for need in problem.needs)
    anybody = tuple(replace(one, needs=needs) for one in doubles.values())
    wide = replace(problem, staff=(*problem.staff, *anybody))
    shared = [lever for lever in levers if lever.kind is not Kind.STAFF]
    for lever in shared:
        wide = pulled(wide, lever)
    more: dict[Lever, Column] = {}
    sheet = sheet_of(
        facts_of(wide),
        threads=base.threads,
        seed=base.seed,
        apart=set(doubles),
        tightened=lambda model: more.update({lever: _more(model, base, lever) for lever in shared}),
    )
    try:
        search = base.trial(problem, seconds=_PROOF_SHARE * seconds, aim=base.aim, facts=base.facts)
        if base.best is not None:
            search.offer(plan_in(base.best))
        closed = _closed(sheet, doubles, more.values())
        losses = Losses(len(sheet.rank))
        proof = proven(frame_of(sheet.model, sheet.bench, search, losses, fixed=closed.fixed), closed)
        hired = Hired(base, sheet, proof, losses, more, {}, {})
        if levers:
            _promise(hired, levers, closed)
        yield hired
    finally:
        sheet.bench.close()


def _more(model: NeedModel, base: Search, lever: Lever) -> Column:
    """A column without which there is no more of what the lever says, in a model of the problem that has it."""
    more, program = model.program.binary(), model.program
    if lever.kind is Kind.NEED_OPEN:
        needs = model.facts.needs
        opened = [(column, 1.0) for need, column in model.opened.items() if not needs[need].reception]
        program.at_most([*opened, (more, -1.0)], base.problem.rules.max_needs_open)
        return more
    slot = lever.slot or ""
    there = room_stock(base.facts, slot)
    for capacity, number in room_stock(model.facts, slot).items():
        before = there.get(capacity, 0)
        if number > before:
            taken = [
                (given[capacity], 1.0)
                for (where, _), given in model.given.items()
                if where == slot and capacity in given
            ]
            program.at_most([*taken, (more, float(before - number))], before)
    return more


def _closed(sheet: Sheet, doubles: Collection[str], more: Iterable[Column]) -> Bounds:
    """As things are: nothing more."""
    bounds = as_things_are(sheet)
    shut = [column for (team, *_), column in sheet.model.fresh.items() if team[0] in doubles]
    bounds.high[[sheet.rank[column] for column in (*shut, *more)]] = 0
    return bounds


def _opened(hired: Hired, lever: Lever) -> Bounds:
    """With one more of what the lever says: of the groups that an adult could lead, one."""
    problem, sheet = hired.base.problem, hired.sheet
    fresh, staff = sheet.model.fresh, {one.id for one in problem.staff}
    if lever.kind is Kind.STAFF:
        one = double(problem, lever)
        cells = [((one.id,), *one.slots, need) for need in one.needs]
        theirs = [sheet.rank[fresh[cell]] for cell in cells if cell in fresh]
    else:
        theirs = [sheet.rank[hired.more[lever]]]
    bounds = _closed(sheet, [team[0] for team, *_ in fresh if team[0] not in staff], hired.more.values())
    bounds.high[theirs] = 1
    return replace(bounds, opened=tuple(theirs))


def _promise(hired: Hired, levers: Sequence[Lever], closed: Bounds) -> None:
    """Take note of what the relaxation of the whole promises of each lever."""
    sheet, basis = hired.sheet, hired.proof.basis
    bounds = [closed, *(_opened(hired, lever) for lever in levers)]
    tasks = [Task(one.low, one.high, basis) for one in bounds]
    here, *answers = sheet.bench.solve(tasks, seconds=_PROMISE_SECONDS, fixed=closed.fixed)
    for lever, answer in zip(levers, answers, strict=True):
        if np.isfinite(answer.bound) and np.isfinite(here.bound):
            hired.limits[lever] = answer.bound
            hired.hopes[lever] = max(0.0, answer.bound - here.bound)
