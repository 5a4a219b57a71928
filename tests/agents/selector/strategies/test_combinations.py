"""Combinations of strategies: arithmetic on their scores, at any depth."""

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.choice import AnyStrategy
from agents.selector.strategies.combinations import Product, RankProduct, ThenBy, WeightedSum
from agents.selector.strategies.scale import scaled
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from tests.agents.selector.pools import Matrix, placed


class Column(Strategy):
    """Scores items by a column of their features."""

    kind: ClassVar[str] = "column"
    needs_model: ClassVar[bool] = False
    number: int = 0

    def scores(self, view: PoolView) -> Scores:
        return np.asarray(view.items.features[:, self.number], dtype=np.float64)


FIRST, SECOND = Column(), Column(number=1)
columns = (
    st.integers(1, 12)
    .flatmap(lambda rows: st.tuples(*[st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 4.0]), min_size=rows, max_size=rows)] * 2))
    .map(lambda pair: np.array(pair, dtype=np.float64).T)
)


def by_range(scores: Matrix) -> list[float]:
    low, high = min(scores), max(scores)
    return [0.0 if low == high else (score - low) / (high - low) for score in scores]


def by_rank(scores: Matrix) -> list[float]:
    others = max(len(scores) - 1, 1)
    return [
        (sum(other < score for other in scores) + (sum(other == score for other in scores) - 1) / 2) / others for score in scores
    ]


SCALES = {"none": list, "range": by_range, "rank": by_rank}


@given(columns, st.sampled_from([*SCALES]), st.tuples(*[st.sampled_from([-1.0, 0.0, 0.5, 2.0])] * 2))
def test_a_weighted_sum_adds_up_what_its_parts_say_on_one_scale(table: Matrix, scale: str, weights: tuple[float, float]) -> None:
    given = WeightedSum(parts=(FIRST, SECOND), weights=weights, scale=scale).scores(placed(table))
    one, other = (SCALES[scale](column) for column in table.T)
    assert given == pytest.approx([weights[0] * a + weights[1] * b for a, b in zip(one, other, strict=True)])


@given(columns, st.sampled_from([*SCALES]), st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 2.0])] * 2))
def test_a_product_multiplies_powers(table: Matrix, scale: str, exponents: tuple[float, float]) -> None:
    given = Product(parts=(FIRST, SECOND), exponents=exponents, scale=scale).scores(placed(table))
    one, other = (SCALES[scale](column) for column in table.T)
    assert given == pytest.approx([a ** exponents[0] * b ** exponents[1] for a, b in zip(one, other, strict=True)])


@given(columns)
def test_a_rank_product_puts_first_whose_ranks_multiply_to_the_least(table: Matrix) -> None:
    given = RankProduct(parts=(FIRST, SECOND)).scores(placed(table))
    ranks = [[sum(other > each for other in column) + (sum(column == each) + 1) / 2 for each in column] for column in table.T]
    assert np.exp(-given) == pytest.approx([a * b for a, b in zip(*ranks, strict=True)])


@given(columns, st.sampled_from([0.0, 1.0, 3.0]))
def test_then_by_lets_the_second_decide_where_the_first_sees_no_difference(table: Matrix, step: float) -> None:
    keys = [(round(a / step) if step else a, b) for a, b in table]
    selected = ThenBy(first=FIRST, then=SECOND, step=step).select(placed(table), len(table))
    assert [*selected.ids] == sorted(range(len(table)), key=lambda row: (-keys[row][0], -keys[row][1], row))
    scores = ThenBy(first=FIRST, then=SECOND, step=step).scores(placed(table))
    assert [*scores] == [len({key for key in keys if key < mine}) for mine in keys]


def test_weights_and_exponents_left_out_count_alike() -> None:
    pool = placed(np.array([[0.0, 3.0], [1.0, 0.0], [2.0, 1.0]]))
    for kind, name in ((WeightedSum, "weights"), (Product, "exponents"), (RankProduct, "exponents")):
        assert [*kind(parts=(FIRST, SECOND)).scores(pool)] == [*kind(parts=(FIRST, SECOND), **{name: (1.0, 1.0)}).scores(pool)]


@pytest.mark.parametrize("scale", [*SCALES])
def test_an_item_without_a_score_by_one_part_comes_last_whatever_the_other_says(scale: str) -> None:
    pool = placed(np.array([[np.nan, 9.0], [1.0, 2.0], [-np.inf, 8.0], [3.0, 1.0]]))
    parts = (FIRST, SECOND)
    for strategy in (
        WeightedSum(parts=parts, scale=scale),
        WeightedSum(parts=parts, weights=(-1, 1), scale=scale),
        Product(parts=parts, scale=scale),
        RankProduct(parts=parts),
        ThenBy(first=FIRST, then=SECOND),
    ):
        assert {*strategy.select(pool, 2).ids} == {1, 3}, strategy


def test_infinite_scores_stand_at_the_end_of_the_range() -> None:
    assert [*scaled(np.array([1.0, np.finfo(float).max, 3.0]), "range")] == [0.0, 1.0, 1.0]


def test_scores_below_0_are_counted_from_the_lowest_where_they_are_multiplied() -> None:
    pool = placed(np.array([[-2.0, 3.0], [1.0, 2.0], [-1.0, np.nan]]))
    assert [*Product(parts=(FIRST, SECOND)).scores(pool)[:2]] == [0.0, 6.0]
    assert Product(parts=(Random(), InOrder())).select(placed(np.zeros((2, 1))), 1).ids == (0,)


def test_combinations_combine() -> None:
    table = {
        "kind": "weighted-sum",
        "parts": [
            "in-order",
            {"kind": "product", "parts": [{"kind": "rank-product", "parts": ["random"]}, "random"], "scale": "rank"},
            {"kind": "then-by", "first": {"kind": "then-by", "first": "in-order", "then": "random", "step": 4}, "then": "random"},
            {"kind": "filter", "by": "random", "best": 3, "then": {"kind": "subsample", "of": "in-order", "number": 2}},
        ],
    }
    strategy = TypeAdapter(AnyStrategy).validate_python(table)
    assert TypeAdapter(AnyStrategy).validate_python(TypeAdapter(AnyStrategy).dump_python(strategy)) == strategy
    assert len(strategy.layers) == 15
    assert strategy.reacts
    assert not strategy.rests_on_model
    assert len({*strategy.select(placed(np.zeros((9, 1))), 20).ids}) == 9


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"kind": "weighted-sum", "parts": []}, "at least 1 item"),
        ({"kind": "weighted-sum", "parts": ["random"], "weights": [1, 2]}, "there are 1 strategies and 2 weights"),
        ({"kind": "product", "parts": ["random"], "exponents": [1, 2]}, "there are 1 strategies and 2 exponents"),
        ({"kind": "rank-product", "parts": ["rndom"]}, "did you mean 'random'"),
        ({"kind": "then-by", "first": "random"}, "then"),
        ({"kind": "then-by", "first": "random", "then": "random", "step": -1}, "greater than or equal to 0"),
        ({"kind": "subsample", "of": "random", "share": 0.5, "number": 3}, "leave out number, or share"),
        ({"kind": "filter", "by": "random", "best": 0, "then": "random"}, "greater than or equal to 1"),
    ],
)
def test_what_makes_no_combination_is_refused(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TypeAdapter(AnyStrategy).validate_python(table)
