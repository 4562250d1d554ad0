"""A part of a need model searched with the students' columns whole too, where counts alone promise too much.

Half a student here and half a move there add up: at tight limits of moves, relaxations with whole counts stay far
above any placing. With whole students and the columns that prices leave free, HiGHS's cuts say at once how much
remains.
"""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from highspy import Highs, HighsModelStatus, HighsVarType, cb

from optimizer.arrays import Numbers
from optimizer.form import Form, highs_lp
from optimizer.linear import Answer

_NODES = 20
_CALLS = 300
"""How often HiGHS says where it is, a few a second, before it is stopped: the same on any machine."""
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Whole:
    """The most that whole students can give, and the columns of the best found above the floor, if any."""

    bound: float
    values: Numbers | None


def closing(
    form: Form,
    low: Numbers,
    high: Numbers,
    *,
    answer: Answer,
    floor: float,
    students: Sequence[int],
    slack: float,
    seconds: float,
    seed: int,
    stop: threading.Event,
) -> Whole:
    """Search within these bounds of the whole columns, whose relaxation is `answer`, for more than `floor`.

    It ends within `slack` of the best, or undecided after a while.
    """
    lowest, highest = form.low.copy(), form.high.copy()
    lowest[form.whole], highest[form.whole] = low, high
    highest[form.followers] = np.minimum(high[form.leaders], 1.0)
    room = answer.bound - floor
    assert answer.prices is not None
    assert answer.values is not None
    barred = (answer.prices < -room) & (answer.values < lowest + _WHOLE)
    due = (answer.prices > room) & (answer.values > highest - _WHOLE)
    integral = np.zeros(len(lowest), bool)
    integral[form.whole] = integral[list(students)] = True
    highest[barred & integral] = lowest[barred & integral]
    lowest[due & integral] = highest[due & integral]
    highs = _highs(form, lowest, highest, integral)
    for option, setting in (
        ("random_seed", seed),
        ("time_limit", max(seconds, 0.0)),
        ("objective_bound", -floor),
    ):
        highs.setOptionValue(option, setting)
    # A gap given to HiGHS would count from the objective bound: what is close enough is said here.
    highs.setCallback(_hearing(floor, slack, stop), None)
    highs.startCallback(cb.HighsCallbackType.kCallbackMipInterrupt)
    highs.startCallback(cb.HighsCallbackType.kCallbackSimplexInterrupt)
    highs.run()
    return _outcome(highs, floor)


def _hearing(floor: float, slack: float, stop: threading.Event) -> Callable[..., None]:
    """What HiGHS calls as it runs: it stops on the signal, after a while, or once a solution is close enough."""
    calls = count(1)

    def react(kind: object, _text: str, seen: object, told: object, _data: object) -> None:
        told.user_interrupt = stop.is_set() or (  # type: ignore[attr-defined]
            kind == cb.HighsCallbackType.kCallbackMipInterrupt
            and (
                next(calls) > _CALLS
                or (
                    -seen.mip_primal_bound > floor  # type: ignore[attr-defined]
                    and seen.mip_primal_bound - seen.mip_dual_bound <= slack  # type: ignore[attr-defined]
                )
            )
        )

    return react


def _highs(form: Form, low: Numbers, high: Numbers, integral: Numbers) -> Highs:
    highs, waiting = Highs(), form.waiting
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_max_nodes", _NODES),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", _WHOLE),
    ):
        highs.setOptionValue(option, setting)
    highs.passModel(highs_lp(form))
    highs.addRows(
        len(waiting.low),
        waiting.low,
        waiting.high,
        len(waiting.columns),
        waiting.start[:-1],
        waiting.columns,
        waiting.factors,
    )
    columns = np.arange(len(low), dtype=np.int32)
    highs.changeColsBounds(len(low), columns, low, high)
    kinds = np.where(integral, HighsVarType.kInteger, HighsVarType.kContinuous)
    highs.changeColsIntegrality(len(low), columns, kinds)
    return highs


def _outcome(highs: Highs, floor: float) -> Whole:
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == HighsModelStatus.kInfeasible:
        return Whole(floor, None)
    found = info.primal_solution_status == 2
    value = -info.objective_function_value if found else -math.inf
    if status == HighsModelStatus.kOptimal and value <= floor:
        return Whole(floor, None)
    known = np.isfinite(info.mip_dual_bound)
    bound = max(floor, -info.mip_dual_bound) if known else math.inf
    values = np.array(highs.getSolution().col_value) if value > floor else None
    return Whole(bound, values)
