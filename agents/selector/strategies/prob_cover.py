"""ProbCover: items that have the most others near them that are not near a labelled one."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_array

from agents.component import Unusable
from agents.selector.pool import Pool
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.clustering import clustered
from agents.selector.strategies.greedy import Free, greedily
from agents.selector.strategies.places import Metric, Places, places_of
from agents.selector.strategies.running import Array, Running
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space
from bus.chance import number_of

MOST_PAIRS = 100_000_000
"""Pairs of items near each other are kept up to so many: 400 MB."""

SAMPLED = 1000
"""By so many items it is decided which radius is pure."""


class Balls:
    """The items within a radius of each item, and which of them are near a labelled or pending one.

    Args:
        places: where items lie.
        gap: the squared radius; only what is nearer is within it.

    Raises:
        Unusable: so many are near each other that they cannot be kept.
    """

    def __init__(self, places: Places, gap: float) -> None:
        self._near = _near(places, gap)
        # Whether an item is covered, and how many uncovered ones it would cover.
        start = np.stack([np.zeros(len(places), np.int32), np.diff(self._near.indptr).astype(np.int32)])
        self._running = Running(start, self._cover)

    def _cover(self, state: Array, row: int) -> None:
        near = self._within([row])
        new = near[state[0, near] == 0]
        state[0, new] = 1
        # Each item that has one of these near it would cover one fewer.
        state[1] -= np.bincount(self._within(new), minlength=state.shape[1]).astype(np.int32)

    def _within(self, rows: Sequence[int] | NDArray[np.intp]) -> NDArray[np.intp]:
        return np.asarray(self._near[rows].indices)

    def gains(self, pool: Pool) -> Array:
        """Return how many items each would cover that are not covered; shape (items,)."""
        return np.asarray(self._running.now(pool)[1])

    def begin(self, pool: Pool) -> Array:
        """Return the same, to change with what is picked."""
        return np.asarray(self._running.ahead(pool)[1])

    def pick(self, row: int) -> None:
        """Cover what is near an item."""
        self._running.pick(row)


class ProbCover(Strategy):
    """The item with the most others near it that are near no labelled, pending or picked one (Yehuda et al., 2022).

    It is for the first labels: a maximum coverage, greedily. The score is the number of items that only it covers. When all are
    covered, the rest come by chance, with scores below 0.
    """

    kind: ClassVar[str] = "prob-cover"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    most_items: ClassVar[int | None] = 100_000
    slow_beyond: ClassVar[int | None] = 20_000
    cost: ClassVar[str] = "O(n^2 d) once, in memory for 100 million pairs; then O(n) an item selected, and what it covers"

    radius: Annotated[float, Field(gt=0)] | None = None
    """What is nearer to an item than this is covered by it; left out, as `purity` says."""
    purity: Annotated[float, Field(gt=0, le=1)] = 0.95
    """The radius is the greatest within which so many of the items have none but those of their own cluster (k-means, a cluster a
    class), by 1000 items at most."""
    metric: Metric = "euclidean"
    """How far apart items are: "euclidean", or "cosine" for 1 - cos."""
    space: Space | None = None
    """In what it is measured: the learner's "features", or "embeddings" of one's own; left out, embeddings where there are any."""

    def scores(self, view: PoolView) -> Scores:
        """Return how many items each would cover that are not covered."""
        return _or_by_chance(self._balls(view).gains(view.pool), view)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return the item that covers most, the one that covers most of the rest, and so on."""
        balls = self._balls(view)
        gains = balls.begin(view.pool)

        def pick(free: Free) -> tuple[int, float]:
            scores = _or_by_chance(gains, view)
            row = int(np.argmax(scores + free))
            balls.pick(row)
            return row, scores[row]

        return greedily(view, count, pick)

    def _balls(self, view: PoolView) -> Balls:
        places = places_of(view, self.space, self.metric)

        key = f"prob-cover {self.radius} {self.purity} {self.metric} {self.space}"
        return view.kept(key, lambda: Balls(places, self.gap(view)))

    def gap(self, view: PoolView) -> float:
        """Return the squared radius, on the scale of the view's places."""
        places = places_of(view, self.space, self.metric)
        if self.radius is not None:
            return places.gap(self.radius)
        generator = view.luck.generator(number_of("prob-cover"))
        labels = clustered(places.matrix, max(view.classes, 2), generator).labels
        rows = generator.choice(len(places), min(SAMPLED, len(places)), replace=False)
        nearest = [places.cleared(places.gaps(row))[labels != labels[row]].min(initial=np.inf) for row in rows.tolist()]
        # Only what is nearer than the radius is within it: so that of these that are pure it may be the least.
        return float(np.sort(nearest)[::-1][int(np.ceil(self.purity * len(rows))) - 1])


def _or_by_chance(gains: Array, view: PoolView) -> Scores:
    return np.where(gains > 0, gains, view.luck.uniforms(view.items.keys) - 1.0)


def _near(places: Places, gap: float) -> csr_array:
    """Return which items are within a squared radius of which; a row an item."""
    items = len(places)
    columns, counts, total = [], [], 0
    bounds = np.finfo(places.squares.dtype)
    # What is but rounding is within any radius.
    radii = np.maximum(min(gap, float(bounds.max)), 2 * places.blur + bounds.tiny).astype(bounds.dtype)
    for piece, gaps in places.blocks():
        rows, near = np.divmod(np.flatnonzero(gaps < radii), items)
        counts.append(np.bincount(rows, minlength=piece.stop - piece.start))
        columns.append(near.astype(np.int32))
        total += len(near)
        if total > MOST_PAIRS:
            raise Unusable(f"needs a smaller radius: more than {MOST_PAIRS:,} pairs of items lie within it")
    starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int32)
    indices = np.concatenate(columns)
    return csr_array((np.ones(len(indices), np.bool_), indices, starts), shape=(items, items))
