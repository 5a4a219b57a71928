"""Expected error reduction: a model for every candidate and class."""

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from scipy.stats import entropy
from sklearn.linear_model import LogisticRegression as Sklearn

from agents.component import Unusable
from agents.estimators.choice import AnyEstimator
from agents.estimators.linear import LogisticRegression
from agents.selector.strategies.expected_error_reduction import ExpectedErrorReduction
from tests.agents.samples import make
from tests.agents.selector.pools import Scene, scenes, told


def loss(scene: Scene, row: int, label: int, kind: str) -> float:
    """Return the mean loss on items without a label of a model that also knows this one."""
    known = {**scene.labels, row: label}
    rows = [*sorted(scene.labels), row]
    others = [each for each in range(len(scene.features)) if each not in scene.labels]
    labels = [known[each] for each in rows]
    if len(set(labels)) == 1:
        return 0.0
    probabilities = Sklearn(max_iter=200).fit(scene.features[rows], labels).predict_proba(scene.features[others])
    losses = 1 - probabilities.max(axis=1) if kind == "zero-one" else entropy(probabilities, axis=1)
    return float(losses.mean())


@pytest.mark.parametrize("kind", ["zero-one", "log"])
@given(scene=scenes())
@settings(max_examples=5, deadline=None)
def test_it_is_the_loss_of_a_model_trained_for_every_candidate_and_class(kind, scene):
    expected = [
        -sum(p * loss(scene, row, label, kind) for label, p in enumerate(scene.probabilities[row]) if p) for row in scene.rows
    ]
    for sparse in (False, True):
        scores = ExpectedErrorReduction(loss=kind).scores(scene.view(LogisticRegression(), sparse))
        assert_allclose(scores[scene.rows], expected, atol=1e-6)
        assert np.isneginf(np.delete(scores, scene.rows)).all()


def twenty(labels: dict[int, int]) -> Scene:
    features = np.linspace(-1, 1, 20)[:, np.newaxis]
    sure = np.linspace(0.05, 0.95, 20)
    return Scene(features, np.stack([1 - sure, sure], axis=1), labels, ())


def test_only_candidates_are_looked_at_and_as_many_as_are_wanted():
    view = twenty({0: 0, 19: 1}).view(LogisticRegression())
    few = ExpectedErrorReduction(candidates=3, others=5)
    assert np.isfinite(few.scores(view)).sum() == 3
    assert min(few.select(view, 7).scores) > -1.0, "as many as are wanted are looked at"
    assert sorted(few.select(view, 99).ids) == list(range(1, 19))
    assert few.select(view, 7) == few.select(view, 7)


def test_with_one_class_seen_and_thought_of_all_are_alike_and_the_earliest_come_first():
    scene = twenty({3: 0})._replace(probabilities=np.array([[1.0, 0.0]] * 20))
    selection = ExpectedErrorReduction().select(scene.view(LogisticRegression()), 4)
    assert selection.ids == (0, 1, 2, 4)
    assert selection.scores == (0.0,) * 4


def test_a_class_that_was_never_seen_is_reckoned_with_where_the_model_does():
    scene = twenty({0: 0, 19: 1})
    three = np.hstack([scene.probabilities / 2, np.full((20, 1), 0.5)])
    scores = ExpectedErrorReduction().scores(scene._replace(probabilities=three).view(LogisticRegression()))
    assert (scores[1:19] != ExpectedErrorReduction().scores(scene.view(LogisticRegression()))[1:19]).all()


def test_any_estimator_will_do_and_chance_is_the_views():
    forest = make(AnyEstimator, {"kind": "random-forest", "trees": 5})
    strategy = ExpectedErrorReduction(candidates=4)
    first, second = (strategy.select(twenty({0: 0, 9: 0, 19: 1}).view(forest), 3) for _ in range(2))
    assert first == second


def test_without_an_estimator_it_says_what_it_lacks():
    with pytest.raises(Unusable, match="needs an estimator"):
        ExpectedErrorReduction().scores(told(np.eye(2), np.eye(2)))
