"""Gain for money and time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from agents.component import Unusable
from agents.selector.shortlist import Scores
from agents.selector.strategies.chance import InOrder, Random
from agents.selector.strategies.cost_aware import CostAware
from agents.selector.view import PoolView
from bus.clock import SECOND
from tests.agents.selector.pools import Matrix, placed

POINTS = np.random.Generator(np.random.PCG64(3)).normal(size=(40, 2))


def billed(bills: list[tuple[int, float, float]], points: Matrix = POINTS) -> PoolView:
    pool = placed(points, labels=dict.fromkeys((row for row, *_ in bills), 0))
    for row, price, seconds in bills:
        pool.pool.bill(row, price, int(seconds * SECOND))
    return pool


def ridge(points: Matrix, logs: Matrix, penalty: float) -> tuple[Matrix, float]:
    """Return slopes and intercept, by the normal equations."""
    centred, mean = points - points.mean(axis=0), logs.mean()
    slopes = np.linalg.solve(centred.T @ centred + penalty * np.eye(points.shape[1]), centred.T @ (logs - mean))
    return slopes, mean - points.mean(axis=0) @ slopes


@given(
    st.lists(
        st.tuples(st.integers(0, 39), st.floats(0.01, 9), st.floats(0.5, 900)),
        min_size=2,
        max_size=25,
        unique_by=lambda each: each[0],
    ),
    st.sampled_from([0.0, 1.0, 2.0]),
    st.sampled_from([0.0, 0.5]),
    st.booleans(),
)
def test_worth_is_divided_by_what_a_ridge_regression_of_logarithms_expects(
    bills: list[tuple[int, float, float]], price_weight: float, seconds_weight: float, sparse: bool
) -> None:
    pool = billed(bills, csr_matrix(POINTS) if sparse else POINTS)
    strategy = CostAware(of=Random(), price_weight=price_weight, seconds_weight=seconds_weight, refit=1, penalty=2.0)
    rows = [row for row, *_ in bills]
    expected = Random().scores(pool).copy()
    for column, weight in ((1, price_weight), (2, seconds_weight)):
        logs = np.log([round(bill[column], 6) if column == 2 else bill[column] for bill in bills])
        slopes, intercept = ridge(POINTS[rows], logs, 2.0)
        logs_expected = np.clip(POINTS @ slopes + intercept, logs.min(), logs.max())
        expected *= np.exp(-weight * (logs_expected - logs.mean()))
    assert strategy.scores(pool) == pytest.approx(expected, rel=1e-4)


def test_where_nothing_is_known_all_cost_alike() -> None:
    for bills in ([], [(3, 1.0, 5.0)], [(3, 1.0, 5.0), (4, 1.0, 5.0)], [(3, 0.0, 0.0), (4, 0.0, 0.0)]):
        assert [*CostAware(of=Random(), refit=1).scores(billed(bills))] == [*Random().scores(billed(bills))]


def test_features_may_be_large_until_they_cannot_be_squared() -> None:
    known = [(row, 1.0 + row, 2.0) for row in range(6)]
    for size in (1e20, 1e100):
        costs = CostAware(of=Random(), refit=1, penalty=1e-12).costs(billed(known, POINTS * size))
        assert np.log(1 / 6) < costs.prices.min() < costs.prices.max() < np.log(6)
    with pytest.raises(Unusable, match="too large to be squared"):
        CostAware(of=Random(), refit=1).costs(billed(known, POINTS * 1e160))


def test_time_that_nobody_knows_and_work_that_costs_nothing_teach_nothing() -> None:
    known = [(row, 1.0 + row, 0.0) for row in range(6)]
    assert [*CostAware(of=Random(), refit=1, price_weight=0).scores(billed(known))] == [*Random().scores(billed(known))]
    costs = CostAware(of=Random(), refit=1).costs(billed([*known, (9, 0.0, 0.0)]))
    assert [*costs.prices] == [*CostAware(of=Random(), refit=1).costs(billed(known)).prices]


def test_the_last_bill_of_an_item_is_for_all_of_its_answers() -> None:
    again = [(3, 1.0, 9.0), (4, 2.0, 8.0), (3, 5.0, 20.0), (7, 1.0, 1.0)]
    strategy = CostAware(of=Random(), refit=1)
    assert [*strategy.scores(billed(again))] == [*strategy.scores(billed(again[1:]))]


def test_costs_are_learned_anew_after_so_many_bills_and_who_comes_late_learns_the_same() -> None:
    bills = [(row, 1.0 + row % 3, 5.0 + row) for row in range(17)]
    strategy = CostAware(of=Random(), refit=5)
    along = billed([])
    for number, (row, price, seconds) in enumerate(bills, 1):
        along.pool.bill(row, price, int(seconds * SECOND))
        late = strategy.costs(billed(bills[:number]))
        assert strategy.costs(along).bills == late.bills == number // 5 * 5
        assert [*strategy.costs(along).prices] == [*late.prices]
        assert [*late.prices] == [*CostAware(of=Random(), refit=1).costs(billed(bills[: number // 5 * 5])).prices]


def test_cheap_items_go_first_where_all_are_worth_the_same() -> None:
    class Even(InOrder):
        def scores(self, view: PoolView) -> Scores:
            return np.ones(len(view.items))

    points = np.arange(20, dtype=np.float64)[:, np.newaxis]
    bills = [(row, 0.1 * (20 - row), 10.0 * (row + 1)) for row in (0, 5, 10, 15, 19)]
    for dials, first in (({"seconds_weight": 0}, (18, 17, 16)), ({"price_weight": 0}, (1, 2, 3))):
        assert CostAware(of=Even(), refit=5, **dials).select(billed(bills, points), 3).ids == first


def test_worth_below_0_is_counted_from_the_lowest() -> None:
    assert [*CostAware(of=InOrder()).scores(billed([]))] == [*range(39, -1, -1)]
    assert CostAware(of=InOrder(), scale="range").select(billed([]), 1).ids == (0,)
