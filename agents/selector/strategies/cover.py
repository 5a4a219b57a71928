"""Cover: how far each item is from the nearest one that is labelled or pending."""

import numpy as np

from agents.selector.pool import Pool
from agents.selector.shortlist import Scores
from agents.selector.strategies.greedy import Free
from agents.selector.strategies.places import Gaps, Metric, Places, name_of, places_of
from agents.selector.strategies.running import Array, Running
from agents.selector.view import PoolView, Space


class Cover:
    """The distance of each item from the nearest one that is labelled or pending: a running minimum.

    Where nothing is, items are as good as they are near the one in the middle: their distance is counted below 0.

    Args:
        places: where items lie.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self._running = Running(np.full(len(places), np.inf, places.squares.dtype), self._cover)
        self._noise = places.blur.max(initial=0)
        self._gaps: Gaps = np.empty(0)

    def _cover(self, gaps: Array, row: int) -> None:
        np.minimum(gaps, self.places.gaps(row), out=gaps)

    def radii(self, pool: Pool) -> Scores:
        """Return the distance of each item from the nearest that is labelled or pending; shape (items,)."""
        return self._radii(self._running.now(pool))

    def _radii(self, gaps: Gaps) -> Scores:
        if len(gaps) and np.isinf(gaps[0]):
            return 0.0 - self.places.distances(self.places.cleared(self.places.gaps(self.places.middle)))
        return self.places.distances(self.places.cleared(gaps))

    def begin(self, pool: Pool) -> None:
        """Begin to pick items, from what is labelled or pending now."""
        self._gaps = self._running.ahead(pool)

    def current(self) -> Scores:
        """Return the distance of each item from the nearest that is labelled, pending or picked; shape (items,)."""
        return self._radii(self._gaps)

    def pick(self, row: int) -> None:
        """Pick an item."""
        self._running.pick(row)

    def farthest(self, free: Free) -> tuple[int, float]:
        """Return the row and the distance of the farthest item that is free."""
        gaps = self._gaps
        row = int(np.argmax(gaps + free)) if len(gaps) and np.isfinite(gaps[0]) else -1
        if row >= 0 and gaps[row] > self._noise:
            return row, float(self.places.distances(gaps[row : row + 1])[0])
        # What is but rounding decides nothing: the earliest of those at the same place is taken.
        radii = self.current()
        row = int(np.argmax(radii + free))
        return row, float(radii[row])


def cover_of(view: PoolView, space: Space | None, metric: Metric) -> Cover:
    """Return the cover of a view's pool, kept up to date."""
    places = places_of(view, space, metric)
    return view.kept(f"cover {name_of(view, space)} {metric}", lambda: Cover(places))
