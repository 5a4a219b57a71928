"""Uncertainty sampling: the items of which the model is least sure."""

from typing import ClassVar

import numpy as np

from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

TINY = float(np.finfo(np.float64).tiny)
"""What stands in for a probability of 0, so that it has a logarithm: that is multiplied by 0."""


class LeastConfident(Strategy):
    """One minus the greatest class probability (Lewis and Gale, 1994)."""

    kind: ClassVar[str] = "least-confident"
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - max p."""
        greatest = maxima(view.probabilities)
        return np.subtract(1.0, greatest, out=greatest)


class Margin(Strategy):
    """One minus the gap between the two greatest class probabilities (Scheffer, Decomain and Wrobel, 2001)."""

    kind: ClassVar[str] = "margin"
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - (p1 - p2)."""
        probabilities = view.probabilities
        if probabilities.shape[1] < 2:
            return np.zeros(len(probabilities))
        between = gaps(probabilities)
        return np.subtract(1.0, between, out=between)


class Entropy(Strategy):
    """The entropy of the class probabilities, in nats (Shannon, 1948; as a query strategy, Settles, 2009)."""

    kind: ClassVar[str] = "entropy"
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return -sum p log p, where 0 log 0 is 0."""
        return entropies(view.probabilities)


class DistanceToBoundary(Strategy):
    """How near an item lies to where the classifier's decision changes (Tong and Koller, 2001), by its `decision_function`.

    That is how far its value is from 0 for two classes, and for more how far its two greatest values are from each other.
    """

    kind: ClassVar[str] = "distance-to-boundary"
    needs_decision: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return -|f|, or -(f1 - f2) of the two greatest."""
        assert view.model is not None
        values = view.model.decision(view.items.features)
        if values.ndim == 2 and values.shape[1] > 1:
            between = gaps(values)
            return np.negative(between, out=between)
        return -np.abs(values.reshape(len(values)))


def entropies(probabilities: Scores) -> Scores:
    """Return the entropy of each row, in nats, where 0 log 0 is 0; shape (rows,), of probabilities (rows, classes)."""
    rows, classes = probabilities.shape
    found, logs = np.empty(rows), np.empty((0, classes))
    for part in chunks(rows, classes):
        known = probabilities[part]
        if len(logs) != len(known):
            logs = np.empty(known.shape)
        np.maximum(known, TINY, out=logs)
        np.log(logs, out=logs)
        np.einsum("ij,ij->i", known, logs, out=found[part])
    return np.negative(found, out=found)


def maxima(values: Scores) -> Scores:
    """Return the greatest value of each row; shape (rows,), of values (rows, classes)."""
    found = np.empty(len(values))
    for part in chunks(*values.shape):
        # A class a row, for reductions over a short last axis are several times slower.
        np.ascontiguousarray(values[part].T).max(axis=0, out=found[part])
    return found


def gaps(values: Scores) -> Scores:
    """Return by how much the greatest value of each row exceeds the next one; shape (rows,), of values (rows, two or more)."""
    found = np.empty(len(values))
    for part in chunks(*values.shape):
        columns = np.ascontiguousarray(values[part].T)
        first, second = np.maximum(columns[0], columns[1]), np.minimum(columns[0], columns[1])
        lesser = np.empty_like(first)
        for column in columns[2:]:
            np.minimum(first, column, out=lesser)
            np.maximum(second, lesser, out=second)
            np.maximum(first, column, out=first)
        np.subtract(first, second, out=found[part])
    return found
