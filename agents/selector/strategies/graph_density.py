"""Graph density: items among many near ones, of which none is taken."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field
from scipy.sparse import csr_array
from sklearn.neighbors import NearestNeighbors

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.greedy import Free, greedily
from agents.selector.strategies.places import Metric, Places, places_of
from agents.selector.strategies.running import Array, Running
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class GraphDensity(Strategy):
    """The items with the nearest neighbours, which lose by each of these that is taken (Ebert, Fritz and Schiele, 2012).

    Two items are neighbours if one is among the nearest of the other. The density of an item is the mean weight of its edges,
    exp(-d^2 / 2 w^2); where an item is labelled, pending or picked, each of its neighbours loses as much as it has, if that is more
    than 0. The paper takes Manhattan distances.
    """

    kind: ClassVar[str] = "graph-density"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    most_items: ClassVar[int | None] = 100_000
    slow_beyond: ClassVar[int | None] = 20_000
    cost: ClassVar[str] = "O(n^2 d) once, in O(n k) memory with k neighbours; then O(n) an item selected"

    neighbours: Annotated[int, Field(ge=1)] = 10
    """Nearest neighbours of an item."""
    width: Annotated[float, Field(gt=0)] | None = None
    """w, the distance at which an edge weighs .61; left out, the mean distance between neighbours."""
    metric: Metric = "euclidean"
    """How far apart items are: "euclidean", or "cosine" for 1 - cos."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return the density of each item, less what its neighbours took."""
        return self._running(view).now(view.pool).copy()

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the densest item, then the densest if that one is taken, and so on."""
        running = self._running(view)
        densities = running.ahead(view.pool)

        def pick(free: Free) -> tuple[int, float]:
            row = int(np.argmax(densities + free))
            density = float(densities[row])
            running.pick(row)
            return row, density

        return greedily(view, count, pick)

    def _running(self, view: PoolView) -> Running:
        places = places_of(view, self.space, self.metric)
        key = f"graph-density {self.neighbours} {self.width} {self.metric} {self.space}"
        return view.kept(key, lambda: self._made(places))

    def _made(self, places: Places) -> Running:
        graph = _graph(places, self.neighbours)
        lengths = places.distances(graph.data - 1.0)
        width = self.width or (lengths.mean() if len(lengths) else 0.0) or 1.0
        with np.errstate(over="ignore"):
            graph.data = np.exp(-np.square(lengths / width) / 2)
        degrees = np.diff(graph.indptr)
        start = np.asarray(graph.sum(axis=1)).ravel() / np.maximum(degrees, 1)

        def take(densities: Array, row: int) -> None:
            near = graph.indices[graph.indptr[row] : graph.indptr[row + 1]]
            densities[near] -= max(densities[row], 0.0)

        return Running(start, take)


def _graph(places: Places, neighbours: int) -> csr_array:
    """Return who is a neighbour of whom, with 1 + the squared distance, so that none is 0; shape (items, items)."""
    items = len(places)
    count = min(neighbours, items - 1)
    if count < 1:
        return csr_array((items, items))
    lengths, nearest = NearestNeighbors(n_neighbors=count).fit(places.matrix).kneighbors()
    starts = np.arange(0, items * count + 1, count)
    near = csr_array((1.0 + np.square(lengths.astype(np.float64)).ravel(), nearest.ravel(), starts), shape=(items, items))
    return csr_array(near.maximum(near.T))
