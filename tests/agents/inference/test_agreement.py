"""Agreement of a whole table, against loops, and against the count that keeps pace with a campaign."""

import tracemalloc
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings

from agents.component import Unusable
from agents.coordinator.agreement import Agreement
from agents.inference.agreement import agreement_of, alpha, alpha_interval, fleiss_kappa, pairs_agreeing, pairwise, unanimous
from agents.inference.answers import table_of
from tests.agents.inference.reference import shuffled, tables


def units_of(table):
    return [table.label[table.item == item].tolist() for item in range(len(table.items))]


def maybe(value):
    return None if value is None else pytest.approx(value, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_alpha_and_unanimity_are_those_counted_item_by_item(table):
    counted = Agreement()
    for unit in units_of(table):
        counted.add(unit)
    assert alpha(table) == maybe(counted.alpha)
    assert unanimous(table) == maybe(counted.unanimous)
    assert alpha(shuffled(table, 1)) == maybe(alpha(table))


def numbered(table):
    values = [1, 2, 4, 7][: len(table.classes)]
    return table_of(table.item.tolist(), table.person.tolist(), [values[label] for label in table.label], values), values


def obvious_alpha(units, apart):
    pairs = [(a, b, 1 / (len(unit) - 1)) for unit in units if len(unit) > 1 for a, b in permutations(unit, 2)]
    values = [value for unit in units if len(unit) > 1 for value in unit]
    expected = sum(apart(a, b, values) for a, b in permutations(values, 2))
    return 1 - sum(apart(a, b, values) * w for a, b, w in pairs) * (len(values) - 1) / expected if expected else None


def ranks_apart(one, other, values):
    low, high = min(one, other), max(one, other)
    return (sum(low <= value <= high for value in values) - (values.count(one) + values.count(other)) / 2) ** 2


@settings(deadline=None, max_examples=40)
@given(tables(most_items=4))
def test_alpha_at_each_level_is_that_of_all_pairs_of_values(table):
    table, values = numbered(table)
    units = [[values[label] for label in unit] for unit in units_of(table)]
    assert alpha(table, "interval") == maybe(obvious_alpha(units, lambda a, b, _: (a - b) ** 2))
    assert alpha(table, "ratio") == maybe(obvious_alpha(units, lambda a, b, _: ((a - b) / (a + b)) ** 2))
    assert alpha(table, "ordinal") == maybe(obvious_alpha(units, lambda a, b, v: ranks_apart(a, b, v) if a != b else 0))


def test_levels_that_count_need_numbers():
    table = table_of([1, 1], ["a", "b"], ["x", "y"])
    with pytest.raises(Unusable, match="classes that are numbers"):
        alpha(table, "interval")
    with pytest.raises(Unusable, match="from 0 on"):
        alpha(table_of([1, 1], ["a", "b"], [-1, 1]), "ratio")
    assert alpha(table_of([1, 1, 2, 2], ["a", "b"] * 2, ["1", "2", "2", "2"]), "interval") is not None


def test_fleiss_kappa_is_that_of_his_own_example():
    # Fleiss (1971): as worked through with ten items, five classes and fourteen raters, kappa 0.210.
    votes = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    rows = [(item, label) for item, row in enumerate(votes) for label, count in enumerate(row) for _ in range(count)]
    table = table_of([item for item, _ in rows], range(len(rows)), [label for _, label in rows])
    assert fleiss_kappa(table) == pytest.approx(0.210, abs=0.0005)


def obvious_pair(table, one, other):
    pairs = [
        (a, b)
        for item in range(len(table.items))
        for a in table.label[(table.item == item) & (table.person == one)].tolist()
        for b in table.label[(table.item == item) & (table.person == other)].tolist()
    ]
    if not pairs:
        return None
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    chance = (
        sum(sum(a == label for a, _ in pairs) * sum(b == label for _, b in pairs) for label in range(len(table.classes)))
        / len(pairs) ** 2
    )
    return len(pairs), agreed, None if chance > 1 - 1e-12 else (agreed - chance) / (1 - chance)


@settings(deadline=None, max_examples=60)
@given(tables())
def test_pairs_agree_as_counted_answer_by_answer(table):
    found = pairwise(table)
    common, agreement, kappa = (matrix.toarray() for matrix in (found.common, found.agreement, found.kappa))
    told = {pair: obvious_pair(table, *pair) for pair in combinations(range(len(table.people)), 2)}
    told = {pair: value for pair, value in told.items() if value}
    assert found.common.nnz == 2 * len(told)
    for (one, other), (number, agreed, beyond) in told.items():
        assert common[one, other] == common[other, one] == number
        assert agreement[one, other] == pytest.approx(agreed)
        assert kappa[one, other] == pytest.approx(beyond or 0.0, abs=1e-9)
    total = sum(number for number, _, _ in told.values())
    assert found.mean_agreement() == (pytest.approx(sum(n * a for n, a, _ in told.values()) / total) if told else None)
    defined = [(n, k) for n, _, k in told.values() if k is not None]
    assert found.mean_kappa() == maybe(sum(n * k for n, k in defined) / sum(n for n, _ in defined) if defined else None)


def test_the_bootstrap_is_as_wide_as_alpha_strays_from_sample_to_sample():
    def sample(seed):
        rng = np.random.default_rng(seed)
        true = np.repeat(rng.integers(0, 2, 150), 4)
        said = np.where(rng.random(600) < 0.8, true, 1 - true)
        return table_of(np.repeat(np.arange(150), 4).tolist(), [0, 1, 2, 3] * 150, said.tolist(), [0, 1])

    spread = np.std([alpha(sample(seed)) for seed in range(200)])
    low, high = alpha_interval(sample(0))
    assert (high - low) / (2 * 1.96) == pytest.approx(spread, rel=0.25)
    assert low < alpha(sample(0)) < high
    assert alpha_interval(sample(0)) == (low, high) != alpha_interval(sample(0), seed=1)


def test_what_is_not_defined_is_none():
    alone = table_of([1, 2], ["a", "b"], ["x", "y"])
    same = table_of([1, 1], ["a", "b"], ["x", "x"])
    for table in (alone, same):
        assert alpha(table) is alpha_interval(table) is fleiss_kappa(table) is pairwise(table).mean_kappa() is None
    assert unanimous(alone) is pairwise(alone).mean_agreement() is None
    assert unanimous(same) == pairwise(same).mean_agreement() == 1


def test_nominal_alpha_takes_no_more_memory_than_votes_however_many_classes_there_are():
    rng = np.random.default_rng(0)
    table = table_of(
        np.repeat(np.arange(300), 4).tolist(), [0, 1, 2, 3] * 300, rng.integers(0, 2000, 1200).tolist(), [*range(2000)]
    )
    votes = table.votes.nbytes
    tracemalloc.start()
    try:
        found = agreement_of(table)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.alpha == pytest.approx(0.0, abs=0.05)
    # A few tables of votes; one of each two classes of each item would be two thousand.
    assert peak < 8 * votes


@settings(deadline=None, max_examples=40)
@given(tables())
def test_pairs_agree_as_counted_unit_by_unit(table):
    pairs = [(a, b) for unit in units_of(table) for a, b in combinations(unit, 2)]
    assert pairs_agreeing(table) == maybe(sum(a == b for a, b in pairs) / len(pairs) if pairs else None)
