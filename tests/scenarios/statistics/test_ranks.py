"""Ranks: against tables and the worked example of Demšar (2006), and against SciPy."""

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare

from scenarios.statistics.ranks import critical_distance, critical_value, ranking

DEMSAR = [
    (0.763, 0.768, 0.771, 0.798), (0.599, 0.591, 0.590, 0.569), (0.954, 0.971, 0.968, 0.967), (0.628, 0.661, 0.654, 0.657),
    (0.882, 0.888, 0.886, 0.898), (0.936, 0.931, 0.916, 0.931), (0.661, 0.668, 0.609, 0.685), (0.583, 0.583, 0.563, 0.625),
    (0.775, 0.838, 0.866, 0.875), (1.000, 1.000, 1.000, 1.000), (0.940, 0.962, 0.965, 0.962), (0.619, 0.666, 0.614, 0.669),
    (0.972, 0.981, 0.9751, 0.975), (0.957, 0.978, 0.946, 0.970),
]  # fmt: skip
"""AUC of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data sets: table 6 of Demšar (2006), where the ranks tell 13 and 14 apart."""

TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 4).map(float), min_size=width, max_size=width), min_size=1, max_size=7)
)


@pytest.mark.parametrize(
    ("treatments", "value"),
    [(2, 1.960), (3, 2.344), (4, 2.569), (5, 2.728), (6, 2.850), (7, 2.948), (8, 3.031), (9, 3.102), (10, 3.164)],
)
def test_nemenyis_q_is_as_demsar_tabulates_it(treatments: int, value: float) -> None:
    # The paper rounds: 2.948 there is 2.949.
    assert critical_value(treatments) == pytest.approx(value, abs=0.0011)


@pytest.mark.parametrize(("treatments", "value"), [(2, 1.645), (3, 2.052), (5, 2.459), (10, 2.920)])
def test_the_error_may_be_another(treatments: int, value: float) -> None:
    assert critical_value(treatments, 0.1) == pytest.approx(value, abs=0.0011)


def test_demsars_example_comes_out_as_he_has_it() -> None:
    found = ranking(DEMSAR)
    assert [round(mean, 3) for mean in found.mean_ranks] == pytest.approx([3.143, 2.000, 2.893, 1.964], abs=0.001)
    plain = 12 * 14 / (4 * 5) * (sum(mean**2 for mean in found.mean_ranks) - 4 * 5**2 / 4)
    assert plain == pytest.approx(9.28, abs=0.01)
    # He leaves ties as they are; in three blocks two are tied, and in one all four.
    corrected = plain / (1 - (3 * (2**3 - 2) + (4**3 - 4)) / (14 * (4**3 - 4)))
    assert found.friedman.chi2 == pytest.approx(corrected)
    assert found.friedman.chi2 == pytest.approx(friedmanchisquare(*zip(*DEMSAR, strict=True)).statistic)
    assert found.friedman.f == pytest.approx(13 * corrected / (14 * 3 - corrected))
    assert 13 * plain / (14 * 3 - plain) == pytest.approx(3.69, abs=0.01)
    assert found.friedman.p < 0.05
    assert found.distance == pytest.approx(1.25, abs=0.005)
    # At .10 he finds C4.5 different from both with m, and C4.5+cf from neither.
    lenient = ranking(DEMSAR, error=0.1)
    assert lenient.distance == pytest.approx(1.12, abs=0.005)
    assert {frozenset(group) for group in lenient.groups} == {frozenset({1, 2, 3}), frozenset({0, 2})}


def test_the_critical_distance_shrinks_with_the_root_of_the_blocks() -> None:
    assert critical_distance(4, 40) == pytest.approx(critical_distance(4, 10) / 2)
    assert math.isnan(critical_distance(4, 1)) and math.isnan(critical_distance(1, 9))


def test_blocks_that_lack_a_value_are_dropped_and_counted() -> None:
    found = ranking([(1.0, 2.0), (None, 3.0), (2.0, math.nan), (3.0, 4.0)])
    assert (found.blocks, found.dropped) == (2, 2)
    assert found.mean_ranks == (2.0, 1.0)


def test_nothing_but_gaps_or_no_block_at_all_says_nothing() -> None:
    found = ranking([(1.0, None, 2.0)])
    assert found.blocks == 0 and all(math.isnan(mean) for mean in found.mean_ranks)
    assert ranking([]).mean_ranks == ()
    assert math.isnan(ranking([(1.0, 2.0, 3.0)]).friedman.p)


def test_where_all_blocks_agree_f_is_infinite_and_where_all_are_tied_there_is_no_difference() -> None:
    assert ranking([(1, 2, 3)] * 8).friedman.f == math.inf
    assert ranking([(1, 2, 3)] * 8).friedman.p == 0.0
    tied = ranking([(1, 1, 1)] * 8)
    assert (tied.friedman.p, tied.groups) == (1.0, ((0, 1, 2),))


def test_more_treatments_than_python_nests_calls_are_ranked_too() -> None:
    (group,) = ranking([(1.0,) * 1_100] * 2).groups
    assert group == tuple(range(1_100))


def test_less_may_be_better() -> None:
    assert ranking([(1, 2, 3)] * 3, greater_is_better=False).mean_ranks == (1.0, 2.0, 3.0)


def test_by_wilcoxon_and_holm_pairs_are_told_apart_one_by_one() -> None:
    blocks = [(0.5 + 0.01 * at, 0.6 + 0.013 * at, 0.6 + 0.013 * at + (-1) ** at * 0.001 * at) for at in range(1, 13)]
    found = ranking(blocks, method="wilcoxon-holm")
    assert found.p[0][1] < 0.01 and found.p[1][2] > 0.05
    assert {frozenset(group) for group in found.groups} == {frozenset({1, 2})}
    assert math.isnan(found.distance)


@given(TABLES)
@settings(max_examples=30)
def test_by_wilcoxon_and_holm_groups_are_as_large_as_can_be(blocks: list[list[float]]) -> None:
    found = ranking(blocks * 4, method="wilcoxon-holm", error=0.2)
    every = range(len(blocks[0]))
    alike = [
        {*group}
        for size in range(2, len(every) + 1)
        for group in combinations(every, size)
        if all(found.p[one][other] > 0.2 for one, other in combinations(group, 2))
    ]
    assert sorted(map(sorted, found.groups)) == sorted(sorted(one) for one in alike if not any(one < other for other in alike))


@given(TABLES)
def test_ranks_add_up_and_groups_are_as_large_as_can_be(blocks: list[list[float]]) -> None:
    found = ranking(blocks)
    count = len(blocks[0])
    assert sum(found.mean_ranks) == pytest.approx(count * (count + 1) / 2)
    assert all(1 <= mean <= count for mean in found.mean_ranks)
    assert not any(set(one) <= set(other) for one in found.groups for other in found.groups if one != other)
    told = {frozenset(pair) for group in found.groups for pair in combinations(group, 2)}
    for one, other in combinations(range(count), 2):
        apart = abs(found.mean_ranks[one] - found.mean_ranks[other]) >= found.distance
        assert (frozenset((one, other)) in told) == (not apart)
        assert 0 <= found.p[one][other] == found.p[other][one] <= 1
