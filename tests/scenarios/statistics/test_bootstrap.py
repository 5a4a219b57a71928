"""BCa intervals: against SciPy, and where values are degenerate."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from scenarios.statistics.bootstrap import bca, bca_paired

VALUES = [0.81, 0.84, 0.79, 0.90, 0.83, 0.88, 0.99]


def test_the_interval_is_that_of_scipy() -> None:
    expected = bootstrap((VALUES,), np.mean, method="BCa", rng=np.random.default_rng(1), n_resamples=50_000).confidence_interval
    found = bca(VALUES)
    assert found.low == pytest.approx(expected.low, abs=0.003)
    assert found.high == pytest.approx(expected.high, abs=0.003)


def test_the_same_values_give_the_same_interval() -> None:
    assert bca(VALUES) == bca([*VALUES])
    assert bca_paired(VALUES, [0.0] * len(VALUES)) == bca(VALUES)


def test_it_reaches_further_to_the_side_on_which_the_spread_has_its_tail() -> None:
    skewed = [1.0, 1.1, 1.0, 1.2, 1.1, 1.0, 3.0]
    mean = sum(skewed) / len(skewed)
    found = bca(skewed)
    assert found.high - mean > 1.5 * (mean - found.low)


def test_values_that_are_all_equal_have_an_interval_of_no_width_and_one_alone_has_none() -> None:
    assert bca([0.1] * 7) == pytest.approx((0.1, 0.1))
    assert bca([0.0, 0.0]) == (0.0, 0.0)
    assert all(math.isnan(end) for end in (*bca([0.3]), *bca([])))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6))
def test_it_lies_within_the_values_and_around_their_mean_give_or_take_rounding(values: list[float]) -> None:
    found = bca(values, resamples=99)
    slack = 1e-9 * max(1e-9, *map(abs, values))
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack


def test_very_small_values_are_no_trouble() -> None:
    small = bca([each * 1e-200 for each in VALUES])
    assert small.low == pytest.approx(bca(VALUES).low * 1e-200)
