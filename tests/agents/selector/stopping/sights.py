"""Versions of a model that say of each item what a table says, and what rules see of them."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.estimator import Model
from agents.items import Items
from agents.selector.pool import Pool
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Sight
from agents.selector.view import PoolView
from bus.chance import Chance
from tests.agents.samples import numbered

Matrix = NDArray[np.float64]
LUCK = Chance(7).keyed("selector", "stopping")


class Table:
    """A classifier of items whose one feature is their row: what a table says of them."""

    def __init__(self, table: Matrix) -> None:
        self._table = table

    def predict_proba(self, features: Matrix) -> Matrix:
        return self._table[features[:, 0].astype(np.intp)]


def says(table: Matrix) -> Model:
    """Return a model that says what a table says; shape (items, classes)."""
    return Model(Table(table), range(table.shape[1]), table.shape[1])


def rows(count: int) -> Items:
    """Return items whose one feature is their row."""
    return numbered(count, np.arange(count, dtype=np.float64)[:, np.newaxis])


def sights(tables: Matrix, labelled: list[set[int]] | None = None) -> list[Sight]:
    """Return what rules see of successive versions, each trained on ten labels more.

    Args:
        tables: what each version says; shape (versions, items, classes).
        labelled: the rows that have a label when it is published; left out, none.
    """
    versions, count, classes = tables.shape
    items = rows(count)
    pool = Pool(items)
    pool.start(range(classes))
    found = []
    for version in range(versions):
        for row in sorted(labelled[version] if labelled else ()):
            pool.know([row], [0])
        view = PoolView(items, says(tables[version]), version + 1, LUCK, pool)
        found.append(Sight(view, 10 * (version + 1), LUCK))
        # Later versions are published when more has a label.
        found[-1].available = pool.available.copy()
    return found


def measures(rule: StopRule, seen: list[Sight]) -> list[float | None]:
    """Return what a rule measures of successive versions."""
    before, found = None, []
    for sight in seen:
        found.append(rule.measure(sight, before))
        before = rule.predictions(sight)
    return found


@st.composite
def courses(draw: st.DrawFn) -> tuple[Matrix, list[set[int]]]:
    """Draw what successive versions say, with ties, zeros and models of one class, and which items have a label by then."""
    versions, count, classes = draw(st.integers(1, 5)), draw(st.integers(1, 8)), draw(st.integers(1, 4))
    weights = st.lists(st.integers(0, 3), min_size=classes, max_size=classes).filter(any)
    some = draw(st.lists(st.lists(weights, min_size=count, max_size=count), min_size=1, max_size=versions))
    # The same model twice is likely, and what learns nothing more.
    picks = draw(st.lists(st.integers(0, len(some) - 1), min_size=versions, max_size=versions))
    tables = np.array([some[pick] for pick in picks], dtype=np.float64)
    order = draw(st.permutations(range(count)))
    steps = sorted(draw(st.lists(st.integers(0, count), min_size=versions, max_size=versions)))
    return tables / tables.sum(axis=2, keepdims=True), [{*order[:step]} for step in steps]
