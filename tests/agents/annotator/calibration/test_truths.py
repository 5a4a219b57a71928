"""What is true of the items of a log: known, or inferred, with doubt."""

import numpy as np
import pytest

from agents.annotator.calibration.truths import DOUBT, WORTH, Truths, doubted, first_truths
from agents.items import UNKNOWN
from tests.agents.annotator.calibration.made import made, matrices


def sure(items: int, classes: int, known: np.ndarray) -> Truths:
    posterior = np.full((items, classes), 1 / classes)
    return Truths(posterior, known, np.ones(items, bool), np.full(classes, 1 / classes))


def test_what_is_known_is_certain():
    stream = np.random.default_rng(1)
    log = made(stream, matrices(stream, 8, 2), 100, 4)
    some = np.where(np.arange(100) % 2, log.truth, UNKNOWN)
    truths = first_truths(log.table, some)
    assert (truths.posterior[np.arange(1, 100, 2), log.truth[1::2]] == 1.0).all()
    assert truths.known.sum() == 50


def test_without_gold_the_consensus_is_doubted_by_the_belief_beforehand():
    evidence = np.log(np.tile([0.95, 0.05], (400, 1)))
    found = doubted(sure(400, 2, np.zeros(400, bool)), evidence, None)
    assert found.doubt == pytest.approx(DOUBT)
    assert found.posterior.max(axis=1).mean() == pytest.approx(0.95 - DOUBT, abs=1e-3)


def test_gold_says_how_much_the_consensus_claims_too_much():
    """It claims 95 %, and is right about 80 of 100 known items."""
    evidence = np.log(np.tile([0.95, 0.05], (400, 1)))
    known = np.arange(400) < 100
    gold = np.where(known, (np.arange(400) % 5 == 0).astype(int), UNKNOWN)
    found = doubted(sure(400, 2, known), evidence, gold)
    assert found.doubt == pytest.approx((DOUBT * WORTH + 95 - 80) / (WORTH + 100))


def test_contested_items_are_the_more_doubtful_ones():
    evidence = np.log(np.concatenate([np.tile([0.7, 0.3], (200, 1)), np.tile([0.999999, 0.000001], (200, 1))]))
    found = doubted(sure(400, 2, np.zeros(400, bool)), evidence, None)
    lost = np.exp(evidence[:, 0]) - found.posterior[:, 0]
    assert lost[0] > 10 * lost[-1] > 0


def test_classes_are_drawn_as_often_as_they_are_thought():
    truths = Truths(np.tile([0.2, 0.0, 0.8], (20_000, 1)), np.zeros(20_000, bool), np.ones(20_000, bool), np.full(3, 1 / 3))
    counts = np.bincount(truths.drawn(np.random.default_rng(1)), minlength=3) / 20_000
    assert counts == pytest.approx([0.2, 0.0, 0.8], abs=4 * 0.4 / np.sqrt(20_000))
    assert counts[1] == 0
