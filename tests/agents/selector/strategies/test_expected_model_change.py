"""Expected model change: the length of gradients."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from agents.component import Unusable
from agents.selector.strategies.expected_model_change import ExpectedModelChange
from tests.agents.selector.pools import Scene, scenes, told


def literal(scene: Scene, intercept: bool) -> list[float]:
    """Return the mean length of the gradient of the log loss, by the outer product for every class."""
    found = []
    for features, probabilities in zip(scene.features, scene.probabilities, strict=True):
        inputs = np.append(features, 1.0) if intercept else features
        gradients = [np.outer(probabilities - one, inputs) for one in np.eye(len(probabilities))]
        found.append(sum(p * np.linalg.norm(each) for p, each in zip(probabilities, gradients, strict=True)))
    return found


@given(scenes())
def test_it_is_the_mean_length_of_the_gradients(scene):
    for intercept in (False, True):
        strategy = ExpectedModelChange(intercept=intercept)
        for sparse in (False, True):
            assert_allclose(strategy.scores(scene.view(sparse=sparse)), literal(scene, intercept), atol=1e-7)


@given(scenes())
def test_all_that_are_left_are_selected_where_more_are_wanted(scene):
    assert sorted(ExpectedModelChange().select(scene.view(), 99).ids) == scene.rows


def test_what_a_model_is_sure_of_moves_nothing_and_of_two_alike_the_earlier_comes_first():
    view = told(np.ones((4, 2)), np.array([[1.0, 0.0], [0.5, 0.5], [0.5, 0.5], [0.9, 0.1]]))
    scores = ExpectedModelChange().scores(view)
    assert scores[0] == 0
    assert ExpectedModelChange().select(view, 3).ids == (1, 2, 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e200])
def test_features_that_are_no_numbers_are_named(bad):
    view = told(np.array([[1.0], [bad]]), np.array([[0.5, 0.5]] * 2))
    with pytest.raises(Unusable, match="finite numbers"):
        ExpectedModelChange().scores(view)


def test_without_embeddings_nobody_goes_by_them():
    with pytest.raises(Unusable, match="goes by embeddings"):
        ExpectedModelChange(space="embeddings").scores(told(np.ones((2, 2)), np.full((2, 2), 0.5)))
