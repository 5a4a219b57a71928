"""Second-price auctions: to say the truth is best, whatever others bid (Vickrey, 1961); and with few bidders they are dear."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from agents.annotator.bidding import Bidding
from agents.annotator.bids.markup import Markup
from agents.annotator.latencies.fixed import FixedTime
from agents.coordinator.allocations.auction import Auction, SecondPrice
from agents.coordinator.allocations.posted_price import PostedPrice
from agents.coordinator.policies.majority import Majority
from agents.messages import TaskAssigned
from agents.negotiation import Proposed
from bus.message import Envelope
from tests.published.arrivals import Worker, serve

GRID = [number / 4 for number in range(13)]
"""Prices from 0 to 3."""
prices = st.sampled_from(GRID)


def profit(cost: float, bid: float, others: Sequence[float], place: int, lots: int, reserve: float | None) -> float:
    """Return what somebody gains whom a task costs so much, who bids so much, and whom the lot puts at that place among equals."""
    bids = [*others[:place], bid, *others[place:]]
    said = {str(number): Proposed(tender=1, item=1, eta=1, price=price) for number, price in enumerate(bids)}
    awards = SecondPrice("all", 1.0, 1.0, None, reserve).awards(said, lots)
    return next((award.price / 1e6 - cost for award in awards if award.name == str(place)), 0.0)


@given(prices, st.lists(prices, min_size=1, max_size=5), st.integers(0, 5), st.integers(1, 3), st.none() | prices)
def test_nobody_gains_by_bidding_anything_but_their_cost(cost, others, place, lots, reserve):
    place = min(place, len(others))
    # Alone among those who are wanted, and with no most price, they could ask for anything: a reserve is for that.
    if reserve is None and len(others) < lots:
        others = [*others, *[3.0] * lots]
    truth = profit(cost, cost, others, place, lots, reserve)
    assert truth >= 0, "and who bids their cost loses nothing"
    for lie in GRID:
        assert profit(cost, lie, others, place, lots, reserve) <= truth + 1e-9


def test_some_lose_by_lying():
    assert profit(1.0, 2.0, [1.5, 3.0], 0, 1, None) == 0.0 < profit(1.0, 1.0, [1.5, 3.0], 0, 1, None) == 0.5
    assert profit(2.0, 1.0, [1.5, 3.0], 0, 1, None) == -0.5 < profit(2.0, 2.0, [1.5, 3.0], 0, 1, None) == 0.0


def test_where_the_price_is_what_was_bid_the_truth_is_worth_nothing():
    # The contract net pays what is bid: whoever asks for a little less than the next one gains.
    assert profit(1.0, 1.0, [], 0, 1, None) == 0.0 < profit(1.0, 2.0, [], 0, 1, None)


PEOPLE = 99


def paid(allocation: Auction | PostedPrice, items: int = 1500, bids: Sequence[Bidding] = ()) -> NDArray[np.float64]:
    """Return what was paid for each of so many items, one after the other; the costs of people are spread evenly from 0 to 1."""
    found: list[float] = []
    costs = {f"p{rank}": rank / (PEOPLE + 1) for rank in range(1, PEOPLE + 1)}
    people = {name: Worker(FixedTime(time=1), price=cost, bids=tuple(bids)) for name, cost in costs.items()}

    def note(event: Envelope) -> None:
        if isinstance(event.body, TaskAssigned):
            found.append(event.body.price)

    serve(range(0, 10_000_000 * items, 10_000_000), people, note, Majority(), allocation)
    return np.array(found)


@pytest.mark.parametrize("bidders", [2, 3, 5, 10])
def test_a_task_costs_the_second_least_of_the_bidders_costs_on_average(bidders):
    prices = paid(Auction(candidates=bidders))
    # Of `bidders` ranks drawn from 1 to 99, the second is 2 (99 + 1) / (bidders + 1) on average.
    assert prices.mean() == pytest.approx(2 / (bidders + 1), abs=4 * prices.std() / len(prices) ** 0.5)


def test_with_everybody_bidding_the_cheapest_person_does_it_for_the_price_of_the_next():
    assert set(paid(Auction(candidates="all"), items=20)) == {0.02}


def test_where_costs_differ_an_auction_is_cheaper_than_a_posted_price_that_is_accepted_as_soon():
    # Of five who are called, the least takes .45 or less in 95 of 100 calls: 1 - .55 ** 5.
    posted, auction = paid(PostedPrice(price=0.45, candidates=5)), paid(Auction(candidates=5))
    assert auction.mean() + 4 * auction.std() / len(auction) ** 0.5 < 0.45
    assert set(posted) == {0.45}


def test_if_all_ask_for_more_a_task_costs_as_much_more():
    honest, dear = paid(Auction(candidates=3)), paid(Auction(candidates=3), bids=(Markup(share=0.5),))
    assert dear == pytest.approx(1.5 * honest)
