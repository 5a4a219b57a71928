"""Hierarchical sampling: what is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

from agents.component import Unusable
from agents.selector.strategies.hierarchical import Hierarchical
from tests.agents.samples import share_band
from tests.agents.selector.pools import placed, scenes

BLOBS = np.repeat([[0.0], [10.0], [20.0]], [30, 20, 10], axis=0) + np.linspace(0, 1, 60)[:, np.newaxis]


@given(scenes())
@settings(deadline=None, max_examples=40)
def test_scores_are_the_chances_of_what_is_available(scene):
    scores = Hierarchical(leaves=4).scores(scene.view())
    assert scores.sum() == pytest.approx(1.0 if scene.rows else 0.0)
    assert sorted(np.flatnonzero(scores).tolist()) == scene.rows
    assert_allclose(scores, Hierarchical(leaves=4).scores(scene.view(sparse=True)))


@given(scenes())
@settings(deadline=None, max_examples=40)
def test_all_that_are_left_are_drawn_where_more_are_wanted_and_the_same_whenever_the_same_is_known(scene):
    selection = Hierarchical().select(scene.view(), 99)
    assert sorted(selection.ids) == scene.rows
    assert selection == Hierarchical().select(scene.view(), 99)
    if scene.rows:
        assert selection.scores[0] == pytest.approx(Hierarchical().scores(scene.view())[selection.ids[0]])
        assert selection.scores[-1] == pytest.approx(1.0)


def test_before_there_are_labels_each_item_is_as_likely_as_another():
    assert_allclose(Hierarchical().scores(placed(BLOBS)), 1 / 60)


def test_where_clusters_are_pure_those_are_asked_for_of_which_little_is_known():
    labels = {row: int(BLOBS[row, 0] // 10) for row in [*range(0, 24, 2), *range(30, 46, 2), 50, 59]}
    scores = Hierarchical().scores(placed(BLOBS, labels, classes=3))
    assert scores[50:].max() > 3 * scores[:30].max()
    assert scores[52] > scores[31] > scores[1] > 0


def test_items_come_as_often_as_their_chances_say():
    view = placed(BLOBS, {row: row // 30 for row in [*range(12), *range(30, 38)]})
    chances = Hierarchical().scores(view)
    drawn = []
    for turn in range(1500):
        view.pool.asked = turn
        drawn += Hierarchical().select(view, 1).ids
    for part in (slice(0, 30), slice(30, 50), slice(50, 60)):
        share = chances[part].sum()
        found = np.isin(drawn, np.arange(60)[part]).mean()
        assert found == pytest.approx(share, abs=share_band(share, len(drawn)))


def test_what_is_kept_follows_labels_that_are_revised_or_withdrawn():
    view = placed(BLOBS, {row: row // 30 for row in range(0, 60, 4)})
    Hierarchical().select(view, 3)
    view.pool.resolve(8, 1)
    view.pool.drop(20)
    view.pool.request(3)
    changed = {row: row // 30 for row in range(0, 60, 4) if row != 20} | {8: 1}
    anew = placed(BLOBS, changed)
    anew.pool.available[[3, 20]] = False
    assert_allclose(Hierarchical().scores(view), Hierarchical().scores(anew))


def test_large_and_sparse_pools_are_put_into_small_clusters_first():
    view = placed(csr_array(np.tile(np.eye(300), (10, 1))), {0: 0, 1: 1, 300: 0})
    strategy = Hierarchical(leaves=40, dimensions=16, linkage="average")
    scores = strategy.scores(view)
    assert scores.sum() == pytest.approx(1.0)
    assert len(set(strategy.select(view, 50).ids)) == 50


def test_features_that_are_no_numbers_are_named():
    with pytest.raises(Unusable, match="finite numbers"):
        Hierarchical().scores(placed(np.array([[np.nan], [1.0]])))


@pytest.mark.parametrize("leaves", [8, 60])
def test_items_too_far_apart_for_their_distances_are_refused_by_a_sentence(leaves):
    far = np.random.Generator(np.random.PCG64(2)).normal(size=(40, 2)) * 9e153
    with pytest.raises(Unusable, match="too large to be squared"):
        Hierarchical(leaves=leaves).select(placed(far, labels={0: 0, 1: 1}), 3)
