"""What cannot hold together, read off the duals of one relaxation in which every statement can be withdrawn.

What asks for groups (pins, the limit of moves) may be failed; the relaxation fails as little as it can. Where it
fails, the rows and doors with a price are why, and their statements cannot hold together. Where it does not, what
it holds is often a lawful proposal; if not, the same is asked with whole columns.
"""

import math
import threading
from collections.abc import Callable, Collection

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, cb

from optimizer.conflicts.ground import Ground
from optimizer.conflicts.ground_columns import GroundModel
from optimizer.plan import Plan

_NODES = 500
_FAILS = 1e-5
_PRICE = 1e-7


class Grounds:
    """The one owner of HiGHS's model of a ground, asked again and again with other statements."""

    __slots__ = ("_doors", "_ground", "_highs", "_model", "_pins", "_rows", "_uses", "_values")

    def __init__(self, model: GroundModel, *, seed: int, stop: threading.Event) -> None:
        self._model, self._ground = model, model.ground
        ground = self._ground
        self._rows = np.array(ground.row_tags, np.int32).reshape(-1, 2)
        self._doors = np.array([(column, tag) for column, tag, _ in ground.doors], np.int32).reshape(-1, 2)
        self._pins = [(place, pin) for place, (_, _, pins) in enumerate(ground.doors) for pin in pins]
        self._uses = np.array(ground.uses, np.int32).reshape(-1, 2)
        self._values: np.ndarray | None = None
        """The columns where the last question found nothing against the statements."""
        self._highs = highs = Highs()
        for option, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("solver", "simplex"),
            ("presolve", "off"),
            ("random_seed", seed),
            ("mip_max_nodes", _NODES),
        ):
            highs.setOptionValue(option, setting)
        highs.setCallback(_stopping(stop), None)
        for kind in (
            cb.HighsCallbackType.kCallbackMipInterrupt,
            cb.HighsCallbackType.kCallbackSimplexInterrupt,
        ):
            highs.startCallback(kind)
        highs.passModel(_lp(ground))

    def against(
        self, standing: Collection[int], *, lawful: Callable[[Plan], bool], seconds: float
    ) -> Collection[int] | None:
        """Statements among those standing that cannot hold together; None: none found, or a plan is lawful."""
        reason = self._reason(standing, seconds)
        if reason is not None or self._met(lawful):
            return reason
        if self._refused(standing, seconds):
            return standing
        self._met(lawful)
        return None

    def _met(self, lawful: Callable[[Plan], bool]) -> bool:
        """Whether the plan that the columns hold, if any, is lawful."""
        return self._values is not None and lawful(self._model.plan(self._values))

    def _reason(self, standing: Collection[int], seconds: float) -> frozenset[int] | None:
        """Statements among those standing that cannot hold together; None when the relaxation knows of none."""
        stands = self._stand(standing, failing=standing)
        self._values = self._run(seconds)
        if self._values is None or self._highs.getInfo().objective_function_value < _FAILS:
            return None
        return self._priced(stands)

    def _refused(self, standing: Collection[int], seconds: float) -> bool:
        """Whether it is proven, every column being whole, that these statements cannot hold together."""
        self._stand(standing, failing=())
        return math.isinf(self._run_whole(seconds))

    def least_failed(
        self, standing: Collection[int], statement: int, *, lawful: Callable[[Plan], bool], seconds: float
    ) -> float:
        """What one of these statements is failed by, at least, where all the others hold; ∞: they cannot."""
        self._stand(standing, failing=(statement,))
        least = self._run_whole(seconds)
        self._met(lawful)
        return least

    def _run_whole(self, seconds: float) -> float:
        """Run with every column whole: what is failed at least, ∞ when nothing holds; the relaxation is as before."""
        highs, columns = self._highs, np.arange(len(self._ground.high), dtype=np.int32)
        basis = highs.getBasis()
        highs.setOptionValue("presolve", "on")
        highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), HighsVarType.kInteger))
        self._values = self._run(seconds)
        nothing = highs.getModelStatus() == HighsModelStatus.kInfeasible
        least = math.inf if nothing else max(0.0, highs.getInfo().mip_dual_bound)
        highs.setOptionValue("presolve", "off")
        highs.changeColsIntegrality(len(columns), columns, np.full(len(columns), HighsVarType.kContinuous))
        highs.setBasis(basis)
        return least

    def _run(self, seconds: float) -> np.ndarray | None:
        """The columns of the best solution, if there is one."""
        highs = self._highs
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.0))
        highs.run()
        if highs.getModelStatus() != HighsModelStatus.kOptimal:
            return None
        return np.array(highs.getSolution().col_value)

    def _stand(self, standing: Collection[int], *, failing: Collection[int]) -> np.ndarray:
        """Only these statements stand, and only those `failing` may be failed; whether each stands."""
        ground = self._ground
        stands = np.zeros(ground.statements, bool)
        stands[list(standing)] = True
        limits = np.array(ground.limits, float)
        limits[self._rows[~stands[self._rows[:, 1]], 0]] = np.inf
        high = np.array(ground.high, float)
        useful = np.zeros(len(high), bool)
        useful[self._uses[stands[self._uses[:, 1]], 0]] = True
        high[self._uses[~useful[self._uses[:, 0]], 0]] = 0.0
        high[self._doors[self._closed(stands), 0]] = 0.0
        high[[column for statement, column in ground.failed.items() if statement not in failing]] = 0.0
        rows, columns = np.arange(len(limits), dtype=np.int32), np.arange(len(high), dtype=np.int32)
        self._highs.changeRowsBounds(len(limits), rows, np.full(len(limits), -np.inf), limits)
        self._highs.changeColsBounds(len(high), columns, np.zeros(len(high)), high)
        return stands

    def _closed(self, stands: np.ndarray) -> np.ndarray:
        closed = stands[self._doors[:, 1]]
        for place, pin in self._pins:
            closed[place] &= not stands[pin]
        return closed

    def _priced(self, stands: np.ndarray) -> frozenset[int]:
        """The statements behind the rows and doors that have a price."""
        solution = self._highs.getSolution()
        prices = np.abs(np.array(solution.row_dual)) > _PRICE
        found = set(self._rows[prices[self._rows[:, 0]], 1].tolist())
        gains = np.array(solution.col_dual) < -_PRICE
        behind: dict[int, list[int]] = {}
        for column, tag in self._doors[self._closed(stands)].tolist():
            if gains[column]:
                behind.setdefault(column, []).append(tag)
        for tags in behind.values():
            if not found.intersection(tags):
                found.add(tags[0])
        return frozenset(tag for tag in found if stands[tag])


def _stopping(stop: threading.Event) -> Callable[..., None]:
    """What HiGHS calls as it runs, to hear of the stop signal."""

    def react(_kind: object, _text: str, _seen: object, answer: object, _data: object) -> None:
        answer.user_interrupt = stop.is_set()  # type: ignore[attr-defined]

    return react


def _lp(ground: Ground) -> HighsLp:
    lp = HighsLp()
    lp.num_col_, lp.num_row_ = len(ground.high), len(ground.limits)
    lp.col_cost_ = np.zeros(len(ground.high))
    lp.col_cost_[list(ground.failed.values())] = 1.0
    lp.col_lower_, lp.col_upper_ = np.zeros(len(ground.high)), np.array(ground.high, float)
    lp.row_lower_ = np.full(len(ground.limits), -np.inf)
    lp.row_upper_ = np.array(ground.limits, float)
    lp.a_matrix_.format_ = MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(ground.start, np.int32)
    lp.a_matrix_.index_ = np.array(ground.columns, np.int32)
    lp.a_matrix_.value_ = np.array(ground.factors, float)
    return lp
