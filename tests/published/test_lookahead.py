"""Strategies that look ahead: expected error reduction (Roy and McCallum, 2001), variance reduction (Schein and Ungar, 2007)."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scenarios.run import run
from scenarios.scenario import Scenario
from tests.published.test_councils import digits, paired


def wine(strategy: Any, seed: int) -> Scenario:
    """Return a campaign on wines of three kinds: four known, and ten asked for one by one of somebody who is always right."""
    return Scenario.model_validate(
        {
            "name": "wine",
            "seed": seed,
            "data": {"source": "wine", "test_fraction": 0.5, "seed_labels": 4},
            "learner": {"retrain_every": 1},
            "selector": {"strategy": strategy, "in_flight": 1, "barrier": True},
            "annotators": [{"noise": {"kind": "one-coin", "accuracy": 1.0}, "latency": {"kind": "fixed", "time": 1}}],
            "stop": {"labels": 14},
        }
    )


def areas(scenarios: list[Scenario]) -> NDArray[np.float64]:
    """Return the mean accuracy of the models of each campaign."""
    return np.array([np.mean([point.accuracy for point in run(each, logs=None).curve]) for each in scenarios])


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["log", "zero-one"])
def test_with_few_labels_expected_error_reduction_is_far_above_passive_learning(loss: str) -> None:
    looks = {"kind": "expected-error-reduction", "loss": loss, "candidates": 10, "others": 100}
    gained, error = paired(*(areas([wine(strategy, seed) for seed in range(12)]) for strategy in (looks, "random")))
    assert gained > 4 * error
    assert gained > 0.02


@pytest.mark.slow
def test_variance_reduction_is_far_above_passive_learning_and_no_worse_than_uncertainty() -> None:
    """For logistic regression, A-optimality is what the paper finds to be the safest."""
    found = {
        name: areas([digits(name, seed, labels=50) for seed in range(8)]) for name in ("variance-reduction", "margin", "random")
    }
    gained, error = paired(found["variance-reduction"], found["random"])
    assert gained > 4 * error
    gained, error = paired(found["variance-reduction"], found["margin"])
    assert gained > -4 * error
    assert gained > -0.01
