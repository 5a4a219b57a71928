"""Effect sizes: closed forms, and invariants."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.statistics.effects import cliffs_delta, d_z, hedges, superiority
from scenarios.statistics.paired import paired

VALUES = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=8)


def test_hedges_correction_has_its_closed_form_and_his_approximation_is_near() -> None:
    assert hedges(2) == pytest.approx(1 / math.sqrt(math.pi))
    assert hedges(10) == pytest.approx(24 / (math.sqrt(5) * math.gamma(4.5)))
    assert [hedges(freedom) for freedom in (10, 50, 1000)] == pytest.approx([1 - 3 / (4 * m - 1) for m in (10, 50, 1000)], abs=4e-4)


def test_an_effect_is_a_difference_in_standard_deviations() -> None:
    pairs = paired([3.0, 5.0, 7.0, 9.0, 11.0], [2.0, 3.0, 4.0, 5.0, 6.0])
    assert d_z(pairs) == pytest.approx(hedges(4) * 3 / math.sqrt(2.5))


def test_equal_pairs_have_no_effect_and_those_that_differ_by_the_same_an_infinite_one() -> None:
    assert d_z(paired([1.0, 2.0], [1.0, 2.0])) == 0.0
    assert d_z(paired([1.0, 2.0], [2.0, 3.0])) == -math.inf
    assert math.isnan(d_z(paired([1.0], [2.0])))


def test_superiority_counts_pairs_and_cliffs_delta_everybody_against_everybody() -> None:
    assert superiority([3, 1, 2, 5], [1, 1, 3, 4]) == pytest.approx(2.5 / 4)
    assert cliffs_delta([2, 4], [1, 3, 4]) == pytest.approx((1 - 1 - 1 + 1 + 1 + 0) / 6)
    assert math.isnan(superiority([], [])) and math.isnan(cliffs_delta([], [1.0]))


@given(VALUES, VALUES)
def test_the_other_way_round_effects_turn(one: list[float], other: list[float]) -> None:
    both = min(len(one), len(other))
    assert superiority(one[:both], other[:both]) == pytest.approx(1 - superiority(other[:both], one[:both]))
    assert cliffs_delta(one, other) == pytest.approx(-cliffs_delta(other, one))
    assert -1 <= cliffs_delta(one, other) <= 1
