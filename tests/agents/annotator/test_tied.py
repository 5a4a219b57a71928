"""Dials that go together: distributions over people tied to a number of theirs."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from agents.annotator import beta
from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.distributions import AnyDistribution, Beta, Distribution, Lognormal, Normal, Tied, Uniform
from agents.annotator.latencies.choice import LATENCIES, AnyLatency
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.annotator.noises.choice import NOISES, AnyNoise
from agents.annotator.people import Price, person_of, price_of
from bus.chance import Chance, Keyed, Luck
from scenarios.annotators import AnnotatorsTable
from tests.agents.samples import band, complaint, dump, make

N = 2000
SKILL = {"kind": "tied", "to": "skill", "of": {"kind": "beta", "a": 8, "b": 2}}
SPEED = {"kind": "tied", "to": "skill", "correlation": -0.6, "of": {"kind": "lognormal", "median": "25s", "sigma": 0.5}}
NOISE = {"kind": "one-coin", "accuracy": SKILL}
LATENCY = {"kind": "work-time", "median": SPEED}


def keyed(name: int, *words: str) -> Keyed:
    return Chance(7).keyed("person", f"crowd-{name}", *words)


def crowd(count: int = N) -> tuple[np.ndarray, np.ndarray]:
    """Return the accuracies and the speeds of people whose speed goes with their accuracy."""
    noise, latency = make(AnyNoise, NOISE), make(AnyLatency, LATENCY)
    skilled = [person_of(noise, NOISES, Noise, keyed(name, "noise"), keyed(name, "shared")) for name in range(count)]
    swift = [person_of(latency, LATENCIES, Latency, keyed(name, "latency"), keyed(name, "shared")) for name in range(count)]
    return np.array([person.accuracy for person in skilled]), np.array([person.median for person in swift])


def scores(values: np.ndarray) -> np.ndarray:
    """Return the normal scores of ranks."""
    return stats.norm.ppf(stats.rankdata(values) / (len(values) + 1))


def test_what_is_tied_to_one_number_goes_together_by_the_product_of_the_correlations():
    accuracy, median = crowd()
    assert np.corrcoef(scores(accuracy), scores(median))[0, 1] == pytest.approx(-0.6, abs=band(1 - 0.6**2, N))


def test_each_dial_keeps_the_distribution_that_it_has_by_itself():
    accuracy, median = crowd()
    assert accuracy.mean() == pytest.approx(0.8, abs=band(math.sqrt(0.16 / 11), N))
    # Four standard errors of Kolmogorov and Smirnov's distance, or one in 30,000: sqrt(ln(2 / p) / 2 / N).
    bound = math.sqrt(math.log(2 * 30_000) / 2 / N)
    assert stats.kstest(accuracy, stats.beta(8, 2).cdf).statistic < bound
    assert stats.kstest(median, stats.lognorm(0.5, scale=25).cdf).statistic < bound


def test_what_is_tied_to_another_number_or_to_none_goes_its_own_way():
    other = make(AnyLatency, {"kind": "work-time", "median": {**SPEED, "to": "mood"}})
    accuracy, _ = crowd()
    for shared in (True, False):
        median = [
            person_of(other, LATENCIES, Latency, keyed(name, "latency"), keyed(name, "shared") if shared else None).median
            for name in range(N)
        ]
        assert np.corrcoef(scores(accuracy), scores(np.array(median)))[0, 1] == pytest.approx(0, abs=band(1, N))


def test_the_people_of_a_table_have_dials_that_go_together():
    table = {"name": "crowd", "count": 300, "noise": NOISE, "latency": LATENCY, "price": {**SKILL, "to": "skill"}}
    people = AnnotatorsTable.model_validate(table).drawn(Chance(3))
    accuracy = np.array([person.noise.accuracy for person in people])
    assert np.corrcoef(scores(accuracy), scores(np.array([person.latency.median for person in people])))[0, 1] < -0.4
    # Both go with the number fully, and are distributed alike: they are the same.
    assert [person.price for person in people] == pytest.approx(accuracy)


def test_a_person_is_the_same_whoever_else_takes_part():
    table = {"name": "crowd", "count": 5, "noise": NOISE, "latency": LATENCY}
    few = AnnotatorsTable.model_validate(table).drawn(Chance(3))
    many = AnnotatorsTable.model_validate({**table, "count": 50}).drawn(Chance(3))
    assert few == many[:5]


def test_who_falls_outside_a_dials_range_is_drawn_again():
    wide = make(
        AnyNoise,
        {"kind": "one-coin", "accuracy": {"kind": "tied", "to": "skill", "of": {"kind": "normal", "mean": 0.9, "sd": 0.2}}},
    )
    people = [person_of(wide, NOISES, Noise, keyed(name, "noise"), keyed(name, "shared")) for name in range(200)]
    assert all(0 <= person.accuracy <= 1 for person in people)
    price = make(Price, {"kind": "tied", "to": "skill", "of": {"kind": "normal", "mean": 0, "sd": 1}})
    assert all(price_of(price, keyed(name, "price"), keyed(name, "shared")) >= 0 for name in range(200))


def test_a_tied_distribution_is_written_as_it_is_read():
    made = make(AnyDistribution, SPEED)
    assert isinstance(made, Tied)
    assert make(AnyDistribution, dump(AnyDistribution, made)) == made
    assert dump(AnyLatency, make(AnyLatency, LATENCY))["median"]["of"] == {"kind": "lognormal", "median": 25.0, "sigma": 0.5}


class Midnight(Distribution):
    """A distribution of one value, which has no ranks."""

    def draw(self, luck: Luck) -> float:
        return 0.0


@pytest.mark.parametrize(
    ("table", "complaints"),
    [
        ({"kind": "tied", "of": "beta"}, "Field required"),
        ({**SPEED, "correlation": 1.2}, "less than or equal to 1"),
        ({**SPEED, "of": SPEED}, "there is no distribution over people 'tied'"),
        ({**SPEED, "of": {"kind": f"{__name__}.Midnight"}}, "can be tied if it has a method `at`"),
        ({**SPEED, "too": "x"}, "did you mean 'to'?"),
    ],
)
def test_what_cannot_be_tied_is_refused(table, complaints):
    assert complaints in complaint(AnyDistribution, table)


# Quantiles


@given(
    st.one_of(
        st.builds(Beta, a=st.floats(0.1, 200), b=st.floats(0.1, 200)),
        st.builds(Uniform, low=st.just(-2.0), high=st.floats(-2, 9)),
        st.builds(Normal, mean=st.floats(-5, 5), sd=st.floats(0, 4)),
        st.builds(Lognormal, median=st.floats(0.1, 50), sigma=st.floats(0, 3)),
    ),
    st.floats(1e-6, 1 - 1e-6),
    st.floats(1e-6, 1 - 1e-6),
)
def test_a_higher_rank_never_has_less(spread, one, other):
    low, high = sorted([one, other])
    assert spread.at(low) <= spread.at(high)


def test_quantiles_are_those_of_the_tables():
    assert Normal(mean=3, sd=2).at(0.975) == pytest.approx(3 + 2 * NormalDist().inv_cdf(0.975))
    assert Lognormal(median=20, sigma=0.5).at(0.5) == pytest.approx(20)
    assert Uniform(low=2, high=6).at(0.25) == 3


@settings(max_examples=200)
@given(st.floats(0.05, 1e4), st.floats(0.05, 1e4), st.floats(1e-9, 1 - 1e-9))
def test_the_incomplete_beta_function_and_its_inverse_are_those_of_the_tables(a, b, share):
    expected = float(special.betaincinv(a, b, share))
    assert beta.below(a, b, expected) == pytest.approx(float(special.betainc(a, b, expected)), abs=1e-9)
    assert beta.quantile(a, b, share) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_how_open_people_are_goes_with_their_skill_where_both_are_tied_to_it():
    social = {"kind": "conformity", "openness": SKILL}
    people = AnnotatorsTable.model_validate({"name": "crowd", "count": 20, "noise": NOISE, "social": social}).drawn(Chance(3))
    assert [person.social.openness for person in people] == pytest.approx([person.noise.accuracy for person in people])


def test_a_limit_too_low_to_count_the_time_is_refused():
    assert "greater than or equal" in complaint(AnyAvailability, {"kind": "rate-limit", "tokens": 1e-300})
