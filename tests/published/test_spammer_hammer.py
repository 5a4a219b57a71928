"""Hammers and spammers (Karger, Oh and Shah, 2011): who never errs among those who guess, in a regular assignment.

Errors of a graph hang together, since its people are shared: bands are four standard errors between graphs. Found are: people who
are drawn anew for each item, which leaves no more to learn than a majority has.
"""

from math import comb

import numpy as np
import pytest

from agents.inference.answers import AnswerTable
from agents.inference.inference import vote_shares
from agents.inference.one_coin import OneCoinDawidSkene
from tests.published.campaigns import outcome
from tests.published.juries import answers_of, error, stream

HAMMERS = 0.3
SIZE = 1000
PUBLISHED = {5: (0.23517, 0.08404), 7: (0.19985, 0.04118), 9: (0.17172, 0.02018), 15: (0.11323, 0.00237), 25: (0.06044, 0.00007)}
"""By answers an item: the error of a majority, and of who knows the hammers."""


def graph(degree: int, seed: int) -> tuple[AnswerTable, np.ndarray, np.ndarray]:
    """Return answers where each item has, and each person gives, `degree`; the truth, and who is a hammer."""
    draw = stream(seed, "graph", str(degree))
    item = np.repeat(np.arange(SIZE), degree)
    person = np.repeat(np.arange(SIZE), degree)[draw.permutation(SIZE * degree)]
    truth = draw.integers(0, 2, SIZE)
    hammer = draw.random(SIZE) < HAMMERS
    return answers_of(item, person, np.where(hammer, 1.0, 0.5), truth, draw), truth, hammer


def errors(degree: int, seed: int) -> tuple[float, float, float]:
    """Return the errors of the majority, the one-coin model, and who knows the hammers."""
    table, truth, hammer = graph(degree, seed)
    found = OneCoinDawidSkene(smoothing=0.5).infer(table).posterior
    shares = vote_shares(table)
    known = np.bincount(table.item, (2 * table.label - 1) * hammer[table.person], SIZE)
    return error(shares[:, 1] - shares[:, 0], truth), error(found[:, 1] - found[:, 0], truth), error(known, truth)


def test_the_closed_forms_give_the_published_values():
    p = (1 + HAMMERS) / 2
    for degree, (majority, oracle) in PUBLISHED.items():
        right = sum(comb(degree, k) * p**k * (1 - p) ** (degree - k) for k in range(degree // 2 + 1, degree + 1))
        assert 1 - right == pytest.approx(majority, abs=1e-5)
        assert (1 - HAMMERS) ** degree / 2 == pytest.approx(oracle, abs=1e-5)


@pytest.mark.parametrize("degree", [7, 15])
def test_a_graph_is_regular(degree):
    table, _, _ = graph(degree, 0)
    assert set(table.answers_of_item.tolist()) == set(table.answers_of_person.tolist()) == {degree}


@pytest.mark.parametrize("degree", [5, 7, 9, 15, 25])
def test_learning_who_hammers_beats_the_majority_and_comes_near_to_knowing(degree):
    found = np.array([errors(degree, seed) for seed in range(30)])
    mean, band = found.mean(axis=0), 4 * found.std(axis=0, ddof=1) / np.sqrt(30) + 1e-4
    majority, oracle = PUBLISHED[degree]
    assert mean[0] == pytest.approx(majority, abs=band[0])
    assert mean[2] == pytest.approx(oracle, abs=band[2])
    if degree >= 7:
        assert ((found[:, 2] <= found[:, 1] + 1e-9) & (found[:, 1] < found[:, 0])).sum() >= 27
    if degree >= 15:
        assert mean[1] <= 1.6 * oracle + 0.004


@pytest.mark.slow
def test_a_crowd_of_hammers_and_spammers_is_worth_what_is_published_through_the_bus():
    noise = {"kind": "hammer-spammer", "hammers": HAMMERS}
    right = np.array([outcome(SIZE, people=SIZE, noise=noise, size=5, seed=seed).label_accuracy for seed in range(12)], dtype=float)
    assert right.mean() == pytest.approx(1 - PUBLISHED[5][0], abs=4 * right.std(ddof=1) / np.sqrt(12))
    # Were quality drawn anew for each answer, errors of one crowd would not hang together, and there were nothing to learn.
    policy = {"kind": "truth-inference", "size": 5, "following": {"kind": "refit", "method": {"kind": "one-coin"}}}
    crowd = {"count": 100, "noise": noise, "latency": {"kind": "exponential", "mean": 1}}
    learnt = [
        outcome(SIZE, annotators=[crowd], coordination={"policy": policy}, seed=seed).label_accuracy or 0 for seed in range(3)
    ]
    assert min(learnt) > 0.9
