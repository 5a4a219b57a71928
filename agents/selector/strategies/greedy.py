"""Greedy selection: one item after the other, each by those before it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.selector.selection import Selection
from agents.selector.view import PoolView

Free = NDArray[np.float32]
"""0 for items that may be picked, minus infinity for others: to be added to scores."""


def greedily(view: PoolView, count: int, pick: Callable[[Free], tuple[int, Any]]) -> Selection:
    """Return `count` of the available items, or all of them, picked one after the other.

    Args:
        view: the pool.
        count: how many.
        pick: picks one more item, and returns its row and score; it takes into account what it picked before.
    """
    free = np.where(view.available, np.float32(0), np.float32(-np.inf))
    rows, scores = [], []
    for _ in range(min(count, int(np.count_nonzero(view.available)))):
        row, score = pick(free)
        free[row] = -np.inf
        rows.append(row)
        scores.append(float(score))
    return view.selection(rows, scores)
