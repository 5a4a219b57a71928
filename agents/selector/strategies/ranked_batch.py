"""Ranked batches: first what is far from what is labelled, and the more labels there are, the less the model is sure of."""

import itertools
from typing import ClassVar

import numpy as np

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, bounded
from agents.selector.strategies.cover import cover_of
from agents.selector.strategies.greedy import Free, greedily
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.places import Metric
from agents.selector.strategies.scale import Scale, scores_of
from agents.selector.strategies.uncertainty import LeastConfident
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class RankedBatch(Strategy):
    """alpha (1 - similarity) + (1 - alpha) uncertainty, with alpha the share of the pool that has no label (Cardoso et al., 2017).

    Similarity is that to the nearest item that is labelled, pending or picked, which counts as labelled: 1 / (1 + distance), or the
    cosine. Where nothing is labelled or pending yet, the first is the item nearest to the mean of the pool.
    """

    kind: ClassVar[str] = "ranked-batch"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n d) an item selected, beside what its part costs"

    of: AnyStrategy = LeastConfident()
    """What says how unsure the model is, from 0 to 1."""
    scale: Scale = "none"
    """How its scores come to lie there: "none", they do; "range", from the pool's lowest to its highest; "rank", the share of it
    that scores lower."""
    metric: Metric = "euclidean"
    """How far apart items are: "euclidean", or "cosine" for 1 - cos."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return alpha (1 - similarity) + (1 - alpha) uncertainty, by what is labelled or pending."""
        radii = cover_of(view, self.space, self.metric).radii(view.pool)
        return self._weighed(radii, scores_of(self.of, view, self.scale), len(view.pool.covered), int(view.available.sum()))

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the best item, then the best if that one were labelled, and so on."""
        cover = cover_of(view, self.space, self.metric)
        cover.begin(view.pool)
        uncertainty = scores_of(self.of, view, self.scale)
        labelled, left = len(view.pool.covered), int(np.count_nonzero(view.available))
        picked = itertools.count()

        def pick(free: Free) -> tuple[int, float]:
            before = next(picked)
            scores = self._weighed(cover.current(), uncertainty, labelled + before, left - before)
            row = int(np.argmax(scores + free))
            cover.pick(row)
            return row, scores[row]

        return greedily(view, count, pick)

    def _weighed(self, radii: Scores, uncertainty: Scores, labelled: int, left: int) -> Scores:
        if not labelled:
            # There is nothing that they could be similar to: alpha is 1, and the middle comes first.
            return radii
        alpha = left / (left + labelled)
        unlike = radii if self.metric == "cosine" else radii / (1 + radii)
        # What has no score comes last.
        return bounded(alpha * unlike + (1 - alpha) * uncertainty)
