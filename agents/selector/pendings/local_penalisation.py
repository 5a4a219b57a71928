"""Scores that are lower the nearer an item is to what is under way."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import issparse

from agents.selector.chunks import chunks
from agents.selector.pending import Pending
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, best
from agents.selector.strategies.places import Metric, Places, places_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space

FEW = 1024
"""So many of the best items are looked at first; most often one of these is the best still when scores are lowered."""

GROWTH = 4
"""Where it is not, so many times as many are looked at."""

SAMPLED = 256
"""By so many items it is told how far items commonly are from each other."""

_LEAST = -float(np.finfo(np.float64).max)


class LocalPenalisation(Pending):
    """Lowers scores near items that are under way or were just picked, as if these were known already (Gonzalez et al., 2016).

    An item's score s, counted from 0 or from the lowest one if that is less, becomes s times the product of 1 - exp(-d^2 / 2 h^2)
    over the items under way, at distances d. So nothing is asked for beside an item whose label is on its way, and far from all
    of these scores are as they were. Items are picked one by one, by what a strategy scores and not by what it would select.
    """

    kind: ClassVar[str] = "local-penalisation"
    needs_features: ClassVar[bool] = True

    bandwidth: Annotated[float, Field(gt=0)] | None = None
    """The distance h within which scores are lowered; left out, a quarter of the median distance between items."""
    space: Space | None = None
    """In what distances are measured; left out, in embeddings where there are any, and otherwise in features."""
    metric: Metric = "euclidean"
    """How distances are measured; "cosine" is 1 less the cosine of the angle between items."""

    def select(self, strategy: Strategy, view: PoolView, count: int) -> Selection:
        """Return the items with the highest scores, each lowered by those before it."""
        places = places_of(view, self.space, self.metric)
        width = max(self._width(view, places), np.finfo(np.float64).tiny)
        contest = _Contest(strategy.standing(view), view, places, width)
        picked = [contest.pick() for _ in range(min(count, int(np.count_nonzero(view.available))))]
        return view.selection([row for row, _ in picked], [score for _, score in picked])

    def _width(self, view: PoolView, places: Places) -> float:
        """Return 2 h^2, as `_squared` has squared distances."""
        if self.bandwidth is not None:
            return 2 * float(_squared(places, np.float64(places.gap(self.bandwidth))))
        key = f"a quarter of the median, {self.space} {self.metric}"
        return view.kept(key, lambda: 2 * float(_squared(places, np.float64(_median_gap(places)))) / 16)


class _Contest:
    """Items that compete for being picked.

    As scores only fall, what an item scored before is a bound of what it scores now: the scores of the best few by these bounds are
    computed, and the best of them is the best of all if it is above the bounds of the others.

    Args:
        scores: as the strategy has them; shape (items,).
        view: the pool.
        places: where items lie.
        width: 2 h^2, as `_squared` has squared distances.
    """

    def __init__(self, scores: Scores, view: PoolView, places: Places, width: float) -> None:
        self._available = view.available.copy()
        known = scores[self._available & (scores != _LEAST)]
        self._raw = np.where(scores == _LEAST, _LEAST, scores - min(known.min(initial=0.0), 0.0))
        self._bounds = self._raw.copy()
        self._places, self._width = places, width
        self._near = np.flatnonzero(view.pending).tolist()

    def pick(self) -> tuple[int, float]:
        """Pick the item with the highest score, the earlier one where several have it, and return its row and score."""
        count, row, bar = FEW, -1, np.inf
        while row < 0 or self._bounds[row] <= bar:
            rows = np.sort(best(self._bounds, self._available, count))
            # Others are no better than the last of these; where there are no others, any of these is better.
            bar = self._bounds[rows].min() if len(rows) == count else -np.inf
            self._bounds[rows] = self._lowered(rows)
            row = int(rows[np.argmax(self._bounds[rows])])
            count *= GROWTH
        self._available[row] = False
        self._near.append(row)
        return row, float(self._bounds[row])

    def _lowered(self, rows: NDArray[np.intp]) -> Scores:
        """Return the scores of some items, lowered by all that is near them; shape (rows,)."""
        scores = self._raw[rows]
        for part in chunks(len(rows), self._places.matrix.shape[1] + 2 * len(self._near)):
            with np.errstate(over="ignore"):
                shares = _squared(self._places, gaps_between(self._places, rows[part], self._near)) / -self._width
            factors = np.prod(-np.expm1(shares), axis=1)
            scores[part] *= np.where(scores[part] == _LEAST, 1.0, factors)
        return scores


def gaps_between(places: Places, rows: NDArray[np.intp], others: Sequence[int]) -> Scores:
    """Return the squared distances of some items from others, 0 where that is but rounding; shape (rows, others)."""
    products: Any = places.matrix[rows] @ places.matrix[[*others]].T
    products = products.toarray() if issparse(products) else products
    gaps = places.squares[rows, np.newaxis] + places.squares[[*others]] - 2 * np.asarray(products)
    return np.where(gaps > places.blur[rows, np.newaxis], gaps, 0.0).astype(np.float64)


def _squared(places: Places, gaps: Any) -> Any:
    """Return squares of distances by the metric, up to the places' scale: by cosine the distance is half of what they have."""
    with np.errstate(over="ignore", under="ignore"):
        return np.square(gaps / 2) if places.metric == "cosine" else gaps


def _median_gap(places: Places) -> float:
    """Return the median squared distance between items of a sample that are not at the same place; 1 if all are."""
    rows = np.unique(np.linspace(0, len(places) - 1, min(len(places), SAMPLED)).astype(np.intp))
    gaps = gaps_between(places, rows, rows.tolist())[np.triu_indices(len(rows), 1)]
    apart = gaps[gaps > 0]
    return float(np.median(apart)) if len(apart) else 1.0
