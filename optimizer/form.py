"""A programme as arrays, as HiGHS takes it: for relaxations that are solved again and again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pulp
from highspy import HighsLp, MatrixFormat

from optimizer.program import Program

Numbers = np.ndarray
_TOLERANCE = 1e-6


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


def highs_lp(form: Form) -> HighsLp:
    """The model of a form, its waiting rows left out."""
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
