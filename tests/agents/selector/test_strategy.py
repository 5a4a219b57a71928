"""Query strategies, and the rankings that are made of their scores."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.stats import entropy

from agents.estimator import Model
from agents.items import Items
from agents.selector.strategy import (
    AnyStrategy,
    Entropy,
    InOrder,
    LeastConfident,
    Margin,
    PoolView,
    Random,
    Ranking,
    Strategy,
    best,
)
from bus.chance import Chance
from tests.agents.samples import make, numbered

Matrix = NDArray[np.float64]
LUCK = Chance(7).keyed("selector")


class Oracle:
    """A classifier whose features are its probabilities."""

    def predict_proba(self, features: Matrix) -> Matrix:
        return features


def scores(strategy: Strategy, probabilities: Matrix) -> Matrix:
    classes = probabilities.shape[1]
    model = Model(Oracle(), range(classes), classes)
    return strategy.scores(PoolView(numbered(len(probabilities), probabilities), model, 1, LUCK))


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    """Class probabilities with ties, zeros and certainties; one class or several, one row or several."""
    classes = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(st.integers(0, 4), min_size=classes, max_size=classes).filter(any), min_size=1, max_size=12))
    weights = np.array(rows, dtype=np.float64)
    return weights / weights.sum(axis=1, keepdims=True)


# Scores


@given(matrices())
def test_entropy_is_scipys_entropy(probabilities):
    assert_allclose(scores(Entropy(), probabilities), entropy(probabilities, axis=1), atol=1e-12)


@given(matrices())
def test_margin_is_one_minus_the_gap_between_the_two_greatest(probabilities):
    ordered = [sorted(row, reverse=True) for row in probabilities.tolist()]
    expected = [1 - (row[0] - row[1]) if len(row) > 1 else 0.0 for row in ordered]
    assert_allclose(scores(Margin(), probabilities), expected, atol=1e-12)


@given(matrices())
def test_least_confident_is_one_minus_the_greatest(probabilities):
    assert_allclose(scores(LeastConfident(), probabilities), [1 - max(row) for row in probabilities.tolist()], atol=1e-12)


@given(matrices())
def test_every_score_is_a_number_one_an_item(probabilities):
    for strategy in (Random(), InOrder(), LeastConfident(), Margin(), Entropy()):
        drawn = scores(strategy, probabilities)
        assert drawn.shape == (len(probabilities),)
        assert np.isfinite(drawn).all()


def test_a_certain_item_has_no_entropy_and_a_uniform_one_the_most():
    sure, even = scores(Entropy(), np.array([[1.0, 0, 0], [1 / 3, 1 / 3, 1 / 3]]))
    assert sure == 0
    assert even == pytest.approx(math.log(3))


def test_the_smallest_probabilities_give_no_nan():
    tiny = np.nextafter(0, 1)
    assert np.isfinite(scores(Entropy(), np.array([[1.0, tiny], [tiny, 1.0], [1.0, 0.0]]))).all()


@given(matrices())
def test_of_two_classes_the_three_uncertainties_rank_alike(probabilities):
    pairs = np.stack([probabilities[:, 0], 1 - probabilities[:, 0]], axis=1)
    one, other, third = (scores(strategy, pairs) for strategy in (LeastConfident(), Margin(), Entropy()))
    order = np.argsort(np.abs(pairs[:, 0] - 0.5))
    for drawn in (one, other, third):
        assert (np.diff(drawn[order]) <= 1e-9).all()


def test_only_uncertainties_need_a_model():
    kinds = ("random", "in-order", "least-confident", "margin", "entropy")
    assert [make(AnyStrategy, kind).needs_model for kind in kinds] == [False, False, True, True, True]


def test_in_order_takes_items_as_they_stand():
    drawn = InOrder().scores(PoolView(numbered(5), None, 0, LUCK))
    assert best(drawn, np.ones(5, dtype=bool), 5).tolist() == [0, 1, 2, 3, 4]


# Random


@given(
    st.lists(st.integers(0, 10**6) | st.text(max_size=4), min_size=1, max_size=30, unique=True), st.randoms(use_true_random=False)
)
def test_random_is_one_order_of_the_ids_however_the_pool_stands(ids, random):
    shuffled = [*ids]
    random.shuffle(shuffled)

    def order(ids: list[int | str]) -> list[int | str]:
        drawn = Random().scores(PoolView(Items(ids, None), None, 0, LUCK))
        return [ids[row] for row in best(drawn, np.ones(len(ids), dtype=bool), len(ids))]

    assert order(ids) == order(shuffled)


def test_random_stays_from_version_to_version_and_differs_from_seed_to_seed():
    items = numbered(100)
    first, second = (Random().scores(PoolView(items, None, version, LUCK)) for version in (0, 5))
    assert (first == second).all()
    assert (first != Random().scores(PoolView(items, None, 0, Chance(8).keyed("selector")))).all()


# The best


@st.composite
def pools(draw: st.DrawFn) -> tuple[Matrix, NDArray[np.bool_]]:
    """Scores with ties, and which items are available."""
    rows = draw(st.lists(st.tuples(st.sampled_from([-2.0, -0.0, 0.0, 0.5, 0.5, 1.0, 1e300]), st.booleans()), max_size=40))
    return np.array([score for score, _ in rows]), np.array([free for _, free in rows], dtype=np.bool_)


def obviously_best(scores: Matrix, available: NDArray[np.bool_], count: int) -> list[int]:
    free = [row for row in range(len(scores)) if available[row]]
    return sorted(free, key=lambda row: -scores[row])[:count]


@given(pools().filter(lambda pool: len(pool[0])), st.data())
def test_the_best_are_those_of_a_stable_sort(pool, data):
    drawn, available = pool
    count = data.draw(st.integers(0, int(available.sum()) + 2))
    assert best(drawn, available, count).tolist() == obviously_best(drawn, available, count)


def test_of_equal_scores_the_earlier_row_is_the_best():
    assert best(np.array([0.5, 1.0, 0.5, 0.5, 1.0]), np.ones(5, dtype=bool), 3).tolist() == [1, 4, 0]


def test_there_may_be_nothing_left():
    assert best(np.array([1.0, 2.0]), np.zeros(2, dtype=bool), 3).tolist() == []
    assert best(np.array([1.0, 2.0]), np.ones(2, dtype=bool), 0).tolist() == []


@given(pools().filter(lambda pool: len(pool[0])), st.lists(st.integers(0, 9), max_size=12))
def test_a_ranking_gives_what_taking_one_by_one_would_and_no_item_twice(pool, counts):
    drawn, available = pool
    expected = obviously_best(drawn, available, len(drawn))
    ranking = Ranking(drawn, available.copy(), 1)
    taken = [pair for count in counts for pair in ranking.take(count)]
    assert [row for row, _ in taken] == expected[: sum(counts)]
    assert [score for _, score in taken] == [drawn[row] for row, _ in taken]


def test_a_ranking_of_a_large_pool_is_the_same_taken_in_any_portions():
    drawn, available = np.round(LUCK.uniforms(numbered(5000).keys), 2), np.ones(5000, dtype=bool)
    expected = obviously_best(drawn, available, 5000)
    ranking = Ranking(drawn, available.copy(), 1)
    portions = [1, 1, 2000, 5, 1, 1500, 700, 9999]
    assert [row for portion in portions for row, _ in ranking.take(portion)] == expected
    assert ranking.take(1) == []


def test_what_a_ranking_has_taken_is_not_available_to_the_next():
    drawn, available = np.arange(10.0), np.ones(10, dtype=bool)
    first = [row for row, _ in Ranking(drawn, available, 1).take(3)]
    second = [row for row, _ in Ranking(-drawn, available, 2).take(10)]
    assert first == [9, 8, 7]
    assert second == [0, 1, 2, 3, 4, 5, 6]
    assert not available.any()


def test_a_ranking_hands_out_plain_numbers():
    ((row, score),) = Ranking(np.array([0.5]), np.ones(1, dtype=bool), 1).take(1)
    assert type(row) is int
    assert type(score) is float


@pytest.mark.parametrize("nothing", [-np.inf, np.nan])
def test_a_score_that_is_no_number_is_asked_for_last_and_never_taken_for_what_is_not_there(nothing):
    ranking = Ranking(np.array([0.0, nothing, 0.5, nothing]), np.array([False, True, True, True]), 1)
    assert [row for row, _ in ranking.take(1)] == [2]
    assert [row for row, _ in ranking.take(1)] == [1]
    assert [row for row, _ in ranking.take(5)] == [3]
