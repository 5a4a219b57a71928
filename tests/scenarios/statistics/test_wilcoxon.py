"""Wilcoxon's signed-rank test: against SciPy and a published example."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata
from scipy.stats import wilcoxon as scipys

from bus.chance import Chance
from scenarios.statistics.wilcoxon import signed_rank

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
"""Differences in height of crossed and self-fertilised maize, in eighths of an inch (Darwin, 1876; Fisher, 1935)."""

WHOLE = st.lists(st.integers(-4, 4).map(float), min_size=1, max_size=9)


def test_of_darwins_maize_the_sum_of_the_negative_ranks_is_24_and_p_is_exact() -> None:
    found = signed_rank(DARWIN, [0] * 15)
    assert found.p == pytest.approx(scipys(DARWIN, method="exact").pvalue)
    assert found.correlation == pytest.approx((96 - 24) / 120)
    assert (found.pairs, found.zeros, found.method) == (15, 0, "exact")


@given(WHOLE)
def test_with_ties_and_zeros_p_is_that_of_all_ways_to_set_the_signs(values: list[float]) -> None:
    found = signed_rank(values, [0.0] * len(values))
    ranked = [value for value in values if value]
    if not ranked:
        assert (found.p, found.correlation, found.zeros) == (1.0, 0.0, len(values))
        return
    ranks = rankdata(np.abs(ranked))
    sums = [sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign) for signs in product((0, 1), repeat=len(ranks))]
    seen = sum(rank for rank, value in zip(ranks, ranked, strict=True) if value > 0)
    tail = min(sum(each <= seen for each in sums), sum(each >= seen for each in sums)) / len(sums)
    assert found.p == pytest.approx(min(1.0, 2 * tail))


def test_differences_that_are_equal_but_for_rounding_are_ties() -> None:
    assert signed_rank([0.84, 0.88, 0.3], [0.80, 0.84, 0.1]) == signed_rank([84, 88, 30], [80, 84, 10])
    assert signed_rank([0.1 + 0.2, 0.5], [0.3, 0.4]).zeros == 1


def test_of_very_many_pairs_p_is_scipys_approximation() -> None:
    values = [*Chance(1).stream("test").normal(0.2, 1, 80)]
    found = signed_rank(values, [0.0] * 80)
    assert found.method == "normal"
    assert found.p == pytest.approx(scipys(values, method="asymptotic").pvalue)


def test_five_pairs_cannot_be_significant_whatever_they_say() -> None:
    found = signed_rank([1, 2, 3, 4, 5], [0] * 5)
    assert found.p == found.least == pytest.approx(0.0625)
    assert found.correlation == 1.0


def test_no_pair_says_nothing_and_pairs_have_two_values_each() -> None:
    assert math.isnan(signed_rank([], []).p)
    with pytest.raises(ValueError, match="two values each"):
        signed_rank([1.0], [])


@given(WHOLE)
def test_the_other_way_round_only_the_correlation_turns(values: list[float]) -> None:
    zeros = [0.0] * len(values)
    there, back = signed_rank(values, zeros), signed_rank(zeros, values)
    assert there.p == pytest.approx(back.p)
    assert there.correlation == pytest.approx(-back.correlation)
