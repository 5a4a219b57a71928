"""Query strategies: which items are worth asking for."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from agents.component import Choice, Component, Unusable
from agents.estimator import Model, ModelShelf
from agents.inference.activelab import logarithms
from agents.items import Items
from bus.chance import Keyed

Scores = NDArray[np.float64]

_FINITE = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class PoolView:
    """All that a strategy may look at.

    Attributes:
        items: all items of the pool, asked for or not.
        model: the newest model; None before there is one.
        version: its version; 0 before there is one.
        luck: chance, keyed by item.
    """

    items: Items
    model: Model | None
    version: int
    luck: Keyed

    @cached_property
    def probabilities(self) -> Scores:
        """The model's class probabilities for each item of the pool; shape (items, classes)."""
        assert self.model is not None
        return self.model.probabilities(self.items.features)

    @cached_property
    def lags(self) -> Scores:
        """The logarithm of each of these over that of the item's most probable class; shape (items, classes)."""
        logs = logarithms(self.probabilities)
        return np.asarray(logs - logs.max(axis=1, keepdims=True))


class PoolViews:
    """The pool as the newest model sees it, made once a version.

    Those who share it have what a model says of the pool computed once for all of them.

    Args:
        items: the pool.
        models: where published models are; None if nobody learns.
        luck: chance, keyed by item.
    """

    def __init__(self, items: Items, models: ModelShelf | None, luck: Keyed) -> None:
        self.items = items
        self._models = models
        self._luck = luck
        self._last: PoolView | None = None

    def at(self, version: int) -> PoolView:
        """Return the pool by that version of the model, 0 being none; KeyError if it is unknown or forgotten."""
        if self._last is None or self._last.version != version:
            model = self._models.get(version) if self._models and version else None
            self._last = PoolView(self.items, model, version, self._luck)
        return self._last


class Strategy(Component):
    """Gives every item of the pool a score: the higher, the sooner it is asked for."""

    needs_model: ClassVar[bool] = True

    @abstractmethod
    def scores(self, view: PoolView) -> Scores:
        """Return a score for each item of the pool; shape (items,)."""


def scores_of(strategy: Strategy, view: PoolView, where: str) -> Scores:
    """Return a strategy's score for each item of the pool; by chance where it needs a model and there is none.

    Args:
        strategy: the strategy.
        view: the pool.
        where: where in a scenario the strategy stands.

    Raises:
        Unusable: it gives something else.
    """
    fit = strategy if view.version or not strategy.needs_model else Random()
    scores = fit.scores(view)
    if scores.shape != (len(view.items),):
        raise Unusable(f"{where} gave scores of shape {scores.shape} for {len(view.items)} items")
    return scores


class Order(Protocol):
    """Items of the pool in some order."""

    def take(self, count: int) -> list[tuple[int, float]]:
        """Take the best `count` items, or all that are left, and return rows and scores, best first."""


class Ranking:
    """The items of the pool by one version's scores, taken from the top.

    Taking costs O(pool) the first time; from the second time on it is done for so many items at once that it costs next to nothing.

    Args:
        scores: a score an item; shape (items,).
        available: which items may be taken; those that are taken are marked in it; shape (items,).
        version: version of the model that the scores come from.
    """

    def __init__(self, scores: Scores, available: NDArray[np.bool_], version: int) -> None:
        self.version = version
        self._scores = bounded(scores)
        self._available = available
        self._ahead: list[tuple[int, float]] = []
        self._taken_before = False

    def take(self, count: int) -> list[tuple[int, float]]:
        """Take the best `count` items, or all that are left, and return rows and scores, best first."""
        if len(self._ahead) < count:
            rows = best(self._scores, self._available, max(count, 1024) if self._taken_before else count)
            # Reversed, so that the best stands at the end, where taking it moves no other.
            self._ahead = list(zip(rows.tolist(), self._scores[rows].tolist(), strict=True))[::-1]
            self._taken_before = True
        taken = [self._ahead.pop() for _ in range(min(count, len(self._ahead)))]
        for row, _ in taken:
            self._available[row] = False
        return taken


def best(scores: Scores, available: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """Return the rows of the `count` highest scores among the available items, best first; of equal scores, the earlier row first.

    O(items), plus O(count log count) to put the chosen in order.
    """
    masked = np.where(available, scores, -np.inf)
    count = min(count, int(np.count_nonzero(available)))
    if count <= 1:
        return np.asarray(np.argmax(masked, keepdims=True)[:count], dtype=np.intp)
    # The count-th highest score splits the pool; of those that just reach it, the first rows are taken.
    bar = np.partition(masked, len(masked) - count)[len(masked) - count]
    above = np.flatnonzero(masked > bar)
    level = np.flatnonzero((masked == bar) & available)[: count - len(above)]
    rows = np.sort(np.concatenate([above, level]))
    return rows[np.argsort(-masked[rows], kind="stable")]


def bounded(scores: Scores) -> Scores:
    """Return scores of which none is NaN or infinite.

    What a strategy of one's own scores as NaN or minus infinity is asked for last, not taken for what is not there.
    """
    return np.nan_to_num(scores, nan=-_FINITE, posinf=_FINITE, neginf=-_FINITE)


class Random(Strategy):
    """Any item is as good as another: each has a score by chance, drawn once."""

    kind: ClassVar[str] = "random"
    needs_model: ClassVar[bool] = False

    def scores(self, view: PoolView) -> Scores:
        """Return the items' luck."""
        return view.luck.uniforms(view.items.keys)


class InOrder(Strategy):
    """Items are asked for in the order in which they stand in the data."""

    kind: ClassVar[str] = "in-order"
    needs_model: ClassVar[bool] = False

    def scores(self, view: PoolView) -> Scores:
        """Return falling numbers."""
        return -np.arange(len(view.items), dtype=np.float64)


class LeastConfident(Strategy):
    """One minus the greatest class probability (Lewis and Gale, 1994)."""

    kind: ClassVar[str] = "least-confident"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - max p."""
        return np.asarray(1.0 - view.probabilities.max(axis=1))


class Margin(Strategy):
    """One minus the gap between the two greatest class probabilities (Scheffer, Decomain and Wrobel, 2001)."""

    kind: ClassVar[str] = "margin"

    def scores(self, view: PoolView) -> Scores:
        """Return 1 - (p1 - p2)."""
        probabilities = view.probabilities
        if probabilities.shape[1] < 2:
            return np.zeros(len(probabilities))
        top = np.partition(probabilities, -2, axis=1)
        return np.asarray(1.0 - (top[:, -1] - top[:, -2]))


class Entropy(Strategy):
    """The entropy of the class probabilities, in nats (Shannon, 1948; as a query strategy, Settles, 2009)."""

    kind: ClassVar[str] = "entropy"

    def scores(self, view: PoolView) -> Scores:
        """Return -sum p log p, where 0 log 0 is 0."""
        probabilities = view.probabilities
        # Rows where p = 0 would be NaN: there p log p is 0, as it is for any finite stand-in of the logarithm.
        logs = np.log(np.where(probabilities > 0, probabilities, 1.0))
        return np.asarray(-np.einsum("ij,ij->i", probabilities, logs))


STRATEGIES = (Random, InOrder, LeastConfident, Margin, Entropy)

AnyStrategy = Annotated[Strategy, Choice("query strategy", *STRATEGIES)]
