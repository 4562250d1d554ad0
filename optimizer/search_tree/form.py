"""A programme as arrays, as HiGHS takes it: for relaxations that are solved again and again."""

from dataclasses import dataclass

import numpy as np
import pulp
from highspy import HighsLp

from optimizer.arrays import Numbers, Rows, bounds_of, costs_in, highs_model, places_in, rows_in
from optimizer.program import Program

__all__ = ["Form", "Numbers", "Rows", "costs_of", "form_of", "highs_lp"]


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
    """The arrays of a programme."""
    columns, place = program.columns, places_in(program.columns)
    cost, offset = costs_in(program.lp, place)
    low, high = bounds_of(columns)
    whole = np.array([rank for rank, column in enumerate(columns) if column.cat == pulp.LpInteger], np.int32)
    leaders = [place[column] for column in program.leaders.values()]
    return Form(
        cost=cost,
        offset=offset,
        low=low,
        high=high,
        whole=whole,
        followers=np.array([place[column] for column in program.leaders], np.int32),
        leaders=np.searchsorted(whole, leaders).astype(np.int32),
        rows=rows_in(program.lp.constraints(), place),
        waiting=rows_in(program.waiting, place),
    )


def costs_of(program: Program) -> tuple[Numbers, float]:
    """The objective as HiGHS minimises it: costs by column, and the part that no column changes."""
    return costs_in(program.lp, places_in(program.columns))


def highs_lp(form: Form) -> HighsLp:
    """The model of a form, its waiting rows left out."""
    return highs_model(form.cost, form.offset, low=form.low, high=form.high, rows=form.rows)
