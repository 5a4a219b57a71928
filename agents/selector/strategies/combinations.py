"""Combinations: several strategies as one, by their scores of items one by one, before any is picked.

An item to which one of them gives no score has none.
"""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field, model_validator
from scipy.stats import rankdata

from agents.selector.shortlist import Scores
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.scale import Scale, scores_of
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

Several = Annotated[tuple[AnyStrategy, ...], Field(min_length=1)]


class WeightedSum(Strategy):
    """The weighted sum of the scores of several strategies, which are brought to a common scale first."""

    kind: ClassVar[str] = "weighted-sum"
    needs_model: ClassVar[bool] = False
    cost: ClassVar[str] = "O(n) a part beside what it costs itself; by rank O(n log n)"

    parts: Several
    """The strategies."""
    weights: tuple[float, ...] = ()
    """How much each counts; below 0, it speaks against an item. Left out, all count the same."""
    scale: Scale = "range"
    """What is added: "range", scores from the lowest of the pool, 0, to its highest, 1; "rank", the share of the pool that scores
    lower; "none", scores as they are."""

    @model_validator(mode="after")
    def _a_weight_each(self) -> "WeightedSum":
        _refuse_uneven("weights", self.weights, self.parts)
        return self

    def scores(self, view: PoolView) -> Scores:
        """Return sum w s."""
        total = np.zeros(len(view.items))
        with np.errstate(over="ignore", invalid="ignore"):
            for part, weight in zip(self.parts, self.weights or [1.0] * len(self.parts), strict=True):
                total += weight * scores_of(part, view, self.scale)
        return total


class Product(Strategy):
    """The product of the scores of several strategies, each to a power: how informative, times how typical, say (Settles, 2008)."""

    kind: ClassVar[str] = "product"
    needs_model: ClassVar[bool] = False
    cost: ClassVar[str] = "O(n) a part beside what it costs itself; by rank O(n log n)"

    parts: Several
    """The strategies; where one scores below 0, its scores are counted from its lowest."""
    exponents: tuple[float, ...] = ()
    """The power to which each is raised; left out, 1."""
    scale: Scale = "none"
    """What is multiplied: "none", scores as they are; "range", from the lowest of the pool, 0, to its highest, 1; "rank", the share
    of the pool that scores lower."""

    @model_validator(mode="after")
    def _an_exponent_each(self) -> "Product":
        _refuse_uneven("exponents", self.exponents, self.parts)
        return self

    def scores(self, view: PoolView) -> Scores:
        """Return prod s^e."""
        whole = np.ones(len(view.items))
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            for part, exponent in zip(self.parts, self.exponents or [1.0] * len(self.parts), strict=True):
                whole *= np.power(positive_scores_of(part, view, self.scale), exponent)
        return whole


class RankProduct(Strategy):
    """The product of an item's ranks by several strategies, 1 being the best: the least goes first (Breitling et al., 2004)."""

    kind: ClassVar[str] = "rank-product"
    needs_model: ClassVar[bool] = False
    cost: ClassVar[str] = "O(n log n) a part beside what it costs itself"

    parts: Several
    """The strategies."""
    exponents: tuple[float, ...] = ()
    """The power to which each one's rank is raised; left out, 1."""

    @model_validator(mode="after")
    def _an_exponent_each(self) -> "RankProduct":
        _refuse_uneven("exponents", self.exponents, self.parts)
        return self

    def scores(self, view: PoolView) -> Scores:
        """Return -sum e log rank, among the whole pool; those that score alike share the mean of their ranks."""
        total = np.zeros(len(view.items))
        for part, exponent in zip(self.parts, self.exponents or [1.0] * len(self.parts), strict=True):
            scores = scores_of(part, view)
            ranks = rankdata(-np.nan_to_num(scores, nan=-np.inf))
            total -= np.where(np.isnan(scores), np.nan, exponent * np.log(ranks))
        return total


class ThenBy(Strategy):
    """By one strategy, and where its scores are alike, by another."""

    kind: ClassVar[str] = "then-by"
    needs_model: ClassVar[bool] = False
    cost: ClassVar[str] = "O(n log n) beside its parts"

    first: AnyStrategy
    """The strategy that decides."""
    then: AnyStrategy
    """The one that decides between items that are alike to the first; it may be a `then-by` itself."""
    step: Annotated[float, Field(ge=0)] = 0.0
    """How finely the first is read: scores that are next to the same multiple of it are alike. With 0, equal scores only."""

    def scores(self, view: PoolView) -> Scores:
        """Return for each item how many different places there are behind it, in the order of both scores."""
        first, then = (np.nan_to_num(scores_of(part, view), nan=-np.inf) for part in (self.first, self.then))
        if self.step:
            with np.errstate(over="ignore"):
                first = np.round(first / self.step)
        order = np.lexsort((then, first))
        rises = (first[order][1:] != first[order][:-1]) | (then[order][1:] != then[order][:-1])
        places = np.zeros(len(order))
        places[order[1:]] = np.cumsum(rises)
        return places


def positive_scores_of(part: Strategy, view: PoolView, scale: Scale = "none") -> Scores:
    """Return the scores of a part, from its lowest on if that is below 0, NaN where it gives none; shape (items,)."""
    scores = scores_of(part, view, scale)
    lowest = scores[~np.isnan(scores)].min(initial=0.0)
    return np.asarray(scores - lowest)


def _refuse_uneven(name: str, given: tuple[float, ...], of: tuple[Strategy, ...]) -> None:
    if given and len(given) != len(of):
        raise ValueError(f"there are {len(of)} strategies and {len(given)} {name}; give one each, or none")
