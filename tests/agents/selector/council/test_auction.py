"""The auction: who bids what, who pays, and what comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.estimator import Model
from agents.items import Items
from agents.selector.council.rules.auction import Auction, bids_of
from agents.selector.shortlist import Scores
from agents.selector.view import PoolView
from tests.agents.selector.council.sittings import LUCK, POOL, rows, scores, sitting


class Oracle:
    """A classifier whose features are its probabilities."""

    def predict_proba(self, features: Scores) -> Scores:
        return features


def view(*chances: float, version: int = 1) -> PoolView:
    """Return the pool by a model that holds the second of two classes so probable, item by item, and then 0.5."""
    second = np.array([*chances, *[0.5] * (POOL - len(chances))])
    model = Model(Oracle(), (0, 1), 2) if version else None
    return PoolView(Items(range(POOL), np.stack([1 - second, second], axis=1)), model, version, LUCK)


def test_a_member_bids_the_more_the_better_it_ranks_an_item() -> None:
    assert bids_of(100, 4) == (40, 30, 20, 10)
    assert bids_of(5, 4) == (2, 1, 1, 0)
    assert bids_of(0, 3) == (0, 0, 0)
    assert bids_of(7, 0) == ()


@given(st.integers(0, 10**9), st.integers(0, 200))
def test_nobody_bids_more_than_they_have(tokens: int, count: int) -> None:
    bids = bids_of(tokens, count)
    assert sum(bids) <= tokens
    assert sum(bids) > tokens - max(count, 1) or not count
    assert [*bids] == sorted(bids, reverse=True)
    assert min(bids, default=0) >= 0


HAND = sitting([1, 2], [2, 3], bids=[(60, 30), (40, 20)])


def test_bids_for_one_item_add_up_and_the_highest_sum_goes_first() -> None:
    assert scores(Auction(), HAND) == {2: 70.0, 1: 60.0, 3: 20.0}
    assert rows(Auction(), HAND) == [2, 1, 3]


def test_what_is_asked_for_is_paid_by_whoever_bid_for_it_and_the_rest_is_not() -> None:
    purses = Auction(tokens=100).memory(2, 50)
    purses.settle(HAND, [2])
    assert purses.tokens == (70, 60)
    assert purses.weights == (70 / 130, 60 / 130)


def test_what_the_label_was_worth_comes_back_in_proportion() -> None:
    purses = Auction(tokens=100, refund=0.5).memory(2, 50)
    purses.settle(HAND, [2, 1])
    assert purses.tokens == (10, 60)
    # The model held the label of item 2 a quarter probable: its gain is three quarters.
    purses.hear(2, 1, view(0, 0, 0.25))
    assert purses.tokens == (10 + round(30 * 0.5 * 0.75), 60 + round(40 * 0.5 * 0.75))
    before = purses.tokens
    purses.hear(2, 0, view(0, 0, 0.25))
    assert purses.tokens == before, "a revision is paid for again"
    # It was sure of item 1, and right.
    purses.hear(1, 1, view(0, 1.0))
    assert purses.tokens == before


def test_before_there_is_a_model_and_where_no_label_comes_all_comes_back() -> None:
    purses = Auction(tokens=100, refund=0.0).memory(2, 50)
    purses.settle(HAND, [2, 1])
    purses.hear(2, 1, view(version=0))
    purses.drop(1)
    purses.drop(7)
    assert purses.tokens == (100, 100)


def test_a_new_model_begins_an_epoch() -> None:
    purses = Auction(tokens=100).memory(2, 50)
    purses.settle(HAND, [2])
    purses.advance(view())
    assert purses.tokens == (170, 160)


def test_who_has_nothing_left_has_as_much_say_as_others_who_have_nothing() -> None:
    purses = Auction(tokens=1).memory(2, 50)
    purses.settle(sitting([1], [1], bids=[(1,), (1,)]), [1])
    assert purses.tokens == (0, 0)
    assert purses.weights == (0.5, 0.5)


@given(
    st.lists(
        st.tuples(st.permutations(range(POOL)), st.permutations(range(POOL)), st.integers(0, 3), st.floats(0, 1), st.booleans()),
        max_size=12,
    ),
    st.floats(0, 1),
)
def test_tokens_are_neither_made_nor_lost_but_by_income_and_what_is_kept_of_bids(
    rounds: list[tuple[list[int], list[int], int, float, bool]], refund: float
) -> None:
    rule = Auction(tokens=100, refund=refund)
    purses, given_out, kept = rule.memory(2, 50), 200, 0
    for one, other, count, chance, is_dropped in rounds:
        ballots = [one[:4], other[:4]]
        held = sitting(*ballots, bids=[bids_of(purse, 4) for purse in purses.tokens])
        taken = rows(rule, held)[:count]
        before = sum(purses.tokens)
        purses.settle(held, taken)
        paid = before - sum(purses.tokens)
        assert min(purses.tokens) >= 0
        assert paid == sum(score for row, score in rule.order(held) if row in taken)
        for row in taken:
            if is_dropped:
                purses.drop(row)
            else:
                purses.hear(row, 1, view(*[chance] * POOL))
        back = sum(purses.tokens) - (before - paid)
        assert 0 <= back <= paid
        assert back == pytest.approx(paid if is_dropped else paid * refund * (1 - chance), abs=2 * count)
        purses.advance(view())
        kept, given_out = kept + paid - back, given_out + 200
        assert sum(purses.tokens) == given_out - kept


def test_in_the_long_run_a_member_spends_by_what_its_items_teach() -> None:
    """A member with gain g spends 1 / (1 - g) times its income: here 1 / 0.2 and 1 / 0.8, so the one has four times the say."""
    rule, pool = Auction(tokens=10_000), range(POOL)
    purses = rule.memory(2, 50)
    spent = [0, 0]
    # The one always names even items, the other odd ones; the model is nearly sure of the labels of the latter.
    surprise = view(*(0.2 if row % 2 == 0 else 0.8 for row in pool))
    for epoch in range(400):
        for _ in range(4):
            held = sitting([0, 2, 4], [1, 3, 5], bids=[bids_of(purse, 3) for purse in purses.tokens])
            before = purses.tokens
            taken = rows(rule, held)[:1]
            purses.settle(held, taken)
            if epoch >= 100:
                spent = [sum_ + a - b for sum_, a, b in zip(spent, before, purses.tokens, strict=True)]
            purses.hear(taken[0], 1, surprise)
        purses.advance(surprise)
    assert spent[0] / spent[1] == pytest.approx(4, rel=0.05)
