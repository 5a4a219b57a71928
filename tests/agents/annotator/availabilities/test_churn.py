"""Churn: how many are still there after a time, or after their answers."""

import math

import pytest

from agents.annotator.availabilities.arrival import Arrival
from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.availabilities.churn import Churn
from agents.annotator.availabilities.sessions import Sessions
from tests.agents.annotator.availabilities.lives import stays
from tests.agents.samples import complaint, share_band

PEOPLE = 3000


@pytest.mark.parametrize("shape", [0.6, 1.0, 2.0])
def test_survival_is_that_of_a_weibull_distribution(shape: float) -> None:
    churn = Churn(lifetime=1000, shape=shape)
    left = [stays([churn], 1e9, name=f"w-{number}")[0].left or 0.0 for number in range(PEOPLE)]
    for time in (100, 500, 1000, 2000):
        survival = math.exp(-((time / 1000) ** shape))
        share = sum(each > time for each in left) / PEOPLE
        assert share == pytest.approx(survival, abs=share_band(survival, PEOPLE))


def test_a_lifetime_begins_with_the_first_coming() -> None:
    (stay,) = stays([Arrival(mean=5000), Churn(lifetime=100, shape=10)], 1e9)
    assert stay.came > 0
    assert stay.left is not None
    assert 0 < stay.left - stay.came < 200


def test_who_leaves_after_some_answers_gives_exactly_as_many() -> None:
    found = stays([Sessions(answers=3, pause=60), Churn(leaves_after=7)], 1e9, work=10)
    assert [each.answers for each in found] == [3, 3, 1]
    assert found[-1].left is not None


def test_what_never_happens_is_refused() -> None:
    assert "say one of them" in complaint(AnyAvailability, {"kind": "churn"})
