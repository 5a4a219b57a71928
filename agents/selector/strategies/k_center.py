"""K-center: items that are far from all that is labelled."""

from typing import ClassVar

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.cover import cover_of
from agents.selector.strategies.greedy import Free, greedily
from agents.selector.strategies.places import Metric
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class KCenter(Strategy):
    """The item that is farthest from all that are labelled, pending or picked: a core-set, greedily (Sener and Savarese, 2018).

    No choice of so many centres covers the pool within less than half the radius (Gonzalez, 1985). The score is the distance. Where
    nothing is labelled or pending yet, the first is the item nearest to the mean of the pool, which has the least mean squared
    distance to all; its score is 0.
    """

    kind: ClassVar[str] = "k-center"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n d) an item selected, in O(n d) memory; O(n L d) once more where an item is given up"

    metric: Metric = "euclidean"
    """How far apart items are: "euclidean", or "cosine" for 1 - cos."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return the distance of each item from the nearest that is labelled or pending."""
        return cover_of(view, self.space, self.metric).radii(view.pool)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the farthest item, the farthest from that one and all others, and so on."""
        cover = cover_of(view, self.space, self.metric)
        cover.begin(view.pool)

        def pick(free: Free) -> tuple[int, float]:
            row, radius = cover.farthest(free)
            cover.pick(row)
            return row, radius

        return greedily(view, count, pick)
