"""Rows and objective of a PuLP programme as arrays, as HiGHS takes them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pulp
from highspy import HighsLp, HighsVarType, MatrixFormat

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


def places_in(columns: Sequence[pulp.LpVariable]) -> dict[pulp.LpVariable, int]:
    """The position of each column."""
    return {column: rank for rank, column in enumerate(columns)}


def costs_in(lp: pulp.LpProblem, place: Mapping[pulp.LpVariable, int]) -> tuple[Numbers, float]:
    """The objective as HiGHS minimises it, PuLP maximising: costs by column, and the part that no column changes."""
    cost = np.zeros(len(place))
    for column, factor in lp.objective.items():
        cost[place[column]] = -factor
    return cost, -lp.objective.constant


def rows_in(rows: Iterable[pulp.LpConstraint], place: Mapping[pulp.LpVariable, int]) -> Rows:
    """These rows as arrays."""
    start, columns, factors = [0], [], []
    bounds = []
    for row in rows:
        columns.extend(place[column] for column in row)
        factors.extend(row.values())
        start.append(len(columns))
        bounds.append((row.getLb(), row.getUb()))
    return Rows(
        start=np.array(start, np.int32),
        columns=np.array(columns, np.int32),
        factors=np.array(factors, float),
        low=np.array([-math.inf if low is None else low for low, _ in bounds], float),
        high=np.array([math.inf if high is None else high for _, high in bounds], float),
    )


def bounds_of(columns: Sequence[pulp.LpVariable]) -> tuple[Numbers, Numbers]:
    """The bounds of columns that all have some."""
    low = np.array([column.lowBound for column in columns], float)
    return low, np.array([column.upBound for column in columns], float)


def highs_model(
    cost: Numbers, offset: float, *, low: Numbers, high: Numbers, rows: Rows, whole: Sequence[bool] = ()
) -> HighsLp:
    """The model that HiGHS minimises; `whole`: which columns must take whole values."""
    lp = HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows.low)
    lp.col_cost_, lp.offset_ = cost, offset
    lp.col_lower_, lp.col_upper_ = low, high
    lp.row_lower_, lp.row_upper_ = rows.low, rows.high
    lp.a_matrix_.format_ = MatrixFormat.kRowwise
    lp.a_matrix_.start_ = rows.start
    lp.a_matrix_.index_ = rows.columns
    lp.a_matrix_.value_ = rows.factors
    if any(whole):
        kinds = (HighsVarType.kContinuous, HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_whole] for is_whole in whole]
    return lp
