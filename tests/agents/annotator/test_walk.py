"""A random walk of which every step is known without the steps before it."""

import numpy as np
import pytest

from agents.annotator.walk import walk
from bus.chance import Chance
from tests.agents.samples import band

PEOPLE = 2000
LUCKS = [Chance(11).keyed("walker", str(number)) for number in range(PEOPLE)]


def variance(steps: int, keep: float) -> float:
    return sum(keep ** (2 * step) for step in range(steps))


@pytest.mark.parametrize("keep", [1.0, 0.9, 0.0])
@pytest.mark.parametrize(("one", "other"), [(1, 2), (3, 5), (5, 6), (12, 37), (64, 100)])
def test_any_two_steps_have_the_variances_and_the_covariance_of_a_walk_that_is_walked(keep, one, other):
    a = np.array([walk(luck, one, keep) for luck in LUCKS])
    b = np.array([walk(luck, other, keep) for luck in LUCKS])
    first, second = variance(one, keep), variance(other, keep)
    # What is at the later step is kept ** (other - one) of the earlier one, and news.
    shared = keep ** (other - one) * first
    assert abs(a.mean()) < band(first**0.5, PEOPLE)
    assert abs(b.mean()) < band(second**0.5, PEOPLE)
    assert (a * a).mean() == pytest.approx(first, abs=band(first * 2**0.5, PEOPLE))
    assert (b * b).mean() == pytest.approx(second, abs=band(second * 2**0.5, PEOPLE))
    assert (a * b).mean() == pytest.approx(shared, abs=band((first * second + shared**2) ** 0.5, PEOPLE))


def test_steps_are_normal_and_independent_of_each_other():
    news = np.array([[walk(luck, step + 1) - walk(luck, step) for step in range(20)] for luck in LUCKS])
    correlations = np.corrcoef(news.T)
    assert abs(correlations - np.eye(20)).max() < band(1, PEOPLE) * 1.25  # 190 pairs
    assert (news**4).mean() == pytest.approx(3, abs=band(96**0.5, news.size))


def test_it_begins_at_nothing_and_walks_of_one_luck_go_their_own_ways():
    assert walk(LUCKS[0], 0) == 0
    assert len({walk(LUCKS[0], 9, which=which) for which in range(5)}) == 5


def test_a_step_is_the_same_whatever_was_asked_before():
    forward = [walk(LUCKS[0], step, 0.8) for step in range(50)]
    assert [walk(LUCKS[0], step, 0.8) for step in reversed(range(50))] == forward[::-1]


def test_a_step_far_out_costs_a_few_draws():
    class Counting:
        def __init__(self):
            self.draws = 0

        def luck(self, item, attempt=0):
            self.draws += 1
            return LUCKS[0].luck(item, attempt)

    counting = Counting()
    walk(counting, 999_999)
    assert counting.draws <= 2 * 20
