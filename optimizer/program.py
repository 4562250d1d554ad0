"""A linear programme under construction (PuLP), and its run by HiGHS with a status that is true.

PuLP says "Optimal" of a run that a limit stopped; here the verdict is HiGHS's own, with its bound.
"""

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulp
from highspy import Highs, HighsModelStatus, cb

from optimizer.arrays import bounds_of, costs_in, highs_model, places_in, rows_in

Column = pulp.LpVariable
Term = tuple[Column, float]


class Verdict(StrEnum):
    """Why a run ended."""

    BEST = "best"
    """A solution, the best within the gaps asked for."""
    STOPPED = "stopped"
    """A solution, and the run was stopped."""
    IMPOSSIBLE = "impossible"
    """Proven: no solution."""
    NOTHING = "nothing"
    """The run was stopped before any solution."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a run: values stay in the columns. `bound` is an upper bound of the objective."""

    verdict: Verdict
    objective: float
    bound: float
    work: int = 0
    """What it took, in simplex iterations."""

    @property
    def found(self) -> bool:
        """Whether the columns hold a solution."""
        return self.verdict in (Verdict.BEST, Verdict.STOPPED)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a run must end, and how it is run."""

    seconds: float
    stop: threading.Event
    seed: int = 0
    gap: float = 0.0
    """Relative gap at which to stop."""
    whole: bool = False
    """The objective takes whole values only: a bound less than 1 above is a proof."""


class Program:
    """A programme to maximise: columns and rows, each row added by a sentence-like call."""

    __slots__ = ("columns", "leaders", "lp", "waiting")

    def __init__(self) -> None:
        self.lp = pulp.LpProblem("regrouping", pulp.LpMaximize)
        self.columns: list[Column] = []
        """In the order they were made."""
        self.leaders: dict[Column, Column] = {}
        """Columns from 0 to 1 that the rows keep at 0 where another, a whole one, is 0."""
        self.waiting: list[pulp.LpConstraint] = []
        """Rows that a relaxation only takes in once a solution breaks them; see `linear.py`."""

    def _column(self, high: float, category: str) -> Column:
        column = self.lp.add_variable(f"x{len(self.columns):07d}", 0, high, category)
        self.columns.append(column)
        return column

    def binary(self) -> Column:
        """A new column worth 0 or 1."""
        return self._column(1, pulp.LpInteger)

    def count(self, high: int) -> Column:
        """A new column worth a whole number from 0 to `high`."""
        return self._column(high, pulp.LpInteger)

    def part(self, *, leader: Column | None = None) -> Column:
        """A new continuous column from 0 to 1; `leader`: a whole column without which it is 0."""
        column = self.amount(1)
        if leader is not None:
            self.leaders[column] = leader
        return column

    def amount(self, high: float) -> Column:
        """A new continuous column from 0 to `high`."""
        return self._column(high, pulp.LpContinuous)

    def take(self, values: Sequence[float]) -> None:
        """Give the columns these values, in the order they were made."""
        for column, found in zip(self.columns, values, strict=True):
            column.varValue = found

    def at_most(self, terms: Iterable[Term], limit: float, *, waiting: bool = False) -> None:
        """Σ terms ≤ limit; `waiting`: most solutions respect it without being told."""
        self._row(terms, pulp.LpConstraintLE, limit, waiting=waiting)

    def at_least(self, terms: Iterable[Term], limit: float, *, waiting: bool = False) -> None:
        """Σ terms ≥ limit; `waiting` as in `at_most`."""
        self._row(terms, pulp.LpConstraintGE, limit, waiting=waiting)

    def exactly(self, terms: Iterable[Term], value: float) -> None:
        """Σ terms = value."""
        self._row(terms, pulp.LpConstraintEQ, value)

    def _row(self, terms: Iterable[Term], sense: int, limit: float, *, waiting: bool = False) -> None:
        row = pulp.LpConstraint(_summed(terms), sense, rhs=limit)
        # An empty row that fails is kept: `0 ≥ 1` is how a programme says that nothing can be done.
        if len(row) == 0 and _holds_empty(sense, limit):
            return
        if waiting:
            self.waiting.append(row)
        else:
            self.lp.addConstraint(row)

    def maximise(self, terms: Iterable[Term], constant: float) -> None:
        """Σ terms + constant, to be made as large as possible."""
        expression = _summed(terms)
        expression.constant = constant
        self.lp.setObjective(expression)


def _holds_empty(sense: int, limit: float) -> bool:
    if sense == pulp.LpConstraintEQ:
        return limit == 0
    return limit >= 0 if sense == pulp.LpConstraintLE else limit <= 0


def _summed(terms: Iterable[Term]) -> pulp.LpAffineExpression:
    total: dict[Column, float] = {}
    for column, factor in terms:
        total[column] = total.get(column, 0) + factor
    return pulp.LpAffineExpression(total)


def value(column: Column) -> float:
    """The value of a column after a run; 0 for a column that no row and no objective uses."""
    return column.varValue or 0.0


def run(
    program: Program,
    limits: Limits,
    *,
    start: Mapping[Column, float] | None = None,
    on_bound: Callable[[float], bool] | None = None,
    on_solution: Callable[[], None] | None = None,
) -> Outcome:
    """Maximise a programme: HiGHS's verdict, the objective and a bound true for the whole programme.

    `start` gives HiGHS a solution to begin with. `on_bound` hears of
    the bound while it runs, and says whether it is good enough to stop; `on_solution` is called with
    each better solution in the columns.
    """
    if limits.seconds <= 0 or limits.stop.is_set():
        return Outcome(Verdict.NOTHING, -math.inf, math.inf)
    for column in program.columns:
        column.varValue = None
    if not program.columns:
        return _run_empty(program)
    highs = _solver(program, limits, on_bound=on_bound, on_solution=on_solution)
    place = places_in(program.columns)
    whole = [column.cat == pulp.LpInteger for column in program.columns]
    cost, offset = costs_in(program.lp, place)
    low, high = bounds_of(program.columns)
    rows = rows_in(program.lp.constraints(), place)
    highs.passModel(highs_model(cost, offset, low=low, high=high, rows=rows, whole=whole))
    if start:
        highs.setSolution(len(start), [place[column] for column in start], list(start.values()))
    highs.run()
    if highs.getInfo().primal_solution_status == _FEASIBLE:
        program.take(highs.getSolution().col_value)
    return _outcome(highs, is_mip=any(whole))


def _run_empty(program: Program) -> Outcome:
    """The outcome of a programme without columns: the rows that are kept fail."""
    if not program.lp.constraints():
        constant = program.lp.objective.constant
        return Outcome(Verdict.BEST, constant, constant)
    return Outcome(Verdict.IMPOSSIBLE, -math.inf, -math.inf)


def _solver(
    program: Program,
    limits: Limits,
    *,
    on_bound: Callable[[float], bool] | None = None,
    on_solution: Callable[[], None] | None = None,
) -> Highs:
    """HiGHS with these limits, listening to the stop signal and reporting as it goes."""
    kinds = cb.HighsCallbackType

    def react(kind: object, _: str, seen: object, answer: object, __: object) -> None:
        if kind == kinds.kCallbackMipImprovingSolution:
            if on_solution:
                program.take(seen.mip_solution)  # type: ignore[attr-defined]
                on_solution()
        elif limits.stop.is_set() or (
            kind == kinds.kCallbackMipInterrupt and on_bound is not None and on_bound(-seen.mip_dual_bound)  # type: ignore[attr-defined]
        ):
            answer.user_interrupt = True  # type: ignore[attr-defined]

    highs = Highs()
    for option, setting in (
        ("output_flag", False),
        ("time_limit", float(limits.seconds)),
        # HiGHS keeps one pool of threads a process: another number than the first is an error.
        ("threads", 1),
        ("mip_rel_gap", limits.gap),
        ("mip_abs_gap", 0.999 if limits.whole else 1e-6),
        ("random_seed", limits.seed),
    ):
        highs.setOptionValue(option, setting)
    highs.setCallback(react, None)
    highs.startCallback(kinds.kCallbackMipInterrupt)
    highs.startCallback(kinds.kCallbackSimplexInterrupt)
    if on_solution:
        highs.startCallback(kinds.kCallbackMipImprovingSolution)
    return highs


_FEASIBLE = 2
"""HiGHS's word for a solution that is lawful."""
_DONE = (HighsModelStatus.kOptimal, HighsModelStatus.kModelEmpty)
_NONE = (HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible)


def _outcome(highs: Highs, *, is_mip: bool) -> Outcome:
    """The verdict of HiGHS; programmes here have bounded columns, so none is unbounded."""
    status, info = highs.getModelStatus(), highs.getInfo()
    if status in _NONE:
        return Outcome(Verdict.IMPOSSIBLE, -math.inf, -math.inf)
    found = info.primal_solution_status == _FEASIBLE
    objective = -info.objective_function_value if found else -math.inf
    proven = objective if status in _DONE else math.inf
    bound = -info.mip_dual_bound if is_mip else proven
    work = max(0, info.simplex_iteration_count)
    if not found:
        return Outcome(Verdict.NOTHING, -math.inf, bound, work)
    verdict = Verdict.BEST if status in _DONE else Verdict.STOPPED
    return Outcome(verdict, objective, max(bound, objective), work)
