"""Places: distances that are right, however far from zero, and however many."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

from agents.component import Unusable
from agents.selector.strategies import places as where
from agents.selector.strategies.places import Places, finite_squares
from tests.agents.selector.greed import METRICS, distance
from tests.agents.selector.pools import scenes


def cloud(rows: int, columns: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(5)).normal(size=(rows, columns))


@given(scenes(), METRICS)
def test_distances_are_the_plain_ones_dense_and_sparse(scene, metric):
    points = scene.features
    expected = [[distance(x, y, metric) for y in points] for x in points]
    for features in (points, csr_array(points), points.astype(np.float32), points.astype(np.int64)):
        places = Places(features, metric)
        rows = [places.distances(places.cleared(places.gaps(row))) for row in range(len(points))]
        assert_allclose(rows, expected, atol=1e-6)
        assert_allclose(
            [places.distances(row) for _, block in places.blocks() for row in places.cleared(block)], expected, atol=1e-6
        )


def test_what_is_found_in_blocks_is_what_is_found_at_once(monkeypatch):
    features = cloud(50, 4)
    places, rows = Places(features, "euclidean"), np.arange(3, 40)
    ((_, whole),) = places.blocks(rows)
    monkeypatch.setattr(where, "BLOCK", 100)
    pieces = [*places.blocks(rows)]
    assert [piece.stop - piece.start for piece, _ in pieces] == [2] * 18 + [1]
    assert_allclose(np.concatenate([block for _, block in pieces]), whole, atol=1e-5)


@pytest.mark.parametrize("shift", [1e3, 1e7])
def test_far_from_zero_distances_are_as_right_as_near_it(shift):
    points = cloud(500, 8)
    places = Places(points + shift, "euclidean")
    assert places.matrix.dtype == np.float32
    expected = np.linalg.norm(points - points[7], axis=1)
    assert_allclose(places.distances(places.gaps(7)), expected, atol=1e-2)


def test_where_single_precision_would_not_tell_neighbours_apart_it_is_not_used():
    points = cloud(500, 3) + np.repeat([[0.0], [1e6]], 250, axis=0)
    places = Places(points, "euclidean")
    assert places.matrix.dtype == np.float64
    expected = np.linalg.norm(points - points[7], axis=1)
    assert_allclose(places.distances(places.cleared(places.gaps(7))), expected, atol=0.05)


@pytest.mark.parametrize("scale", [1e-120, 1e120])
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_large_and_small_numbers_do_not_matter(scale, metric):
    points = cloud(50, 4)
    one, other = (Places(features, metric) for features in (points, points * scale))
    unit = scale if metric == "euclidean" else 1
    assert_allclose(other.distances(other.gaps(3))[4:] / unit, one.distances(one.gaps(3))[4:], rtol=1e-5)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_what_is_no_number_or_has_no_square_is_refused(wrong, metric, form):
    # One that is looked at to see how large features are, and one that is not.
    for row in (1,) if wrong == 1e300 else (0, 1):
        points = np.ones((600, 3))
        points[row, 1] = wrong
        with pytest.raises(Unusable, match="some features are no finite numbers, or too large to be squared"):
            Places(form(points), metric)


def test_squared_lengths_are_those_of_rows_in_any_form():
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    for features in (rows, csr_array(rows), rows.astype(np.int64)):
        assert_allclose(finite_squares(features), [5, 50, 149, 302])
