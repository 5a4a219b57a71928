"""Agreement, as published: Krippendorff (2011), and what noise that favours no class leaves of it."""

import numpy as np
import pytest

from agents.inference.agreement import alpha
from agents.inference.answers import table_of
from tests.published.campaigns import outcome

OBSERVERS = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
"""Four observers and twelve units, with values missing: his example C."""


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.7434), ("ordinal", 0.8154), ("interval", 0.8491), ("ratio", 0.7974)])
def test_alpha_of_krippendorffs_example_is_his(level, value):
    said = [(unit, who, int(x)) for who, row in enumerate(OBSERVERS) for unit, x in enumerate(row) if x != "."]
    assert alpha(table_of(*zip(*said, strict=True)), level) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize(
    ("classes", "p", "value"), [(2, 0.8, 0.36), (3, 0.8, 0.49), (4, 0.8, 0.5378), (5, 0.8, 0.5625), (2, 0.9, 0.64)]
)
def test_noise_that_favours_no_class_leaves_the_square_of_skill(classes, p, value):
    # ((K p - 1) / (K - 1)) squared; the standard deviation of 500 items is 0.021 (at most, for two classes at 0.8).
    items, votes, rng = 8000, 5, np.random.default_rng(classes)
    true = np.repeat(rng.permutation(np.arange(items) % classes), votes)
    wrong = (true + rng.integers(1, classes, len(true))) % classes
    said = np.where(rng.random(len(true)) < p, true, wrong)
    table = table_of(np.repeat(np.arange(items), votes).tolist(), np.tile(np.arange(votes), items).tolist(), said.tolist())
    assert alpha(table) == pytest.approx(value, abs=4 * 0.021 * (500 / items) ** 0.5)


# Through the bus


ALPHAS = {(2, 0.8): 0.36, (3, 0.8): 0.49, (4, 0.8): 0.5378, (5, 0.8): 0.5625, (2, 0.9): 0.64}
"""By classes and accuracy."""


@pytest.mark.parametrize(("classes", "p"), ALPHAS)
@pytest.mark.parametrize("items", [800, pytest.param(8000, marks=pytest.mark.slow)])
def test_a_campaign_of_such_noise_has_that_alpha(classes, p, items):
    noise = {"kind": "one-coin", "accuracy": p}
    summary = outcome(items, noise=noise, people=8, size=5, classes=classes)
    assert summary.answers == 5 * items
    assert summary.alpha == pytest.approx(ALPHAS[classes, p], abs=4 * 0.021 * (500 / items) ** 0.5)


@pytest.mark.parametrize(("classes", "p"), ALPHAS)
def test_skill_is_found_by_alpha_as_a_planner_would(classes, p):
    alpha = ALPHAS[classes, p]
    assert (1 + (classes - 1) * alpha**0.5) / classes == pytest.approx(p, abs=2e-4)


@pytest.mark.parametrize(("alpha", "p"), [(0.667, 0.908), (0.8, 0.947)])
def test_alpha_says_which_accuracy_two_classes_need(alpha, p):
    # Krippendorff's two customary bounds, of tentative and of good agreement.
    assert (1 + alpha**0.5) / 2 == pytest.approx(p, abs=5e-4)


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_family_agrees_beyond_its_skill(share):
    # On the share of the items on which all answer by one draw, disagreement vanishes.
    crowd = {
        "count": 5,
        "noise": {"kind": "one-coin", "accuracy": 0.8},
        "family": {"kind": "common-draw", "name": "x", "share": share},
    }
    summary = outcome(1500, size=5, annotators=[crowd])
    assert summary.alpha == pytest.approx(share + (1 - share) * 0.36, abs=4 * 0.025 * (500 / 1500) ** 0.5)
