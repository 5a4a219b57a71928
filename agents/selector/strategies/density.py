"""Density: what the model is unsure of, and many other items are like."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores
from agents.selector.strategies.combinations import positive_scores_of
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.places import Metric, Places, places_of
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space
from bus.chance import number_of


class InformationDensity(Strategy):
    """A score times the mean similarity of the item to all items of the pool, to the power of beta (Settles and Craven, 2008).

    Similarity is the cosine, or 1 / (1 + distance). The mean is over the whole pool, itself included, labelled or not: so it is the
    same all the time. A mean cosine below 0 counts as 0.
    """

    kind: ClassVar[str] = "information-density"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n d) once; euclidean O(n s d) once, with s items in the sample; beside what its part costs"

    of: AnyStrategy = Entropy()
    """What says how much an item would tell; scores count from the lowest of the pool on, if that is below 0."""
    beta: Annotated[float, Field(ge=0)] = 1.0
    """How much density counts; with 0, not at all."""
    similarity: Metric = "cosine"
    """How similar items are: "cosine", or "euclidean" for 1 / (1 + distance)."""
    sample: Annotated[int, Field(ge=1)] = 1000
    """By euclidean distance, the mean is over so many items drawn by chance, or over all where these are no more."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return score x density^beta."""
        return positive_scores_of(self.of, view) * self.density(view) ** self.beta

    def density(self, view: PoolView) -> Scores:
        """Return the mean similarity of each item to those of the pool, 0 or more; shape (items,)."""
        places = places_of(view, self.space, self.similarity)
        if self.similarity == "cosine":
            return view.kept(f"density cosine {self.space}", lambda: np.maximum(_by_sum(places), 0.0))
        return view.kept(f"density euclidean {self.space} {self.sample}", lambda: self._by_sample(places, view))

    def _by_sample(self, places: Places, view: PoolView) -> Scores:
        count = min(self.sample, len(places))
        rows = np.arange(count)
        if count < len(places):
            rows = view.luck.generator(number_of("density")).choice(len(places), count, replace=False)
        total = np.zeros(len(places))
        for row in rows.tolist():
            total += 1 / (1 + places.distances(places.cleared(places.gaps(row))))
        return total / count


def _by_sum(places: Places) -> Scores:
    """Return the mean cosine of each row with all: its product with the mean of them."""
    products = np.empty(len(places))
    for piece in chunks(*places.matrix.shape):
        products[piece] = places.matrix[piece] @ places.mean
    return products
