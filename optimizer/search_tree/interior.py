"""The first optimum of a large relaxation, by HiGHS's interior point with all waiting rows at once.

From nothing, the simplex needs as many iterations as the square of the students; an interior point does not,
and its crossover ends in a basis that the simplex goes on from.
"""

import threading
from dataclasses import dataclass

import numpy as np
from highspy import Highs, HighsBasis, HighsBasisStatus, HighsModelStatus, cb

from optimizer.search_tree.form import Form, Numbers, highs_lp

_ENTRIES_FOR_AN_ITERATION = 150
"""Matrix entries that an interior point goes through in the time of one simplex iteration."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where the simplex may start: the waiting rows to let in, with a basis of the model that holds them.

    `work` is what it took, in simplex iterations. Without a basis nothing is known.
    """

    work: int
    rows: Numbers
    basis: HighsBasis | None


def interior_start(
    form: Form, low: Numbers, high: Numbers, *, seconds: float, stop: threading.Event
) -> Start:
    """The optimal basis of a form with these bounds of its whole columns; none when stopped or impossible."""
    highs = _highs_of(form, low, high, seconds=seconds, stop=stop)
    highs.run()
    entries = len(form.rows.columns) + len(form.waiting.columns)
    work = highs.getInfo().ipm_iteration_count * entries // _ENTRIES_FOR_AN_ITERATION
    found = highs.getBasis()
    if highs.getModelStatus() != HighsModelStatus.kOptimal or not found.valid:
        return Start(work, np.array([], np.int64), None)
    held, waiting = np.split(np.array(found.row_status), [len(form.rows.low)])
    rows = np.flatnonzero(waiting != HighsBasisStatus.kBasic)
    basis = HighsBasis()
    basis.col_status = found.col_status
    basis.row_status = [*held, *waiting[rows]]
    basis.valid = True
    return Start(work, rows, basis)


def _highs_of(form: Form, low: Numbers, high: Numbers, *, seconds: float, stop: threading.Event) -> Highs:
    """HiGHS with all rows of the form, ready to run until the stop signal."""
    highs = Highs()
    for option, setting in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("solver", "ipm"),
        ("time_limit", max(seconds, 0.0)),
    ):
        highs.setOptionValue(option, setting)
    highs.passModel(highs_lp(form))
    rows = form.waiting
    highs.addRows(
        len(rows.low), rows.low, rows.high, len(rows.columns), rows.start[:-1], rows.columns, rows.factors
    )
    highs.changeColsBounds(len(form.whole), form.whole, low, high)
    most = np.minimum(high[form.leaders], 1.0)
    highs.changeColsBounds(len(most), form.followers, np.zeros(len(most)), most)

    def react(_: object, __: str, ___: object, answer: object, ____: object) -> None:
        if stop.is_set():
            answer.user_interrupt = True  # type: ignore[attr-defined]

    highs.setCallback(react, None)
    for kind in (cb.HighsCallbackType.kCallbackIpmInterrupt, cb.HighsCallbackType.kCallbackSimplexInterrupt):
        highs.startCallback(kind)
    return highs
