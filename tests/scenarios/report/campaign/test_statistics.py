"""Intervals, calibration and courses that reports of runs draw: against what is known of them."""

import numpy as np
import pytest
from scipy.stats import binomtest

from bus.chance import Chance
from scenarios.report.campaign.bins import MOST, Bins
from scenarios.report.campaign.calibration import calibration_of
from scenarios.report.campaign.proportion import proportion, told_apart


@pytest.mark.parametrize(("number", "total"), [(0, 5), (5, 5), (3, 10), (273, 300), (1, 1)])
def test_the_interval_is_that_of_wilson(number: int, total: int) -> None:
    known = binomtest(number, total).proportion_ci(method="wilson")
    found = proportion(number, total)
    assert (found.low, found.high) == pytest.approx((known.low, known.high))


def test_of_nothing_nothing_is_known() -> None:
    assert proportion(0, 0)[3:] == (0.0, 1.0)


def test_whoever_is_far_worse_is_told_from_the_rest_and_nobody_else() -> None:
    assert told_apart(np.array([80.0, 82.0, 30.0, 79.0, 0.0]), np.array([100.0, 100.0, 100.0, 100.0, 0.0])) == [2]
    assert told_apart(np.array([80.0, 78.0]), np.array([100.0, 100.0])) == []
    assert told_apart(np.array([3.0]), np.array([100.0])) == []


def test_among_people_who_are_alike_hardly_ever_is_anybody_told_from_the_rest() -> None:
    luck = Chance(5).keyed("alike").uniforms(np.arange(400 * 30 * 50, dtype=np.uint64)).reshape(400, 30, 50)
    found = sum(bool(told_apart((each < 0.8).sum(axis=1).astype(float), np.full(30, 50.0))) for each in luck)
    assert found <= 400 * 0.05 + 4 * np.sqrt(400 * 0.05 * 0.95)


def test_what_is_said_and_what_is_right_make_the_errors() -> None:
    found = calibration_of("made", np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5]), np.array([True, True, True, False, True, False]))
    assert found.cases[9] == 4 and found.right[9] == 3 and found.said[9] == pytest.approx(0.9)
    assert found.error == pytest.approx((4 * 0.15 + 2 * 0.0) / 6)
    assert found.brier == pytest.approx((3 * 0.01 + 0.81 + 0.25 + 0.25) / 6)


def test_however_long_it_takes_there_are_so_many_bins_and_their_means_are_exact() -> None:
    luck = Chance(7).keyed("steps").uniforms(np.arange(4000, dtype=np.uint64))
    times = np.cumsum((luck[:2000] * 10_000_000).astype(np.int64))
    values = np.round(luck[2000:] * 20)
    bins = Bins(("queue", "one"))
    for time, value in zip(times.tolist(), values.tolist(), strict=True):
        bins.note(time, (value, 1.0))
    end = int(times[-1]) + 5_000_000
    course = bins.course("queue", end)
    assert len(course.mean) <= MOST
    area = float((values * np.diff(np.append(times, end))).sum())
    assert float((course.mean * np.diff(course.starts)).sum()) == pytest.approx(area)
    assert course.peak.max() == values.max() and course.last[-1] == values[-1]
    for first, last, peak in zip(course.starts[:-1], course.starts[1:], course.peak, strict=True):
        inside = values[(times >= first) & (times < last)]
        assert not len(inside) or peak >= inside.max()
