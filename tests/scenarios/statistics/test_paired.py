"""What runs say of a mean, and pairs of runs of a difference: against SciPy, by hand, and by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp, ttest_rel

from scenarios.statistics.corrections import holm
from scenarios.statistics.estimate import estimate
from scenarios.statistics.paired import MOST_PAIRS, Paired, paired

ONE = [0.81, 0.84, 0.79, 0.90, 0.83, 0.88]
OTHER = [0.80, 0.80, 0.80, 0.85, 0.79, 0.86]

FIGURES = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=8)


def band(share: float, count: int) -> float:
    """Return four standard errors of a share."""
    return 4 * math.sqrt(share * (1 - share) / count)


# Means


def test_the_interval_of_a_mean_is_students() -> None:
    expected = ttest_1samp(ONE, 0).confidence_interval(0.95)
    mean, half_width = estimate(ONE)
    assert mean - half_width == pytest.approx(expected.low)
    assert mean + half_width == pytest.approx(expected.high)


def test_one_run_has_no_interval_and_none_no_mean() -> None:
    assert estimate([0.5]).mean == 0.5
    assert math.isnan(estimate([0.5]).half_width)
    assert math.isnan(estimate([]).mean)


# Pairs


def test_the_paired_test_and_its_interval_are_those_of_scipy() -> None:
    expected = ttest_rel(ONE, OTHER)
    found = paired(ONE, OTHER)
    assert found.p == pytest.approx(expected.pvalue)
    for level in (0.95, 0.99):
        assert found.interval(1 - level) == pytest.approx(tuple(expected.confidence_interval(level)))


def test_what_all_runs_of_a_seed_share_does_not_count() -> None:
    shared = [3.0, -7.0, 12.0, 0.5, 100.0, 41.0]
    found = paired([a + b for a, b in zip(ONE, shared, strict=True)], [a + b for a, b in zip(OTHER, shared, strict=True)])
    assert found.p == pytest.approx(paired(ONE, OTHER).p)


@given(FIGURES)
def test_the_other_way_round_everything_is_the_same_with_its_sign_turned(pairs: list[tuple[float, float]]) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    there, back = paired(one, other), paired(other, one)
    assert there.mean == -back.mean
    assert there.p == pytest.approx(back.p, nan_ok=True)
    low, high = back.interval()
    assert there.interval() == pytest.approx((-high, -low))


def test_one_pair_has_a_difference_and_nothing_else_and_no_pair_has_not_even_that() -> None:
    one, none = paired([0.8], [0.7]), paired([], [])
    assert one.mean == pytest.approx(0.1)
    for each in (one, none):
        assert math.isnan(each.p)
        assert all(map(math.isnan, each.interval()))
        assert each.pairs_needed() is None
    assert math.isnan(none.mean)


def test_pairs_that_are_all_equal_differ_by_nothing() -> None:
    found = paired(ONE, ONE, grain=1)
    assert found.alike
    assert (found.mean, found.p, found.interval()) == (0.0, 1.0, (0.0, 0.0))
    assert found.pairs_needed() is None


def test_a_difference_of_one_item_twice_is_no_proof_but_one_of_a_hundred_is() -> None:
    # Both have no spread at all: what is not known is what a third pair would be like.
    assert paired([41.0, 52.0], [40.0, 51.0], grain=1).p == pytest.approx(0.13, abs=0.01)
    assert paired([140.0, 151.0], [40.0, 51.0], grain=1).p < 0.002


def test_what_is_left_over_of_sums_is_no_spread() -> None:
    found = paired([0.1 + 0.2, 0.8 - 0.5], [0.2, 0.2])
    assert found.mean == pytest.approx(0.1)
    assert 0 < found.spread < 1e-9
    assert found.p < 1e-6


def test_a_spread_that_is_there_is_not_made_larger_by_the_grain() -> None:
    assert paired([4.0, 9.0, 1.0], [0.0, 0.0, 0.0], grain=1).spread == pytest.approx(np.std([4, 9, 1], ddof=1))


# How many pairs


@pytest.mark.parametrize("error", [0.05, 0.005])
@pytest.mark.parametrize("effect", [0.4, 1.0])
def test_so_many_pairs_find_a_difference_four_times_in_five(effect: float, error: float) -> None:
    needed = Paired(5, effect, 1.0, False, False).pairs_needed(error)
    assert needed is not None
    luck, count = np.random.default_rng(1), 1500
    draws = luck.normal(effect, 1.0, (count, needed))
    share = float((ttest_1samp(draws, 0, axis=1).pvalue < error).mean())
    # A number of pairs is whole: it may find a little more.
    assert 0.8 - band(0.8, count) < share < 0.8 + band(0.8, count) + 1.2 / needed


def test_a_smaller_difference_needs_more_pairs_and_beyond_a_bound_nobody_counts() -> None:
    needed = [Paired(5, effect, 1.0, False, False).pairs_needed() for effect in (2.0, 0.5, 0.1, 0.03)]
    known = [each for each in needed if each is not None]
    assert len(known) == 4
    assert known == sorted(known)
    assert known[-1] <= MOST_PAIRS
    assert Paired(5, 0.02, 1.0, False, False).pairs_needed() is None
    assert Paired(5, 0.0, 1.0, False, False).pairs_needed() is None


def test_what_is_not_found_yet_always_needs_more_pairs_than_there_are() -> None:
    luck = np.random.default_rng(2)
    for count in (2, 5, 20):
        for draws in luck.normal(0.3, 1.0, (100, count)).tolist():
            found = paired(draws, [0.0] * count)
            needed = found.pairs_needed()
            assert found.p <= 0.05 or needed is None or needed > count


# Corrections


def test_corrected_p_values_are_holms() -> None:
    # By hand: 4 x .005, 3 x .01, 2 x .03, and what comes after is no smaller.
    corrected, error = holm([0.01, 0.04, 0.03, 0.005])
    assert corrected == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert error == pytest.approx(0.025)
    assert holm([]) == ([], 0.05)


@given(st.lists(FIGURES, min_size=1, max_size=6))
def test_an_interval_excludes_zero_just_where_the_difference_is_found(many: list[list[tuple[float, float]]]) -> None:
    tests = [paired([pair[0] for pair in pairs], [pair[1] for pair in pairs]) for pairs in many]
    tests = [test for test in tests if not test.alike]
    corrected, error = holm([test.p for test in tests])
    assert error <= 0.05
    for test, p in zip(tests, corrected, strict=True):
        low, high = test.interval(error)
        if not math.isclose(p, 0.05, rel_tol=1e-6):
            assert (low > 0 or high < 0) == (p <= 0.05)
        alone = test.interval()
        assert low <= alone[0] + 1e-9 * abs(low)
        assert alone[1] <= high + 1e-9 * abs(high)


def test_intervals_of_pairs_cover_the_difference_95_times_in_100() -> None:
    luck, count = np.random.default_rng(3), 2000
    covered = 0
    for draws in luck.normal(0.7, 2.0, (count, 6)).tolist():
        low, high = paired(draws, [0.0] * 6).interval()
        covered += low < 0.7 < high
    assert covered / count == pytest.approx(0.95, abs=band(0.95, count))


def wrong_findings(count: int, tests: int, pairs: int, real: int) -> float:
    """Return how often anything is found that is not there, beside so many differences that are there, all correlated."""
    luck, wrong = np.random.default_rng(4), 0
    for _ in range(count):
        draws = luck.normal(size=(tests, pairs)) + luck.normal(size=pairs)
        draws[:real] += 5.0
        corrected, _ = holm([paired(each, [0.0] * pairs).p for each in draws.tolist()])
        wrong += any(p <= 0.05 for p in corrected[real:])
    return wrong / count


@pytest.mark.parametrize("real", [0, 3])
def test_of_many_differences_that_are_not_there_hardly_ever_is_one_found(real: int) -> None:
    assert wrong_findings(400, 6, 8, real) < 0.05 + band(0.05, 400)


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [2, 5, 20])
def test_however_few_pairs_there_are_hardly_ever_is_something_found_that_is_not_there(pairs: int) -> None:
    assert wrong_findings(4000, 12, pairs, 5) < 0.05 + band(0.05, 4000)
