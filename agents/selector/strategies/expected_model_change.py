"""Expected model change: the items whose label would move a softmax regression most."""

from typing import ClassVar

import numpy as np

from agents.selector.shortlist import Scores
from agents.selector.strategies.places import finite_squares
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class ExpectedModelChange(Strategy):
    """The length that is expected of the log loss's gradient, as if by a softmax regression (Settles, Craven and Ray, 2008).

    With probabilities p of an item x, the gradient for class y is the outer product of p - e_y and x, whose length is the product
    of theirs: |x| sqrt(|p|^2 - 2 p_y + 1). Expected over y by p. Long items move a model more: features should be of one scale.
    """

    kind: ClassVar[str] = "expected-model-change"
    needs_features: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n (C + d))"

    intercept: bool = True
    """Whether the model has an intercept: one more feature, which is 1."""
    space: Space = "features"
    """In what items have a length: in "features", of which the model is one, or in "embeddings"."""

    def scores(self, view: PoolView) -> Scores:
        """Return |x| sum_y p_y |p - e_y|."""
        probabilities = view.probabilities
        squares = np.einsum("ij,ij->i", probabilities, probabilities)
        # Rounding may leave a little less than nothing where p is certain.
        lengths = np.sqrt(np.maximum(squares[:, np.newaxis] - 2.0 * probabilities + 1.0, 0.0))
        extra = 1.0 if self.intercept else 0.0
        sizes = np.sqrt(finite_squares(view.features(self.space)) + extra)
        return np.asarray(sizes * np.einsum("ij,ij->i", probabilities, lengths))
