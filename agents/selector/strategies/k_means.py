"""K-means: one item for each of several clusters of those that are left."""

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, best
from agents.selector.strategies.clustering import clustered
from agents.selector.strategies.combinations import positive_scores_of
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.places import Metric, places_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class KMeans(Strategy):
    """As many clusters of the available items as are wanted, and of each the item nearest to the centre: k-means (Zhdanov, 2019).

    Items may weigh by how unsure the model is of them, and the surest be left out. What is pending is part of the batch: there is a
    cluster more for each, and those that hold one have their item. The score is minus the distance from the centre.
    """

    kind: ClassVar[str] = "k-means"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = (
        "O(n b d) a round of k-means, b with what is pending; above 20,000 items rounds are of 1024, and it is O(n b d) at the end"
    )

    of: AnyStrategy | None = None
    """A strategy by whose scores items weigh, from the lowest of the pool on if that is below 0; left out, all weigh the same."""
    beyond: Annotated[float, Field(ge=1)] = 10.0
    """With `of`, the best items by it are clustered, so many times as many as are to be selected."""
    metric: Metric = "euclidean"
    """How far apart items are: "euclidean", or "cosine" for 1 - cos."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return how near each item is to the centre of its cluster, where one is wanted; minus infinity for what is left out."""
        rows, distances, _ = self._clustered(view, 1)
        scores = np.full(len(view.items), -np.inf)
        scores[rows] = 0.0 - distances
        return scores

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the item nearest to the centre of each cluster, the nearest first; of what is left, the nearest too."""
        rows, distances, labels = self._clustered(view, count)
        is_pending = view.pending[rows]
        order = np.argsort(distances, kind="stable")
        order = order[~is_pending[order]]
        kinds, firsts = np.unique(labels[order], return_index=True)
        firsts = np.sort(firsts[~np.isin(kinds, labels[is_pending])])
        # Items that lie at the same place make fewer clusters than are wanted.
        chosen = order[np.concatenate([firsts, np.setdiff1d(np.arange(len(order)), firsts)])][:count]
        return view.selection(rows[chosen], 0.0 - distances[chosen])

    def _clustered(self, view: PoolView, count: int) -> tuple[NDArray[np.intp], Scores, NDArray[np.intp]]:
        """Return the rows of the items that are clustered, how far they are from their centres, and their clusters."""
        places = places_of(view, self.space, self.metric)
        weights = None if self.of is None else np.nan_to_num(positive_scores_of(self.of, view))
        there = np.flatnonzero(view.available)
        if weights is not None:
            there = best(weights, view.available, int(np.ceil(self.beyond * count)))
        if not len(there) or not count:
            return there[:0], np.empty(0), there[:0]
        pending = np.flatnonzero(view.pending)
        rows = np.sort(np.concatenate([there, pending]))
        if weights is not None:
            # What weighs nothing at all could not be clustered.
            weights = np.maximum(weights[rows], 1e-9 * weights[rows].max()) if weights[rows].any() else None
        matrix = places.matrix if len(rows) == len(places) else places.matrix[rows]
        clusters = clustered(matrix, count + len(pending), view.generator("k-means"), weights)
        return rows, places.distances(clusters.gaps), clusters.labels
