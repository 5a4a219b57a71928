"""Uncertainty sampling: the formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose
from scipy.stats import entropy

from agents.selector.strategies.uncertainty import Entropy, LeastConfident, Margin
from tests.agents.selector.pools import matrices, scores


@given(matrices())
def test_entropy_is_scipys_entropy(probabilities):
    assert_allclose(scores(Entropy(), probabilities), entropy(probabilities, axis=1), atol=1e-12)


@given(matrices())
def test_margin_is_one_minus_the_gap_between_the_two_greatest(probabilities):
    ordered = [sorted(row, reverse=True) for row in probabilities.tolist()]
    expected = [1 - (row[0] - row[1]) if len(row) > 1 else 0.0 for row in ordered]
    assert_allclose(scores(Margin(), probabilities), expected, atol=1e-12)


@given(matrices())
def test_least_confident_is_one_minus_the_greatest(probabilities):
    assert_allclose(scores(LeastConfident(), probabilities), [1 - max(row) for row in probabilities.tolist()], atol=1e-12)


@given(matrices())
def test_every_score_is_a_number_one_an_item(probabilities):
    for strategy in (LeastConfident(), Margin(), Entropy()):
        drawn = scores(strategy, probabilities)
        assert drawn.shape == (len(probabilities),)
        assert np.isfinite(drawn).all()


def test_a_certain_item_has_no_entropy_and_a_uniform_one_the_most():
    sure, even = scores(Entropy(), np.array([[1.0, 0, 0], [1 / 3, 1 / 3, 1 / 3]]))
    assert sure == 0
    assert even == pytest.approx(math.log(3))


def test_the_smallest_probabilities_give_no_nan():
    tiny = np.nextafter(0, 1)
    assert np.isfinite(scores(Entropy(), np.array([[1.0, tiny], [tiny, 1.0], [1.0, 0.0]]))).all()


@given(matrices())
def test_of_two_classes_the_three_uncertainties_rank_alike(probabilities):
    pairs = np.stack([probabilities[:, 0], 1 - probabilities[:, 0]], axis=1)
    one, other, third = (scores(strategy, pairs) for strategy in (LeastConfident(), Margin(), Entropy()))
    order = np.argsort(np.abs(pairs[:, 0] - 0.5))
    for drawn in (one, other, third):
        assert (np.diff(drawn[order]) <= 1e-9).all()
