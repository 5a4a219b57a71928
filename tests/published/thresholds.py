"""A world whose learning curves are known: items on a line, and a threshold that parts them into two classes.

Points lie at 1 / n, 2 / n, ... below 1, and the threshold is uniform between 0 and 1: it is as likely to lie in any of the n cells
between them. Two anchors, one to either side of the line, are known from the start; they say nothing, but a learner has met both
classes.
"""

from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.estimator import Estimator
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from bus.chance import Chance
from scenarios.source import Dataset, Source

Floats = NDArray[np.float64]

BELOW, ABOVE = -1.0, 2.0
"""Where the anchors lie."""


class Thresholds(Source):
    """Items on a line, which belong to class 1 from a threshold on."""

    kind: ClassVar[str] = "thresholds"

    cells: Annotated[int, Field(ge=4)] = 1024
    """Cells between the points, in any of which the threshold is as likely."""

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Draw the threshold; the anchors take the ids whose luck makes them seeds."""
        places = np.empty(self.cells + 1)
        anchors = np.argsort(chance.keyed("world", "seed").uniforms(np.arange(len(places), dtype=np.uint64)), kind="stable")[:2]
        places[anchors] = BELOW, ABOVE
        places[np.delete(np.arange(len(places)), anchors)] = np.arange(1, self.cells) / self.cells
        threshold = chance.keyed("threshold").luck(0).uniform()
        return Dataset([*range(len(places))], places[:, np.newaxis], (places >= threshold).astype(np.intp), (0, 1))


def posterior(cells: int, points: NDArray[np.int64], labels: NDArray[np.int64], right: float) -> Floats:
    """Return how probable it is that the threshold lies in each cell, by Bayes' rule; shape (cells,).

    Args:
        cells: how many there are; point i parts cell i - 1 from cell i.
        points: the points that were labelled; anchors are 0 and `cells`, or farther away.
        labels: 1 for what was said to lie at or beyond the threshold.
        right: how often that is right.
    """
    inner = (points > 0) & (points < cells)
    # Answers that are wrong, if the threshold lies in a cell: all 0 beyond it, and all 1 before it.
    steps = np.bincount(points[inner & (labels == 1)], minlength=cells) - np.bincount(
        points[inner & (labels == 0)], minlength=cells
    )
    wrong = np.count_nonzero(labels[inner] == 0) + np.cumsum(steps)
    fewest = wrong.min()
    weights = np.where(wrong == fewest, 1.0, 0.0) if right == 1 else ((1 - right) / right) ** (wrong - fewest).astype(np.float64)
    return np.asarray(weights / weights.sum())


class Bayes:
    """A classifier that knows how labels come about."""

    classes_ = np.array([0, 1])

    def __init__(self, cells: int, right: float) -> None:
        self.cells, self.right = cells, right

    def fit(self, features: Any, labels: Any) -> "Bayes":
        self.posterior = posterior(self.cells, self._points(features), np.asarray(labels), self.right)
        return self

    def predict_proba(self, features: Any) -> Floats:
        points = np.clip(self._points(features), 0, self.cells)
        beyond = np.concatenate([[0.0], np.cumsum(self.posterior)])[points]
        said = self.right * beyond + (1 - self.right) * (1 - beyond)
        return np.stack([1 - said, said], axis=1)

    def _points(self, features: Any) -> NDArray[np.int64]:
        return np.rint(np.asarray(features)[:, 0] * self.cells).astype(np.int64)


class ThresholdLearner(Estimator):
    """The Bayesian learner of the threshold, to whom it is known how often labels are right."""

    kind: ClassVar[str] = "threshold-learner"

    cells: int = 1024
    right: float = 1.0

    def build(self, random_state: int) -> Any:
        return Bayes(self.cells, self.right)


class Spaced(Strategy):
    """Items picked at once part what is left of the line into equally probable pieces."""

    kind: ClassVar[str] = "spaced"

    def scores(self, view: PoolView) -> Scores:
        return -np.abs(view.probabilities[:, 1] - 0.5)

    def select(self, view: PoolView, count: int) -> Selection:
        beyond = np.where(view.available, view.probabilities[:, 1], np.inf)
        rows = []
        for place in range(1, count + 1):
            rows.append(int(np.abs(beyond - place / (count + 1)).argmin()))
            beyond[rows[-1]] = np.inf
        return view.selection(rows, [0.0] * count)
