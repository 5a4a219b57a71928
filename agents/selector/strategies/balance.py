"""Balance: labels of every class, rare ones too."""

from collections.abc import Iterator
from heapq import heapify, heappop, heapreplace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from agents.items import UNKNOWN
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, best
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.uncertainty import Margin
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class ClassBalanced(Strategy):
    """Where the model predicts the class of which there are fewest labels; within it, by another strategy.

    Items that are pending count as of the class that the model predicts, and so does each that is selected, for the next.
    """

    kind: ClassVar[str] = "class-balanced"
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n C + b log C) beside its part"

    of: AnyStrategy = Margin()
    """The strategy that chooses among the items of a predicted class, by its scores."""

    def scores(self, view: PoolView) -> Scores:
        """Return minus the labels of the predicted class, plus the share of the pool that the strategy ranks behind an item."""
        ranks = rankdata(self.of.standing(view), method="min")
        return np.asarray((ranks - 1.0) / len(ranks) - counts(view)[view.forecast.predictions])

    def select(self, view: PoolView, count: int) -> Selection:
        """Return items one by one, each of the class with fewest labels; of classes with as many, of that with the best item."""
        scores, available = self.of.standing(view), view.available
        queue: list[tuple[int, float, int, int]] = []
        waiting: list[Iterator[int]] = []
        for each, number in enumerate(counts(view).tolist()):
            rows = view.forecast.predicted[each]
            rows = rows[best(scores[rows], available[rows], count)]
            waiting.append(iter(rows[1:].tolist()))
            queue += [(number, -float(scores[row]), row, each) for row in rows[:1].tolist()]
        heapify(queue)
        chosen: list[int] = []
        while queue and len(chosen) < count:
            number, _, row, each = queue[0]
            chosen.append(row)
            following = next(waiting[each], None)
            if following is None:
                heappop(queue)
            else:
                heapreplace(queue, (number + 1, -float(scores[following]), following, each))
        return view.selection(chosen, scores[chosen])


def counts(view: PoolView) -> NDArray[np.intp]:
    """Return how many labels there are of each class, those of pending items as the model predicts them; shape (classes,)."""
    classes = view.probabilities.shape[1]
    known = view.labels[view.labels != UNKNOWN]
    coming = view.forecast.predictions[view.pending]
    return np.bincount(known, minlength=classes) + np.bincount(coming, minlength=classes)
