"""Narrowing: a strategy that chooses among some of the items only."""

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from agents.selector.selection import Selection
from agents.selector.shortlist import Scores
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.scale import scores_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class Subsample(Strategy):
    """Looks at a random sample of the available items, another one each time: for large pools, and costly strategies.

    To the strategy that chooses, the pool is the sample, and what is labelled or pending. What it costs goes by that.
    """

    kind: ClassVar[str] = "subsample"
    needs_model: ClassVar[bool] = False
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n), and what its part costs for the sample, and what is labelled or pending"

    of: AnyStrategy
    """The strategy that chooses among the sample."""
    number: Annotated[int, Field(ge=1)] | None = None
    """Items in the sample; left out, 1000, or as `share` says. There are always enough to choose from."""
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of the available items that is in the sample, instead of a number."""

    @model_validator(mode="after")
    def _one_size(self) -> "Subsample":
        if self.number is not None and self.share is not None:
            raise ValueError("a sample is of a number of items, or of a share of them; leave out number, or share")
        return self

    def looks_at(self, items: int) -> int:
        """Return how many items are in a sample of so many."""
        return min(items, (self.number or 1000) if self.share is None else int(np.ceil(self.share * items)))

    def scores(self, view: PoolView) -> Scores:
        """Return the scores of the sample, minus infinity for the rest."""
        rows = self._sample(view, 0)
        scores = np.full(len(view.items), -np.inf)
        scores[rows] = scores_of(self.of, view.only(rows))
        return scores

    def select(self, view: PoolView, count: int) -> Selection:
        """Return what the strategy selects of the sample."""
        return self.of.select(view.only(self._sample(view, count)), count)

    def _sample(self, view: PoolView, count: int) -> NDArray[np.intp]:
        """Return the rows of at least `count` items by chance, and of all that are labelled or pending."""
        available = np.flatnonzero(view.available)
        size = min(max(self.looks_at(len(available)), count), len(available))
        drawn = view.generator("subsample").choice(available, size, replace=False, shuffle=False)
        return np.sort(np.concatenate([drawn, np.fromiter(view.pool.covered, np.intp, len(view.pool.covered))]))


class Filter(Strategy):
    """A shortlist of the best items by one strategy, among which another chooses: the least sure ones, say, far from each other."""

    kind: ClassVar[str] = "filter"
    needs_model: ClassVar[bool] = False
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n) beside its parts"

    by: AnyStrategy
    """The strategy that makes the shortlist."""
    best: Annotated[int, Field(ge=1)] = 100
    """Items on the shortlist; as many as are to be selected, where these are more."""
    then: AnyStrategy
    """The strategy that chooses among these."""

    def scores(self, view: PoolView) -> Scores:
        """Return the second strategy's scores for the shortlist, minus infinity for the rest."""
        allowed = self._shortlisted(view, 0)
        return np.where(allowed, scores_of(self.then, view.among(allowed)), -np.inf)

    def select(self, view: PoolView, count: int) -> Selection:
        """Return what the second strategy selects of the shortlist."""
        return self.then.select(view.among(self._shortlisted(view, count)), count)

    def _shortlisted(self, view: PoolView, count: int) -> NDArray[np.bool_]:
        allowed = np.zeros(len(view.items), np.bool_)
        allowed[[view.items.row(item) for item in self.by.select(view, max(self.best, count)).ids]] = True
        return allowed
