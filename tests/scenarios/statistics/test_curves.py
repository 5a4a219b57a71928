"""Learning curves: areas and targets by hand, means that are never continued, and invariants."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.statistics.curves import Curve, Reach, area, common_span, curve_of, mean_curve, reach
from scenarios.statistics.estimate import estimate
from scenarios.statistics.savings import horizon, restricted, savings

LINE = Curve((0.0, 10.0, 20.0), (0.5, 0.7, 0.8))
STEPS = LINE._replace(steps=True)

CURVES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10)), min_size=2, max_size=8).map(
    lambda points: curve_of([x for x, _ in points], [y / 10 for _, y in points])
)


def test_the_area_under_a_line_is_by_trapezia_and_that_under_steps_by_rectangles() -> None:
    assert area(LINE, 0, 20) == pytest.approx((0.6 * 10 + 0.75 * 10) / 20)
    assert area(STEPS, 0, 20) == pytest.approx((0.5 * 10 + 0.7 * 10) / 20)
    assert area(LINE, 5, 15) == pytest.approx((0.65 * 5 + 0.725 * 5) / 10)
    assert area(STEPS, 5, 15) == pytest.approx((0.5 * 5 + 0.7 * 5) / 10)


def test_of_several_points_at_one_place_a_line_leads_to_the_first_and_on_from_the_last() -> None:
    jump = Curve((0.0, 10.0, 10.0, 20.0), (0.0, 1.0, 5.0, 5.0))
    assert area(jump, 0, 10) == pytest.approx(0.5)
    assert area(jump, 10, 20) == pytest.approx(5.0)
    assert area(jump, 0, 20) == pytest.approx(2.75)
    assert [*jump.values(np.array([5.0, 10.0, 15.0]))] == [0.5, 5.0, 5.0]


def test_nothing_is_known_beyond_a_curve() -> None:
    assert np.isnan(LINE.values(np.array([-1.0, 21.0]))).all()
    with pytest.raises(ValueError, match="goes from 0 to 20"):
        area(LINE, 0, 21)
    with pytest.raises(ValueError, match="has a length"):
        area(LINE, 5, 5)


def test_points_are_put_in_order_and_those_that_are_no_numbers_left_out() -> None:
    assert curve_of([0, 5, 3, 9], [0.1, 0.2, 0.3, math.nan]) == Curve((0, 3, 5), (0.1, 0.3, 0.2))
    assert curve_of([0], [math.inf]) is None


@given(CURVES, st.booleans())
def test_an_area_lies_between_the_least_and_the_greatest_height_and_adds_up(curve: Curve, steps: bool) -> None:
    curve = curve._replace(steps=steps)
    if not curve.first < curve.last:
        return
    low, high = curve.first, curve.last
    whole, middle = area(curve, low, high), (low + high) / 3 + low / 3
    assert min(curve.reached) - 1e-12 <= whole <= max(curve.reached) + 1e-12
    parts = area(curve, low, middle) * (middle - low) + area(curve, middle, high) * (high - middle)
    assert whole * (high - low) == pytest.approx(parts)


def test_a_mean_curve_has_students_interval_at_each_place() -> None:
    curves = [Curve((0, 10), (0.5, 0.7)), Curve((0, 10), (0.6, 0.8)), Curve((0, 10), (0.55, 0.9))]
    found = mean_curve(curves, [0, 5, 10])
    expected = estimate([0.6, 0.7, 0.725])
    assert found.mean[1] == pytest.approx(expected.mean)
    assert (found.low[1], found.high[1]) == pytest.approx(expected.interval)
    assert found.runs == (3, 3, 3)


def test_a_mean_curve_is_of_those_that_are_there_and_says_how_many() -> None:
    found = mean_curve([Curve((0, 10), (0.0, 1.0)), Curve((5, 20), (0.0, 0.0))], [0, 5, 10, 15, 20, 25])
    assert found.runs == (1, 2, 2, 1, 1, 0)
    assert found.mean[:5] == pytest.approx((0.0, 0.25, 0.5, 0.0, 0.0))
    assert math.isnan(found.mean[5]) and math.isnan(found.low[0])
    assert common_span([Curve((0, 10), (0, 1)), Curve((5, 20), (0, 0))]) == (5, 10)
    assert common_span([Curve((0, 10), (0, 1)), Curve((10, 20), (0, 0))]) is None
    assert common_span([]) is None


@given(st.lists(CURVES, min_size=1, max_size=5))
def test_a_mean_curve_lies_between_its_curves(curves: list[Curve]) -> None:
    found = mean_curve(curves, 17)
    values = np.array([each.values(np.array(found.grid)) for each in curves])
    for at, count in enumerate(found.runs):
        here = values[:, at][~np.isnan(values[:, at])]
        assert len(here) == count
        if count:
            assert here.min() - 1e-12 <= found.mean[at] <= here.max() + 1e-12


def test_a_target_is_reached_at_the_first_point_at_it_or_beyond_and_not_between_two() -> None:
    assert reach(LINE, 0.7) == Reach(10.0, 20.0)
    assert reach(LINE, 0.71) == Reach(20.0, 20.0)
    assert reach(LINE, 0.5) == Reach(0.0, 20.0)
    assert reach(LINE, 0.81) == Reach(None, 20.0)
    assert reach(Curve((0, 10), (0.9, 0.3)), 0.4, greater_is_better=False) == Reach(10, 10)


# Savings


def test_where_all_arrive_savings_are_differences_and_ratios() -> None:
    ours, theirs = (
        {0: Reach(50, 90), 1: Reach(100, 90), 2: Reach(80, 90)},
        {0: Reach(100, 99), 1: Reach(200, 99), 2: Reach(160, 99)},
    )
    found = savings(ours, theirs)
    assert (found.pairs, found.both, found.neither) == (3, 3, 0)
    assert found.ratio == pytest.approx(0.5)
    assert found.ratio_interval == pytest.approx((0.5, 0.5))
    assert found.difference.mean == found.restricted.mean == pytest.approx(-230 / 3)


def test_where_some_never_arrive_it_is_counted_and_nothing_supposed_of_them() -> None:
    ours = {0: Reach(50, 100), 1: Reach(60, 100), 2: Reach(None, 100), 3: Reach(70, 100), 9: Reach(1, 100)}
    theirs = {0: Reach(80, 100), 1: Reach(None, 90), 2: Reach(None, 120), 3: Reach(95, 100)}
    found = savings(ours, theirs)
    assert (found.pairs, found.both, found.ours, found.theirs, found.neither) == (4, 2, 1, 0, 1)
    assert found.horizon == 90
    assert found.restricted.mean == pytest.approx(((50 - 80) + (60 - 90) + 0 + (70 - 90)) / 4)
    assert found.ratio == pytest.approx(math.sqrt(50 / 80 * 70 / 95))


def test_where_nobody_arrives_there_is_no_ratio() -> None:
    found = savings({0: Reach(None, 9), 1: Reach(None, 9)}, {0: Reach(None, 9), 1: Reach(None, 7)})
    assert found.neither == 2 and math.isnan(found.ratio) and found.restricted.alike
    assert savings({}, {0: Reach(1, 2)}).pairs == 0
    assert math.isnan(horizon([]))


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=9))
def test_up_to_the_horizon_everybodys_way_is_known(ways: list[tuple[int, bool]]) -> None:
    reaches = [Reach(at if arrived else None, at) for at, arrived in ways]
    limit = horizon(reaches)
    assert all(each.at is not None or each.last >= limit for each in reaches)
    assert all(0 < each <= limit for each in restricted(reaches, limit))
