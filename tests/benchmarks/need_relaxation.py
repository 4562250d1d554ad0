"""The relaxation of the optimiser's own need model, every row in it, for a solver to start cold."""

from pathlib import Path

import numpy as np

from optimizer import Problem
from optimizer.counted.relaxation import need_model
from optimizer.facts import facts_of
from optimizer.search_tree.form import form_of
from tests.benchmarks.references import FREE


def save_need_relaxation(problem: Problem, path: Path) -> None:
    """Write the arrays that `references` reads; the constant of the objective is a column worth 1."""
    form = form_of(need_model(facts_of(problem)).program)
    rows, waiting, constant = form.rows, form.waiting, len(form.cost)
    np.savez(
        path,
        cost=-np.append(form.cost, form.offset),
        high=np.append(form.high, 1.0),
        start=np.concatenate(
            [rows.start, waiting.start[1:] + rows.start[-1], [rows.start[-1] + waiting.start[-1] + 1]]
        ),
        columns=np.concatenate([rows.columns, waiting.columns, [constant]]).astype(np.int32),
        factors=np.concatenate([rows.factors, waiting.factors, [1.0]]),
        row_low=np.clip(np.concatenate([rows.low, waiting.low, [1.0]]), -FREE, FREE),
        row_high=np.clip(np.concatenate([rows.high, waiting.high, [1.0]]), -FREE, FREE),
    )
