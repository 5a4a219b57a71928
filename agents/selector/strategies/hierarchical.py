"""Hierarchical sampling: items of clusters whose labels are not sure yet."""

from bisect import bisect_right
from itertools import accumulate
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.items import UNKNOWN
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.cluster_tree import ClusterTree, Linkage
from agents.selector.strategies.groups import grouped
from agents.selector.strategies.pruning import Pruning
from agents.selector.strategies.sampling import Rows
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class Hierarchical(Strategy):
    """Draws a cluster by its size and how many of its items may be of other classes than its label, and an item of it by chance.

    The clusters are a pruning of a tree of clusters, which becomes finer where labels differ (Dasgupta and Hsu, 2008). Where they
    mean nothing for the classes it draws like chance; where each is of one class, few labels of each are asked for.
    """

    kind: ClassVar[str] = "hierarchical"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n + L C log n), and once O(n d leaves) for the tree"

    linkage: Linkage = "ward"
    """How far two clusters are apart: by how much they would grow as one (Ward, 1963), or the mean distance of their items."""
    leaves: Annotated[int, Field(ge=2, le=20_000)] = 1000
    """Leaves of the tree: where there are more items, they are first put into so many small clusters, by k-means."""
    dimensions: Annotated[int, Field(ge=1)] = 128
    """Features at most: where there are more, they are projected at random on so many."""
    space: Space | None = None
    """In what items are near each other: "features" or "embeddings"; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return the probability with which each available item is drawn first, and 0 for the others."""
        urn = self._urn(view)
        return urn.chances(view.available)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return items as they are drawn, each with the probability with which it was, those before it being gone."""
        urn, generator = self._urn(view), view.generator(self.kind)
        rows: list[int] = []
        chances: list[float] = []
        for _ in range(min(count, int(np.count_nonzero(view.available)))):
            row, chance = urn.draw(generator)
            rows.append(row)
            chances.append(chance)
        return view.selection(rows, chances)

    def _urn(self, view: PoolView) -> "_Urn":
        pruning = view.kept(f"pruning {self.model_dump_json()}", lambda: self._pruning(view))
        leaf, labels = pruning.tree.leaf, view.labels
        pruning.read([(int(leaf[row]), int(labels[row])) for row in view.pool.covered if labels[row] != UNKNOWN])
        return _Urn(pruning, view.available)

    def _pruning(self, view: PoolView) -> Pruning:
        tree = ClusterTree(grouped(view, self.leaves, self.dimensions, self.space), self.linkage)
        return Pruning(tree, max(1, view.classes))


class _Urn:
    """Available items in their clusters, drawn one after the other.

    Args:
        pruning: the clusters.
        available: which items may be drawn; shape (items,).
    """

    def __init__(self, pruning: Pruning, available: NDArray[np.bool_]) -> None:
        tree, found = pruning.tree, pruning.clusters
        # In 16 bits, which are put in order in linear time.
        places = np.zeros(len(tree.sizes), np.uint16)
        for place, (node, _) in enumerate(found):
            places[tree.leaves(node)] = place
        self._place = places[tree.leaf]
        rows = np.flatnonzero(available)
        ordered = rows[np.argsort(self._place[rows], kind="stable")]
        ends = np.cumsum(np.bincount(self._place[rows], minlength=len(found)))
        self._rows = np.split(ordered, ends[:-1])
        self._weights = [self._weight(tree.sizes[node], doubt, rows) for (node, doubt), rows in zip(found, self._rows, strict=True)]

    def _weight(self, size: int, doubt: float, rows: Rows) -> float:
        # Where nothing is in doubt any more, something is to be asked for yet.
        return size * max(doubt, 1e-9) if len(rows) else 0.0

    def chances(self, available: NDArray[np.bool_]) -> Scores:
        """Return the probability with which each item is drawn first; shape (items,)."""
        weights = np.array(self._weights)
        counts = np.array([max(1, len(rows)) for rows in self._rows])
        shares = weights / max(weights.sum(), 1e-300) / counts
        return np.where(available, shares[self._place], 0.0)

    def draw(self, generator: np.random.Generator) -> tuple[int, float]:
        """Take an item out, and return it with its probability; there must be one."""
        sums = [*accumulate(self._weights)]
        place = bisect_right(sums, generator.random() * sums[-1])
        # Rounding.
        place = min(place, max(index for index, weight in enumerate(self._weights) if weight))
        rows = self._rows[place]
        chance = self._weights[place] / sums[-1] / len(rows)
        drawn = int(generator.integers(len(rows)))
        row = int(rows[drawn])
        rows[drawn] = rows[-1]
        self._rows[place] = rows[:-1]
        if len(rows) == 1:
            self._weights[place] = 0.0
        return row, chance
