"""Scores that are lower the nearer an item is to what is under way."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import issparse

from agents.selector.pending import Pending
from agents.selector.selection import Selection
from agents.selector.shortlist import Scores, best
from agents.selector.strategies.places import Metric, Places, places_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space

FEW = 1024
"""So many of the best items are looked at first; most often one of these is the best still when scores are lowered."""

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
        contest = _Contest(strategy.standing(view), view, places, self._width(view, places))
        picked = [contest.pick() for _ in range(min(count, int(np.count_nonzero(view.available))))]
        return view.selection([row for row, _ in picked], [score for _, score in picked])

    def _width(self, view: PoolView, places: Places) -> float:
        """Return 2 h^2, in the squared distances of the places."""
        if self.bandwidth is not None:
            return 2 * places.gap(self.bandwidth) if self.metric == "euclidean" else places.gap(self.bandwidth)
        return view.kept(f"a quarter of the median, {self.space} {self.metric}", lambda: 2 * _median_gap(places) / 16)


class _Contest:
    """Items that compete for being picked, the best few of them looked at: as scores only fall, no other may win before these have.

    Args:
        scores: as the strategy has them; shape (items,).
        view: the pool.
        places: where items lie.
        width: squared distance over which the penalty falls, by exp(-gap / width).
    """

    def __init__(self, scores: Scores, view: PoolView, places: Places, width: float) -> None:
        self._available = view.available.copy()
        known = scores[self._available & (scores != _LEAST)]
        self._raw = np.where(scores == _LEAST, _LEAST, scores - min(known.min(initial=0.0), 0.0))
        self._places, self._width = places, width
        self._near = np.flatnonzero(view.pending).tolist()
        self._count = FEW
        self._look()

    def _look(self) -> None:
        """Look at the best few, by the scores as they were."""
        self._rows = np.sort(best(self._raw, self._available, self._count))
        self._bar = self._raw[self._rows].min(initial=np.inf)
        self._scores = self._raw[self._rows]
        for row in self._near:
            self._lower(row)

    def _lower(self, row: int) -> None:
        """Lower the scores of those that are looked at by one item more."""
        gaps = gaps_between(self._places, self._rows, [row])[:, 0]
        known = self._scores != _LEAST
        self._scores[known] *= -np.expm1(-gaps[known] / self._width)

    def pick(self) -> tuple[int, float]:
        """Pick the item with the highest score, the earlier one where several have it, and return its row and score."""
        while True:
            place = int(np.argmax(np.where(self._available[self._rows], self._scores, -np.inf)))
            row, score = int(self._rows[place]), float(self._scores[place])
            if self._available[row] and (score > self._bar or len(self._rows) < self._count):
                break
            self._count *= 2
            self._look()
        self._available[row] = False
        self._near.append(row)
        self._lower(row)
        return row, score


def gaps_between(places: Places, rows: NDArray[np.intp], others: Sequence[int]) -> Scores:
    """Return the squared distances of some items from others, 0 where that is but rounding; shape (rows, others)."""
    products: Any = places.matrix[rows] @ places.matrix[[*others]].T
    products = products.toarray() if issparse(products) else products
    gaps = places.squares[rows, np.newaxis] + places.squares[[*others]] - 2 * np.asarray(products)
    return np.where(gaps > places.blur[rows, np.newaxis], gaps, 0.0).astype(np.float64)


def _median_gap(places: Places) -> float:
    """Return the median squared distance between items of a sample that are not at the same place; 1 if all are."""
    rows = np.unique(np.linspace(0, len(places) - 1, min(len(places), SAMPLED)).astype(np.intp))
    gaps = gaps_between(places, rows, rows.tolist())[np.triu_indices(len(rows), 1)]
    apart = gaps[gaps > 0]
    return float(np.median(apart)) if len(apart) else 1.0
