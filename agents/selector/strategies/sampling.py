"""Sampling: a few of many items, where a strategy cannot afford to look at all."""

import numpy as np
from numpy.typing import NDArray

from agents.selector.view import PoolView

Rows = NDArray[np.intp]
"""Rows of items, ascending."""


def some(rows: Rows, most: int, generator: np.random.Generator) -> Rows:
    """Return so many of these rows at most, any of them as likely as another, ascending."""
    if len(rows) <= most:
        return rows
    return np.sort(generator.choice(rows, most, replace=False))


def unlabelled(view: PoolView) -> Rows:
    """Return the rows of the items without a label: those that may be asked for, and those under way."""
    return np.flatnonzero(view.available | view.pending)
