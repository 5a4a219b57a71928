"""Ability and difficulty: how often able people are right, and how much they agree, over items of all difficulties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from agents.annotator.noises.ability_difficulty import AbilityDifficulty
from agents.annotator.noises.choice import AnyNoise
from tests.agents.annotator.cases import NATURE, case
from tests.agents.annotator.crowds import said
from tests.agents.samples import complaint, share_band

N = 8000


def over_items(value, ability: float, spread: float) -> float:
    """Return the mean over items of a function of the probability of a right answer."""
    return quad(lambda z: value(expit(ability * math.exp(spread * z))) * norm.pdf(z), -9, 9, limit=200)[0]


@pytest.mark.parametrize(("ability", "spread", "classes"), [(1.4, 1.0, 2), (2.0, 0.5, 4), (-1.0, 1.0, 2), (0.0, 2.0, 3)])
def test_accuracy_and_agreement_are_those_of_the_integral_over_difficulties(ability, spread, classes):
    truth = np.arange(N) % classes
    answers = said([AbilityDifficulty(ability=ability, spread=spread)] * 2, truth, classes)
    expected = over_items(lambda p: p, ability, spread)
    for label in range(classes):
        right = (answers[truth == label] == label).mean(axis=0)
        assert right == pytest.approx(expected, abs=share_band(expected, N // classes))
    together = over_items(lambda p: p**2 + (1 - p) ** 2 / (classes - 1), ability, spread)
    assert (answers[:, 0] == answers[:, 1]).mean() == pytest.approx(together, abs=share_band(together, N))


def test_two_who_meet_the_same_items_are_right_together_more_than_by_chance():
    truth = np.zeros(N, dtype=np.intp)
    right = said([AbilityDifficulty(ability=1.4, spread=1.5)] * 2, truth, 2) == 0
    share, both = over_items(lambda p: p, 1.4, 1.5), over_items(lambda p: p**2, 1.4, 1.5)
    expected = (both - share**2) / (share * (1 - share))
    assert expected > 0.1
    # The correlation of two shares has about the standard error of one over the root of the count.
    assert np.corrcoef(right.T)[0, 1] == pytest.approx(expected, abs=4 / math.sqrt(N))


def test_without_spread_all_items_are_alike():
    noise = AbilityDifficulty(ability=math.log(4), spread=0)
    assert {round(noise.chances(case(item))[0], 12) for item in range(50)} == {0.8}
    assert noise.chances(case(0, 1, 3)) == pytest.approx([0.1, 0.8, 0.1])


@settings(max_examples=50, deadline=None)
@given(st.floats(-50, 50), st.floats(0, 10), st.integers(1, 6), st.integers(0, 10**6))
def test_chances_are_probabilities_and_harder_items_are_nearer_to_a_toss(ability, spread, classes, item):
    noise = AbilityDifficulty(ability=ability, spread=spread)
    chances = noise.chances(case(item, 0, classes))
    assert len(chances) == classes
    assert sum(chances) == pytest.approx(1)
    assert min(chances) >= 0
    if classes > 1:
        harder, easier = sorted((item, item + 1), key=NATURE.hardness, reverse=True)
        doubt = [abs(noise.chances(case(each, 0, classes))[0] - 0.5) for each in (harder, easier)]
        assert doubt[0] <= doubt[1]


@pytest.mark.parametrize("dials", [{"ability": 51}, {"spread": -0.1}, {"spread": 11}, {"ability": "high"}])
def test_dials_out_of_range_are_refused(dials):
    assert "Input should be" in complaint(AnyNoise, {"kind": "ability-difficulty", **dials})
