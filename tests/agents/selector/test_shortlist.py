"""Shortlists: the best of many items."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.selector.shortlist import Shortlist, best, bounded
from tests.agents.samples import numbered
from tests.agents.selector.pools import LUCK, Matrix


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
    assert best(np.empty(0), np.empty(0, dtype=bool), 3).tolist() == []


def take(shortlist: Shortlist, available: NDArray[np.bool_], count: int) -> list[tuple[int, float]]:
    """Take the best items of a shortlist."""
    taken = shortlist.top(count)
    for row, _ in taken:
        available[row] = False
    return taken


@given(
    pools().filter(lambda pool: len(pool[0])),
    st.lists(st.tuples(st.integers(0, 9), st.sets(st.integers(0, 39), max_size=3)), max_size=12),
    st.integers(1, 12),
)
def test_a_shortlist_gives_the_best_that_are_there_whoever_takes_them(pool, takes, ahead):
    drawn, available = pool
    shortlist = Shortlist(drawn, available, ahead)
    for count, by_others in takes:
        available[[row for row in by_others if row < len(drawn)]] = False
        expected = obviously_best(drawn, available, count)
        assert shortlist.top(count) == [(row, drawn[row]) for row in expected], "to look takes nothing away"
        assert [row for row, _ in take(shortlist, available, count)] == expected


def test_a_shortlist_of_a_large_pool_is_the_same_taken_in_any_portions():
    drawn, available = np.round(LUCK.uniforms(numbered(5000).keys), 2), np.ones(5000, dtype=bool)
    expected = obviously_best(drawn, available, 5000)
    shortlist = Shortlist(drawn, available)
    portions = [1, 1, 2000, 5, 1, 1500, 700, 9999]
    assert [row for portion in portions for row, _ in take(shortlist, available, portion)] == expected
    assert shortlist.top(1) == []


def test_a_shortlist_hands_out_plain_numbers():
    ((row, score),) = Shortlist(np.array([0.5]), np.ones(1, dtype=bool)).top(1)
    assert type(row) is int
    assert type(score) is float


@pytest.mark.parametrize("nothing", [-np.inf, np.nan])
def test_a_score_that_is_no_number_is_asked_for_last_and_never_taken_for_what_is_not_there(nothing):
    available = np.array([False, True, True, True])
    shortlist = Shortlist(np.array([0.0, nothing, 0.5, nothing]), available)
    assert [row for row, _ in take(shortlist, available, 1)] == [2]
    assert [row for row, _ in take(shortlist, available, 1)] == [1]
    assert [row for row, _ in take(shortlist, available, 5)] == [3]


@pytest.mark.parametrize("shape", ["falling", "rising", "noise", "few values", "all alike", "best in one block"])
@pytest.mark.parametrize("count", [2, 20, 39, 40, 3000])
@pytest.mark.parametrize("share", [0.0, 0.005, 0.5, 1.0])
def test_the_best_of_many_blocks_are_those_of_a_stable_sort(shape, count, share):
    size = 10_100
    noise = LUCK.uniforms(numbered(size).keys)
    drawn = {
        "falling": -np.arange(size, dtype=float),
        "rising": np.arange(size, dtype=float),
        "noise": noise,
        "few values": np.round(noise, 1),
        "all alike": np.zeros(size),
        "best in one block": noise + (np.arange(size) // 256 == 7),
    }[shape]
    available = LUCK.generator(9).random(size) < share
    assert best(drawn, available, count).tolist() == obviously_best(drawn, available, count)


def test_scores_that_are_all_numbers_are_not_copied():
    scores = np.array([1.0, -1e308, 0.0])
    assert bounded(scores) is scores
    assert bounded(np.array([])).tolist() == []
    assert np.isfinite(bounded(np.array([np.nan, np.inf, -np.inf, 1.0]))).all()
