"""Calibration, as the log loss on held-out items has it."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

from agents.estimator import train
from agents.estimators.choice import AnyEstimator
from agents.estimators.linear import odds
from agents.inference.scoring import log_loss
from tests.agents.samples import band, make

GAUSSIAN = {"kind": "naive-bayes", "distribution": "gaussian"}


def sample(seed: int, classes: int = 3) -> tuple[Any, Any]:
    """Return features that say each thing several times over, which makes naive Bayes much too sure."""
    return make_classification(600, 30, n_informative=5, n_redundant=25, n_classes=classes, class_sep=0.5, random_state=seed)


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
def test_calibration_lowers_the_log_loss_of_who_is_too_sure(method: str) -> None:
    gains = []
    for seed in range(12):
        features, labels = sample(seed, classes=2)
        losses = []
        for table in (GAUSSIAN, {"kind": "calibrated", "of": GAUSSIAN, "method": method, "folds": 3}):
            model = train(make(AnyEstimator, table), features[:300], labels[:300], 2, 0)[0]
            losses.append(log_loss(model.probabilities(features[300:]), labels[300:]))
        gains.append(losses[0] - losses[1])
    assert np.mean(gains) > band(float(np.std(gains, ddof=1)), len(gains))


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
def test_it_is_scikit_learns(method: str) -> None:
    features, labels = sample(1)
    ours = train(make(AnyEstimator, {"kind": "calibrated", "of": GAUSSIAN, "method": method, "folds": 4}), features, labels, 3, 0)
    theirs = CalibratedClassifierCV(GaussianNB(), method=method, cv=4).fit(features, labels)
    assert_allclose(ours[0].probabilities(features), theirs.predict_proba(features))


@pytest.mark.parametrize("of", [GAUSSIAN, "linear-svm", "sklearn.svm.LinearSVC"], ids=str)
def test_while_a_class_has_too_few_labels_it_goes_uncalibrated(of: Any) -> None:
    features, labels = sample(2, classes=2)
    few = np.concatenate([np.flatnonzero(labels == 0)[:40], np.flatnonzero(labels == 1)[:3]])
    estimator = make(AnyEstimator, {"kind": "calibrated", "of": of, "folds": 3})
    bare = GaussianNB() if of is GAUSSIAN else LinearSVC(random_state=5)
    for rows, calibrated in ((few[:-1], False), (few, True)):
        bare.fit(features[rows], labels[rows])
        expected = bare.predict_proba(features) if of is GAUSSIAN else odds(bare.decision_function(features))
        found = train(estimator, features[rows], labels[rows], 2, 5)[0].probabilities(features)
        assert np.allclose(found, expected) != calibrated


def test_a_class_that_appears_with_one_label_suspends_calibration() -> None:
    features, labels = sample(3)
    rows = np.concatenate([np.flatnonzero(labels < 2)[:60], np.flatnonzero(labels == 2)[:1]])
    model = train(make(AnyEstimator, {"kind": "calibrated", "of": GAUSSIAN}), features[rows], labels[rows], 3, 0)[0]
    assert (model.probabilities(features)[:, 2] > 0).any()
