"""A first proposal for a question, soon: the groups there are, but for about one more or less of each at one slot."""

import numpy as np

from optimizer.explanations.sheet import Bounds, Sheet
from optimizer.search_tree.form import Numbers
from optimizer.search_tree.tree import Frame, Tree

_RELAXATIONS = 30


def look_beside(frame: Frame, sheet: Sheet, bounds: Bounds, counts: Numbers, slot: str | None) -> None:
    """Search, within the bounds of a question and a budget, what is near these counts; see `sheet.counts_of`.

    `slot`: the one where groups may come and go; None: all of them.
    """
    low, high, model = counts.copy(), counts.copy(), sheet.model
    here = [column for spot, column in model.groups.items() if slot in (None, spot[0])]
    here += [column for group, column in model.kept.items() if slot in (None, group[0])]
    here += [column for (_, where, _), column in model.fresh.items() if slot in (None, where)]
    ranks = [sheet.rank[column] for column in (*here, *model.opened.values())]
    low[ranks] -= 1
    high[ranks] += 1
    low = np.where(np.isnan(low), bounds.low, np.maximum(bounds.low, low))
    high = np.where(np.isnan(high), bounds.high, np.minimum(bounds.high, high))
    opened = list(bounds.opened)
    low[opened], high[opened] = bounds.low[opened], bounds.high[opened]
    if (low <= high).all():
        Tree(frame, budget=_RELAXATIONS).run(low, high)
