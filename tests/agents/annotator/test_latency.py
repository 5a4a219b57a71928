"""Latencies: how long annotators take."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.annotator.latency import ExponentialTime, FixedTime, Latency, LognormalTime
from bus.chance import Chance
from tests.agents.samples import band, share_band

N = 20_000
PERSON = Chance(7).keyed("annotator", "crowd-1", "time")

LATENCIES = st.one_of(
    st.builds(FixedTime, time=st.floats(0, 1e6)),
    st.builds(ExponentialTime, mean=st.floats(1e-3, 1e6)),
    st.builds(LognormalTime, median=st.floats(1e-3, 1e6), sigma=st.floats(0, 5)),
)


def times(latency: Latency, count: int = N) -> NDArray[np.float64]:
    return np.array([latency.seconds(item, PERSON.luck(item)) for item in range(count)])


def test_a_fixed_time_is_always_the_same():
    assert set(times(FixedTime(time=2.5), 100)) == {2.5}


def test_exponential_times_have_their_mean_median_and_variance():
    drawn = times(ExponentialTime(mean=30.0))
    assert drawn.mean() == pytest.approx(30, abs=band(30, N))
    # The median of a sample has the standard error 1 / (2 f(median) sqrt(N)); the variance, sqrt((mu4 - sigma4) / N).
    assert np.median(drawn) == pytest.approx(30 * math.log(2), abs=band(30, N))
    assert drawn.var() == pytest.approx(900, abs=band(900 * math.sqrt(8), N))


@pytest.mark.parametrize(("median", "sigma"), [(25.0, 0.8), (3.0, 0.3)])
def test_lognormal_times_have_their_mean_median_and_variance(median, sigma):
    drawn = times(LognormalTime(median=median, sigma=sigma))
    w = math.exp(sigma * sigma)
    mean, variance = median * math.sqrt(w), median**2 * w * (w - 1)
    kurtosis = w**4 + 2 * w**3 + 3 * w**2 - 3
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(variance), N))
    assert np.median(drawn) == pytest.approx(median, abs=band(median * sigma * math.sqrt(math.pi / 2), N))
    assert drawn.var() == pytest.approx(variance, abs=band(variance * math.sqrt(kurtosis - 1), N))


@pytest.mark.parametrize("latency", [ExponentialTime(mean=30), LognormalTime(median=25, sigma=0.8), LognormalTime(sigma=0.2)])
def test_within_is_the_distribution_function(latency):
    drawn = times(latency)
    for seconds in (1, 5, 20, 25, 30, 60, 200):
        expected = latency.within(seconds)
        assert (drawn <= seconds).mean() == pytest.approx(expected, abs=share_band(expected, N) + 1e-4)


def test_within_of_a_fixed_time_is_a_step():
    latency = FixedTime(time=10)
    assert [latency.within(seconds) for seconds in (9.999, 10, 11)] == [0, 1, 1]
    sure = LognormalTime(median=10, sigma=0)
    assert [sure.within(seconds) for seconds in (9.999, 10, 11)] == [0, 1, 1]


@given(LATENCIES, st.just(0.0) | st.floats(1e-6, 1e7), st.just(0.0) | st.floats(1e-6, 1e7))
def test_within_is_a_probability_and_never_falls(latency, one, other):
    earlier, later = sorted([one, other])
    assert 0 <= latency.within(earlier) <= latency.within(later) <= 1


@given(LATENCIES, st.integers(0, 10**9))
def test_a_time_is_finite_and_not_negative(latency, item):
    assert 0 <= latency.seconds(item, PERSON.luck(item)) < math.inf


@given(st.integers(0, 10**9), st.floats(1e-3, 1e3))
def test_times_scale_with_their_dial(item, factor):
    for one, many in (
        (ExponentialTime(mean=1.0), ExponentialTime(mean=factor)),
        (LognormalTime(median=1.0), LognormalTime(median=factor)),
    ):
        assert many.seconds(item, PERSON.luck(item)) == pytest.approx(factor * one.seconds(item, PERSON.luck(item)), rel=1e-12)
