"""Uncertainty sampling: the items of which the model is least sure."""

from typing import ClassVar

import numpy as np

from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class LeastConfident(Strategy):
    """One minus the greatest class probability (Lewis and Gale, 1994)."""

    kind: ClassVar[str] = "least-confident"
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - max p."""
        return np.asarray(1.0 - view.probabilities.max(axis=1))


class Margin(Strategy):
    """One minus the gap between the two greatest class probabilities (Scheffer, Decomain and Wrobel, 2001)."""

    kind: ClassVar[str] = "margin"
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - (p1 - p2)."""
        probabilities = view.probabilities
        if probabilities.shape[1] < 2:
            return np.zeros(len(probabilities))
        top = np.partition(probabilities, -2, axis=1)
        return np.asarray(1.0 - (top[:, -1] - top[:, -2]))


class Entropy(Strategy):
    """The entropy of the class probabilities, in nats (Shannon, 1948; as a query strategy, Settles, 2009)."""

    kind: ClassVar[str] = "entropy"
    cost: ClassVar[str] = "O(n C)"

    def scores(self, view: PoolView) -> Scores:
        """Return -sum p log p, where 0 log 0 is 0."""
        probabilities = view.probabilities
        # Rows where p = 0 would be NaN: there p log p is 0, as it is for any finite stand-in of the logarithm.
        logs = np.log(np.where(probabilities > 0, probabilities, 1.0))
        return np.asarray(-np.einsum("ij,ij->i", probabilities, logs))
