"""Pools for the tests of strategies: what a model says of them is what the test says."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from agents.estimator import Estimator, Model
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


def told(
    features: object,
    probabilities: Matrix,
    labels: dict[int, int] | None = None,
    pending: tuple[int, ...] = (),
    estimator: Estimator | None = None,
) -> PoolView:
    """Return a pool of items that lie somewhere, and of which a model says something else, some of it labelled or pending."""
    rows, classes = probabilities.shape
    items = numbered(rows, features)
    model = Model(Says(lambda _: probabilities), range(classes), classes)
    return PoolView(items, model, 1, LUCK, known(items, classes, labels, pending), estimator)


class Scene(NamedTuple):
    """Items that lie somewhere, what a model says of them, and what is known of them.

    Attributes:
        features: whole numbers, of which many are the same; shape (items, features).
        probabilities: shape (items, classes).
        labels: class by row.
        pending: rows.
    """

    features: Matrix
    probabilities: Matrix
    labels: dict[int, int]
    pending: tuple[int, ...]

    def view(self, estimator: Estimator | None = None, sparse: bool = False) -> PoolView:
        """Return the pool."""
        features = csr_array(self.features) if sparse else self.features
        return told(features, self.probabilities, self.labels, self.pending, estimator)

    @property
    def rows(self) -> list[int]:
        """The rows that may be asked for."""
        return [row for row in range(len(self.features)) if row not in self.labels and row not in self.pending]


@st.composite
def scenes(draw: st.DrawFn, least: int = 1) -> Scene:
    """Pools of a few items, alike or not, each labelled, pending or neither."""
    probabilities = draw(matrices(least))
    rows, classes = probabilities.shape
    width = draw(st.integers(1, 3))
    features = draw(st.lists(st.integers(-2, 2), min_size=rows * width, max_size=rows * width))
    states = draw(st.lists(st.sampled_from(["free", "labelled", "pending"]), min_size=rows, max_size=rows))
    labels = {row: draw(st.integers(0, classes - 1)) for row, state in enumerate(states) if state == "labelled"}
    pending = tuple(row for row, state in enumerate(states) if state == "pending")
    return Scene(np.array(features, np.float64).reshape(rows, width), probabilities, labels, pending)
