"""Linear relaxations solved again and again with other bounds: HiGHS's simplex, started warm.

Rows marked lazy wait outside until a solution breaks them: most never matter, and without them the
simplex is several times faster. An answer depends on the bounds, the basis it starts from and the rows
let in so far, never on which thread found it or when, so that a search repeats itself exactly.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pulp
from highspy import Highs, HighsBasis, HighsBasisStatus, HighsLp, HighsModelStatus, MatrixFormat

from optimizer.program import Program

Numbers = np.ndarray
_TOLERANCE = 1e-6
_DEVEX, _STEEPEST = 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a matrix, one after the other: row r holds entries start[r] to start[r + 1]."""

    start: Numbers
    columns: Numbers
    factors: Numbers
    low: Numbers
    high: Numbers

    def broken(self, values: Numbers, among: Numbers) -> Numbers:
        """Those of the rows `among` that the values break, in order."""
        if not len(among):
            return among
        sums = np.add.reduceat(np.append(self.factors * values[self.columns], 0.0), self.start[:-1])[among]
        return among[(sums > self.high[among] + _TOLERANCE) | (sums < self.low[among] - _TOLERANCE)]


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A programme as arrays: to minimise cost · x + offset; columns in the order they were made."""

    cost: Numbers
    offset: float
    low: Numbers
    high: Numbers
    whole: Numbers
    """The columns that must take whole values."""
    followers: Numbers
    """Columns from 0 to 1 that are 0 where a whole column, their leader, is."""
    leaders: Numbers
    """Positions of these leaders among the whole columns."""
    rows: Rows
    waiting: Rows


def form_of(program: Program) -> Form:
    """The arrays of a programme; PuLP maximises, HiGHS minimises."""
    lp, columns = program.lp, program.columns
    place = {column: rank for rank, column in enumerate(columns)}
    cost, offset = costs_of(program)
    whole = np.array([rank for rank, column in enumerate(columns) if column.cat == pulp.LpInteger], np.int32)
    return Form(
        cost=cost,
        offset=offset,
        low=np.array([column.lowBound for column in columns], float),
        high=np.array([column.upBound for column in columns], float),
        whole=whole,
        followers=np.array([place[column] for column in program.leaders], np.int32),
        leaders=np.searchsorted(whole, [place[column] for column in program.leaders.values()]).astype(
            np.int32
        ),
        rows=_rows(lp.constraints(), place),
        waiting=_rows(program.waiting, place),
    )


def costs_of(program: Program) -> tuple[Numbers, float]:
    """The objective as HiGHS minimises it: costs by column, and the part that no column changes."""
    place = {column: rank for rank, column in enumerate(program.columns)}
    cost = np.zeros(len(place))
    for column, factor in program.lp.objective.items():
        cost[place[column]] = -factor
    return cost, -program.lp.objective.constant


def _rows(rows: Sequence[pulp.LpConstraint], place: dict[pulp.LpVariable, int]) -> Rows:
    start, columns, factors = [0], [], []
    for row in rows:
        columns.extend(place[column] for column in row)
        factors.extend(row.values())
        start.append(len(columns))
    bounds = [(row.getLb(), row.getUb()) for row in rows]
    return Rows(
        start=np.array(start, np.int32),
        columns=np.array(columns, np.int32),
        factors=np.array(factors, float),
        low=np.array([-math.inf if low is None else low for low, _ in bounds], float),
        high=np.array([math.inf if high is None else high for _, high in bounds], float),
    )


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
class Answer:
    """The most the objective can be; −inf: no solution, +inf: stopped before anything was known.

    `work` is what it took, in simplex iterations. `values` of all columns and `slopes` (what the objective
    gains for one more of each whole column) are there only where the simplex came to its end.
    """

    bound: float
    work: int
    values: Numbers | None = None
    slopes: Numbers | None = None
    basis: HighsBasis | None = None


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
        highs.passModel(_highs_lp(form))

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

    def solve(self, task: Task, *, seconds: float) -> Answer:
        """The relaxation with these bounds and the rows let in."""
        highs, form = self._highs, self._form
        highs.changeColsBounds(len(form.whole), form.whole, task.low, task.high)
        most = np.minimum(task.high[form.leaders], 1.0)
        highs.changeColsBounds(len(most), form.followers, np.zeros(len(most)), most)
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
        return Answer(
            bound=-info.objective_function_value,
            work=work,
            values=np.array(solution.col_value),
            slopes=-np.array(solution.col_dual)[form.whole],
            basis=highs.getBasis(),
        )


def _highs_lp(form: Form) -> HighsLp:
    lp = HighsLp()
    lp.num_col_, lp.num_row_ = len(form.cost), len(form.rows.low)
    lp.col_cost_, lp.offset_ = form.cost, form.offset
    lp.col_lower_, lp.col_upper_ = form.low, form.high
    lp.row_lower_, lp.row_upper_ = form.rows.low, form.rows.high
    lp.a_matrix_.format_ = MatrixFormat.kRowwise
    lp.a_matrix_.start_ = form.rows.start
    lp.a_matrix_.index_ = form.rows.columns
    lp.a_matrix_.value_ = form.rows.factors
    return lp


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

    __slots__ = ("_admitted", "_executor", "_form", "_models", "_outside")

    def __init__(self, form: Form, *, threads: int, seed: int) -> None:
        self._form = form
        self._models = [Simplex(form, seed=seed) for _ in range(threads)]
        self._executor = ThreadPoolExecutor(threads) if threads > 1 else None
        self._admitted: list[int] = []
        self._outside = np.arange(len(form.waiting.low))

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
        for model in self._models:
            model.aim(cost, offset)

    def close(self) -> None:
        """Let go of the threads."""
        if self._executor is not None:
            self._executor.shutdown()

    def solve(self, tasks: Sequence[Task], *, seconds: float) -> list[Answer]:
        """The answers, in order; those that came to their end break no waiting row."""
        answers = self._run(tasks, seconds)
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
            entering = np.unique(np.concatenate([broken[rank] for rank in again]))
            self._admitted.extend(entering.tolist())
            self._outside = np.setdiff1d(self._outside, entering, assume_unique=True)
            rerun = [replace(tasks[rank], basis=answers[rank].basis) for rank in again]
            for rank, answer in zip(again, self._run(rerun, seconds), strict=True):
                answers[rank] = replace(answer, work=answers[rank].work + answer.work)

    def _run(self, tasks: Sequence[Task], seconds: float) -> list[Answer]:
        """The answers, in order; which model takes which task never depends on the clock."""

        def share(first: int) -> list[Answer]:
            model = self._models[first]
            model.let_in(self._admitted)
            return [model.solve(task, seconds=seconds) for task in tasks[first :: len(self._models)]]

        firsts = range(min(len(self._models), len(tasks)))
        shares = list(map(share, firsts) if self._executor is None else self._executor.map(share, firsts))
        return [shares[rank % len(self._models)][rank // len(self._models)] for rank in range(len(tasks))]
