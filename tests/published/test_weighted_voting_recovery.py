"""Weights learnt from the answers alone are nearly worth those of who knows each accuracy (Nitzan and Paroush, 1982)."""

import numpy as np
import pytest

from agents.inference.inference import vote_shares
from agents.inference.one_coin import OneCoinDawidSkene
from tests.published.juries import answers_of, error, stream

ITEMS, PEOPLE, VOTES, SEEDS = 1000, 20, 5, 60


def outcome(seed: int) -> tuple[float, float, float, float]:
    """Return the errors of the majority, the one-coin model and known weights, and how far off the estimated accuracies are."""
    draw = stream(seed, "recovery")
    accuracy, truth = draw.uniform(0.55, 0.95, PEOPLE), draw.integers(0, 2, ITEMS)
    person = np.argsort(draw.random((ITEMS, PEOPLE)), axis=1)[:, :VOTES].ravel()
    table = answers_of(np.repeat(np.arange(ITEMS), VOTES), person, accuracy, truth, draw)
    found, shares = OneCoinDawidSkene(tolerance=1e-7).infer(table), vote_shares(table)
    weight = np.log(accuracy / (1 - accuracy))
    known = np.bincount(table.item, (2 * table.label - 1) * weight[table.person], ITEMS)
    estimates = found.confusion[:, 0, 0]
    learnt = found.posterior[:, 1] - found.posterior[:, 0]
    off = float(np.sqrt(np.mean((estimates - accuracy) ** 2)))
    return error(shares[:, 1] - shares[:, 0], truth), error(learnt, truth), error(known, truth), off


def test_weights_are_recovered_as_well_as_published():
    found = np.array([outcome(seed) for seed in range(SEEDS)])
    band = 4 * found.std(axis=0, ddof=1) / np.sqrt(SEEDS)
    # The published means have errors of their own, from as many seeds.
    assert found.mean(axis=0) == pytest.approx([0.1010, 0.0782, 0.0768, 0.0315], abs=1.5 * band.max())
    gain = found[:, 0] - found[:, 1]
    assert gain.mean() == pytest.approx(0.0228, abs=4 * np.hypot(0.0017, gain.std(ddof=1) / np.sqrt(SEEDS)))
    assert gain.mean() > 4 * gain.std(ddof=1) / np.sqrt(SEEDS)
