"""Uncertainty sampling: the formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import entropy
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from agents.component import Unusable
from agents.estimator import Committee, Model
from agents.selector.strategies.certainty import Certainty
from agents.selector.strategies.uncertainty import DistanceToBoundary, Entropy, LeastConfident, Margin
from agents.selector.view import PoolView, view_of
from tests.agents.samples import numbered
from tests.agents.selector.pools import LUCK, Matrix, matrices, scores, view


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


class Decides:
    """A classifier whose decision function says what the features do, and whose probabilities are even."""

    def decision_function(self, features: Matrix) -> Matrix:
        return features[:, 0] if features.shape[1] == 1 else features

    def predict_proba(self, features: Matrix) -> Matrix:
        return np.full((len(features), max(features.shape[1], 2)), 0.5)


def deciding(values: list[list[float]]) -> PoolView:
    """Return a pool of which a classifier's decision function says this."""
    table = np.array(values)
    classes = max(table.shape[1], 2)
    return PoolView(numbered(len(table), table), Model(Decides(), range(classes), classes), 1, LUCK)


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=9))
def test_of_two_classes_the_distance_to_the_boundary_is_how_far_the_decision_is_from_zero(values):
    drawn = DistanceToBoundary().scores(deciding([[value] for value in values]))
    assert drawn.tolist() == [-abs(value) for value in values]


@given(st.integers(2, 5).flatmap(lambda wide: st.lists(st.lists(st.floats(-9, 9), min_size=wide, max_size=wide), min_size=1)))
def test_of_more_classes_it_is_the_gap_between_the_two_greatest(values):
    ordered = [sorted(row, reverse=True) for row in values]
    assert DistanceToBoundary().scores(deciding(values)).tolist() == [-(row[0] - row[1]) for row in ordered]


def test_the_nearest_item_to_the_boundary_is_where_a_line_parts_the_classes():
    features = np.arange(9.0)[:, None]
    classifier = LogisticRegression().fit(features, [0, 0, 0, 0, 0, 1, 1, 1, 1])
    assert DistanceToBoundary().select(view_of(features, classifier), 2).ids in {(4, 5), (5, 4)}


def test_of_two_classes_a_line_is_as_near_as_its_probabilities_are_alike():
    features = LUCK.generator(5).normal(size=(200, 3))
    classifier = LogisticRegression().fit(features, features[:, 0] + 0.3 * features[:, 1] > 0)
    pool = view_of(features, classifier)
    assert DistanceToBoundary().select(pool, 50).ids == LeastConfident().select(pool, 50).ids


def test_a_classifier_without_a_decision_function_is_named():
    forest = RandomForestClassifier(2, random_state=0).fit([[0], [1]], [0, 1])
    with pytest.raises(Unusable, match="needs a classifier with a decision_function, and RandomForestClassifier has none"):
        DistanceToBoundary().select(view_of(np.zeros((3, 1)), forest), 1)


def test_who_has_seen_one_class_only_finds_every_item_as_near():
    nothing = PoolView(numbered(3, np.zeros((3, 2))), Model(None, [1], 3), 1, LUCK)
    assert DistanceToBoundary().select(nothing, 2).ids == (0, 1)


@pytest.mark.parametrize("shape", [(3000, 400), (50_001, 3), (17_000, 10), (20_000, 1)])
def test_pools_of_many_pieces_score_as_in_one(shape):
    weights = LUCK.generator(1).exponential(size=shape) * (LUCK.generator(2).random(shape) > 0.2) + 1e-300
    table = weights / weights.sum(axis=1, keepdims=True)
    top = np.sort(table, axis=1)
    assert_allclose(scores(Entropy(), table), entropy(table, axis=1), atol=1e-12)
    assert (scores(LeastConfident(), table) == 1 - top[:, -1]).all()
    assert (scores(Margin(), table) == (1 - (top[:, -1] - top[:, -2]) if shape[1] > 1 else np.zeros(shape[0]))).all()


@given(matrices(), st.integers(0, 15))
def test_as_many_are_selected_as_are_wanted_or_there_and_none_twice(probabilities, count):
    for strategy in (LeastConfident(), Margin(), Entropy(), Certainty()):
        chosen = strategy.select(view(probabilities), count)
        assert len(chosen) == len(set(chosen.ids)) == min(count, len(probabilities))


def test_a_committee_has_no_boundary():
    both = Committee([Model(Decides(), range(2), 2)] * 2)
    with pytest.raises(Unusable, match="and a committee has none"):
        DistanceToBoundary().select(PoolView(numbered(3, np.zeros((3, 2))), both, 1, LUCK), 1)
