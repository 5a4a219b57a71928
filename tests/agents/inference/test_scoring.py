"""How good labels and posteriors are, by the truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import brier_score_loss, f1_score, log_loss, recall_score

from agents.inference.scoring import reliability, scores


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 4), st.integers(1, 60), st.integers(0, 2**31))
def test_scores_are_those_of_scikit_learn(classes, items, seed):
    rng = np.random.default_rng(seed)
    posterior = rng.dirichlet(np.ones(classes), items)
    best, true = posterior.argmax(axis=1), rng.integers(0, classes, items)
    found = scores(posterior, best, true)
    occurs = sorted({*best.tolist(), *true.tolist()})
    assert found.accuracy == pytest.approx(np.mean(best == true))
    assert found.macro_f1 == pytest.approx(f1_score(true, best, labels=occurs, average="macro", zero_division=0))
    assert found.log_loss == pytest.approx(log_loss(true, posterior, labels=range(classes)))
    present = sorted(set(true.tolist()))
    assert found.recall[present] == pytest.approx(recall_score(true, best, labels=present, average=None))
    assert np.isnan(np.delete(found.recall, present)).all()
    if classes == 2:
        assert found.brier == pytest.approx(2 * brier_score_loss(true, posterior[:, 1], labels=[0, 1]))


def test_the_label_and_not_the_first_class_counts_where_posteriors_tie():
    found = scores(np.full((2, 2), 0.5), np.array([0, 1]), np.array([0, 1]))
    assert (found.accuracy, found.macro_f1, found.brier) == (1.0, 1.0, 0.5)


def test_the_reliability_curve_is_what_binning_by_hand_gives():
    confidence = np.array([0.1, 0.55, 0.58, 0.95, 1.0])
    right = np.array([False, True, False, True, True])
    curve = reliability(confidence, right, bins=10)
    assert curve.confidence == pytest.approx([0.1, 0.565, 0.975])
    assert curve.right.tolist() == [0.0, 0.5, 1.0]
    assert curve.count.tolist() == [1, 2, 2]
    assert curve.error == pytest.approx((0.1 * 1 + 0.065 * 2 + 0.025 * 2) / 5)
    for low, high, share, count in zip(curve.low, curve.high, curve.right, curve.count, strict=True):
        exact = binomtest(round(share * count), int(count)).proportion_ci(method="wilson")
        assert (low, high) == pytest.approx((exact.low, exact.high), abs=1e-12)


def test_calibrated_posteriors_have_next_to_no_calibration_error():
    rng = np.random.default_rng(3)
    confidence = rng.uniform(0.5, 1.0, 40_000)
    # The error of each of five bins is below 4 standard errors of a share of 8000.
    assert reliability(confidence, rng.random(40_000) < confidence).error < 4 * 0.5 / 8000**0.5
    assert reliability(confidence, rng.random(40_000) < 0.5).error > 0.2


def test_nothing_to_score_is_said():
    with pytest.raises(ValueError, match="nothing to score"):
        scores(np.ones((0, 2)), np.zeros(0, np.intp), np.zeros(0, np.intp))
