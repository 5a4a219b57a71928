"""Gain for money and time: what an item's answers will cost is learned from those that were paid."""

import warnings
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field
from scipy.linalg import LinAlgWarning
from sklearn.linear_model import Ridge

from agents.items import Features
from agents.selector.chunks import chunks
from agents.selector.shortlist import Scores
from agents.selector.strategies.combinations import positive_scores_of
from agents.selector.strategies.nested import AnyStrategy
from agents.selector.strategies.places import finite_squares
from agents.selector.strategies.scale import Scale
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView, Space


class Costs(NamedTuple):
    """What items are expected to cost.

    Attributes:
        bills: by how many bills.
        prices, seconds: logarithm of the expected price, and of the expected seconds of work, each counted from its mean over what
            is known; shape (items,) each. 0 where nothing is known.
    """

    bills: int
    prices: Scores
    seconds: Scores


class CostAware(Strategy):
    """What an item is worth to another strategy, for its expected price and time of work (Settles, Craven and Friedland, 2008).

    Nobody knows beforehand what answers will cost. The Coordinator says with each label what was paid for it, and how long people
    worked; ridge regressions of the logarithms of both on the features say what other items will cost, within what was seen so far.
    While nothing is known, all cost alike.
    """

    kind: ClassVar[str] = "cost-aware"
    needs_model: ClassVar[bool] = False
    needs_features: ClassVar[bool] = True
    needs_bills: ClassVar[bool] = True
    changes: ClassVar[bool] = True
    cost: ClassVar[str] = "O(n) beside its part; every `refit` bills O(n d + L d^2 + d^3)"

    of: AnyStrategy
    """The strategy that says what an item is worth; where it scores below 0, its scores are counted from its lowest."""
    scale: Scale = "none"
    """What is divided by the costs: "none", scores as they are; "range", from the lowest of the pool, 0, to its highest, 1; "rank",
    the share of the pool that scores lower."""
    price_weight: Annotated[float, Field(ge=0)] = 1.0
    """The power to which the expected price is raised, by which the worth is divided; 0 if money does not matter."""
    seconds_weight: Annotated[float, Field(ge=0)] = 1.0
    """The power to which the expected seconds are raised, by which the worth is divided; 0 if time does not matter."""
    refit: Annotated[int, Field(ge=1)] = 10
    """Bills after which costs are learned anew."""
    penalty: Annotated[float, Field(gt=0)] = 1.0
    """Strength of the regressions' L2 penalty."""
    space: Space | None = None
    """What costs go by; left out, embeddings where there are any, and otherwise features."""

    def scores(self, view: PoolView) -> Scores:
        """Return s / (price^a seconds^b), prices and seconds as multiples of what is usual."""
        worth = positive_scores_of(self.of, view, self.scale)
        costs = self.costs(view)
        with np.errstate(over="ignore"):
            return np.asarray(worth * np.exp(-self.price_weight * costs.prices - self.seconds_weight * costs.seconds))

    def costs(self, view: PoolView) -> Costs:
        """Return what items are expected to cost, by the last full `refit` of bills: the same whenever it is asked."""
        known = view.kept(f"costs {self.refit} {self.penalty} {self.space}", lambda: [Costs(-1, np.empty(0), np.empty(0))])
        bills = len(view.pool.bills) // self.refit * self.refit
        if known[0].bills != bills:
            # Of several bills of an item the last is for all of its answers.
            last = {row: each for row, *each in view.pool.bills[:bills]}
            features = view.features(self.space)
            if known[0].bills < 0:
                finite_squares(features)
            prices, seconds = (
                _expected(features, {row: each[place] for row, each in last.items()}, self.penalty) for place in (0, 1)
            )
            known[0] = Costs(bills, prices, seconds)
        return known[0]


def _expected(features: Features, known: dict[int, float], penalty: float) -> Scores:
    """Return the logarithm of what each item is expected to cost, counted from the mean of what is known; shape (items,)."""
    rows = sorted(row for row, cost in known.items() if cost > 0)
    logs = np.log([known[row] for row in rows])
    if len(rows) < 2 or logs.min() == logs.max():
        return np.zeros(features.shape[0])
    logs -= logs.mean()
    with warnings.catch_warnings():
        # Beside large features, a small penalty is lost in rounding; whatever is expected then stays between what is known.
        warnings.simplefilter("ignore", LinAlgWarning)
        regression: Any = Ridge(alpha=penalty).fit(features[rows], logs)
    expected = np.empty(features.shape[0])
    for part in chunks(*features.shape):
        expected[part] = np.clip(regression.predict(features[part]), logs.min(), logs.max())
    return expected
