"""The direct model given to other solvers: python -m tests.benchmarks.references SOLVER MODEL.npz OPTIONS.

Prints one line of JSON: seconds (the solver's run alone, not the reading of the model), score, bound, values.
Knows only the arrays of `direct`: CP-SAT and HiGHS cannot be imported in one process, so nothing of the
optimiser is imported here, and each solver only where it is run.
"""

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.memory import peak_megabytes

if TYPE_CHECKING:
    from highspy import HighsLp

Arrays = Mapping[str, np.ndarray]
FREE = 1e9
"""What the arrays write for "no limit"."""
WORKERS = 8


@dataclass(frozen=True, slots=True)
class Run:
    """When to stop, and with how many threads (CP-SAT always has 8 workers)."""

    gap: float
    limit: float
    threads: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a solver found: score None = no solution, bound None = not told."""

    seconds: float
    score: float | None
    bound: float | None
    values: list[float]
    megabytes: float | None = None


def cp_sat(model: Arrays, run: Run) -> Found:
    """CP-SAT with 8 workers."""
    from ortools.sat.python import cp_model

    program = cp_model.CpModel()
    columns = [program.new_int_var(0, int(high), "") for high in model["high"]]
    for terms, low, high in _rows(model):
        total = cp_model.LinearExpr.weighted_sum(
            [columns[key] for key, _ in terms], [int(by) for _, by in terms]
        )
        program.add_linear_constraint(total, int(low), int(high))
    program.maximize(cp_model.LinearExpr.weighted_sum(columns, model["cost"].tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.relative_gap_limit = run.gap
    solver.parameters.max_time_in_seconds = run.limit
    begun = time.perf_counter()
    status = solver.solve(program)
    seconds = time.perf_counter() - begun
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        bound = None if status == cp_model.INFEASIBLE else solver.best_objective_bound
        return Found(seconds, None, bound, [])
    values = [float(solver.value(column)) for column in columns]
    return Found(seconds, solver.objective_value, solver.best_objective_bound, values)


def cbc(model: Arrays, run: Run) -> Found:
    """CBC through PuLP; its bound is read in its own words."""
    import pulp

    program = pulp.LpProblem("direct", pulp.LpMaximize)
    columns = [
        program.add_variable(f"x{place}", 0, float(high), pulp.LpInteger)
        for place, high in enumerate(model["high"])
    ]
    program.setObjective(pulp.LpAffineExpression(zip(columns, model["cost"].tolist(), strict=True)))
    for terms, low, high in _rows(model):
        total = pulp.LpAffineExpression([(columns[key], by) for key, by in terms])
        for sense, limit in ((pulp.LpConstraintGE, low), (pulp.LpConstraintLE, high)):
            if abs(limit) < FREE:
                program.addConstraint(pulp.LpConstraint(total.copy(), sense, rhs=limit))
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        solver = pulp.PULP_CBC_CMD(
            msg=False, timeLimit=run.limit, gapRel=run.gap, threads=run.threads, logPath=str(log)
        )
        begun = time.perf_counter()
        program.solve(solver)
        seconds = time.perf_counter() - begun
        said = log.read_text("utf-8", errors="replace")
    if program.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Found(seconds, None, _cbc_bound(said, None), [])
    score = program.objective.value()
    return Found(seconds, score, _cbc_bound(said, score), [column.varValue or 0.0 for column in columns])


def _cbc_bound(said: str, score: float | None) -> float | None:
    """CBC minimises the opposite: its lower bound is ours from above. No bound told = none needed (optimal)."""
    bounds = re.findall(r"^Lower bound:\s+(-?[\d.e+]+)", said, re.MULTILINE)
    if bounds:
        return -float(bounds[-1])
    best = re.findall(r"best possible (-?[\d.e+]+)", said)
    if "Optimal solution found" in said:
        return score
    return -float(best[-1]) if best else None


def highs(model: Arrays, run: Run) -> Found:
    """HiGHS's own search."""
    return _highs(model, run, whole=True)


def relaxation(model: Arrays, run: Run) -> Found:
    """The LP relaxation by HiGHS: a bound, and no solution."""
    return _highs(model, run, whole=False)


def _highs(model: Arrays, run: Run, *, whole: bool) -> Found:
    from highspy import Highs, HighsModelStatus

    lp = _lp(model, whole=whole)
    solver = Highs()
    for option, setting in (
        ("output_flag", False),
        ("threads", run.threads),
        ("mip_rel_gap", run.gap),
        ("time_limit", run.limit),
    ):
        solver.setOptionValue(option, setting)
    solver.passModel(lp)
    begun = time.perf_counter()
    solver.run()
    seconds = time.perf_counter() - begun
    info = solver.getInfo()
    if not whole:
        done = solver.getModelStatus() == HighsModelStatus.kOptimal
        return Found(seconds, None, -info.objective_function_value if done else None, [])
    bound = -info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else None
    if info.primal_solution_status != 2:
        return Found(seconds, None, bound, [])
    return Found(seconds, -info.objective_function_value, bound, list(solver.getSolution().col_value))


def _lp(model: Arrays, *, whole: bool) -> "HighsLp":
    """The arrays as HiGHS takes them, to minimise."""
    from highspy import HighsLp, HighsVarType, MatrixFormat

    lp = HighsLp()
    lp.num_col_, lp.num_row_ = len(model["cost"]), len(model["row_low"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model["cost"], np.zeros(len(model["cost"])), model["high"]
    lp.row_lower_, lp.row_upper_ = (_infinite(model[name]) for name in ("row_low", "row_high"))
    lp.a_matrix_.format_ = MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = model["start"].astype(np.int32), model["columns"]
    lp.a_matrix_.value_ = model["factors"]
    if whole:
        lp.integrality_ = [HighsVarType.kInteger] * lp.num_col_
    return lp


def _infinite(limits: np.ndarray) -> np.ndarray:
    return np.where(limits >= FREE, np.inf, np.where(limits <= -FREE, -np.inf, limits))


def _rows(model: Arrays) -> list[tuple[list[tuple[int, float]], float, float]]:
    start, columns, factors = (model[name].tolist() for name in ("start", "columns", "factors"))
    return [
        (list(zip(columns[begin:end], factors[begin:end], strict=True)), low, high)
        for begin, end, low, high in zip(
            start[:-1], start[1:], model["row_low"].tolist(), model["row_high"].tolist(), strict=True
        )
    ]


SOLVERS: Mapping[str, Callable[[Arrays, Run], Found]] = {
    "cp-sat": cp_sat,
    "cbc": cbc,
    "highs": highs,
    "lp": relaxation,
}


def main() -> None:
    """Run one solver on one model and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("solver", choices=SOLVERS)
    parser.add_argument("model", type=Path)
    parser.add_argument("--gap", type=float, required=True)
    parser.add_argument("--limit", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    with np.load(options.model) as held:
        model = {name: held[name] for name in held.files}
    found = SOLVERS[options.solver](model, Run(options.gap, options.limit, options.threads))
    print(json.dumps({**asdict(found), "megabytes": peak_megabytes()}))


if __name__ == "__main__":
    main()
