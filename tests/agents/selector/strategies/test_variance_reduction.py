"""Variance reduction: Fisher information."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from agents.component import Unusable
from agents.selector.strategies.variance_reduction import VarianceReduction
from tests.agents.selector.pools import Scene, scenes, told

Matrix = NDArray[np.float64]


def information(features: Matrix, probabilities: Matrix) -> Matrix:
    """Return the Fisher information of a softmax regression in one item, weights in the order of classes."""
    inputs = np.append(features, 1.0)
    return np.kron(np.diag(probabilities) - np.outer(probabilities, probabilities), np.outer(inputs, inputs))


def variance(scene: Scene, known: list[int], penalty: float) -> float:
    """Return the variance of the class probabilities of items without a label, by the delta method."""
    size = scene.probabilities.shape[1] * (scene.features.shape[1] + 1)
    inverse = np.linalg.inv(
        penalty * np.eye(size) + sum(information(scene.features[row], scene.probabilities[row]) for row in known)
    )
    others = [row for row in range(len(scene.features)) if row not in scene.labels]
    total = 0.0
    for row in others:
        probabilities, inputs = scene.probabilities[row], np.append(scene.features[row], 1.0)
        for label, one in enumerate(np.eye(len(probabilities))):
            gradient = np.kron(probabilities[label] * (one - probabilities), inputs)
            total += gradient @ inverse @ gradient
    return total / max(1, len(others))


@given(scenes())
@settings(deadline=None)
def test_it_is_what_an_items_fisher_information_takes_from_the_variance(scene):
    covered = [*scene.labels, *scene.pending]
    for penalty in (0.1, 1.0):
        before = variance(scene, covered, penalty)
        expected = [before - variance(scene, [*covered, row], penalty) for row in scene.rows]
        for sparse in (False, True):
            scores = VarianceReduction(penalty=penalty).scores(scene.view(sparse=sparse))
            assert_allclose(scores[scene.rows], expected, atol=1e-9)
            assert np.isneginf(np.delete(scores, scene.rows)).all()


@given(scenes())
@settings(deadline=None)
def test_a_batch_is_the_best_item_and_the_best_after_that_one(scene):
    selection = VarianceReduction().select(scene.view(), 99)
    assert sorted(selection.ids) == scene.rows
    known = [*scene.labels, *scene.pending]
    for row, gained in zip(selection.ids, selection.scores, strict=True):
        before = variance(scene, known, 1.0)
        gains = [before - variance(scene, [*known, each], 1.0) for each in scene.rows if each not in known]
        assert gained == pytest.approx(max(gains), abs=1e-9)
        assert gained == pytest.approx(before - variance(scene, [*known, row], 1.0), abs=1e-9)
        known.append(row)


def test_of_items_that_are_alike_one_is_chosen_and_then_another_kind():
    features = np.array([[3.0, 0.0], [3.0, 0.0], [0.0, 3.0], [0.0, 3.0]])
    view = told(features, np.full((4, 2), 0.5))
    assert VarianceReduction().select(view, 2).ids == (0, 2)
    pending = told(features, np.full((4, 2), 0.5), pending=(0,))
    assert VarianceReduction().select(pending, 1).ids == (2,)


def test_what_a_model_is_sure_of_teaches_nothing():
    view = told(np.eye(3), np.array([[1.0, 0.0]] * 3))
    assert VarianceReduction().scores(view).tolist() == [0.0] * 3
    assert VarianceReduction().select(view, 2).ids == (0, 1)


def test_only_candidates_are_scored_and_as_many_as_are_wanted():
    view = told(np.arange(20.0).reshape(20, 1), np.full((20, 2), 0.5))
    few = VarianceReduction(candidates=3, others=4)
    assert np.isfinite(few.scores(view)).sum() == 3
    assert sorted(few.select(view, 99).ids) == list(range(20))
    assert few.select(view, 2) == few.select(view, 2)


def test_many_features_are_projected_and_the_projection_stays():
    features = np.eye(200)
    view = told(features, np.full((200, 3), 1 / 3))
    strategy = VarianceReduction(dimensions=8)
    assert np.isfinite(strategy.scores(view)).all()
    assert_allclose(strategy.scores(view), strategy.scores(told(features, np.full((200, 3), 1 / 3))))


def test_too_large_a_fisher_information_is_refused():
    view = told(np.zeros((2, 100)), np.full((2, 50), 0.02))
    with pytest.raises(Unusable, match=r"4,096 at most, and found 5,050: give fewer dimensions"):
        VarianceReduction(dimensions=100).scores(view)


@pytest.mark.parametrize("sizes", [(1e30, 1e-30), (1e153, 1e150)])
def test_features_that_are_too_large_or_of_sizes_too_different_are_refused_by_a_sentence(sizes):
    features = np.array([[1.0, 1.0], [-2.0, 1.0], [3.0, 2.0], [1.0, 0.0]]) * sizes
    view = told(features, np.array([[0.5, 0.5], [0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), labels={0: 0, 1: 1})
    for use in (lambda strategy: strategy.scores(view), lambda strategy: strategy.select(view, 1)):
        with pytest.raises(Unusable, match="standardise them"):
            use(VarianceReduction())
