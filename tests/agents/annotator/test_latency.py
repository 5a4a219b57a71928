"""Latencies: how long annotators take."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.annotator.latencies.choice import AnyLatency
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latency import Latency
from agents.annotator.record import Record, Recording
from agents.component import Unusable
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.samples import band, make, share_band

N = 20_000
PERSON = Chance(7).keyed("annotator", "crowd-1", "time")

LATENCIES = st.one_of(
    st.builds(FixedTime, time=st.floats(0, 1e6)),
    st.builds(ExponentialTime, mean=st.floats(1e-3, 1e6)),
    st.builds(LognormalTime, median=st.floats(1e-3, 1e6), sigma=st.floats(0, 5)),
)


def times(latency: Latency, count: int = N) -> NDArray[np.float64]:
    return np.array([latency.seconds(case(item), PERSON.luck(item)) for item in range(count)])


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
    assert 0 <= latency.seconds(case(item), PERSON.luck(item)) < math.inf


@given(st.integers(0, 10**9), st.floats(1e-3, 1e3))
def test_times_scale_with_their_dial(item, factor):
    for one, many in (
        (ExponentialTime(mean=1.0), ExponentialTime(mean=factor)),
        (LognormalTime(median=1.0), LognormalTime(median=factor)),
    ):
        assert many.seconds(case(item), PERSON.luck(item)) == pytest.approx(
            factor * one.seconds(case(item), PERSON.luck(item)), rel=1e-12
        )


# Recorded


RECORD = Record({1: 0, 2: 1, 3: 0, 4: 1}, {1: 10.0, 2: 30.0}, 20.0)
WHERE = Recording("answers.csv", None, None, ("item", None, None, None))


def recorded(items=None, **dials):
    return make(AnyLatency, {"kind": "recorded", **dials}).bound(RECORD, items)


def test_recorded_answers_take_what_they_took_and_others_the_median_or_what_is_said():
    assert [recorded().seconds(case(item), PERSON.luck(item)) for item in (1, 2, 3, 9)] == [10, 30, 20, 20]
    assert [recorded(otherwise="1m").seconds(case(item), PERSON.luck(item)) for item in (1, 2, 3, 9)] == [10, 30, 60, 60]


def test_who_has_no_answer_declines_at_once():
    latency = recorded(items={1, 3})
    assert [latency.seconds(case(item), PERSON.luck(item)) for item in (1, 2, 3, 9)] == [10, 0, 20, 0]


def test_a_lease_is_met_by_the_share_of_the_recorded_answers_that_are_no_longer():
    assert [recorded().within(seconds) for seconds in (9, 10, 20, 30)] == [0, 0.25, 0.75, 1]
    assert make(AnyLatency, "recorded").within(1) == 1


def test_recorded_times_are_where_the_answers_are_unless_a_file_is_named():
    own = {
        "kind": "recorded",
        "file": "t.csv",
        "format": "csv",
        "workers": ["w"],
        "task": "a",
        "worker": "b",
        "label": "c",
        "duration": "d",
    }
    assert make(AnyLatency, own).recording(WHERE) == Recording("t.csv", "csv", ("w",), ("a", "b", "c", "d"))
    assert make(AnyLatency, "recorded").recording(WHERE) == WHERE
    assert make(AnyLatency, {"kind": "recorded", "duration": "d"}).recording(WHERE).columns == ("item", None, None, "d")
    with pytest.raises(ValueError, match="latency 'recorded' needs a `file`, since the noise is not recorded in one"):
        make(AnyLatency, "recorded").recording(None)


def test_other_latencies_are_recorded_nowhere():
    latency = make(AnyLatency, "fixed")
    assert latency.recording(WHERE) is None
    assert latency.bound(RECORD, None) is latency


def test_times_that_nobody_recorded_must_be_said():
    with pytest.raises(ValueError, match="how long answers took is not recorded; say what they take by `otherwise`"):
        make(AnyLatency, "recorded").bound(RECORD._replace(median=None), None)
    with pytest.raises(Unusable, match="latency 'recorded': nobody has read its file yet"):
        make(AnyLatency, "recorded").seconds(case(1), PERSON.luck(1))
