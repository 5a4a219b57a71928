"""The log-opinion pool through the real bus: people who say truly how sure they are settle what the best weighting would."""

from itertools import product
from math import log, prod
from typing import Any

import pytest

from scenarios.run import run
from scenarios.scenario import Scenario
from tests.agents.samples import share_band

ITEMS = 6000
SKILLS = (0.9, 0.9, 0.6, 0.6, 0.6)
"""The people of Nitzan and Paroush (1982): by the vote .87696 of the labels are right, by the best weights .92664."""


def exact(weights: tuple[float, ...]) -> float:
    """Return how probably the sum of weights of those who are right exceeds that of the others, a tie being worth a half."""
    right = 0.0
    for pattern in product((True, False), repeat=len(SKILLS)):
        chance = prod(skill if hit else 1 - skill for skill, hit in zip(SKILLS, pattern, strict=True))
        lead = sum(weight if hit else -weight for weight, hit in zip(weights, pattern, strict=True))
        right += chance * (0.5 if abs(lead) < 1e-12 else lead > 0)
    return right


def pooled(settles: Any, says: Any) -> float:
    """Return the share of right labels where people of those skills answer, say how sure they are or not, and are pooled."""
    people = [
        {
            "name": f"m{number}",
            "noise": {"kind": "one-coin", "accuracy": skill},
            "says": says,
            "latency": {"kind": "fixed", "time": 1},
        }
        for number, skill in enumerate(SKILLS)
    ]
    scenario = Scenario.model_validate(
        {
            "name": "pools",
            "seed": 17,
            "data": {"source": "synthetic", "items": ITEMS},
            "annotators": people,
            "coordination": {"policy": {"kind": "negotiation", "size": len(SKILLS), "rounds": 0, "settles": settles}},
        }
    )
    accuracy = run(scenario, logs=None).label_accuracy
    assert accuracy is not None
    return accuracy


BEST = exact(tuple(log(skill / (1 - skill)) for skill in SKILLS))


def test_the_closed_forms_are_the_published_ones():
    assert exact((1.0,) * 5) == pytest.approx(0.87696, abs=1e-5)
    assert pytest.approx(0.92664, abs=1e-5) == BEST


@pytest.mark.parametrize(
    ("settles", "says", "share"),
    [
        ("plurality", [{"kind": "confidence"}], 0.87696),
        ("log-opinion", [{"kind": "confidence"}], BEST),
        # Who says nothing of how sure they are counts as much as anybody else.
        ({"kind": "log-opinion", "accuracy": 0.75}, [], 0.87696),
        # A discount for all alike takes from how sure the pool is, and nothing from what is likeliest.
        ({"kind": "log-opinion", "correlation": 0.3}, [{"kind": "confidence"}], BEST),
        # In the mean, a voice has the weight 2p - 1, with which the same side wins, whoever these five are.
        ("linear", [{"kind": "confidence"}], exact(tuple(2 * skill - 1 for skill in SKILLS))),
    ],
)
def test_a_pool_is_right_as_often_as_its_weights_allow(settles, says, share):
    assert pooled(settles, says) == pytest.approx(share, abs=share_band(share, ITEMS))
