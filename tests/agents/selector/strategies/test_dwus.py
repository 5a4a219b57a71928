"""Density-weighted uncertainty sampling: the mixture, and labels of clusters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import multivariate_normal
from sklearn.linear_model import LogisticRegression

from agents.component import Unusable
from agents.selector.strategies.dwus import Dwus
from agents.selector.strategies.groups import grouped
from tests.agents.selector.pools import Scene, placed, scenes

Matrix = NDArray[np.float64]


def mixture(scene: Scene, clusters: int, sigma: float) -> tuple[Matrix, Matrix, Matrix]:
    """Return the centres, P(k) p(x|k) for each item and cluster, and how often each cluster stands."""
    groups = grouped(scene.view(), clusters, 128)
    shares = np.bincount(groups.of) / len(groups.of)
    found = [
        [share * multivariate_normal(centre, sigma**2).pdf(x) for share, centre in zip(shares, groups.centres, strict=True)]
        for x in scene.features
    ]
    return groups.centres, np.array(found).reshape(len(scene.features), -1), shares


def literal(scene: Scene, clusters: int, sigma: float) -> Matrix:
    """Return p(x) (1 - max P(y|x)), each label and cluster an example of its own in every step."""
    centres, joint, _ = mixture(scene, clusters, sigma)
    density = joint.sum(axis=1)
    classes = sorted(set(scene.labels.values()))
    if len(classes) < 2:
        return density
    of_cluster = joint / density[:, np.newaxis]
    chances = np.full((len(centres), len(classes)), 1 / len(classes))
    for _ in range(10):
        inputs, outputs, weights = [], [], []
        for row, label in scene.labels.items():
            held = of_cluster[row] * chances[:, classes.index(label)]
            inputs += [*centres]
            outputs += [label] * len(centres)
            weights += [*(held / held.sum())]
        chances = LogisticRegression(max_iter=1000, tol=1e-8).fit(inputs, outputs, sample_weight=weights).predict_proba(centres)
    return density * (1 - (of_cluster @ chances).max(axis=1))


@given(scenes(), st.integers(1, 4), st.sampled_from([0.5, 2.0]))
@settings(max_examples=8, deadline=None)
def test_it_is_the_density_times_the_expected_error(scene, clusters, sigma):
    expected = literal(scene, clusters, sigma)
    for sparse in (False, True):
        assert_allclose(
            np.exp(Dwus(clusters=clusters, sigma=sigma).scores(scene.view(sparse=sparse))), expected, rtol=1e-3, atol=1e-12
        )


def test_labels_are_shared_out_among_clusters_that_overlap():
    places = np.array([[0.0], [0.5], [1.0], [2.0], [2.5], [3.0], [4.0], [4.5], [5.0]])
    scene = Scene(places, np.full((9, 2), 0.5), {0: 0, 2: 1, 4: 1, 5: 0, 8: 1}, ())
    assert_allclose(np.exp(Dwus(clusters=3, sigma=1.5, penalty=1.0).scores(scene.view())), literal(scene, 3, 1.5), rtol=1e-4)


@given(scenes())
@settings(deadline=None, max_examples=10)
def test_every_score_is_a_number_and_all_that_are_left_are_selected(scene):
    view = scene.view()
    assert np.isfinite(Dwus(clusters=3).scores(view)).all()
    assert sorted(Dwus(clusters=3).select(view, 99).ids) == scene.rows


def test_the_deviation_is_that_of_items_from_their_centres():
    points = np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 9.0], [9.0, 11.0]])
    given_, left_out = (Dwus(clusters=2, sigma=sigma).scores(placed(points)) for sigma in (np.sqrt(0.5), None))
    assert_allclose(left_out, given_)


def test_where_all_items_lie_at_one_place_all_are_alike():
    view = placed(np.ones((5, 2)), {0: 0, 1: 1})
    assert Dwus(clusters=2).select(view, 2).ids == (2, 3)


def test_before_two_classes_are_seen_the_densest_comes_first():
    points = np.array([[0.0], [0.1], [0.2], [5.0]])
    assert Dwus(clusters=2).select(placed(points, {0: 0}), 3).ids[-1] == 3


def test_far_from_everything_nothing_is_no_number():
    view = placed(csr_array(np.array([[0.0], [1.0], [1e6]])), {0: 0, 1: 1})
    assert np.isfinite(Dwus(clusters=2, sigma=0.01).scores(view)).all()


def test_features_that_are_no_numbers_are_named():
    with pytest.raises(Unusable, match="finite numbers"):
        Dwus().scores(placed(np.array([[np.nan], [1.0]])))
