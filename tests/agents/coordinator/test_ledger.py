"""Money: what is promised, what is spent, and what is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.ledger import MILLIONTHS, Ledger, millionths


def test_money_is_counted_in_whole_millionths():
    assert millionths(0.05) == 50_000
    assert millionths(0.1) * 3 == millionths(0.3)
    assert millionths(0.0000005) in (0, 1)


def test_reserved_money_is_committed_or_released():
    ledger = Ledger(1.0)
    ledger.reserve(millionths(0.25))
    ledger.reserve(millionths(0.5))
    assert (ledger.reserved, ledger.committed) == (0.75, 0.0)
    ledger.commit(millionths(0.25))
    ledger.release(millionths(0.5))
    assert (ledger.reserved, ledger.committed) == (0.0, 0.25)


def test_what_exceeds_the_budget_is_refused_and_changes_nothing():
    ledger = Ledger(1.0)
    ledger.reserve(millionths(0.6))
    assert not ledger.affords(millionths(0.5))
    with pytest.raises(ValueError, match=r"0\.5 exceeds what is left of the budget"):
        ledger.reserve(millionths(0.5))
    assert ledger.reserved == 0.6


def test_the_whole_budget_can_be_spent_to_the_last_millionth():
    ledger = Ledger(0.3)
    for _ in range(3):
        ledger.reserve(millionths(0.1))
        ledger.commit(millionths(0.1))
    assert not ledger.affords(1)
    assert ledger.affords(0)


def test_without_a_budget_everything_is_affordable():
    ledger = Ledger(None)
    ledger.reserve(10**15)
    assert ledger.affords(10**18)


@given(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30))
def test_reserved_and_committed_money_never_exceed_the_budget(budget, wishes):
    ledger = Ledger(budget / MILLIONTHS)
    spent = 0
    for price, accepted in wishes:
        if ledger.affords(price):
            ledger.reserve(price)
            assert (ledger.reserved + ledger.committed) * MILLIONTHS <= budget + 1e-6
            if accepted:
                ledger.commit(price)
                spent += price
            else:
                ledger.release(price)
        else:
            assert spent + price > budget
    assert round(ledger.committed * MILLIONTHS) == spent
