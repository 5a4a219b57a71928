"""Expected error reduction: the items whose label would leave the fewest errors."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from agents.component import Unusable
from agents.estimator import Estimator, train
from agents.items import UNKNOWN
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, best
from agents.selector.strategies.sampling import Rows, some, unlabelled
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class ExpectedErrorReduction(Strategy):
    """Minus the loss that is expected of the rest of the pool once the item is labelled (Roy and McCallum, 2001).

    For each candidate and each class that the model holds possible for it, a model is trained on all labels and this one, and its
    loss is estimated on items without a label: by its own probabilities, as if they were true. Losses are weighed by the
    probabilities of the classes. Only candidates are scored; the others come last. Items of a batch are chosen each for itself.
    Where the learner calls on a committee, models of `learner.estimator` are trained all the same.
    """

    kind: ClassVar[str] = "expected-error-reduction"
    needs_training: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(m C) trainings, for m candidates"

    loss: Literal["zero-one", "log"] = "log"
    """What an error costs: one, or minus the logarithm of the probability of the true class."""
    candidates: Annotated[int, Field(ge=1)] = 20
    """Items that are looked at, drawn from those that may be asked for; where more are wanted at once, as many as these."""
    others: Annotated[int, Field(ge=1)] = 500
    """Items on which losses are estimated, drawn from those without a label."""

    def scores(self, view: PoolView) -> Scores:
        """Return minus the expected loss of each candidate, and minus infinity for all others."""
        return self._scored(view, 0)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the best `count` of the candidates, of which there are so many at least."""
        scores = self.checked(self._scored(view, count), view)
        rows = best(scores, view.available, count)
        return view.selection(rows, scores[rows])

    def _scored(self, view: PoolView, least: int) -> Scores:
        generator = view.generator(self.kind)
        random_state = int(generator.integers(2**32))
        others = some(unlabelled(view), self.others, generator)
        candidates = some(np.flatnonzero(view.available), max(self.candidates, least), generator)
        look = _Lookahead(view, others, self.loss, random_state)
        scores = np.full(len(view.items), -np.inf)
        scores[candidates] = [-look.expected(row) for row in candidates.tolist()]
        return scores


class _Lookahead:
    """What would be lost after one more label.

    Args:
        view: the pool.
        others: rows of the items on which losses are estimated.
        loss: see the strategy.
        random_state: the seed of every training, so that candidates differ by their label alone.
    """

    def __init__(self, view: PoolView, others: Rows, loss: str, random_state: int) -> None:
        if view.estimator is None:
            raise Unusable("needs an estimator, to train models of its own, and there is none")
        self._estimator: Estimator = view.estimator
        self._features = view.features("features")
        self._probabilities = view.probabilities
        self._known = np.flatnonzero(view.labels != UNKNOWN)
        self._labels = view.labels[self._known]
        self._others = self._features[others]
        self._loss, self._random_state = loss, random_state

    def expected(self, row: int) -> float:
        """Return the loss that is expected once this item is labelled."""
        features = self._features[np.append(self._known, row)]
        possible = np.flatnonzero(self._probabilities[row] > 0).tolist()
        return sum(float(self._probabilities[row, label]) * self._after(features, label) for label in possible)

    def _after(self, features: object, label: int) -> float:
        """Return the mean loss of a model that is trained on all labels, and this one of the last row."""
        labels = np.append(self._labels, label)
        model, _ = train(self._estimator, features, labels, self._probabilities.shape[1], self._random_state)
        probabilities = model.probabilities(self._others)
        if not len(probabilities):
            return 0.0
        if self._loss == "zero-one":
            return float((1.0 - probabilities.max(axis=1)).mean())
        logs = np.log(np.where(probabilities > 0, probabilities, 1.0))
        return float(-np.einsum("ij,ij->", probabilities, logs) / len(probabilities))
