"""Latencies that are drawn by inversion of one number: Weibull, gamma, log-logistic, Pareto, empirical."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from agents.annotator.latencies.choice import AnyLatency
from agents.annotator.latencies.empirical import EmpiricalTime
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.gamma import GammaTime, below, quantile
from agents.annotator.latencies.log_logistic import LogLogisticTime
from agents.annotator.latencies.pareto import ParetoTime
from agents.annotator.latencies.weibull import WeibullTime
from bus.duration import LONGEST
from tests.agents.annotator.cases import case
from tests.agents.annotator.latencies.draws import PERSON, Drawn, N, times
from tests.agents.samples import band, complaint, make, share_band

MEASURED = (4.0, 30.0, 8.0, 8.0, 15.0)

LATENCIES = st.one_of(
    st.builds(WeibullTime, median=st.floats(1e-3, 1e6), shape=st.floats(0.2, 100)),
    st.builds(GammaTime, mean=st.floats(1e-3, 1e6), shape=st.floats(0.05, 1000)),
    st.builds(LogLogisticTime, median=st.floats(1e-3, 1e6), shape=st.floats(0.5, 100)),
    st.builds(ParetoTime, median=st.floats(1e-3, 1e6), shape=st.floats(0.5, 100)),
    st.builds(EmpiricalTime, times=st.lists(st.floats(0, 1e6), min_size=1, max_size=8), smooth=st.booleans()),
)
UNIFORMS = st.integers(0, 2**52 - 1).map(lambda whole: (2 * whole + 1) / 2**53)

A = math.pi / 6
MOMENTS = [
    # Mean, variance and fourth central moment; Pareto and log-logistic have a fourth one only for shapes above 4.
    (WeibullTime(median=20, shape=1.5), stats.weibull_min(1.5, scale=20 / math.log(2) ** (1 / 1.5))),
    (WeibullTime(median=20, shape=0.8), stats.weibull_min(0.8, scale=20 / math.log(2) ** (1 / 0.8))),
    (GammaTime(mean=30, shape=2), stats.gamma(2, scale=15)),
    (GammaTime(mean=30, shape=0.4), stats.gamma(0.4, scale=75)),
    (GammaTime(mean=30, shape=40), stats.gamma(40, scale=0.75)),
    (LogLogisticTime(median=25, shape=6), stats.fisk(6, scale=25)),
    (ParetoTime(median=25, shape=6), stats.lomax(6, scale=25 / (2 ** (1 / 6) - 1))),
]


@pytest.mark.parametrize(("latency", "known"), MOMENTS)
def test_mean_and_variance_are_those_of_the_family(latency, known):
    drawn = times(latency)
    mean, variance, skew, excess = (float(moment) for moment in known.stats(moments="mvsk"))
    del skew
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(variance), N))
    assert drawn.var() == pytest.approx(variance, abs=band(variance * math.sqrt(excess + 2), N))


def test_the_means_are_those_of_the_docstrings():
    assert MOMENTS[0][1].mean() == pytest.approx(20 * math.gamma(1 + 1 / 1.5) / math.log(2) ** (1 / 1.5))
    assert MOMENTS[2][1].var() == pytest.approx(30**2 / 2)
    assert MOMENTS[5][1].mean() == pytest.approx(25 * A / math.sin(A))
    assert MOMENTS[6][1].mean() == pytest.approx(ParetoTime(median=25, shape=6).scale / 5)


@pytest.mark.parametrize(
    "latency",
    [
        WeibullTime(median=20, shape=0.5),
        WeibullTime(median=20, shape=3),
        LogLogisticTime(median=20, shape=0.7),
        LogLogisticTime(median=20, shape=4),
        ParetoTime(median=20, shape=0.7),
        ParetoTime(median=20, shape=50),
    ],
)
def test_half_of_the_times_are_within_the_median(latency):
    assert latency.within(20) == pytest.approx(0.5)
    assert latency.seconds(case(), Drawn(0.5)) == pytest.approx(20)


@given(LATENCIES, UNIFORMS)
def test_a_draw_is_where_the_distribution_function_has_reached_it(latency, uniform):
    drawn = latency.seconds(case(), Drawn(uniform))
    assert 0 <= drawn <= LONGEST
    if drawn < LONGEST:
        # What is on this side of the draw, and what is on the other; rounding decides between two equal times.
        assert latency.within(drawn * (1 + 1e-9)) >= uniform - 1e-9
        assert latency.within(drawn * (1 - 1e-9) - 1e-300) <= uniform + 1e-9 or drawn == 0


@pytest.mark.parametrize("latency", [WeibullTime(median=1e6, shape=0.2), GammaTime(mean=3e9, shape=0.05)])
def test_no_time_is_longer_than_any_duration_may_be(latency):
    assert latency.seconds(case(), Drawn(1 - 2**-53)) == LONGEST


@given(LATENCIES, UNIFORMS, UNIFORMS)
def test_more_luck_never_takes_less_time(latency, one, other):
    low, high = sorted([one, other])
    shorter, longer = latency.seconds(case(), Drawn(low)), latency.seconds(case(), Drawn(high))
    assert shorter <= longer * (1 + 1e-12)


@given(LATENCIES, st.just(0.0) | st.floats(1e-6, 1e10), st.just(0.0) | st.floats(1e-6, 1e10))
def test_within_is_a_probability_and_never_falls(latency, one, other):
    earlier, later = sorted([one, other])
    assert 0 <= latency.within(earlier) <= latency.within(later) + 1e-12
    assert latency.within(later) <= 1
    assert latency.within(LONGEST) == pytest.approx(1, abs=1e-2) or latency.shape < 1


@pytest.mark.parametrize("seconds", [0, 0.1, 5, 30, 90, 1000])
def test_of_shape_1_weibull_and_gamma_are_exponential(seconds):
    exponential = ExponentialTime(mean=30).within(seconds)
    assert WeibullTime(median=30 * math.log(2), shape=1).within(seconds) == pytest.approx(exponential)
    assert GammaTime(mean=30, shape=1).within(seconds) == pytest.approx(exponential)
    assert ParetoTime(median=30 * math.log(2), shape=100).within(seconds) == pytest.approx(exponential, abs=0.01)


def test_a_gamma_time_of_shape_3_is_as_long_as_three_steps_together():
    step = times(ExponentialTime(mean=10), 3 * N).reshape(N, 3).sum(axis=1)
    for seconds in (5, 15, 30, 60, 90):
        share = GammaTime(mean=30, shape=3).within(seconds)
        assert (step <= seconds).mean() == pytest.approx(share, abs=share_band(share, N))


@settings(max_examples=200)
@given(st.floats(0.05, 1000), UNIFORMS)
def test_the_incomplete_gamma_function_and_its_inverse_are_those_of_the_tables(shape, share):
    expected = float(special.gammaincinv(shape, share))
    assert below(shape, expected) == pytest.approx(float(special.gammainc(shape, expected)), abs=1e-11)
    if expected > 1e-280 and share < 1 - 1e-6:
        assert quantile(shape, share) == pytest.approx(expected, rel=1e-8)


def test_a_heavy_tail_ends_at_a_century():
    for latency in (ParetoTime(median=1e6, shape=0.5), LogLogisticTime(median=1e6, shape=0.5)):
        assert latency.seconds(case(), Drawn(1 - 2**-53)) == LONGEST
        assert latency.within(LONGEST * 0.999) < 1 == latency.within(LONGEST)


# Empirical


def test_every_measured_time_is_drawn_as_often_as_it_was_measured():
    drawn = times(EmpiricalTime(times=MEASURED))
    assert set(drawn) == set(MEASURED)
    for time, share in ((4, 0.2), (8, 0.4), (15, 0.2), (30, 0.2)):
        assert (drawn == time).mean() == pytest.approx(share, abs=share_band(share, N))
    assert [EmpiricalTime(times=MEASURED).within(seconds) for seconds in (3.9, 4, 8, 29, 30)] == [0, 0.2, 0.6, 0.8, 1]


def test_smooth_times_lie_between_the_measured_ones_evenly():
    latency = EmpiricalTime(times=MEASURED, smooth=True)
    drawn = times(latency)
    # Four pieces, each as likely: of 4 to 8, at 8, 8 to 15, 15 to 30.
    for seconds, share in ((6, 0.125), (8, 0.5), (11.5, 0.625), (15, 0.75), (22.5, 0.875), (30, 1)):
        assert latency.within(seconds) == pytest.approx(share)
        assert (drawn <= seconds).mean() == pytest.approx(share, abs=share_band(share, N) + 1e-9)
    mean = (6 + 8 + 11.5 + 22.5) / 4
    second = ((4**2 + 4 * 8 + 8**2) + 3 * 8**2 + (8**2 + 8 * 15 + 15**2) + (15**2 + 15 * 30 + 30**2)) / 12
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(second - mean**2), N))


def test_quantiles_make_the_distribution_that_they_are_of():
    steps = np.linspace(0, 1, 201)
    latency = EmpiricalTime(times=tuple(np.minimum(stats.lognorm.ppf(steps, 0.6, scale=20), 200)), smooth=True)
    for seconds in (8, 14, 20, 30, 50):
        assert latency.within(seconds) == pytest.approx(stats.lognorm.cdf(seconds, 0.6, scale=20), abs=1e-3)


def test_who_is_slower_takes_longer_by_a_factor():
    slow, fast = EmpiricalTime(times=MEASURED, factor=3), EmpiricalTime(times=MEASURED)
    assert times(slow, 50).tolist() == (3 * times(fast, 50)).tolist()


def test_one_measured_time_is_always_drawn():
    for smooth in (False, True):
        latency = EmpiricalTime(times=(7.0,), smooth=smooth)
        assert set(times(latency, 20)) == {7.0}
        assert [latency.within(seconds) for seconds in (6.9, 7.0)] == [0, 1]


@pytest.mark.parametrize(
    ("table", "complaints"),
    [
        ({"kind": "weibull", "shape": 0.1}, "greater than or equal to 0.2"),
        ({"kind": "gamma", "mean": 0}, "greater than 0"),
        ({"kind": "pareto", "shape": 0.4}, "greater than or equal to 0.5"),
        ({"kind": "empirical", "times": []}, "at least 1 item"),
        ({"kind": "empirical", "times": [3, -1]}, "greater than or equal to 0"),
        ({"kind": "weibul"}, "did you mean 'weibull'?"),
    ],
)
def test_a_dial_out_of_its_bounds_is_refused(table, complaints):
    assert complaints in complaint(AnyLatency, table)


def test_every_kind_is_made_from_a_table_and_its_draws_depend_on_the_item():
    for table in ("weibull", "gamma", "log-logistic", "pareto", {"kind": "empirical", "times": ["5s", "1m", 9]}):
        latency = make(AnyLatency, table)
        assert len(set(times(latency, 60).tolist())) > 2
        assert latency.seconds(case(3), PERSON.luck(3)) == latency.seconds(case(3), PERSON.luck(3))


@pytest.mark.parametrize("kind", ["exponential", "lognormal", "weibull", "gamma", "log-logistic", "pareto", "work-time"])
def test_hardly_any_time_is_hardly_ever_enough(kind):
    latency = make(AnyLatency, kind)
    assert latency.within(0) == 0
    assert 0 <= latency.within(5e-324) < 1e-6
