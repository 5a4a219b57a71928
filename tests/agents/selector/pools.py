"""Pools for the tests of strategies: what a model says of them is what the test says."""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.estimator import Model
from agents.selector.pool import Pool
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from bus.chance import Chance
from tests.agents.samples import numbered

Matrix = NDArray[np.float64]
LUCK = Chance(7).keyed("selector")


class Oracle:
    """A classifier whose features are its probabilities."""

    def predict_proba(self, features: Matrix) -> Matrix:
        return features


class Says:
    """A classifier that says of every row what a function of the features does."""

    def __init__(self, says: Callable[[Matrix], Matrix]) -> None:
        self._says = says

    def predict_proba(self, features: Matrix) -> Matrix:
        return self._says(features)


class Board(Model):
    """A committee whose members say what a table says; shape (members, items, classes)."""

    def __init__(self, tables: Matrix) -> None:
        super().__init__(Oracle(), range(tables.shape[2]), tables.shape[2])
        self._tables = tables

    @property
    def members(self) -> list[Model]:
        classes = self._tables.shape[2]
        return [Model(Says(lambda _, table=table: table), range(classes), classes) for table in self._tables]

    def probabilities(self, features: object) -> Matrix:
        return np.asarray(self._tables.mean(axis=0))


def view(probabilities: Matrix, labels: dict[int, int] | None = None, pending: tuple[int, ...] = ()) -> PoolView:
    """Return a pool whose features are the model's probabilities, some of it labelled (by row: class) or pending."""
    classes = probabilities.shape[1]
    items = numbered(len(probabilities), probabilities)
    return PoolView(items, Model(Oracle(), range(classes), classes), 1, LUCK, known(items, classes, labels, pending))


def committee(tables: Matrix, labels: dict[int, int] | None = None, pending: tuple[int, ...] = ()) -> PoolView:
    """Return a pool of which each member of a committee says what a table says; shape (members, items, classes)."""
    items = numbered(tables.shape[1], np.zeros((tables.shape[1], 1)))
    return PoolView(items, Board(tables), 1, LUCK, known(items, tables.shape[2], labels, pending))


def placed(features: Matrix, labels: dict[int, int] | None = None, pending: tuple[int, ...] = (), classes: int = 2) -> PoolView:
    """Return a pool of items that lie somewhere, without a model."""
    items = numbered(features.shape[0], features)
    return PoolView(items, None, 0, LUCK, known(items, classes, labels, pending))


def known(items: object, classes: int, labels: dict[int, int] | None, pending: tuple[int, ...]) -> Pool:
    """Return what is known of items."""
    pool = Pool(items)
    pool.start(range(classes))
    for row in pending:
        pool.request(row)
    pool.know([*(labels or {})], [*(labels or {}).values()])
    return pool


def scores(strategy: Strategy, probabilities: Matrix) -> Matrix:
    """Return a strategy's scores, by what a model says."""
    return strategy.scores(view(probabilities))


@st.composite
def matrices(draw: st.DrawFn, least: int = 1) -> Matrix:
    """Class probabilities with ties, zeros and certainties; one class or several, one row or several."""
    classes = draw(st.integers(least, 6))
    rows = draw(st.lists(st.lists(st.integers(0, 4), min_size=classes, max_size=classes).filter(any), min_size=1, max_size=12))
    weights = np.array(rows, dtype=np.float64)
    return weights / weights.sum(axis=1, keepdims=True)


@st.composite
def committees(draw: st.DrawFn) -> Matrix:
    """What one member or several say; shape (members, items, classes)."""
    first = draw(matrices(least=2))
    shape = first.shape
    others = draw(st.lists(st.permutations(range(shape[0])), max_size=3))
    return np.stack([first, *(np.roll(first[order], place, axis=1) for place, order in enumerate(others))])
