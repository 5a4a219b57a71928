"""BADGE: items that would move the model much, and in different directions."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, issparse

from agents.items import Features
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.greedy import Free, greedily
from agents.selector.strategies.places import finite_squares, name_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class Layer:
    """What the last layer of a model sees.

    Args:
        features: a row an item; dense, or sparse in rows.

    Raises:
        Unusable: some are no numbers.
    """

    def __init__(self, features: Features) -> None:
        self._matrix: Any = csr_array(features) if issparse(features) else np.asarray(features, np.float64)
        self.squares = finite_squares(self._matrix)

    def products(self, row: int) -> Scores:
        """Return the inner product of each row with one; shape (items,)."""
        matrix = self._matrix
        return np.asarray(matrix @ (matrix[[row]].toarray().ravel() if issparse(matrix) else matrix[row]))


class Gradients:
    """The gradients of the loss at a linear last layer, if each item had the class that the model thinks most probable.

    That of an item is the outer product of its features x with p - e, its class probabilities less 1 for that class. It has
    C d numbers, and is never made: lengths and inner products are those of p - e times those of x.

    Args:
        layer: what the last layer sees.
        probabilities: shape (items, classes).
    """

    def __init__(self, layer: Layer, probabilities: Scores) -> None:
        self._layer = layer
        self._errors = probabilities.copy()
        self._errors[np.arange(len(probabilities)), probabilities.argmax(axis=1)] -= 1
        self.squares = layer.squares * np.einsum("ij,ij->i", self._errors, self._errors)

    def gaps(self, row: int) -> Scores:
        """Return the squared distance of each gradient from that of one item; shape (items,)."""
        sums = self.squares + self.squares[row]
        gaps = sums - 2 * self._layer.products(row) * (self._errors @ self._errors[row])
        # What is but rounding is none: of items that are alike, one is enough.
        return np.where(gaps > 1e-14 * sums, gaps, 0.0)


class Badge(Strategy):
    """Batches drawn by k-means++ from the gradients that items would have if the model were right (Ash et al., 2020).

    The first is the item whose gradient is longest, as in the authors' code; each further one is drawn with a chance in proportion
    to the squared distance of its gradient from the nearest of those pending or picked, which is its score. What is pending is the
    beginning of the batch. The model is presumed to be linear in the features; of others, the probabilities are taken all the same.
    """

    kind: ClassVar[str] = "badge"
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n (C + d)) an item selected or pending"

    space: Space | None = None
    """What the last layer sees: the learner's "features", or "embeddings" of one's own; left out, embeddings if there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return how far the gradient of each item is from the nearest of those pending, squared; or from 0, where none is."""
        return _nearest(self._gradients(view), view)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the batch, in the order in which it was drawn."""
        gradients, generator = self._gradients(view), view.generator("badge")
        nearest, has_begun = _nearest(gradients, view), bool(view.pending.any())

        def pick(free: Free) -> tuple[int, float]:
            nonlocal nearest, has_begun
            row = _drawn(np.where(free == 0, nearest, 0), free == 0, generator) if has_begun else int(np.argmax(nearest + free))
            score, gaps = float(nearest[row]), gradients.gaps(row)
            nearest, has_begun = np.minimum(nearest, gaps) if has_begun else gaps, True
            return row, score

        return greedily(view, count, pick)

    def _gradients(self, view: PoolView) -> Gradients:
        layer = view.kept(f"badge {name_of(view, self.space)}", lambda: Layer(view.features(self.space)))
        return Gradients(layer, view.probabilities)


def _nearest(gradients: Gradients, view: PoolView) -> Scores:
    """Return the squared distance of each gradient from the nearest of those pending, or from zero where none is."""
    pending = np.flatnonzero(view.pending).tolist()
    nearest = gradients.gaps(pending[0]) if pending else gradients.squares
    for row in pending[1:]:
        nearest = np.minimum(nearest, gradients.gaps(row))
    return nearest


def _drawn(weights: Scores, free: NDArray[np.bool_], generator: np.random.Generator) -> int:
    """Draw a row in proportion to its weight, or of all that are free where none weighs anything."""
    heaviest = weights.max()
    sums = np.cumsum(weights / heaviest if heaviest > 0 else free.astype(np.float64))
    return int(np.searchsorted(sums, generator.random() * sums[-1], side="right"))
