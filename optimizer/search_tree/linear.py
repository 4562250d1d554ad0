"""Linear relaxations solved again and again with other bounds: HiGHS's simplex, started warm.

Rows marked lazy wait outside until a solution breaks them: most never matter, and without them the
simplex is several times faster. An answer depends on the bounds, the basis it starts from and the rows
let in so far, never on which thread found it or when, so that a search repeats itself exactly.
"""

import math
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from highspy import Highs, HighsBasis, HighsBasisStatus, HighsModelStatus

from optimizer.search_tree.form import Form, Numbers, highs_lp
from optimizer.search_tree.interior import interior_start

_DEVEX, _STEEPEST = 1, 2
_LARGE = 40_000
"""Columns from which an interior point comes sooner to the first optimum than the simplex."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A relaxation to solve: bounds of the whole columns, a basis to start from.

    It may end early: after so many iterations, or once the objective is sure not to exceed `floor`.
    """

    low: Numbers
    high: Numbers
    basis: HighsBasis | None = None
    floor: float = -math.inf
    iterations: int | None = None
    long: bool = False
    """Many iterations are expected: worth computing exact edge weights first."""


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """Followers that a question decides, in every relaxation of it: their columns and values."""

    followers: Numbers
    values: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The most the objective can be; −inf: no solution, +inf: stopped before anything was known.

    `work` is what it took, in simplex iterations. `values` of all columns, `slopes` (what the objective gains
    for one more of each whole column) and `prices` (the same for all columns) are there only where the simplex
    came to its end.
    """

    bound: float
    work: int
    values: Numbers | None = None
    slopes: Numbers | None = None
    basis: HighsBasis | None = None
    prices: Numbers | None = None


class Simplex:
    """One HiGHS model of a form, with the waiting rows let in so far."""

    __slots__ = ("_form", "_highs", "_known")

    def __init__(self, form: Form, *, seed: int) -> None:
        self._form = form
        self._highs = highs = Highs()
        self._known = 0
        for option, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("presolve", "off"),
            ("solver", "simplex"),
            ("random_seed", seed),
        ):
            highs.setOptionValue(option, setting)
        highs.passModel(highs_lp(form))

    def let_in(self, rows: Sequence[int]) -> None:
        """Add the waiting rows that this model does not hold yet."""
        waiting = self._form.waiting
        for row in rows[self._known :]:
            begin, end = waiting.start[row], waiting.start[row + 1]
            self._highs.addRow(
                waiting.low[row],
                waiting.high[row],
                end - begin,
                waiting.columns[begin:end],
                waiting.factors[begin:end],
            )
        self._known = len(rows)

    def aim(self, cost: Numbers, offset: float) -> None:
        """Take another objective."""
        self._highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self._highs.changeObjectiveOffset(offset)

    def solve(self, task: Task, *, seconds: float, fixed: Fixed | None = None) -> Answer:
        """The relaxation with these bounds and the rows let in."""
        highs, form = self._highs, self._form
        highs.changeColsBounds(len(form.whole), form.whole, task.low, task.high)
        most = np.minimum(task.high[form.leaders], 1.0)
        highs.changeColsBounds(len(most), form.followers, np.zeros(len(most)), most)
        if fixed is not None:
            highs.changeColsBounds(len(fixed.followers), fixed.followers, fixed.values, fixed.values)
        highs.clearSolver()
        if task.basis is not None:
            highs.setBasis(_extended(task.basis, highs.getNumRow()))
        highs.setOptionValue("simplex_dual_edge_weight_strategy", _STEEPEST if task.long else _DEVEX)
        highs.setOptionValue("simplex_iteration_limit", task.iterations or 2**31 - 1)
        highs.setOptionValue("objective_bound", -task.floor)
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.0))
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        work = max(0, info.simplex_iteration_count)
        if status == HighsModelStatus.kInfeasible:
            return Answer(-math.inf, work)
        if status == HighsModelStatus.kObjectiveBound:
            return Answer(task.floor, work)
        if status == HighsModelStatus.kIterationLimit and info.dual_solution_status == 2:
            return Answer(-info.objective_function_value, work)
        if status not in (HighsModelStatus.kOptimal, HighsModelStatus.kModelEmpty):
            return Answer(math.inf, work)
        solution = highs.getSolution()
        prices = -np.array(solution.col_dual)
        return Answer(
            bound=-info.objective_function_value,
            work=work,
            values=np.array(solution.col_value),
            slopes=prices[form.whole],
            basis=highs.getBasis(),
            prices=prices,
        )


def _extended(basis: HighsBasis, rows: int) -> HighsBasis:
    """The basis for a model that has more rows by now: theirs are basic."""
    held = list(basis.row_status)
    if len(held) == rows:
        return basis
    longer = HighsBasis()
    longer.col_status = list(basis.col_status)
    longer.row_status = held + [HighsBasisStatus.kBasic] * (rows - len(held))
    longer.valid = True
    return longer


class Bench:
    """Several models of one form that share the rows let in, to solve tasks side by side."""

    __slots__ = ("_admitted", "_executor", "_form", "_models", "_outside", "_stop")

    def __init__(self, form: Form, *, threads: int, seed: int, stop: threading.Event | None = None) -> None:
        self._form = form
        self._stop = stop or threading.Event()
        self._models = [Simplex(form, seed=seed) for _ in range(threads)]
        self._executor = ThreadPoolExecutor(threads) if threads > 1 else None
        self._admitted: list[int] = []
        self._outside = np.arange(len(form.waiting.low))

    @property
    def form(self) -> Form:
        """The form of its models."""
        return self._form

    @property
    def whole(self) -> Numbers:
        """The columns that must take whole values; tasks bound these, in this order."""
        return self._form.whole

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self._form.cost)

    def aim(self, cost: Numbers, offset: float) -> None:
        """Take another objective, with the rows let in."""
        self._form = replace(self._form, cost=cost, offset=offset)
        for model in self._models:
            model.aim(cost, offset)

    def close(self) -> None:
        """Let go of the threads."""
        if self._executor is not None:
            self._executor.shutdown()

    def solve(self, tasks: Sequence[Task], *, seconds: float, fixed: Fixed | None = None) -> list[Answer]:
        """The answers, in order; those that came to their end break no waiting row."""
        if len(tasks) == 1 and tasks[0].long and self.columns > _LARGE and fixed is None:
            return [self._from_inside(tasks[0], seconds)]
        answers = self._run(tasks, seconds, fixed)
        again = list(range(len(tasks)))
        while True:
            broken = {
                rank: self._form.waiting.broken(values, self._outside)
                for rank in again
                if tasks[rank].iterations is None and (values := answers[rank].values) is not None
            }
            again = [rank for rank, rows in broken.items() if len(rows)]
            if not again:
                return answers
            self._admit(np.unique(np.concatenate([broken[rank] for rank in again])))
            rerun = [replace(tasks[rank], basis=answers[rank].basis) for rank in again]
            for rank, answer in zip(again, self._run(rerun, seconds, fixed), strict=True):
                answers[rank] = replace(answer, work=answers[rank].work + answer.work)

    def _admit(self, rows: Numbers) -> None:
        self._admitted.extend(rows.tolist())
        self._outside = np.setdiff1d(self._outside, rows, assume_unique=True)

    def _from_inside(self, task: Task, seconds: float) -> Answer:
        """The answer to a task from the optimum that an interior point finds."""
        start = interior_start(self._form, task.low, task.high, seconds=seconds, stop=self._stop)
        if self._stop.is_set():
            return Answer(math.inf, start.work)
        self._admit(start.rows)
        (answer,) = self.solve([replace(task, basis=start.basis, long=False)], seconds=seconds)
        return replace(answer, work=answer.work + start.work)

    def _run(self, tasks: Sequence[Task], seconds: float, fixed: Fixed | None) -> list[Answer]:
        """The answers, in order; which model takes which task never depends on the clock."""

        def share(first: int) -> list[Answer]:
            model = self._models[first]
            model.let_in(self._admitted)
            return [
                model.solve(task, seconds=seconds, fixed=fixed) for task in tasks[first :: len(self._models)]
            ]

        firsts = range(min(len(self._models), len(tasks)))
        shares = list(map(share, firsts) if self._executor is None else self._executor.map(share, firsts))
        return [shares[rank % len(self._models)][rank // len(self._models)] for rank in range(len(tasks))]
