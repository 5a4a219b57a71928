"""Graph density: neighbours, weights and what is taken from them, by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from agents.selector.strategies.graph_density import GraphDensity
from tests.agents.selector.greed import METRICS, assert_greedy, distance
from tests.agents.selector.pools import placed, scenes


def graph(points: np.ndarray, neighbours: int, metric: str) -> list[dict[int, float]]:
    """Return for each row how far its neighbours are, who are among its nearest, or of whose nearest it is."""
    rows = range(len(points))
    far = [[distance(x, y, metric) for y in points] for x in points]
    nearest = [sorted((other for other in rows if other != row), key=far[row].__getitem__)[:neighbours] for row in rows]
    return [{other: far[row][other] for other in rows if other in nearest[row] or row in nearest[other]} for row in rows]


def densities(near: list[dict[int, float]], width: float | None, taken: list[int]) -> list[float]:
    """Return the mean weight of each row's edges, less what is taken by the rows in order."""
    lengths = [length for each in near for length in each.values()]
    width = width or sum(lengths) / len(lengths)
    found = [sum(math.exp(-(length**2) / (2 * width**2)) for length in each.values()) / len(each) for each in near]
    for row in taken:
        for other in near[row]:
            found[other] -= max(found[row], 0.0)
    return found


@settings(max_examples=50)
@given(
    st.integers(0, 10**6),
    st.integers(2, 20),
    st.integers(1, 6),
    METRICS,
    st.sampled_from([None, 0.5]),
    st.booleans(),
    st.integers(0, 22),
)
def test_each_pick_is_the_densest_after_what_its_neighbours_took(seed, rows, neighbours, metric, width, sparse, count):
    generator = np.random.Generator(np.random.PCG64(seed))
    points = generator.normal(size=(rows, 3))
    covered = generator.permutation(rows)[: rows // 4].tolist()
    view = placed(csr_array(points) if sparse else points, pending=tuple(covered))
    near = graph(points, neighbours, metric)
    strategy = GraphDensity(neighbours=neighbours, metric=metric, width=width)
    assert strategy.scores(view) == pytest.approx(densities(near, width, covered), abs=1e-4)
    assert_greedy(strategy.select(view, count), view, count, lambda taken: densities(near, width, [*covered, *taken]))


@settings(max_examples=30)
@given(scenes(), METRICS, st.integers(0, 14), st.booleans())
def test_of_items_that_are_alike_as_many_as_are_wanted_are_selected(scene, metric, count, sparse):
    selection = GraphDensity(metric=metric).select(scene.view(sparse=sparse), count)
    assert selection == GraphDensity(metric=metric).select(scene.view(sparse=sparse), count)
    assert len(set(selection.ids)) == len(selection) == min(count, len(scene.rows))
    assert np.isfinite(selection.scores).all()


def test_a_label_that_is_lost_takes_nothing_any_more():
    view, strategy = placed(np.array([[0.0], [1], [2.5], [9]])), GraphDensity(neighbours=1)
    before = strategy.scores(view).tolist()
    view.pool.request(1)
    assert strategy.scores(view)[0] < before[0]
    view.pool.drop(1)
    assert strategy.scores(view).tolist() == before


def test_a_single_item_has_no_neighbours():
    assert GraphDensity().select(placed(np.array([[1.0]])), 2).scores == (0.0,)


@pytest.mark.parametrize(("width", "density"), [(1e-300, 0.5), (1e300, 1.0)])
def test_a_width_may_be_next_to_nothing_or_more_than_all(width, density):
    view = placed(np.array([[0.0, 1.0], [0.0, 1.0], [5.0, 3.0]]))
    # Each is a neighbour of both others, of which the twins have one at their own place.
    assert GraphDensity(neighbours=2, width=width).scores(view)[0] == pytest.approx(density)
