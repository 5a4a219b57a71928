"""TypiClust: the most typical items of clusters of which no item is labelled."""

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.clustering import clustered
from agents.selector.strategies.greedy import Free, greedily
from agents.selector.strategies.places import Metric, Places, places_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space
from bus.chance import Keyed, number_of

LOOKED_AT = 2048
"""Of larger clusters, so many items are looked at, drawn by chance."""

FEW = 5
"""Clusters of fewer items come last, as outliers."""


class Typicality:
    """The items of a pool in clusters, and how typical each is of its own; what was found is kept until other clusters are wanted.

    It follows from the items and the number of clusters alone.

    Args:
        places: where items lie.
        neighbours: by so many neighbours in its cluster an item is typical.
        luck: chance.
    """

    def __init__(self, places: Places, neighbours: int, luck: Keyed) -> None:
        self._places, self._neighbours, self._luck = places, neighbours, luck
        self.count = 0
        self.labels: NDArray[np.intp] = np.zeros(len(places), np.intp)
        self._scores: dict[int, tuple[NDArray[np.intp], Scores]] = {}

    def part(self, count: int) -> None:
        """Part the items into so many clusters, if they are not."""
        if count != self.count:
            self.labels = clustered(self._places.matrix, count, self._luck.generator(number_of("typiclust"), count)).labels
            self.count, self._scores = count, {}

    def of(self, cluster: int) -> tuple[NDArray[np.intp], Scores]:
        """Return the rows of a cluster, and how typical each item is; minus infinity if it was not looked at."""
        if cluster not in self._scores:
            rows = np.flatnonzero(self.labels == cluster)
            scores = np.full(len(rows), -np.inf)
            some = np.arange(len(rows))
            if len(rows) > LOOKED_AT:
                generator = self._luck.generator(number_of("typiclust"), self.count, cluster)
                some = np.sort(generator.choice(some, LOOKED_AT, replace=False, shuffle=False))
            scores[some] = 0.0 - self._remoteness(rows[some])
            self._scores[cluster] = rows, scores
        return self._scores[cluster]

    def _remoteness(self, rows: NDArray[np.intp]) -> Scores:
        """Return the mean distance of each of these rows from the nearest others of them."""
        count, means, blur = min(self._neighbours, len(rows) - 1), np.zeros(len(rows)), self._places.blur[rows]
        for piece, gaps in self._places.blocks(rows) if count else ():
            # Nobody is a neighbour of their own.
            np.fill_diagonal(gaps[:, piece], np.inf)
            nearest = np.partition(gaps, count - 1, axis=1)[:, :count]
            nearest[nearest <= blur[piece, None]] = 0
            means[piece] = self._places.distances(nearest).mean(axis=1)
        return means


class TypiClust(Strategy):
    """The most typical items of the largest clusters that have no label yet: for the first labels (Hacohen et al., 2022).

    There are as many clusters (k-means) as there are labels, items pending, and items to be selected. The score is minus the mean
    distance from the nearest neighbours in the cluster. Clusters of fewer than 5 items come last. Where each cluster has a label,
    those with the fewest have the next.
    """

    kind: ClassVar[str] = "typiclust"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n (L + b) d) a round of k-means, for each doubling of L + b; O(2048^2 d) at most an item selected"

    neighbours: Annotated[int, Field(ge=1)] = 20
    """By so many nearest neighbours in its cluster an item is typical of it."""
    most_clusters: Annotated[int, Field(ge=1)] = 500
    """Clusters at most."""
    doubling: bool = True
    """Whether the number of clusters is rounded up to a power of two, so that they are made anew seldom; in the paper it is not."""
    metric: Metric = "euclidean"
    """How far apart items are: "euclidean", or "cosine" for 1 - cos."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def clusters(self, wanted: int, items: int) -> int:
        """Return how many clusters are made for so many labels, and of so many items."""
        rounded = 1 << (wanted - 1).bit_length() if self.doubling and wanted > 1 else max(wanted, 1)
        return min(rounded, self.most_clusters, items)

    def scores(self, view: PoolView) -> Scores:
        """Return how typical each item is of its cluster; minus infinity where another cluster has fewer labels."""
        groups = self._groups(view, 1)
        scores = np.full(len(view.items), -np.inf)
        labelled, left = self._counts(groups, view)
        # Every cluster may be out of items.
        fewest = labelled[left > 0].min(initial=len(view.items))
        for cluster in np.flatnonzero((left > 0) & (labelled == fewest)).tolist():
            rows, typicality = groups.of(cluster)
            scores[rows] = typicality
        return scores

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the most typical item of the largest cluster without a label, then of the next, and so on."""
        groups = self._groups(view, count)
        labelled, left = self._counts(groups, view)
        sizes = np.bincount(groups.labels, minlength=groups.count)

        def pick(free: Free) -> tuple[int, float]:
            cluster = int(np.lexsort((-sizes, labelled, sizes < FEW, left == 0))[0])
            members, typicality = groups.of(cluster)
            there = np.flatnonzero(free[members] == 0)
            best = there[np.argmax(typicality[there])]
            labelled[cluster] += 1
            left[cluster] -= 1
            return int(members[best]), max(typicality[best], np.finfo(np.float64).min)

        return greedily(view, count, pick)

    def _groups(self, view: PoolView, count: int) -> Typicality:
        places = places_of(view, self.space, self.metric)
        key = f"typiclust {self.neighbours} {self.metric} {self.space} {self.doubling} {self.most_clusters}"
        groups = view.kept(key, lambda: Typicality(places, self.neighbours, view.luck))
        count = min(count, int(np.count_nonzero(view.available)))
        groups.part(self.clusters(len(view.pool.covered) + count, len(places)))
        return groups

    def _counts(self, groups: Typicality, view: PoolView) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return for each cluster how many items are labelled or pending, and how many may be asked for."""
        covered = np.fromiter(view.pool.covered, np.intp, len(view.pool.covered))
        labelled = np.bincount(groups.labels[covered], minlength=groups.count)
        return labelled, np.bincount(groups.labels[view.available], minlength=groups.count)
