"""K-means: the items nearest to the centres of clusters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from agents.selector.strategies import clustering
from agents.selector.strategies.chance import InOrder
from agents.selector.strategies.k_means import KMeans
from agents.selector.strategies.uncertainty import Entropy, LeastConfident
from agents.selector.view import PoolView
from tests.agents.selector.greed import METRICS
from tests.agents.selector.pools import LUCK, placed, scenes, told


def blobs(centres: list[tuple[float, float]], sizes: list[int]) -> np.ndarray:
    """Return points around centres, within .1 of them on both axes; the first point of each is on its centre."""
    generator = np.random.Generator(np.random.PCG64(3))
    groups = []
    for centre, size in zip(centres, sizes, strict=True):
        off = generator.uniform(-0.1, 0.1, size=((size - 1) // 2, 2))
        groups.append(np.concatenate([[centre], centre + off, centre - off]))
    return np.concatenate(groups)


@settings(max_examples=20)
@given(scenes(), METRICS, st.integers(0, 14), st.booleans(), st.sampled_from([None, LeastConfident(), Entropy()]))
def test_it_selects_as_many_different_items_as_are_wanted_the_nearest_first_and_the_same_again(scene, metric, count, sparse, of):
    strategy = KMeans(metric=metric, of=of)
    selection = strategy.select(scene.view(sparse=sparse), count)
    assert selection == strategy.select(scene.view(sparse=sparse), count)
    assert len(set(selection.ids)) == len(selection) == min(count, len(scene.rows))
    assert set(selection.ids) <= set(scene.rows)
    assert all(-10 < score <= 0 for score in selection.scores)


@given(scenes().map(lambda scene: scene._replace(pending=())).filter(lambda scene: scene.rows), st.booleans())
def test_a_single_item_is_the_one_nearest_to_the_mean_of_what_is_left(scene, sparse):
    view = scene.view(sparse=sparse)
    left = scene.features[scene.rows]
    far = np.linalg.norm(scene.features - left.mean(axis=0), axis=1)
    (item,), (score,) = KMeans().select(view, 1).ids, KMeans().select(view, 1).scores
    assert far[item] == pytest.approx(min(far[scene.rows]), abs=1e-5)
    assert score == pytest.approx(-far[item], abs=1e-5)
    assert KMeans().scores(view)[scene.rows] == pytest.approx(-far[scene.rows], abs=1e-5)


def test_of_clear_clusters_it_takes_the_item_in_the_middle_of_each():
    points = blobs([(0, 0), (5, 0), (0, 5), (5, 5)], [21, 21, 21, 21])
    view = placed(points, {83: 0})
    assert sorted(KMeans().select(view, 4).ids) == [0, 21, 42, 63]
    selection = KMeans().select(view, 4)
    assert [*selection.scores] == sorted(selection.scores, reverse=True)


def test_what_is_pending_is_part_of_the_batch():
    points = blobs([(0, 0), (5, 0), (0, 5), (5, 5)], [21, 21, 21, 21])
    assert KMeans().select(placed(points, pending=(3, 30, 50)), 1).ids == (63,)
    assert set(KMeans().select(placed(points, pending=(3, 30)), 2).ids) == {42, 63}


def test_large_pools_are_clustered_by_samples_with_the_same_result(monkeypatch):
    points = blobs([(0, 0), (5, 0), (0, 5)], [101, 101, 101])
    monkeypatch.setattr(clustering, "MANY", 10)
    assert sorted(row // 101 for row in KMeans().select(placed(points), 3).ids) == [0, 1, 2]


@settings(max_examples=20)
@given(scenes().filter(lambda scene: len(scene.rows) > 1), st.integers(2, 5))
def test_each_item_is_nearest_to_the_mean_of_its_cluster(scene, count):
    clusters = clustering.clustered(scene.features, count, LUCK.generator(1))
    for label in np.unique(clusters.labels):
        inside = scene.features[clusters.labels == label]
        means = np.square(inside - inside.mean(axis=0)).sum(axis=1)
        assert clusters.gaps[clusters.labels == label] == pytest.approx(means, abs=1e-6)


def test_uncertain_items_pull_the_centres_towards_them():
    points = np.arange(11.0)[:, None]
    probabilities = np.array([[0.5, 0.5] if row >= 9 else [0.999, 0.001] for row in range(11)])
    view = told(points, probabilities)
    assert KMeans().select(view, 1).ids == (5,)
    assert KMeans(of=LeastConfident(), beyond=11).select(view, 1).ids[0] in (9, 10)


def test_the_surest_are_left_out():
    points = np.arange(10.0)[:, None]
    probabilities = np.array([[0.5, 0.5], [0.6, 0.4]] + [[1.0, 0.0]] * 8)
    assert set(KMeans(of=LeastConfident(), beyond=1).select(told(points, probabilities), 2).ids) == {0, 1}
    scores = KMeans(of=LeastConfident(), beyond=2).scores(told(points, probabilities))
    assert np.isinf(scores).tolist() == [False, False] + [True] * 8


def test_where_items_are_alike_others_fill_the_places():
    view = placed(np.repeat([[0.0], [4.0]], 4, axis=0))
    assert len(set(KMeans().select(view, 5).ids)) == 5
    assert len(set(KMeans(metric="cosine").select(placed(csr_array((5, 2))), 9).ids)) == 5


def test_scores_below_zero_weigh_from_the_lowest_on():
    assert KMeans(of=InOrder(), beyond=3).select(placed(np.arange(3.0)[:, None]), 1).ids == (0,)
    assert KMeans(of=InOrder(), beyond=1).select(placed(np.arange(5.0)[:, None]), 2).ids == (0, 1)


def test_another_seed_may_cluster_otherwise():
    points = np.random.Generator(np.random.PCG64(3)).uniform(size=(200, 2))
    view = placed(points)
    other = PoolView(view.items, None, 0, LUCK, view.pool)
    assert KMeans().select(view, 9) == KMeans().select(other, 9)
    view.pool.asked = 1
    assert KMeans().select(view, 9) != KMeans().select(placed(points), 9)
