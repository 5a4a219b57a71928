"""Supposing: the model that there would be if what is under way had come to this or that."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.component import Unusable
from agents.estimator import train
from agents.items import UNKNOWN
from agents.selector.selection import Selection
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView

Rows = NDArray[np.intp]


class Supposed(NamedTuple):
    """What items are supposed to be, as examples to learn from.

    Attributes:
        rows: the items, one as often as there are classes that it may be; shape (examples,).
        labels: the index of a class for each; shape (examples,).
        weights: what each example weighs; None if all weigh 1; shape (examples,).
    """

    rows: Rows
    labels: NDArray[np.intp]
    weights: NDArray[np.float64] | None = None


Suppose = Callable[[PoolView, Rows], Supposed]
"""Says what items under way are supposed to be, by the pool as it is."""


def select_supposing(strategy: Strategy, view: PoolView, count: int, refit: int, suppose: Suppose) -> Selection:
    """Return what a strategy selects by a model that counts items under way as labelled.

    Args:
        strategy: how to choose. One that goes by no model chooses as ever.
        view: the pool as it is.
        count: how many items.
        refit: after how many picks, which are under way then, the model is trained anew.
        suppose: what items under way are supposed to be.
    """
    if not strategy.rests_on_model:
        return strategy.select(view, count)
    generator = view.generator("supposing")
    picked: list[int] = []
    scores: list[float] = []
    while len(picked) < count:
        supposed = _supposing(view, picked, suppose, generator, fresh=strategy.reacts)
        selection = strategy.select(supposed, min(refit, count - len(picked)))
        if not len(selection):
            break
        picked += [view.items.row(item) for item in selection.ids]
        scores += selection.scores
    return view.selection(picked, scores)


def _supposing(view: PoolView, picked: list[int], suppose: Suppose, generator: np.random.Generator, fresh: bool) -> PoolView:
    """Return the pool as it would be if items under way, and those that were just picked, had their labels."""
    under_way = [*np.flatnonzero(view.pending).tolist(), *picked]
    if not under_way:
        return view
    supposed = suppose(view, np.asarray(under_way, np.intp))
    pool = view.pool.supposing(picked, fresh)
    if supposed.weights is None:
        pool.labels[supposed.rows], pool.pending[supposed.rows] = supposed.labels, False
    estimator = view.estimator
    if estimator is None:
        raise Unusable("needs a learner, to train models like its own")
    known = np.flatnonzero(view.labels != UNKNOWN)
    rows, labels = np.concatenate([known, supposed.rows]), np.concatenate([view.labels[known], supposed.labels])
    weights = None if supposed.weights is None else np.concatenate([np.ones(len(known)), supposed.weights])
    features = view.items.features
    assert features is not None
    model, _ = train(estimator, features[rows], labels, view.classes, int(generator.integers(2**32)), weights)
    return PoolView(view.items, model, view.version, view.luck, pool, estimator)
